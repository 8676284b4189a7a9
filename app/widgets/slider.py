"""A slider over a range of numbers, with a tick under the recommended one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from app.theme.metrics import RADIUS, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.widgets.focus_ring import KeyboardFocus
from app.widgets.number_range import NumberRange

_PAGES = 10  # of a slider's length that PageUp and PageDown go through


class Slider(QSlider):
    """`moved` tells the number that the user chose; `show_number` is what the program sets.

    A press jumps to its place. The wheel scrolls the page: it would change numbers unseen.
    """

    moved = Signal(object)

    def __init__(
        self,
        theme: Theme,
        name: str,
        numbers: NumberRange,
        recommended: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._numbers = numbers
        self._recommended = recommended
        self._is_locked = False
        self._is_told = True
        self._narrower_px = 0
        self.setAccessibleName(name)
        self.setRange(0, numbers.steps)
        self.setSingleStep(1)
        self.setPageStep(max(1, numbers.steps // _PAGES))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        KeyboardFocus(theme, self, RADIUS.control)
        theme.changed.connect(self.update)
        self.valueChanged.connect(self._on_value_changed)
        self._describe()

    @property
    def number(self) -> float | int:
        """What it stands at."""
        return self._numbers.value_at(self.value())

    def show_number(self, number: float) -> None:
        """Stand at the place nearest to a number."""
        self._is_told = False
        self.setValue(self._numbers.step_of(number))
        self._is_told = True
        self._describe()

    def recommend(self, number: float | None) -> None:
        """Put the tick under a number, or take it away."""
        self._recommended = number
        self._describe()
        self.update()

    @property
    def recommended(self) -> float | None:
        """What the tick stands under."""
        return self._recommended

    def set_locked(self, is_locked: bool) -> None:
        """Show it without letting it be changed; the keyboard still reaches it."""
        self._is_locked = is_locked
        self.update()

    def narrow(self, by_px: int) -> None:
        """Give this much of its length to what stands beside it."""
        self._narrower_px = by_px
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As long as all others, where there is room."""
        return QSize(SIZE.slider - self._narrower_px, SIZE.slider_height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Half as long, beside large text."""
        return QSize(SIZE.slider // 2, SIZE.slider_height)

    def place_of(self, step: int) -> float:
        """The middle of the knob at a step, in pixels from the left."""
        span = self.width() - SIZE.slider_knob
        share = step / max(1, self.maximum())
        if self.isRightToLeft():
            share = 1.0 - share
        return SIZE.slider_knob / 2.0 + share * span

    # ------------------------------------------------------------------ by hand

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go where the mouse is."""
        if event.button() is Qt.MouseButton.LeftButton and not self._is_locked:
            self.setSliderDown(True)
            self._go_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the mouse."""
        if self.isSliderDown():
            self._go_to(event.position().x())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Stay there."""
        self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """The page's."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows, PageUp and PageDown, Home and End."""
        if self._is_locked:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _go_to(self, x: float) -> None:
        span = max(1, self.width() - SIZE.slider_knob)
        share = (x - SIZE.slider_knob / 2.0) / span
        if self.isRightToLeft():
            share = 1.0 - share
        self.setValue(round(share * self.maximum()))

    def _on_value_changed(self, _step: int) -> None:
        self._describe()
        if self._is_told:
            self.moved.emit(self.number)

    def _describe(self) -> None:
        """Its own value is a step; assistive technology hears the number."""
        self.setAccessibleDescription(self._numbers.words(self.number))

    # ------------------------------------------------------------------ as it looks

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the track, the tick and the knob."""
        t = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        is_live = self.isEnabled() and not self._is_locked
        middle, here = self.height() / 2.0, self.place_of(self.value())
        half = SIZE.slider_track / 2.0
        track = QRectF(0.0, middle - half, self.width(), SIZE.slider_track)
        painter.setBrush(QColor(t.line_strong if is_live else t.button_line))
        painter.drawRoundedRect(track, half, half)
        done = QRectF(track)
        if self.isRightToLeft():
            done.setLeft(here)
        else:
            done.setRight(here)
        painter.setBrush(QColor(t.accent if is_live else t.text3))
        painter.drawRoundedRect(done, half, half)
        self._paint_tick(painter, middle)
        self._paint_knob(painter, here, middle, is_live=is_live)

    def _paint_tick(self, painter: QPainter, middle: float) -> None:
        if self._recommended is None:
            return
        place = self.place_of(self._numbers.step_of(self._recommended))
        tick = QRectF(place - SPACE.tick / 2.0, middle + SPACE.sm, SPACE.tick, SIZE.slider_tick)
        painter.setBrush(QColor(self._theme.tokens.text))
        painter.drawRect(tick)

    def _paint_knob(self, painter: QPainter, here: float, middle: float, *, is_live: bool) -> None:
        t = self._theme.tokens
        line = STROKE.input
        side = SIZE.slider_knob - line
        knob = QRectF(here - side / 2.0, middle - side / 2.0, side, side)
        ground = t.accent_soft if is_live and (self.isSliderDown() or self.underMouse()) else None
        painter.setPen(QPen(QColor(t.accent if is_live else t.text3), line))
        painter.setBrush(QColor(ground or t.raised))
        painter.drawEllipse(knob)
