"""The strip below a link that shows its whole target, wrapped, never cut short without a word.

For the links of all texts of a window: there is one strip, and it takes no clicks.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.numbers import whole
from app.theme.metrics import MOTION, RADIUS, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.displayable import displayable
from app.widgets.label import Label

MAX_SHOWN_CHARS = 1_500


class LinkStrips(QObject):
    """Makes the strip of the window in which a link is, and says what is in it."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._strip: LinkStrip | None = None
        self._number = 0  # of the strip: one that goes late takes no other along
        self._shown_for: QWidget | None = None
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(MOTION.copied_shown_ms)
        self._copied.timeout.connect(self._hide)

    def show_target(self, view: QWidget, area: QRect, target: str) -> None:
        """Show a link's target below `area`, which is in the view's coordinates."""
        self._copied.stop()
        self._show(view, area, self._shortened(target))

    def show_copied(self, view: QWidget, area: QRect, words: str) -> None:
        """Say that a link was copied, and leave after a moment."""
        self._show(view, area, self._shortened(words))
        self._copied.start()

    def leave(self, view: QWidget) -> None:
        """The link is left; what was copied is said to its end."""
        if view is self._shown_for and not self._copied.isActive():
            self._hide()

    def text(self) -> str:
        """What is shown now, or nothing."""
        return self._strip.words.text() if self._strip is not None else ""

    def _show(self, view: QWidget, area: QRect, words: str) -> None:
        window = view.window()
        if self._strip is None or self._strip.parentWidget() is not window:
            self._hide()
            self._strip = LinkStrip(self._theme, window)
            self._number += 1
            number = self._number
            self._strip.destroyed.connect(lambda: self._forget(number))
        self._shown_for = view
        corner = view.mapTo(window, area.bottomLeft())
        self._strip.show_words(words, QRect(corner - QPoint(0, area.height()), area.size()))

    def _shortened(self, text: str) -> str:
        """A target longer than any window says how much more there is."""
        shown = displayable(text)
        if len(shown) <= MAX_SHOWN_CHARS:
            return shown
        rest = self.tr("… and {count} more characters, copied with it")
        more = whole(len(shown) - MAX_SHOWN_CHARS)
        return shown[:MAX_SHOWN_CHARS] + rest.format(count=more)

    def _hide(self) -> None:
        if self._strip is not None:
            self._strip.hide()
            self._strip.deleteLater()
            self._strip = None
        self._shown_for = None

    def _forget(self, number: int) -> None:
        """The window went, and the strip with it."""
        if number == self._number:
            self._strip = None


class LinkStrip(QWidget):
    """A card with wrapped words."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self.words = Label(theme, "", Type.SMALL, Ink.TEXT, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.sm, SPACE.xs, SPACE.sm, SPACE.xs)
        column.addWidget(self.words)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self.update)

    def show_words(self, words: str, area: QRect) -> None:
        """Show words below an area of the window, or above it where there is no room."""
        self.words.setText(words)
        window = self._window
        room = window.width() - 2 * SPACE.sm
        width = min(room, SIZE.bubble_max, self.words.sizeHint().width() + 2 * SPACE.sm)
        height = self.words.height_at(width - 2 * SPACE.sm) + 2 * SPACE.xs
        left = max(SPACE.sm, min(area.left(), window.width() - width - SPACE.sm))
        top = area.bottom() + SPACE.xs
        if top + height > window.height():
            top = max(0, area.top() - SPACE.xs - height)
        self.setGeometry(left, top, width, height)
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(self._theme.tokens.raised))
        painter.setPen(QPen(QColor(self._theme.tokens.button_line), STROKE.hairline))
        area = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, RADIUS.control, RADIUS.control)
