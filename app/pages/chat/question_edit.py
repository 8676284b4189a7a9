"""A question being edited where it stands: the answer to the new words is another branch.

Its files are edited with it. A text that is too long for a field, asked or pasted, is one of them.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QTextCursor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.pages.chat.attach_chips import AttachedRow
from app.pages.chat.attach_pile import Held, Pile, parted
from app.pages.chat.attach_reading import LIMIT_BYTES, AttachError, Refusal
from app.pages.chat.attach_words import (
    MOST_FILES,
    name_line,
    refusal_sentence,
    too_many_sentence,
)
from app.pages.chat.plain_edit import PlainEdit
from app.pages.chat.transcript_desk import TranscriptDesk
from app.pages.chat.turns import Attached, Turn
from app.theme.metrics import RADIUS, SIZE, SPACE, STROKE
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.announcing import announce
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button, ButtonKind
from app.widgets.escape import claims_escape
from app.widgets.field_room import fits_field
from app.widgets.label import Label
from app.widgets.reading_text import set_line_height

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QuestionField(PlainEdit):
    """As tall as its text, up to as many lines as the composer has."""

    sent = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_line_height(self, Type.READING)
        self.textCursor().insertText(text)
        self.document().clearUndoRedoStacks()
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.setAccessibleName(self.tr("Edit your message"))
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Ctrl+Enter sends; Esc is its parent's."""
        is_ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in _ENTER and is_ctrl:
            self.sent.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _grow(self) -> None:
        lines_px = SIZE.composer_lines * Type.READING.line_px
        height = max(Type.READING.line_px, round(self.document().size().height()))
        self.setFixedHeight(min(height, lines_px))


class QuestionEdit(QWidget):
    """The files, the field and two buttons, on the bubble's ground."""

    def __init__(self, desk: TranscriptDesk, turn: Turn) -> None:
        super().__init__()
        self._desk = desk
        self._turn = turn
        self._pile, self._next_key = Pile(), 0
        self.files = AttachedRow(desk.theme, self)
        self.field = QuestionField(self._take(turn))
        self.hint = Label(
            desk.theme,
            self.tr("The answers so far stay as a version."),
            Type.CAPTION,
            Ink.TEXT2,
            wrap=True,
        )
        self.cancel = Button(desk.theme, self.tr("Cancel"), height=SIZE.toast_button)
        self.save = Button(
            desk.theme, self.tr("Save and send"), ButtonKind.PRIMARY, height=SIZE.toast_button
        )
        self.save.setToolTip(self.tr("Ctrl+Enter"))
        self.cancel.setToolTip(self.tr("Esc"))
        self._lay_out()
        self.files.remove_requested.connect(self._on_removed)
        self.files.emptied_by_keyboard.connect(self.field.setFocus)
        self.field.files_given.connect(desk.files_given)
        self.field.text_given.connect(self._on_text_given)
        self.field.textChanged.connect(self._on_changed)
        self.field.sent.connect(self._on_sent)
        self.save.clicked.connect(self._on_sent)
        self.cancel.clicked.connect(self._on_cancelled)
        desk.theme.changed.connect(self.update)
        QTimer.singleShot(0, self, self.take_focus)

    def take_focus(self) -> None:
        """To the end of the text."""
        self.field.moveCursor(QTextCursor.MoveOperation.End)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Esc is meant for this while the keyboard is in it, and stops no answer."""
        return claims_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc leaves, from its buttons and files too."""
        if event.key() == Qt.Key.Key_Escape:
            self._on_cancelled()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the bubble's ground with the line of a field."""
        tokens = self._desk.theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(tokens.bubble))
        painter.setPen(QPen(QColor(tokens.accent), STROKE.input))
        half = STROKE.input / 2.0
        area = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(area, RADIUS.card, RADIUS.card)

    def _lay_out(self) -> None:
        buttons, wanted = (self.cancel, self.save), self.hint.sizeHint
        row = BesideLayout(self.hint, buttons, lambda: wanted().width(), SPACE.sm)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.block, SPACE.md, SPACE.block, SPACE.md)
        column.setSpacing(SPACE.md)
        column.addWidget(self.files)
        column.addWidget(self.field)
        column.addLayout(row)

    def _take(self, turn: Turn) -> str:
        """Show the files, and return the text to type on in."""
        files, text = turn.attached, turn.question
        if not fits_field(text, was_typed=True):
            long, text = parted(text)
            files = (*files, _as_file(self.tr("Message.txt"), long))
        for each in files:
            self._attach(each)
        return text

    def _attach(self, attached: Attached) -> None:
        self._next_key += 1
        self._pile.put([Held(self._next_key, attached)])
        self.files.show_files(self._pile.files)

    def _has_something(self) -> bool:
        return bool(self.field.toPlainText().strip() or self._pile.files)

    def _on_text_given(self, text: str) -> None:
        attached = _as_file(self.tr("Pasted text.txt"), text)
        if attached.size_bytes > LIMIT_BYTES:
            error = AttachError(attached.name, Refusal.TOO_LARGE)
            self._desk.notices.error(refusal_sentence(error))
        elif len(self._pile.files) >= MOST_FILES:
            self._desk.notices.warning(too_many_sentence())
        else:
            self._attach(attached)
            self._on_changed()
            announce(self, self.tr("{name} is attached.").format(name=name_line(attached.name)))

    def _on_removed(self, key: int) -> None:
        self._pile.take(key)
        self.files.show_files(self._pile.files)
        self._on_changed()

    def _on_changed(self) -> None:
        self.save.setEnabled(self._has_something())

    def _on_sent(self) -> None:
        if self._has_something():
            turn_id, text = self._turn.turn_id, self.field.toPlainText()
            self._desk.edit_ended.emit(turn_id)
            self._desk.edit_requested.emit(turn_id, text, self._pile.attached)

    def _on_cancelled(self) -> None:
        self._desk.edit_ended.emit(self._turn.turn_id)


def _as_file(name: str, text: str) -> Attached:
    return Attached(name, text, len(text.encode("utf-8", "replace")))
