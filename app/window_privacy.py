"""Opens the privacy page over whatever is seen; has the lock proved, and the report written.

For: `Application`. Trying, reading and hashing are background tasks. What was found is shown
wherever the window shows the lock: one attempt that was not refused turns all of it red.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from app.airlock import lock, proof_report
from app.airlock.courier.facts import courier_facts
from app.airlock.installed_files import InstalledFiles, check_installed
from app.airlock.ledger import LedgerPage, export_csv, export_json, read_ledger
from app.airlock.proof_endpoints import endpoints
from app.airlock.report import Attempt, LockReport
from app.airlock.roads import open_roads
from app.chats.kept import how_kept
from app.chats.profile import Profile
from app.error_words import words_of
from app.installation import installation
from app.main_window import MainWindow
from app.page_over import PageOver
from app.pages.privacy.facts import PrivacyFacts
from app.pages.privacy.page import PrivacyPage
from app.pages.privacy.save_dialog import SaveDialog
from app.policy import Policy
from app.privacy_report import write_report
from app.settings import AUTO_LOCK_MINUTES
from app.window_history import Services
from inference.sentence import system_words

_CSV, _JSON, _HTML = ".csv", ".json", ".html"


class PrivacyDesk(QObject):
    """The page is made when it is opened first: the start does not wait for it."""

    _answered = Signal(object)  # an Attempt, from the thread that tries

    def __init__(self, services: Services, window: MainWindow, profile: Profile) -> None:
        super().__init__(window)
        self._services = services
        self._window = window
        self._profile = profile
        self._report = services.lock
        self._is_proving = False
        self._is_comparing = False
        self._closing = threading.Event()
        window.closed.connect(self._closing.set)
        self._ledger = LedgerPage()
        self._made: tuple[PrivacyPage, PageOver] | None = None
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    @property
    def page(self) -> PrivacyPage:
        """The page, made when it is first asked for."""
        return self._make()[0]

    @property
    def is_open(self) -> bool:
        """Whether the page is what is seen."""
        return self._made is not None and self._made[1].is_open

    def open(self) -> None:
        """Show the page, with what holds now."""
        self._make()[1].open()
        self._gather()
        self._compare_files()

    def leave(self) -> None:
        """Back to what was seen before."""
        if self._made is not None:
            self._made[1].leave()

    def prove(self) -> None:
        """Try every way out now, and show each answer as it comes."""
        if self._is_proving:
            return
        self._is_proving = True
        self.page.show_proving()
        self._services.tasks.run(
            partial(_proved, self._answered.emit),
            self._on_proved,
            what_failed="",
            on_failure=self._on_proof_failed,
        )

    # ------------------------------------------------------------------ what is found

    def _on_answered(self, attempt: Attempt) -> None:
        if self._is_proving:
            self.page.add_attempt(attempt)

    def _on_proved(self, report: LockReport) -> None:
        self._is_proving = False
        self._report = report
        self._window.show_lock(report)

    def _on_proof_failed(self, error: Exception) -> None:
        """What was found before is shown again."""
        self._is_proving = False
        self.page.show_lock(self._report)
        words = self.tr("The proof could not be finished: {why}")
        why = system_words(error) if isinstance(error, OSError) else type(error).__name__
        self._services.notices.error(words.format(why=why))

    def _gather(self) -> None:
        settings = self._services.settings
        minutes = settings.effective(AUTO_LOCK_MINUTES).value
        self._services.tasks.run(
            partial(gathered, self._profile, settings.policy, minutes),
            self._on_gathered,
            what_failed=self.tr("Not all of this page could be read."),
        )

    def _on_gathered(self, facts: PrivacyFacts) -> None:
        self._ledger = facts.ledger or LedgerPage()
        self.page.show_facts(facts)

    def _compare_files(self) -> None:
        """Apart from the other facts, which are there at once: it reads the whole program."""
        if self._is_comparing:
            return
        self._is_comparing = True
        self.page.files.show_comparing()
        self._services.tasks.run(
            partial(check_installed, installation(), None, self._closing.is_set),
            self._on_compared,
            what_failed="",
            on_failure=self._on_not_compared,
        )

    def _on_compared(self, files: InstalledFiles) -> None:
        self._is_comparing = False
        self.page.show_files(files)

    def _on_not_compared(self, error: Exception) -> None:
        self._is_comparing = False
        why = words_of(error) if isinstance(error, OSError) else type(error).__name__
        self.page.files.show_unknown(why)

    # ------------------------------------------------------------------ what is handed on

    def _on_commands_requested(self) -> None:
        lines = proof_report.commands(process_id=os.getpid())
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
        self._services.notices.news(self.tr("The commands were copied. Run them in a terminal."))

    def _on_report_requested(self) -> None:
        dialog = SaveDialog(
            self.tr("Export report"),
            proof_report.suggested_name(date.today()),
            {self.tr("HTML, to read and print (*.html)"): _HTML},
            self._window,
        )
        dialog.chosen.connect(self._write_report)
        dialog.open()

    def _write_report(self, file: Path) -> None:
        """Everything is tried once more, so that the report says what holds when it is made."""
        policy, words = self._services.settings.policy, self.tr("The report was saved to {file}.")

        def work() -> LockReport:
            found = _proved()
            write_report(file, found, policy, self._profile, replace=True)
            return found

        def show(found: LockReport) -> None:
            self._on_proved(found)
            self._services.notices.news(words.format(file=file))

        self._services.tasks.run(work, show, what_failed=self.tr("The report was not saved."))

    def _on_ledger_requested(self) -> None:
        dialog = SaveDialog(
            self.tr("Export the connections"),
            f"pitcher-connections-{date.today():%Y-%m-%d}{_CSV}",
            {
                self.tr("CSV, for a spreadsheet (*.csv)"): _CSV,
                self.tr("JSON, for programs (*.json)"): _JSON,
            },
            self._window,
        )
        dialog.chosen.connect(self._write_ledger)
        dialog.open()

    def _write_ledger(self, file: Path) -> None:
        write = export_json if file.suffix == _JSON else export_csv
        words = self.tr("The connections were saved to {file}.")
        self._services.tasks.run(
            partial(write, self._ledger, file),
            lambda _nothing: self._services.notices.news(words.format(file=file)),
            what_failed=self.tr("The connections were not saved."),
        )

    def _on_notice(self, notice: Any) -> None:
        if self.is_open:
            self.page.toasts.show_notice(notice)

    def _make(self) -> tuple[PrivacyPage, PageOver]:
        if self._made is None:
            page = PrivacyPage(
                self._services.theme, self._report, _air_gapped_by(self._services.settings.policy)
            )
            over = PageOver(self._window, page)
            self._made = page, over
            over.shown_changed.connect(self._window.sidebar.lock.select)
            page.left.connect(self.leave)
            page.proof_requested.connect(self.prove)
            page.commands_requested.connect(self._on_commands_requested)
            page.report_requested.connect(self._on_report_requested)
            page.ledger_requested.connect(self._on_ledger_requested)
            self._services.notices.posted.connect(self._on_notice)
        return self._made


def gathered(profile: Profile, policy: Policy, lock_minutes: int) -> PrivacyFacts:
    """What the page shows beside the lock; in a background task."""
    ledger: LedgerPage | None = None
    problem = ""
    try:
        ledger = read_ledger()
    except OSError as error:
        problem = system_words(error)
    return PrivacyFacts(
        how_kept(profile),
        lock_minutes,
        courier_facts(policy),
        _air_gapped_by(policy),
        open_roads(),
        endpoints(),
        ledger,
        problem,
    )


def _proved(tell: Callable[[Attempt], None] = lambda _attempt: None) -> LockReport:
    return replace(lock.audit(tell), tested_at_s=time.time())


def _air_gapped_by(policy: Policy) -> Path | None:
    return policy.file if policy.restrictions.air_gapped else None
