"""Text to read and to select, in the reading style. Plain: nothing in it is markup.

For what a user or a model wrote. Model output is hostile: it is inserted as characters only,
no document resource is ever loaded, and nothing in it can be clicked.
"""

from __future__ import annotations

import math
import unicodedata

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"


def displayable(text: str) -> str:
    """The text without characters that Qt's documents use for themselves or can't show."""
    return "".join(c if _is_displayable(c) else _REPLACEMENT for c in text)


def _is_displayable(char: str) -> bool:
    if char in "\n\t":
        return True
    code = ord(char)
    is_noncharacter = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    return (
        char != _OBJECT
        and not is_noncharacter
        and unicodedata.category(char)
        not in {
            "Cc",
            "Cs",
        }
    )


class ReadingText(QTextEdit):
    """Read-only text as tall as its lines; the page around it scrolls."""

    def __init__(
        self,
        name: str,
        style: Type = Type.READING,
        ink: Ink = Ink.TEXT,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._style = style
        self._shown = ""
        self.setProperty("ink", ink.value)  # for the stylesheet
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font_of(style))
        self.setAccessibleName(name)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        set_line_height(self, style)
        self._on_size_changed()

    def show_plain(self, text: str) -> None:
        """Show a text; what it only adds to the one before keeps the reader's selection."""
        if not text.startswith(self._shown):
            self.clear()
            set_line_height(self, self._style)
            self._shown = ""
        self.append_plain(text[len(self._shown) :])

    def append_plain(self, text: str) -> None:
        """Add text at the end, keeping the reader's selection."""
        self._shown += text
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(displayable(text))

    def natural_width(self, limit: int) -> int:
        """The width of the widest line when lines wrap at `limit`."""
        copy = self.document().clone()
        copy.setTextWidth(limit)
        return math.ceil(copy.idealWidth()) + 1

    def sizeHint(self) -> QSize:  # noqa: N802
        """As tall as the text."""
        return QSize(super().sizeHint().width(), self.height())

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Left to the page, which scrolls."""
        event.ignore()

    def _on_size_changed(self) -> None:
        height = max(self._style.line_px, round(self.document().size().height()))
        if height != self.height():
            self.setFixedHeight(height)


def set_line_height(edit: QTextEdit, style: Type) -> None:
    """Give all blocks the style's line height; clearing the text undoes it."""
    form = QTextBlockFormat()
    form.setLineHeight(style.line_px, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    cursor = QTextCursor(edit.document())
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.mergeBlockFormat(form)
