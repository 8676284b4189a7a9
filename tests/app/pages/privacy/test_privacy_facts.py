"""What stands on the privacy page beside the lock, and what is handed on from it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.airlock.ledger import Ledger, LedgerPage, LedgerRow, RowKind
from app.airlock.proof_endpoints import Endpoint
from app.airlock.report import Attempt, LockReport, LockState
from app.chats.kept import Kept
from app.chats.vault.backends import KeyringKind
from app.pages.privacy.facts import PrivacyFacts
from app.pages.privacy.save_dialog import SaveDialog
from app.theme.tokens import Ink
from tests.app.pages.privacy.looking import HELD, LEAKS, LEFT, opened, said, texts

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.usefixtures("own_home"),
]


# ------------------------------------------------------------------ facts


def facts(**others: object) -> PrivacyFacts:
    found = PrivacyFacts(
        Kept(Path("/h"), exists=True, has_passphrase=True), 0, (), None, (), (), LedgerPage()
    )
    return replace(found, **others)  # type: ignore[arg-type]


def test_what_others_wrote_is_told_as_it_is_shown(open_window, qtbot):
    """Whoever hears the page is not told what can't be seen, nor a text without end."""
    application = open_window(lock=HELD)
    page = opened(application, qtbot)
    hostile = "a\u202e" + "b" * 10_000
    row = LedgerRow(AT, RowKind.EXCHANGE, "r", hostile, host=hostile, path=hostile, refusal=hostile)
    page.show_facts(facts(courier=(hostile,), ledger=LedgerPage((row,))))
    attempt = Attempt(hostile, False, hostile, hostile)
    application.window.show_lock(LockReport(LockState.NOT_ENFORCED, hostile, (attempt,)))
    for told in (
        page.ledger.rows[0].accessibleName(),
        page.cards.courier.accessibleName(),
        page.attempts.rows()[0].accessibleName(),
        page.banner.accessibleName(),
        application.window.sidebar.lock.accessibleDescription(),
    ):
        assert "a‹U+202E›bbb" in told
        assert "\u202e" not in told
        assert len(told) < 30_000


def test_how_the_chats_are_kept_is_said(open_window, qtbot):
    page = opened(open_window(lock=HELD), qtbot)
    card = page.cards.chats
    page.show_facts(
        facts(
            kept=Kept(
                Path("/h"), True, KeyringKind.SECRET_SERVICE, has_passphrase=True, has_recovery=True
            ),
            lock_minutes=10,
        )
    )
    words = card.words.text()
    assert "The Secret Service (GNOME Keyring, KeePassXC, …) keeps the key." in words
    assert "A passphrase opens them." in words
    assert "A recovery passphrase opens them too." in words
    assert "Locked after 10 minutes." in words
    assert "/h" in words
    page.show_facts(facts(kept=Kept(Path("/h"), exists=False)))
    assert card.fact.text() == "Nothing is kept yet"
    page.show_facts(facts(kept=Kept(Path("/h"), exists=True)))
    assert "can’t be read" in card.words.text()
    assert "Locked after" not in card.words.text()


def test_what_stays_open_is_named_and_the_rest_is_in_the_report(open_window, qtbot):
    page = opened(open_window(lock=HELD), qtbot)
    assert page.open.lines() == (
        "a road",
        "Unix sockets that this window may connect to: 1",
        "/run/bus",
    )
    many = (*(Endpoint(f"@s{n}", True) for n in range(15)), Endpoint("/closed", False))
    page.show_facts(facts(endpoints=many))
    lines = page.open.lines()
    assert lines[0].endswith(": 15")
    assert lines[-1] == "3 more, in the report"
    assert "/closed" not in lines


# ------------------------------------------------------------------ the ledger

