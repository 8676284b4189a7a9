"""Parts of the reasoning block: its head, the button that ends thinking, its last lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QEnterEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.button import BaseButton
from app.widgets.cut_words import tells_cut
from app.widgets.faces import tell_state
from app.widgets.icon_view import IconView
from app.widgets.label import Label
from app.widgets.pebbles import Pebbles
from app.widgets.reading_text import displayable

_TAIL_CHARACTERS = 2000  # more than three lines can hold


class ReasoningHead(BaseButton):
    """The line that says how long the model thought; a click shows or hides what."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, RADIUS.control, parent)
        self._is_open = False
        self.pebbles = Pebbles(theme)
        self.chevron = IconView(theme, Icon.OPEN, Ink.TEXT2, SIZE.icon_sm)
        self.words = Label(theme, "", Type.SMALL_STRONG, Ink.TEXT2)
        self.seconds = Label(theme, "", Type.SMALL, Ink.TEXT2)
        self.tokens = Label(theme, "", Type.SMALL, Ink.TEXT2)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, SPACE.sm, 0)
        row.setSpacing(SPACE.sm)
        for widget in (self.pebbles, self.chevron, self.words, self.seconds, self.tokens):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(widget)
        self.setAccessibleName(self.tr("Thoughts"))
        self.setFixedHeight(SIZE.reasoning_head)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As wide as its words."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def show_state(self, *, is_live: bool, is_open: bool) -> None:
        """Pebbles while the model thinks, then which way the block folds."""
        self.pebbles.setVisible(is_live)
        self.chevron.setVisible(not is_live)
        self.chevron.set_icon(Icon.UNFOLDED if is_open else Icon.OPEN)
        self.setToolTip(self.tr("Hide the thoughts") if is_open else self.tr("Show all thoughts"))
        shown = self.tr("The thoughts are shown") if is_open else self.tr("The thoughts are hidden")
        self.setAccessibleDescription(shown)
        if is_open != self._is_open:
            self._is_open = is_open
            changed = QAccessible.State()
            changed.expanded = 1
            tell_state(self, changed)

    def fill_state(self, state: QAccessible.State) -> None:
        """It can be folded, and whether it is."""
        state.expandable = 1
        state.expanded = int(self._is_open)
        state.collapsed = int(not self._is_open)

    def say(self, words: str, seconds: str, tokens: str) -> None:
        """The three parts of the line."""
        for label, text in ((self.words, words), (self.seconds, seconds), (self.tokens, tokens)):
            label.setText(text)
            label.setVisible(bool(text))
        self.setAccessibleName(" ".join(text for text in (words, seconds, tokens) if text))
        self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        """What is cut is said whole under the mouse."""
        return tells_cut(event, self, self._cut_words) or super().event(event)

    def _cut_words(self) -> str:
        parts = (self.words, self.seconds, self.tokens)
        is_whole = all(part.isHidden() or not part.is_cut() for part in parts)
        return "" if is_whole else self.accessibleName()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter does what Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Darken the words under the mouse."""
        super().enterEvent(event)
        self.words.set_ink(Ink.TEXT)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """As before."""
        super().leaveEvent(event)
        self.words.set_ink(Ink.TEXT2)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Its parts draw themselves."""


class AnswerNowButton(BaseButton):
    """Ends the thoughts."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, RADIUS.control, parent)
        self.setText(self.tr("Answer now"))
        self.setToolTip(self.tr("End the thoughts and go on to the answer"))
        self.setFont(font_of(Type.SMALL_MEDIUM))
        self.setFixedHeight(SIZE.reasoning_head)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Icon, gap, words, and room around them."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(SPACE.sm + SIZE.icon_sm + SPACE.sm + words + SPACE.sm, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the icon and the words."""
        painter = QPainter(self)
        self.fill(painter, self.quiet_ground())
        tokens = self.theme.tokens
        ink = tokens.text if self.isEnabled() else tokens.disabled
        top = (self.height() - SIZE.icon_sm) / 2.0
        place = QRectF(float(SPACE.sm), top, float(SIZE.icon_sm), float(SIZE.icon_sm))
        self.theme.icons.paint(painter, Icon.ANSWER_NOW, place, ink)
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        words = self.rect().adjusted(2 * SPACE.sm + SIZE.icon_sm, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())


class LastLines(QWidget):
    """The end of a growing text in a fixed height, the oldest line fading; a click opens it."""

    clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tail = ""
        self.setFont(font_of(Type.SMALL))
        self.setFixedHeight(SIZE.reasoning_lines * Type.SMALL.line_px)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def show_end_of(self, text: str) -> None:
        """Show the last lines of a text."""
        self._tail = displayable(text[-_TAIL_CHARACTERS:])
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Ask for all of it."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.clicked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the last lines, then let the ground come through the first of them."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setPen(QColor(tokens.text2))
        lines = [line for text in self._tail.split("\n") for line in self._lines_of(text)]
        shown = lines[-SIZE.reasoning_lines :]
        for number, line in enumerate(shown):
            line.draw(painter, QPointF(0.0, float(number * Type.SMALL.line_px)))
        if len(lines) > SIZE.reasoning_lines:
            self._fade_first_line(painter)

    def _lines_of(self, text: str) -> list[QTextLayout]:
        """Each line as a layout of its own, in the style's line height."""
        found = []
        layout = self._laid_out(text)
        for number in range(max(1, layout.lineCount())):
            line = layout.lineAt(number)
            part = text[line.textStart() : line.textStart() + line.textLength()] if text else ""
            found.append(self._laid_out(part.rstrip()))
        return found

    def _laid_out(self, text: str) -> QTextLayout:
        layout = QTextLayout(text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.width())
            line.setPosition(QPointF(0.0, (Type.SMALL.line_px - line.height()) / 2.0))
        layout.endLayout()
        return layout

    def _fade_first_line(self, painter: QPainter) -> None:
        ground = QColor(self._theme.tokens.surface)
        clear = QColor(ground)
        clear.setAlpha(0)
        fade = QLinearGradient(0.0, 0.0, 0.0, float(Type.SMALL.line_px))
        fade.setColorAt(0.0, ground)
        fade.setColorAt(1.0, clear)
        painter.fillRect(QRectF(0.0, 0.0, float(self.width()), float(Type.SMALL.line_px)), fade)
