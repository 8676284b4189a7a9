"""The dialog about the history: how it is locked, when it locks, what is deleted, its backups."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.bridge.history_jobs import HistoryJobs
from app.chats.upkeep.backup_list import Backup
from app.notices import Notices
from app.pages.history.backup_section import BackupSection
from app.pages.history.deleting_words import ask_before_deleting
from app.pages.history.lock_section import LockSection
from app.pages.history.section import Section
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, ButtonKind
from app.widgets.choice_button import ChoiceButton
from app.widgets.label import Label
from app.widgets.pebbles import Pebbles
from app.widgets.scroll_column import ScrollColumn
from app.widgets.toast import ToastStack


class HistoryDialog(QDialog):
    """Shows what is in force; long work is done by `jobs`, while nothing here can be used."""

    lock_now_requested = Signal()
    auto_lock_chosen = Signal(int)
    delete_after_chosen = Signal(int)
    restore_requested = Signal(object)
    delete_all_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        jobs: HistoryJobs,
        notices: Notices,
        auto_lock: tuple[int, Sequence[int]],
        delete_after: tuple[int, Sequence[int]],
        parent: QWidget,
    ) -> None:
        """`auto_lock` and `delete_after`: the minutes and days in force, and the choices."""
        super().__init__(parent)
        self._theme = theme
        self._jobs = jobs
        self._is_over = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("History"))
        self.setFixedWidth(min(SIZE.dialog, parent.width()))
        self.ways = LockSection(theme, jobs, notices)
        self.auto_lock = ChoiceButton(
            theme, self.tr("Lock after"), self._minutes(auto_lock[1]), auto_lock[0]
        )
        self.lock_now = Button(theme, self.tr("Lock now"))
        self.delete_after = ChoiceButton(
            theme, self.tr("Delete chats after"), self._days(delete_after[1]), delete_after[0]
        )
        self._days_before = delete_after[0]
        self.delete_all = Button(theme, self.tr("Delete all chats…"))
        self.backups = BackupSection(theme, jobs, notices)
        self.progress = Label(theme, "", Type.SMALL, Ink.TEXT2, grow=True)
        self._pebbles = Pebbles(theme)
        self.done_button = Button(theme, self.tr("Done"), ButtonKind.PRIMARY)
        self._content = QWidget()
        self._lay_out(parent)
        self.toasts = ToastStack(theme, self)
        self.toasts.set_clearance(SIZE.button + 2 * SPACE.lg)
        notices.posted.connect(self.toasts.show_notice)
        self._connect()
        self._on_busy_changed("")

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The page's ground."""
        QPainter(self).fillRect(self.rect(), QColor(self._theme.tokens.surface))

    def refresh(self) -> None:
        """Read again what is in force."""
        history = self._jobs.history
        if history is None:
            return
        self.ways.show_ways(history.ways())
        self._jobs.look(lambda opened: opened.backups(), self._on_backups_listed)

    # ------------------------------------------------------------------ parts

    def _lay_out(self, parent: QWidget) -> None:
        column = QVBoxLayout(self._content)
        column.setContentsMargins(SPACE.xxl, SPACE.xxl, SPACE.xxl, SPACE.md)
        column.setSpacing(SPACE.xl)
        for section in (self.ways, self._locking(), self._deleting(), self.backups):
            column.addWidget(section)
        column.addStretch(1)
        area = ScrollColumn(self.tr("History"), self._content)
        area.leave_keyboard()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addLayout(self._foot())
        self.resize(self.width(), max(SIZE.window_min_height, parent.height() - SPACE.section))

    def _locking(self) -> Section:
        section = Section(self._theme, self.tr("Locking"))
        section.add_choice(self.tr("Lock when nobody is there for"), self.auto_lock)
        section.add_choice(self.tr("Locked, the window shows nothing of the chats."), self.lock_now)
        return section

    def _deleting(self) -> Section:
        section = Section(self._theme, self.tr("Deleting"))
        section.add_choice(self.tr("Delete chats that did not change for"), self.delete_after)
        section.add_choice(
            self.tr("For good, from backups too. Pinned chats stay."), self.delete_all
        )
        return section

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(SPACE.xxl, SPACE.md, SPACE.xxl, SPACE.lg)
        row.setSpacing(SPACE.sm)
        row.addWidget(self._pebbles)
        row.addWidget(self.progress, 1)
        row.addWidget(self.done_button)
        return row

    def _connect(self) -> None:
        self.finished.connect(self._on_finished)
        self._jobs.busy_changed.connect(self._on_busy_changed)
        self.auto_lock.chosen.connect(self.auto_lock_chosen)
        self.lock_now.clicked.connect(self.lock_now_requested)
        self.delete_after.chosen.connect(self._on_delete_after_chosen)
        self.delete_all.clicked.connect(self.delete_all_requested)
        self.backups.restore_requested.connect(self.restore_requested)
        self.done_button.setDefault(True)
        self.done_button.clicked.connect(self.accept)

    def _minutes(self, choices: Sequence[int]) -> dict[int, str]:
        form = self.tr("{count} minutes")
        words = {count: form.format(count=count) for count in choices}
        return words | {0: self.tr("Never")} | ({1: self.tr("1 minute")} if 1 in choices else {})

    def _days(self, choices: Sequence[int]) -> dict[int, str]:
        form = self.tr("{count} days")
        return {count: form.format(count=count) for count in choices} | {0: self.tr("Never")}

    # ------------------------------------------------------------------ what happens

    def _on_busy_changed(self, words: str) -> None:
        focus = self.focusWidget()
        if words and focus is not None and self._content.isAncestorOf(focus):
            # A control that is disabled under the keyboard would hand it to a neighbour.
            self.done_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.progress.setText(words)
        self._pebbles.setVisible(bool(words))
        self._content.setEnabled(not words)
        if not words:
            self.refresh()

    def _on_backups_listed(self, backups: tuple[Backup, ...]) -> None:
        if not self._is_over:
            self.backups.show_backups(backups)

    def _on_finished(self, _result: int) -> None:
        self._is_over = True

    def _on_delete_after_chosen(self, days: int) -> None:
        if days == 0:
            self._take_days(days)
            return
        dialog = ask_before_deleting(self._theme, days, self)
        dialog.accepted.connect(lambda: self._take_days(days))
        dialog.rejected.connect(lambda: self.delete_after.choose(self._days_before))
        dialog.open()

    def _take_days(self, days: int) -> None:
        self._days_before = days
        self.delete_after_chosen.emit(days)