AT = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)
CONSENT = LedgerRow(AT, RowKind.CONSENT, "0" * 16, "deepseek-ai/Tiny", "list", answer="yes")
EXCHANGE = LedgerRow(
    AT,
    RowKind.EXCHANGE,
    "0" * 16,
    "deepseek-ai/Tiny",
    "list",
    number=1,
    host="huggingface.co",
    method="GET",
    path="/api/models/deepseek-ai/Tiny",
    status=200,
    sent_bytes=2_000,
    received_bytes=5_100_000_000,
)


def test_a_ledger_without_rows_says_that_nothing_was_downloaded(open_window, qtbot):
    page = opened(open_window(lock=HELD), qtbot)
    assert page.ledger.state.text() == "Empty: nothing was downloaded yet."
    assert page.ledger.rows == ()
    assert not page.ledger.export.isVisible()


def test_each_connection_is_shown_with_why_and_which_confirmation(open_window, qtbot, own_home):
    ledger = Ledger(own_home / "ledger")
    for row in (CONSENT, EXCHANGE):
        ledger.append(row)
    page = opened(open_window(lock=HELD), qtbot)
    newest, asked = (view.words for view in page.ledger.rows)
    assert newest.what == "huggingface.co"
    assert newest.path == "GET /api/models/deepseek-ai/Tiny"
    assert newest.result == "5.1 GB in, 2 kB out"
    assert newest.why.startswith("The list of files of deepseek-ai/Tiny. You confirmed it on ")
    assert newest.ink is Ink.TEXT2
    assert (asked.what, asked.result) == ("You were asked", "You said yes")
    assert "deepseek-ai/Tiny" in asked.why
    assert page.ledger.state.text() == ""
    assert page.ledger.export.isVisible()


@pytest.mark.parametrize(
    ("row", "words", "ink"),
    [
        (replace(EXCHANGE, refusal="The host is not allowed.", status=0), "not allowed", Ink.BAD),
        (replace(EXCHANGE, status=429), "It answered 429.", Ink.WARN),
        (replace(EXCHANGE, had_token=True), "With your access token.", Ink.TEXT2),
        (replace(EXCHANGE, run="1" * 16), "No confirmation of it is recorded.", Ink.TEXT2),
        (replace(EXCHANGE, consent="fetch"), "Files of deepseek-ai/Tiny.", Ink.TEXT2),
    ],
)
def test_what_went_otherwise_is_told(open_window, qtbot, row, words, ink):
    page = opened(open_window(lock=HELD), qtbot)
    page.ledger.show_page(LedgerPage((row, CONSENT)))
    shown = page.ledger.rows[0].words
    assert words in shown.why
    assert shown.ink is ink


def test_a_refused_question_and_sizes_of_every_kind(open_window, qtbot):
    page = opened(open_window(lock=HELD), qtbot)
    ended = replace(CONSENT, kind=RowKind.ENDED, answer="complete")
    asked = replace(CONSENT, consent="fetch", answer="no")
    small = replace(EXCHANGE, sent_bytes=0, received_bytes=999)
    large = replace(EXCHANGE, sent_bytes=1_500_000, received_bytes=2 * 10**15)
    page.ledger.show_page(LedgerPage((ended, asked, small, large)))
    results = [view.words.result for view in page.ledger.rows]
    assert results == ["You said no", "999 bytes in, 0 bytes out", "2,000.0 TB in, 1.5 MB out"]


def test_rows_that_somebody_made_endless_come_one_after_the_other(open_window, qtbot):
    page = opened(open_window(lock=HELD), qtbot)
    rows = tuple(replace(EXCHANGE, number=number, path="[" * 12_000) for number in range(6))
    page.ledger.show_page(LedgerPage(rows))
    assert len(page.ledger.rows) < 6
    assert page.ledger.state.text() == ""
    page.ledger.show_page(LedgerPage(rows[:4]))
    qtbot.waitUntil(lambda: len(page.ledger.rows) == 4)
    qtbot.wait(20)
    assert len(page.ledger.rows) == 4, "nothing is left of those before"


