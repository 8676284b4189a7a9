"""The privacy page and a policy's words, for `hostile_player`: each hostile text is what was asked
of whom and why, what the system answered, and what an administrator put above everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from PySide6.QtWidgets import QApplication

from app.airlock.ledger import LedgerPage, LedgerRow, RowKind
from app.airlock.proof_endpoints import Endpoint
from app.airlock.report import Attempt, LockReport, LockState, Tried
from app.application import Application
from app.chats.kept import Kept
from app.pages.privacy.facts import PrivacyFacts
from app.pages.privacy.page import PrivacyPage
from app.restrictions import Banner
from app.widgets.classification import Classification
from app.widgets.confirm_dialog import ConfirmDialog
from app.window_banner import WindowBanner
from inference.sentence import said
from tests.flows.hostile_eyes import Eyes
from tests.flows.hostile_models import words_in
from tests.flows.hostile_shelf import path_of
from tools.screenshot_stage import ENFORCED

# More is no row of a ledger, no answer of the system, no host, no address of the environment, no
# name of a Unix socket.
_LEDGER_CHARACTERS = 1_200
_ANSWER_CHARACTERS = 1_000
_BANNER_CHARACTERS = 1_000
_HOST_CHARACTERS = 260
_ROAD_CHARACTERS = 1_000
_SOCKET_CHARACTERS = 108


class PrivacySurfaces:
    """What was found, what is open, the ledger, and the banner."""

    def __init__(self, eyes: Eyes, application: Application) -> None:
        self._eyes = eyes
        self._app = application
        self._facts: PrivacyFacts | None = None
        patch("app.window_privacy.gathered", lambda *_facts: self._facts).start()

    def play(self, text: str) -> None:
        """All places of the page, and the banner."""
        self._ledger(text)
        self._attempts(text)
        self._air_gap(text)
        self._app.privacy.leave()
        self._banner(text)

    def _ledger(self, text: str) -> None:
        page = self._app.privacy.page
        kept = text[:_LEDGER_CHARACTERS]
        self._open(lambda: self._show(_facts(text, LedgerPage(_rows(kept)))))
        self._eyes.until(lambda: len(page.ledger.rows) == len(_rows(kept)))
        shown = "\n".join(words_in(row) for row in page.ledger.rows)
        self._eyes.see("ledger", shown, kept)
        for line in page.open.lines():
            self._eyes.see_clean("what stays open", line)
        self._eyes.see_part(
            "courier's facts", page.cards.courier.words.text(), text[:_HOST_CHARACTERS]
        )
        self._eyes.see_part("kept", page.cards.chats.words.text(), text)
        self._eyes.hear("privacy page", page)
        self._open(lambda: self._show(_facts(text, None)))
        self._eyes.until(lambda: not page.ledger.rows)
        self._eyes.see_part("ledger, problem", page.ledger.state.text(), text)
        self._eyes.hear("ledger, problem", page.ledger)

    def _show(self, facts: PrivacyFacts) -> None:
        self._facts = facts
        self._app.window.lock_requested.emit()

    def _open(self, ask: Callable[[], None]) -> None:
        with self._eyes.step("privacy page"):
            ask()
            self._eyes.pause(4)

    def _attempts(self, text: str) -> None:
        page, text = self._app.privacy.page, text[:_ANSWER_CHARACTERS]
        attempts = (
            Attempt(f"{text} tried", False, text, text),
            Attempt(f"{text} in a thread", True, text, text, Tried.IN_A_THREAD),
        )
        report = LockReport(LockState.NOT_ENFORCED, said("Not all: {why}", why=text), attempts)
        with self._eyes.step("attempts"):
            page.show_proving()
            for attempt in attempts:
                page.add_attempt(attempt)
            self._eyes.pause(3)
            self._app.window.show_lock(report)
            self._eyes.pause(3)
        (row, *_others) = page.attempts.rows()
        for label in (row.name, row.call):
            self._eyes.see_part("attempt", label.text(), text)
            self._eyes.rest_on("attempt", label)
        self._eyes.rest_on("attempt", row.answer)
        self._eyes.see_part("why not enforced", page.banner.sentence.text(), text)
        self._eyes.hear("attempts")
        with self._eyes.step("attempts"):
            self._app.window.show_lock(ENFORCED)
            self._eyes.pause(2)

    def _air_gap(self, text: str) -> None:
        """As the page is made where a policy says so: the name of its file."""
        page = PrivacyPage(self._app.theme, ENFORCED, path_of(text, "policy.toml"))
        page.resize(self._app.window.size())
        with self._eyes.step("air gap"):
            page.show()
            self._eyes.pause(3)
        assert page.air_gap is not None
        self._eyes.see_part("air gap", page.air_gap.file.text(), text)
        self._eyes.rest_on("air gap", page.air_gap.file)
        self._eyes.hear("air gap", page)
        page.close()
        page.deleteLater()
        self._eyes.settle()

    def _banner(self, text: str) -> None:
        app = self._app
        qt = QApplication.instance()
        assert isinstance(qt, QApplication)
        banner = WindowBanner(qt, app.window, Banner(text))
        dialog = ConfirmDialog(app.theme, "A title", "A sentence.", "Act", app.window)
        with self._eyes.step("banner"):
            dialog.open()
            self._eyes.pause(3)
        shown = app.window.menuWidget()
        assert isinstance(shown, Classification)
        self._eyes.see_part("banner", shown.text(), text[:_BANNER_CHARACTERS])
        self._eyes.rest_on("banner", shown)
        self._eyes.hear("banner")
        self._eyes.hear("banner of a dialog", dialog)
        dialog.reject()
        banner.deleteLater()
        with self._eyes.step("banner"):
            app.window.setMenuWidget(None)
            self._eyes.pause(1)


def _facts(text: str, ledger: LedgerPage | None) -> PrivacyFacts:
    told = said("It asks {mirror}, as set by your organisation.", mirror=text[:_HOST_CHARACTERS])
    return PrivacyFacts(
        Kept(path_of(text), exists=True),
        10,
        (told,),
        Path(text[:100]),
        (told, text[:_ROAD_CHARACTERS]),
        (Endpoint(text[:_SOCKET_CHARACTERS], True),),
        ledger,
        "" if ledger else text,
    )


def _rows(text: str) -> tuple[LedgerRow, ...]:
    at = datetime(2026, 9, 14, 10, 30, tzinfo=UTC)
    row = LedgerRow(
        at, RowKind.EXCHANGE, text, text, consent="list", host=text, method="GET", path=text
    )
    refused = replace(row, refusal=said("It was refused: {why}", why=text))
    asked = LedgerRow(at, RowKind.CONSENT, text, text, consent="list", answer="yes")
    return row, refused, asked
