"""A new passphrase, typed twice.

For: the first start without a keyring, and changing how a history is locked. Whether it is
strong enough is the vault's to say; here only that both are the same.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.widgets.passphrase_field import PassphraseField


class NewPassphrase(QWidget):
    """Two fields; Show shows both."""

    submitted = Signal()

    def __init__(self, theme: Theme, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = PassphraseField(theme, name, hint)
        self.second = PassphraseField(theme, self.tr("Once more"), lines=1)
        self.second.edit.show_button.hide()
        self.first.edit.show_button.clicked.connect(self._on_show_clicked)
        self.first.submitted.connect(self._on_first_submitted)
        self.second.submitted.connect(self.submitted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.xs)
        column.addWidget(self.first)
        column.addWidget(self.second)
        self._fit()
        for field in (self.first, self.second):
            field.height_changed.connect(self._fit)
        self.setFocusProxy(self.first)

    def chosen(self) -> str | None:
        """What was typed, if it was typed twice; else the second field says so."""
        if self.first.text != self.second.text:
            self.second.show_problem(self.tr("These are not the same."))
            self.second.take_focus()
            return None
        for field in (self.first, self.second):
            field.hide_text()
        return self.first.text

    def refuse(self, sentence: str) -> None:
        """It can't be used; say why, and wait for another."""
        self.first.show_problem(sentence)
        self.second.forget()
        self.first.take_focus()

    def forget(self) -> None:
        """Empty both."""
        self.first.forget()
        self.second.forget()

    def _fit(self) -> None:
        """As often as a height that is set gives the fields another one."""
        while not self.minimumHeight() == self.maximumHeight() == self._wanted_px():
            self.setFixedHeight(self._wanted_px())

    def _wanted_px(self) -> int:
        return self.first.minimumHeight() + self.second.minimumHeight() + SPACE.xs

    def _on_first_submitted(self) -> None:
        if self.second.text:
            self.submitted.emit()
        else:
            self.second.take_focus()

    def _on_show_clicked(self) -> None:
        self.second.edit.reveal(self.first.edit.is_revealed)
