"""A question being edited where it stands: the answer to the new words is another branch."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QTextCursor
from PySide6.QtWidgets import QFrame, QTextEdit, QVBoxLayout, QWidget

from app.pages.chat.transcript_desk import TranscriptDesk
from app.pages.chat.turns import Turn
from app.theme.metrics import RADIUS, SIZE, SPACE, STROKE
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button, ButtonKind
from app.widgets.label import Label
from app.widgets.reading_text import set_line_height

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class QuestionField(QTextEdit):
    """As tall as its text, up to as many lines as the composer has."""

    sent = Signal()
    cancelled = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font_of(Type.READING))
        self.document().setDocumentMargin(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_line_height(self, Type.READING)
        self.textCursor().insertText(text)
        self.document().clearUndoRedoStacks()
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.setAccessibleName(self.tr("Edit your message"))
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Ctrl+Enter sends, Esc leaves."""
        is_ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in _ENTER and is_ctrl:
            self.sent.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _grow(self) -> None:
        lines_px = SIZE.composer_lines * Type.READING.line_px
        height = max(Type.READING.line_px, round(self.document().size().height()))
        self.setFixedHeight(min(height, lines_px))


class QuestionEdit(QWidget):
    """The field with its two buttons, on the bubble's ground."""

    def __init__(self, desk: TranscriptDesk, turn: Turn) -> None:
        super().__init__()
        self._desk = desk
        self._turn = turn
        self.field = QuestionField(turn.question)
        self.hint = Label(
            desk.theme, self.tr("The answers so far stay as a version."), Type.CAPTION, Ink.TEXT2
        )
        self.cancel = Button(desk.theme, self.tr("Cancel"), height=SIZE.toast_button)
        self.save = Button(
            desk.theme, self.tr("Save and send"), ButtonKind.PRIMARY, height=SIZE.toast_button
        )
        self.save.setToolTip(self.tr("Ctrl+Enter"))
        self.cancel.setToolTip(self.tr("Esc"))
        self._lay_out()
        self.field.textChanged.connect(self._on_changed)
        self.field.sent.connect(self._on_sent)
        self.save.clicked.connect(self._on_sent)
        self.field.cancelled.connect(self._on_cancelled)
        self.cancel.clicked.connect(self._on_cancelled)
        desk.theme.changed.connect(self.update)
        QTimer.singleShot(0, self, self.take_focus)

    def take_focus(self) -> None:
        """To the end of the text."""
        self.field.moveCursor(QTextCursor.MoveOperation.End)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

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
        column.addWidget(self.field)
        column.addLayout(row)

    def _on_changed(self) -> None:
        self.save.setEnabled(bool(self.field.toPlainText().strip()))

    def _on_sent(self) -> None:
        text = self.field.toPlainText()
        if text.strip():
            self._desk.edit_ended.emit(self._turn.turn_id)
            self._desk.edit_requested.emit(self._turn.turn_id, text)

    def _on_cancelled(self) -> None:
        self._desk.edit_ended.emit(self._turn.turn_id)
