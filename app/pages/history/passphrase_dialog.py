"""Asks for a new passphrase; stays until it is taken, so that nobody types it in vain."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.theme.theme import Theme
from app.widgets.button import ButtonKind
from app.widgets.new_passphrase import NewPassphrase
from app.widgets.small_dialog import SmallDialog


class PassphraseDialog(SmallDialog):
    """`chosen` brings it; then `refuse` it, or `end`."""

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, title: str, sentence: str, action: str, parent: QWidget
    ) -> None:
        super().__init__(theme, title, sentence, action, parent)
        self._is_over = False
        self.fields = NewPassphrase(
            theme, self.tr("New passphrase"), self.tr("8 characters or more.")
        )
        self.body.addWidget(self.fields)
        self.act.set_kind(ButtonKind.PRIMARY)
        self.act.clicked.connect(self._on_submitted)
        self.fields.submitted.connect(self._on_submitted)
        self.finished.connect(self._on_finished)
        self.fields.setFocus()

    def set_busy(self, is_busy: bool) -> None:
        """While it is being taken nothing can be changed."""
        if is_busy:
            self.setFocus()
        for widget in (self.fields, self.act, self.cancel):
            widget.setEnabled(not is_busy)

    def refuse(self, sentence: str) -> None:
        """Say why it can't be used; a dialog that was closed meanwhile stays so."""
        if not self._is_over:
            self.set_busy(False)
            self.fields.refuse(sentence)

    def end(self) -> None:
        """It was taken, or can't be: close, unless that was done meanwhile."""
        if not self._is_over:
            self.accept()

    def _on_finished(self, _result: int) -> None:
        self._is_over = True
        self.fields.forget()

    def _on_submitted(self) -> None:
        passphrase = self.fields.chosen()
        if passphrase is not None:
            self.set_busy(True)
            self.chosen.emit(passphrase)
