"""The field of a system prompt: several lines of plain text.

For: the settings of a chat, of new chats, and of presets, which anyone's file may have brought.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from app.theme.metrics import SIZE
from app.theme.theme import Theme
from app.theme.type_styles import Type, font_of
from app.widgets.field_room import fits_field
from app.widgets.one_line import in_short

_SHOWN_CHARS = 2_000
_REMOVE_KEYS = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class PromptEdit(QPlainTextEdit):
    """Tab leaves it. Of a text in which nobody could type without delay its beginning is shown,
    and all of it is taken away by Delete or Backspace.
    """

    refused = Signal(int)  # characters that were pasted and are too many

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._endless: str | None = None
        self._is_locked = False
        self.setProperty("field", True)
        self.setAccessibleName(name)
        self.setFont(font_of(Type.INTERFACE))
        self.setTabChangesFocus(True)
        self._fit()
        theme.text_changed.connect(self._fit)

    @property
    def is_endless(self) -> bool:
        """Whether it is too long to be edited here."""
        return self._endless is not None

    @property
    def text(self) -> str:
        """The whole text, whatever is shown of it."""
        return self.toPlainText() if self._endless is None else self._endless

    def show_text(self, text: str) -> None:
        """Hold another text; the same one is left as it stands."""
        if text == self.text:
            return
        self._endless = None if fits_field(text, was_typed=True) else text
        self._show_whether_open()
        self.setPlainText(text if self._endless is None else in_short(text, _SHOWN_CHARS))

    def set_locked(self, is_locked: bool) -> None:
        """Show it without letting it be changed."""
        self._is_locked = is_locked
        self._show_whether_open()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Paste and drop no more than it takes."""
        cursor, written, text = self.textCursor(), self.toPlainText(), source.text()
        before, after = written[: cursor.selectionStart()], written[cursor.selectionEnd() :]
        if fits_field(f"{before}{text}{after}"):
            super().insertFromMimeData(source)
        else:
            self.refused.emit(len(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """An endless text goes as a whole."""
        if self.is_endless and not self._is_locked and event.key() in _REMOVE_KEYS:
            self._endless = None
            self._show_whether_open()
            self.clear()
        else:
            super().keyPressEvent(event)

    def _show_whether_open(self) -> None:
        self.setReadOnly(self._is_locked or self.is_endless)

    def _fit(self) -> None:
        self.setFixedHeight((SIZE.prompt_lines + 1) * Type.INTERFACE.line_px)
