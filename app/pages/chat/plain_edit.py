"""A field for a message, wherever one is written: plain text alone, and no more than it can take.

For: the composer's field, and that of a question that is edited.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from app.theme.type_styles import Type, font_of
from app.widgets.field_room import fits_field
from app.widgets.local_files import local_files

PASTE_AS_FILE = 8_000  # characters: a page or two to read, more than one looks over in a field


class PlainEdit(QTextEdit):
    """What was pasted and is no text to type on in here is told, to be attached."""

    files_given = Signal(object)  # local files that were pasted: a tuple of Path
    text_given = Signal(str)  # pasted, and too long to be typed on in here

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font_of(Type.READING))
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)

    def insert_text(self, text: str) -> None:
        """Put text where the cursor is, in place of what is selected."""
        self.insertPlainText(text)
        self.ensureCursorVisible()

    def has_room_for(self, text: str) -> bool:
        """Whether one could type on without delay after inserting it."""
        cursor, written = self.textCursor(), self.toPlainText()
        before, after = written[: cursor.selectionStart()], written[cursor.selectionEnd() :]
        return fits_field(f"{before}{text}{after}")

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802
        """Files too; dropped ones are the page's."""
        return source.hasText() or bool(local_files(source))

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Paste and drop text only, whatever else the clipboard offers; files and long texts are
        told, to be attached.
        """
        files = local_files(source)
        if files:
            self.files_given.emit(files)
        elif source.hasText():
            text = source.text()
            if len(text) > PASTE_AS_FILE or not self.has_room_for(text):
                self.text_given.emit(text)
            else:
                self.insert_text(text)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Text is dropped where it is wanted; files are left to the page."""
        if local_files(event.mimeData()):
            event.ignore()
        else:
            super().dragEnterEvent(event)
