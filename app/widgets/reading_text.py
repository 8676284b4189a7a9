"""Text to read and to select, in the reading style. Plain: nothing in it is markup.

For what a user or a model wrote. Model output is hostile: it is inserted as characters only,
no document resource is ever loaded, and nothing in it can be clicked.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import (
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from app.theme.metrics import SIZE
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.displayable import displayable
from app.widgets.laid_out_once import keep_shapes, set_text_width, sized

__all__ = ["ReadingText", "displayable", "make_still", "set_line_height"]


class ReadingText(QTextEdit):
    """Read-only text as tall as its lines; the page around it scrolls."""

    def __init__(
        self,
        name: str,
        style: Type = Type.READING,
        ink: Ink = Ink.TEXT,
        parent: QWidget | None = None,
        *,
        width_px: int = SIZE.column,
    ):
        """`width_px`, about as wide as it will be: at that a text is laid out when it comes."""
        super().__init__(parent)
        self._style = style
        self._shown = ""
        self.setProperty("ink", ink.value)  # for the stylesheet
        make_still(self, name)
        self.setFont(font_of(style))
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        set_line_height(self, style)
        self.resize(width_px, style.line_px)
        self.document().setTextWidth(width_px)
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
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        start = cursor.position()
        cursor.insertText(displayable(text))
        keep_shapes(self.document(), start)
        cursor.endEditBlock()

    def natural_width(self, limit: int) -> int:
        """The width of the widest line when lines wrap at `limit`, as they do from now on."""
        set_text_width(self.document(), limit)
        return math.ceil(self.document().idealWidth()) + 1

    def sizeHint(self) -> QSize:  # noqa: N802
        """As tall as the text."""
        return QSize(super().sizeHint().width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Measured at this width, it is laid out at it."""
        super().resizeEvent(sized(self, event))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Letters of another size have lines of another height."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            set_line_height(self, self._style)
            self._on_size_changed()

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


def make_still(edit: QTextEdit, name: str) -> None:
    """Make an edit a text that is read and selected: no frame, no margin, no markup, no bars."""
    edit.setReadOnly(True)
    edit.setAcceptRichText(False)
    edit.setUndoRedoEnabled(False)
    edit.setFrameShape(QFrame.Shape.NoFrame)
    edit.setAccessibleName(name)
    edit.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    edit.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    edit.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    edit.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    edit.setTabChangesFocus(True)
    edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    edit.document().setDocumentMargin(0)
