"""The field in which a message is written: plain text in, one key sends."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QSizePolicy

from app.pages.chat.plain_edit import PlainEdit
from app.settings import SendKey
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.type_styles import Type
from app.widgets.cut_words import is_cut, paint_cut, tells_cut
from app.widgets.reading_text import set_line_height

_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SENTENCE_ENDS = re.compile(r"(?<=\.) ")


class MessageEdit(PlainEdit):
    """The text field: plain text in, one key sends."""

    send_requested = Signal()
    height_changed = Signal()
    edit_last_requested = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.send_key = SendKey.ENTER
        self.placeholder = ""
        self._has_preedit = False
        self.setAccessibleName(name)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        theme.text_changed.connect(self._on_text_size_changed)
        self._reset_format()
        self._fit()

    def replace_text(self, text: str) -> None:
        """Set the whole text, with the cursor after it."""
        self.setPlainText(text)
        self._reset_format()
        self.moveCursor(self.textCursor().MoveOperation.End)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Send, break the line, or type."""
        if event.key() in _ENTER_KEYS:
            if self._sends(event):
                self.send_requested.emit()
            else:
                self.insert_text("\n")
            return
        if self._asks_for_last(event):
            self.edit_last_requested.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the placeholder in the text's line height, which Qt's own would not have."""
        super().paintEvent(event)
        if self.document().isEmpty() and not self._has_preedit:
            painter = QPainter(self.viewport())
            painter.setFont(self.font())
            painter.setPen(QColor(self._theme.tokens.text3))
            line = QRect(0, SPACE.tick, self.viewport().width(), Type.READING.line_px)
            paint_cut(painter, line, self._fitting_placeholder())

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """A placeholder that is cut is said whole under the mouse."""
        return tells_cut(event, self, self._cut_words) or super().viewportEvent(event)

    def _cut_words(self) -> str:
        is_shown = self.document().isEmpty() and not self._has_preedit
        words = self._fitting_placeholder() if is_shown else ""
        return words if is_cut(self, words, self.viewport().width()) else ""

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802
        """Text under composition takes the placeholder's place."""
        self._has_preedit = bool(event.preeditString())
        super().inputMethodEvent(event)

    def _fitting_placeholder(self) -> str:
        """As many of its sentences as there is room for; the first always."""
        sentences = [one for one in _SENTENCE_ENDS.split(self.placeholder) if one]
        for count in range(len(sentences), 1, -1):
            words = " ".join(sentences[:count])
            if not is_cut(self, words, self.viewport().width()):
                return words
        return sentences[0] if sentences else ""

    def _reset_format(self) -> None:
        """The line height again, as nothing that Ctrl+Z could take away."""
        self.setUndoRedoEnabled(False)
        set_line_height(self, Type.READING)
        self.setUndoRedoEnabled(True)

    def _sends(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ControlModifier:
            return True
        return self.send_key is SendKey.ENTER and held == Qt.KeyboardModifier.NoModifier

    def _asks_for_last(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_up = event.key() == Qt.Key.Key_Up and held == Qt.KeyboardModifier.NoModifier
        return is_up and self.document().isEmpty() and not self._has_preedit

    def _on_text_size_changed(self) -> None:
        self._reset_format()
        self._fit()

    def _fit(self) -> None:
        line_px = Type.READING.line_px
        wanted = round(self.document().size().height())
        height = max(line_px, min(wanted, SIZE.composer_lines * line_px))
        overflows = wanted > height
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if overflows else policy.ScrollBarAlwaysOff
        )
        if height != self.height():
            self.setFixedHeight(height)
            self.height_changed.emit()
