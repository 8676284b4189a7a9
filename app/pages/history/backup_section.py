"""The backups: which there are, another one now, one put in the history's place, a check."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.bridge.history_jobs import HistoryJobs
from app.chats.errors import ChatsError
from app.chats.history import History
from app.chats.upkeep.backup_list import Backup
from app.error_words import words_of
from app.notices import Notices
from app.pages.history.backup_words import kind_words, size_words, when_words
from app.pages.history.section import Section
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.label import Label


class BackupSection(Section):
    """Lists them, the newest first."""

    restore_requested = Signal(object)

    def __init__(self, theme: Theme, jobs: HistoryJobs, notices: Notices) -> None:
        super().__init__(theme, self.tr("Backups"))
        self._jobs = jobs
        self._notices = notices
        self.none_yet = self.add_sentence()
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE.xs)
        self.rows.addLayout(self._list)
        self._shown: list[QWidget] = []
        self.back_up = Button(theme, self.tr("Back up now"))
        self.check = Button(theme, self.tr("Check now"))
        self.check.setToolTip(self.tr("Read every byte of the chats and their backups"))
        self.add_buttons(self.back_up, self.check)
        self.add_sentence(
            self.tr("One is made each day. They are encrypted, and lie beside the chats."),
            is_quiet=True,
        )
        self.back_up.clicked.connect(self._on_back_up)
        self.check.clicked.connect(self._on_check)
        self.none_yet.hide()

    def show_backups(self, backups: tuple[Backup, ...]) -> None:
        """Replace the list."""
        for row in self._shown:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._shown = [self._row(backup) for backup in backups]
        for row in self._shown:
            self._list.addWidget(row)
        self.none_yet.setText(self.tr("No backups yet."))
        self.none_yet.setVisible(not backups)

    def restore_buttons(self) -> list[Button]:
        """One a backup, the newest first."""
        return [button for row in self._shown for button in row.findChildren(Button)]

    def _row(self, backup: Backup) -> QWidget:
        when = when_words(backup.created_at_ms)
        details = f"{kind_words(backup.kind)}, {size_words(backup.size_bytes)}"
        holder = QWidget()
        words = QHBoxLayout()
        words.setSpacing(SPACE.md)
        words.addWidget(Label(self.theme, when, Type.SMALL_MEDIUM))
        words.addWidget(Label(self.theme, details, Type.SMALL, Ink.TEXT2, grow=True), 1)
        button = Button(self.theme, self.tr("Restore…"), height=SIZE.toast_button)
        button.setAccessibleName(self.tr("Restore the backup of {when}").format(when=when))
        button.clicked.connect(lambda: self._on_restore(backup))
        row = BesideLayout(words, (button,), lambda: words.sizeHint().width(), SPACE.md)
        row.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(row)
        return holder

    def _on_restore(self, backup: Backup) -> None:
        dialog = ConfirmDialog(
            self.theme,
            self.tr("Restore this backup?"),
            self.tr(
                "The backup of {when} takes the place of the present chats. What was written "
                "since is set aside in the history’s folder, not deleted."
            ).format(when=when_words(backup.created_at_ms)),
            self.tr("Restore"),
            self.window(),
        )
        dialog.accepted.connect(lambda: self.restore_requested.emit(backup))
        dialog.open()

    def _on_back_up(self) -> None:
        # It may end after the dialog: words are chosen before.
        form, notices = self.tr("Backed up: {size}."), self._notices
        self._jobs.run(
            self.tr("Backing up"),
            lambda history: history.back_up(),
            lambda backup: notices.news(form.format(size=size_words(backup.size_bytes))),
        )

    def _on_check(self) -> None:
        success = self.tr("All of it, backups too, is as it was written.")
        notices = self._notices

        def tell(problems: tuple[str, ...]) -> None:
            for problem in problems:
                notices.error(problem)
            if not problems:
                notices.news(success)

        self._jobs.run(self.tr("Reading every byte"), problems_of, tell)


def problems_of(history: History) -> tuple[str, ...]:
    """A sentence for the history, and one for each backup, that is not as it was written."""
    checks: list[tuple[str, Callable[[], None]]] = [("", history.verify)]
    for backup in history.backups():
        name = f"{backup.folder.name}: "
        checks.append((name, partial(history.verify_backup, backup)))
    found = []
    for name, check in checks:
        try:
            check()
        except ChatsError as error:
            found.append(f"{name}{words_of(error)}")
    return tuple(found)
