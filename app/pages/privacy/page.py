"""The privacy page: what the system enforces now, what was tried, what it can't cover.

For: `PrivacyDesk`, which has it proved and gathers the facts. The page knows no process and no
file of the history.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.airlock.installed_files import InstalledFiles
from app.airlock.report import Attempt, LockReport
from app.pages.base import Page
from app.pages.privacy.attempts import AttemptsCard
from app.pages.privacy.banner import ProofBanner
from app.pages.privacy.cards import FactCards
from app.pages.privacy.facts import PrivacyFacts
from app.pages.privacy.files_card import FilesCard
from app.pages.privacy.ledger_section import LedgerSection
from app.pages.privacy.open_section import OpenSection
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, IconButton
from app.widgets.label import Label
from app.widgets.page_frame import frame_page
from app.widgets.setting_section import LockBanner
from app.widgets.toast import ToastStack
from app.widgets.wrap_layout import WrapLayout


class PrivacyPage(Page):
    """Shows a report and facts; asks for a proof, for the commands, for the report as a file."""

    left = Signal()
    proof_requested = Signal()
    commands_requested = Signal()
    report_requested = Signal()
    ledger_requested = Signal()

    def __init__(self, theme: Theme, report: LockReport, air_gapped_by: Path | None) -> None:
        """`air_gapped_by`: the policy's file, where that says that nothing is ever downloaded."""
        super().__init__()
        self.back = IconButton(theme, Icon.BACK, self.tr("Back"))
        self.back.rename(self.tr("Back"), "Esc")
        self.sidebar = IconButton(theme, Icon.SIDEBAR, self.tr("Show sidebar"))
        self.sidebar.rename(self.tr("Show sidebar"), "Ctrl+B")
        self.copy = Button(theme, self.tr("Copy commands"), icon=Icon.COPY)
        self.copy.setToolTip(self.tr("Commands that show the same in a terminal"))
        self.report = Button(theme, self.tr("Export report…"), icon=Icon.FILE)
        self.banner = ProofBanner(theme)
        self.air_gap: LockBanner | None = None
        if air_gapped_by is not None:
            self.air_gap = LockBanner(
                theme,
                self.tr("Air-gapped: nothing is downloaded. Set by your organisation."),
                str(air_gapped_by),
            )
        self.attempts = AttemptsCard(theme)
        self.cards = FactCards(theme)
        self.files = FilesCard(theme)
        self.open = OpenSection(theme)
        self.ledger = LedgerSection(theme)
        self._lay_out(theme)
        self.toasts = ToastStack(theme, self)
        self._connect()
        self.show_lock(report)

    def show_lock(self, report: LockReport) -> None:
        """What was found of the lock."""
        self.banner.show_report(report)
        self.attempts.show_report(report)

    def show_proving(self) -> None:
        """It is being proved: each answer comes by `add_attempt`, the end by `show_lock`."""
        self.banner.show_proving()
        self.attempts.begin()

    def add_attempt(self, attempt: Attempt) -> None:
        """One more was answered."""
        self.attempts.add(attempt)

    def show_facts(self, facts: PrivacyFacts) -> None:
        """What was gathered beside the lock."""
        self.cards.show_facts(facts)
        self.open.show_facts(facts)
        self.ledger.show_facts(facts)

    def show_files(self, files: InstalledFiles) -> None:
        """What was found of the program's own files."""
        self.files.show_files(files)

    def set_sidebar_docked(self, is_docked: bool) -> None:
        """Where the sidebar is hidden, a button shows it."""
        self.sidebar.setVisible(not is_docked)

    def menu_anchor(self) -> QWidget:
        """At the right of the head."""
        return self.report

    def take_focus(self) -> None:
        """To what proves it."""
        self.banner.prove.setFocus(Qt.FocusReason.OtherFocusReason)

    def escape(self) -> None:
        """Go back."""
        self.left.emit()

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.sidebar.clicked.connect(self.sidebar_requested)
        self.copy.clicked.connect(self.commands_requested)
        self.report.clicked.connect(self.report_requested)
        self.banner.asked.connect(self.proof_requested)
        self.ledger.export_requested.connect(self.ledger_requested)

    def _lay_out(self, theme: Theme) -> None:
        column = QVBoxLayout()
        column.setSpacing(SPACE.xl)
        column.setContentsMargins(0, 0, 0, SPACE.section)
        column.addLayout(self._head(theme))
        column.addLayout(WrapLayout((self.copy, self.report)))
        column.addWidget(self.banner)
        if self.air_gap is not None:
            column.addWidget(self.air_gap)
        for part in (self.attempts, self.cards, self.files, self.open, self.ledger):
            column.addWidget(part)
        column.addStretch(1)
        frame_page(self, theme, self.tr("Privacy"), column, lambda: SIZE.page)

    def _head(self, theme: Theme) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(SPACE.xs)
        words.addWidget(Label(theme, self.tr("Privacy"), Type.PAGE_TITLE))
        sentence = self.tr("What the system enforces now, what was tested, what it cannot cover")
        words.addWidget(Label(theme, sentence, Type.SMALL, Ink.TEXT2, wrap=True))
        lead = QHBoxLayout()
        lead.setSpacing(SPACE.sm)
        for button in (self.sidebar, self.back):
            lead.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        lead.addLayout(words, 1)
        return lead
