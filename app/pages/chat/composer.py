"""Where a message is written: grows from one line to ten, sends, and stops an answer."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from app.pages.chat.think_button import ThinkButton
from app.settings import SendKey
from app.theme.depth import paint_shadow, shadow_margin
from app.theme.icons import Icon
from app.theme.metrics import DEPTH, RADIUS, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.button import BaseButton
from app.widgets.label import Label
from app.widgets.reading_text import set_line_height
from app.widgets.tumbler import ContextMeter

_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MARGIN = shadow_margin(DEPTH.composer)


class MessageEdit(QTextEdit):
    """The text field: plain text in, one key sends."""

    send_requested = Signal()
    height_changed = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.send_key = SendKey.ENTER
        self.placeholder = ""
        self._has_preedit = False
        self.setAcceptRichText(False)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font_of(Type.READING))
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._reset_format()
        self._fit()

    def replace_text(self, text: str) -> None:
        """Set the whole text, with the cursor after it."""
        self.setPlainText(text)
        self._reset_format()
        self.moveCursor(self.textCursor().MoveOperation.End)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Paste and drop text only, whatever else the clipboard offers."""
        if source.hasText():
            self.insertPlainText(source.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Send, break the line, or type."""
        if event.key() in _ENTER_KEYS:
            if self._sends(event):
                self.send_requested.emit()
            else:
                self.insertPlainText("\n")
                self.ensureCursorVisible()
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
            hint = self.fontMetrics().elidedText(
                self.placeholder, Qt.TextElideMode.ElideRight, line.width()
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, hint)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802
        """Text under composition takes the placeholder's place."""
        self._has_preedit = bool(event.preeditString())
        super().inputMethodEvent(event)

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


class SendButton(BaseButton):
    """Sends; while there is something to stop, stops."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, RADIUS.control + SPACE.tick)
        self.setFixedSize(SIZE.send, SIZE.send)
        self._stops = False
        self.set_stops(False)

    @property
    def stops(self) -> bool:
        """Whether a click stops."""
        return self._stops

    def set_stops(self, stops: bool) -> None:
        """Send or stop."""
        self._stops = stops
        name = self.tr("Stop") if stops else self.tr("Send")
        self.setAccessibleName(name)
        self.setToolTip(f"{name} (Esc)" if stops else name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """An arrow on accent, or a square on the text colour."""
        tokens = self.theme.tokens
        painter = QPainter(self)
        if self._stops:
            self.fill(painter, tokens.text2 if self.underMouse() else tokens.text)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.surface))
            side = float(SIZE.stop_square)
            corner = (self.width() - side) / 2.0
            painter.drawRoundedRect(QRectF(corner, corner, side, side), SPACE.tick, SPACE.tick)
            return
        size = float(SIZE.icon_lg)
        place = QRectF((self.width() - size) / 2, (self.height() - size) / 2, size, size)
        self.fill(painter, self._send_ground())
        ink = tokens.on_accent if self.isEnabled() else tokens.disabled
        self.theme.icons.paint(painter, Icon.SEND, place, ink)

    def _send_ground(self) -> str:
        tokens = self.theme.tokens
        if not self.isEnabled():
            return tokens.selected
        if self.isDown():
            return tokens.accent_press
        return tokens.accent_hover if self.underMouse() else tokens.accent


class Composer(QWidget):
    """The card with the field, the hint, the context meter and the button."""

    sent = Signal(str)
    changed = Signal(str)
    stop_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_busy = False
        self.edit = MessageEdit(theme, self.tr("Message"))
        self.hint = Label(theme, "", Type.CAPTION, Ink.TEXT3, grow=True)
        self.think = ThinkButton(theme)
        self.meter = ContextMeter(theme)
        self.button = SendButton(theme)
        self._lay_out()
        self.edit.send_requested.connect(self.send)
        self.edit.textChanged.connect(self._on_text_changed)
        self.edit.height_changed.connect(self.updateGeometry)
        self.button.clicked.connect(self._on_clicked)
        theme.changed.connect(self.update)
        self.setFocusProxy(self.edit)
        self._on_text_changed()

    def set_busy(self, is_busy: bool) -> None:
        """There is, or is no longer, something to stop."""
        self._is_busy = is_busy
        self.button.set_stops(is_busy)
        self._on_text_changed()

    def set_placeholder(self, text: str) -> None:
        """What the empty field says."""
        self.edit.placeholder = text
        self.edit.setAccessibleDescription(text)
        self.edit.viewport().update()

    def take_back(self, text: str) -> None:
        """Put text that was not sent before what is being written."""
        written = self.edit.toPlainText()
        self.edit.replace_text(f"{text}\n\n{written}" if written.strip() else text)

    def show_text(self, text: str) -> None:
        """Hold another text: what was typed in the chat that is shown now."""
        if text != self.edit.toPlainText():
            self.edit.replace_text(text)

    def clear_sent(self) -> None:
        """Empty the field: its text was taken."""
        self.edit.replace_text("")

    def sizeHint(self) -> QSize:  # noqa: N802
        """The card and the room of its shadow."""
        return QSize(SIZE.composer + 2 * _MARGIN, super().sizeHint().height())

    def card(self) -> QRectF:
        """The card without its shadow."""
        return QRectF(self.rect()).adjusted(_MARGIN, SPACE.sm, -_MARGIN, -SPACE.block)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the card and its shadow."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = self.card()
        paint_shadow(painter, card, RADIUS.composer, DEPTH.composer, tokens)
        painter.setPen(QPen(QColor(tokens.button_line), STROKE.hairline))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(
            card.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS.composer, RADIUS.composer
        )

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(
            _MARGIN + SPACE.lg,
            SPACE.sm + SPACE.md,
            _MARGIN + SPACE.sm,
            SPACE.block + SPACE.sm,
        )
        column.setSpacing(SPACE.sm - SPACE.tick)
        column.addWidget(self.edit)
        row = QHBoxLayout()
        row.setSpacing(SPACE.md)
        row.addWidget(self.think)
        row.addWidget(self.hint, 1)
        row.addWidget(self.meter)
        row.addWidget(self.button)
        column.addLayout(row)

    def send(self) -> None:
        """Ask for what is written to be sent, unless nothing is."""
        text = self.edit.toPlainText()
        if text.strip():
            self.sent.emit(text)

    def _on_clicked(self) -> None:
        if self._is_busy:
            self.stop_requested.emit()
        else:
            self.send()

    def _on_text_changed(self) -> None:
        text = self.edit.toPlainText()
        self.button.setEnabled(self._is_busy or bool(text.strip()))
        self.changed.emit(text)