def test_of_a_long_ledger_the_newest_are_shown_and_the_others_counted(open_window, qtbot):
    page = opened(open_window(lock=HELD), qtbot)
    rows = tuple(replace(EXCHANGE, number=number) for number in range(100))
    page.ledger.show_page(LedgerPage(rows, damaged=2, left_out=7))
    assert len(page.ledger.rows) == 60
    assert page.ledger.state.text() == (
        "Older ones that are not shown here: 47. Lines that are damaged or not ours: 2."
    )


def test_a_ledger_that_cannot_be_read_is_said(open_window, qtbot, monkeypatch):
    def refuse() -> LedgerPage:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("app.window_privacy.read_ledger", refuse)
    page = opened(open_window(lock=HELD), qtbot)
    assert page.ledger.state.text() == "The list of connections can’t be read: Permission denied"
    assert page.ledger.state.ink() is Ink.BAD
    assert "nothing was downloaded" not in " ".join(texts(page))


# ------------------------------------------------------------------ handed on


def choose(qtbot, name: str, form: str | None = None) -> None:
    """In the file dialog that is open."""

    def found() -> list[SaveDialog]:
        everything = QApplication.topLevelWidgets()
        return [each for each in everything if isinstance(each, SaveDialog) and each.isVisible()]

    qtbot.waitUntil(lambda: bool(found()))
    dialog = found()[0]
    if form is not None:
        dialog.selectNameFilter(next(each for each in dialog.nameFilters() if form in each))
        dialog.filterSelected.emit(dialog.selectedNameFilter())
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    assert field.text().startswith("pitcher-")
    field.setText(name)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not found())


def test_the_commands_are_copied_with_this_process_in_them(open_window, qtbot):
    page = opened(open_window(lock=HELD), qtbot)
    QTest.mouseClick(page.copy, LEFT)
    copied = QGuiApplication.clipboard().text()
    assert "python main.py audit" in copied
    assert f"/proc/{os.getpid()}/status" in copied
    assert said(page) == ["The commands were copied. Run them in a terminal."]


def test_the_report_says_what_is_found_when_it_is_made(open_window, qtbot, audited, tmp_path):
    application = open_window(lock=HELD)
    page = opened(application, qtbot)
    audited(LEAKS)
    file = tmp_path / "proof.html"
    QTest.mouseClick(page.report, LEFT)
    choose(qtbot, str(file))
    qtbot.waitUntil(lambda: bool(said(page)))
    assert said(page) == [f"The report was saved to {file}."]
    text = file.read_text(encoding="utf-8")
    assert "Not enforced: 23 of 24 attempts were refused." in text
    assert page.banner.headline.text() == "Not enforced on this computer", "what it says is shown"


def test_a_report_that_cannot_be_written_is_told(open_window, qtbot, audited, monkeypatch):
    page = opened(open_window(lock=HELD), qtbot)
    audited(HELD)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.window_privacy.write_report", refuse)
    QTest.mouseClick(page.report, LEFT)
    choose(qtbot, "proof.html")
    qtbot.waitUntil(lambda: bool(said(page)))
    assert said(page)[0].startswith("The report was not saved.")


@pytest.mark.parametrize("form", [None, "JSON"])
def test_the_connections_are_exported(open_window, qtbot, own_home, tmp_path, form):
    Ledger(own_home / "ledger").append(EXCHANGE)
    page = opened(open_window(lock=HELD), qtbot)
    file = tmp_path / ("connections.json" if form else "connections.csv")
    page.ledger.export.setFocus()
    QTest.keyClick(page.ledger.export, Qt.Key.Key_Space)
    choose(qtbot, str(file), form)
    qtbot.waitUntil(lambda: bool(said(page)))
    assert said(page) == [f"The connections were saved to {file}."]
    text = file.read_text(encoding="utf-8")
    assert "huggingface.co" in text
    assert (form is None) is text.startswith("at,")
    if form:
        assert json.loads(text)["rows"][0]["host"] == "huggingface.co"
