"""The screens of a history that is not open, one for each thing that can be asked of its owner."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.chats.upkeep.backup_list import Backup
from app.pages.history.backup_words import backup_words
from app.pages.history.screen import Screen
from app.theme.icons import Icon
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import ButtonKind
from app.widgets.label import Label
from app.widgets.new_passphrase import NewPassphrase
from app.widgets.passphrase_field import PassphraseField
from app.widgets.typed_letters import letters_of

_FOCUS = Qt.FocusReason.OtherFocusReason


class WaitingScreen(Screen):
    """Something takes longer than a moment; waiting for a keyring can be stopped. Where one can
    write meanwhile, what is typed is told.
    """

    stop_requested = Signal()
    typed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Icon.LOCKED)
        self.stop = self.add_action(self.tr("Stop waiting (Esc)"))
        self.stop.clicked.connect(self.stop_requested)
        self.pebbles.show()
        self._can_write = False

    def show_waiting(
        self, title: str, *, for_keyring: bool = False, can_write: bool = False
    ) -> None:
        """Say what is waited for. What is typed may be meant for a keyring that asks: it is told
        only where one `can_write` meanwhile.
        """
        self._can_write = can_write
        self.rename(title)
        hint = self.tr("It may ask for its password in a window of its own.")
        self.say(hint if for_keyring else "")
        self.stop.setVisible(for_keyring)

    def set_busy(self, _words: str) -> None:
        """It always is."""

    def take_focus(self) -> None:
        """To the one button, if it is there."""
        (self.stop if self.stop.isVisibleTo(self) else self).setFocus(_FOCUS)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Letters are for the chat, once that may be written."""
        letters = letters_of(event)
        if letters and self._can_write:
            self.typed.emit(letters)
        else:
            super().keyPressEvent(event)


class FirstTimeScreen(Screen):
    """No keyring, and nothing kept yet: a passphrase, or chats that are stored nowhere."""

    begin_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Icon.LOCKED)
        self.rename(self.tr("Choose a passphrase for your chats"))
        self._was_submitted = False
        self.fields = NewPassphrase(
            theme,
            self.tr("Passphrase"),
            self.tr("8 characters or more. Without it nobody can open the chats, not even you."),
        )
        self.body.addWidget(self.fields)
        self.keep_in_sight(self.fields.first, self.fields.second)
        self.keep = self.add_primary(self.tr("Keep chats under this passphrase"))
        self.retry = self.add_retry()
        self.temporary = self.add_action(self.tr("&Temporary chat (Esc)"))
        self.temporary.setAccessibleDescription(self.tr("Nothing of it is stored."))
        self.temporary.setToolTip(self.tr("Nothing of it is stored"))
        self.temporary.clicked.connect(self.temporary_requested)
        self.keep.clicked.connect(self._on_submitted)
        self.fields.submitted.connect(self._on_submitted)

    def show_state(self, sentence: str) -> None:
        """Why a passphrase is needed; or, once one was sent, why that one was refused."""
        if self._was_submitted:
            self.fields.refuse(sentence)
        else:
            self.say(sentence)
        self._was_submitted = False

    def take_focus(self) -> None:
        """To the first field."""
        self.fields.first.take_focus()

    def forget(self) -> None:
        """Empty the fields."""
        self._was_submitted = False
        self.fields.forget()

    def _on_submitted(self) -> None:
        passphrase = self.fields.chosen()
        if passphrase is not None:
            self._was_submitted = True
            self.begin_requested.emit(passphrase)


class UnlockScreen(Screen):
    """The history is locked: a field where a passphrase opens it, and Unlock."""

    unlock_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Icon.LOCKED)
        self.rename(self.tr("Locked"))
        self.field = PassphraseField(theme, self.tr("Passphrase"))
        self.body.addWidget(self.field)
        self.keep_in_sight(self.field)
        self.unlock = self.add_primary(self.tr("Unlock"))
        self.temporary = self.add_temporary()
        self.unlock.clicked.connect(self._on_submitted)
        self.field.submitted.connect(self._on_submitted)

    def show_state(self, *, asks_passphrase: bool, sentence: str = "", why: str = "") -> None:
        """`sentence` is about the history, `why` about the passphrase that was tried."""
        self.say(sentence)
        self.field.setVisible(asks_passphrase)
        self.field.show_problem(why)

    def take_focus(self) -> None:
        """To the field, or to the button."""
        if self.field.isVisibleTo(self):
            self.field.take_focus()
        else:
            self.unlock.setFocus(_FOCUS)

    def forget(self) -> None:
        """Empty the field."""
        self.field.forget()

    def _on_submitted(self) -> None:
        self.field.hide_text()
        self.unlock_requested.emit(self.field.text)


class ProblemScreen(Screen):
    """It can't be opened now: why, and what can be done about it."""

    passphrase_given = Signal(str)
    restore_requested = Signal()
    salvage_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Icon.WARNING, Ink.WARN)
        self.field = PassphraseField(theme, self.tr("Passphrase"))
        self.body.addWidget(self.field)
        self.keep_in_sight(self.field)
        self.unlock = self.add_primary(self.tr("Unlock"))
        self.restore = self.add_primary(self.tr("Restore the newest backup…"))
        self.newest = Label(
            theme, "", Type.CAPTION, Ink.TEXT3, grow=True, align=Qt.AlignmentFlag.AlignHCenter
        )
        self.body.addWidget(self.newest)
        self.salvage = self.add_primary(self.tr("Bring back what can be read"))
        self.salvage.setAccessibleDescription(self.tr("The damaged files are set aside."))
        self.retry = self.add_retry()
        self.temporary = self.add_temporary()
        self.unlock.clicked.connect(self._on_submitted)
        self.field.submitted.connect(self._on_submitted)
        self.restore.clicked.connect(self.restore_requested)
        self.salvage.clicked.connect(self.salvage_requested)

    def show_state(
        self,
        title: str,
        sentence: str,
        *,
        takes_passphrase: bool = False,
        has_backup: bool = False,
        can_salvage: bool = False,
    ) -> None:
        """What is offered beside trying again and a temporary chat."""
        self.rename(title)
        self.say(sentence)
        helps = takes_passphrase or has_backup or can_salvage
        self.retry.set_kind(ButtonKind.SECONDARY if helps else ButtonKind.PRIMARY)
        for widget in (self.field, self.unlock):
            widget.setVisible(takes_passphrase)
        self.restore.setVisible(has_backup)
        self.newest.setVisible(has_backup)
        self.salvage.setVisible(can_salvage)
        self.show_newest(None)

    def show_newest(self, backup: Backup | None) -> None:
        """When the newest backup was made, once that is known."""
        words = "" if backup is None else self.tr("Made {when}").format(when=backup_words(backup))
        self.newest.setText(words)

    def take_focus(self) -> None:
        """To what helps most."""
        if self.field.isVisibleTo(self):
            self.field.take_focus()
        elif self.restore.isVisibleTo(self):
            self.restore.setFocus(_FOCUS)
        elif self.salvage.isVisibleTo(self):
            self.salvage.setFocus(_FOCUS)
        else:
            self.retry.setFocus(_FOCUS)

    def forget(self) -> None:
        """Empty the field."""
        self.field.forget()

    def _on_submitted(self) -> None:
        self.field.hide_text()
        self.passphrase_given.emit(self.field.text)
