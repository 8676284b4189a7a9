"""A bar of one or several parts, each a step of a journey, with widths by their expected time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink

_MOST = 1000


class StepBar(QProgressBar):
    """Qt's own to assistive technology; `weights` says how long each part is."""

    def __init__(
        self, theme: Theme, weights: Sequence[float] = (1.0,), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._weights = tuple(weights)
        self._part = 0
        self._share = 0.0
        self._ink = Ink.ACCENT
        self.setRange(0, _MOST)
        self.setTextVisible(False)
        self.setFixedHeight(SIZE.step_bar)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_step(self, part: int, share: float, ink: Ink = Ink.ACCENT) -> None:
        """All parts before this one are done, and of this one so much; `ink` says how it stands:
        quiet while it waits, bad where it failed.
        """
        self._part, self._share, self._ink = part, min(1.0, max(0.0, share)), ink
        done = sum(self._weights[:part]) + self._weights[part] * self._share
        self.setValue(round(_MOST * done / sum(self._weights)))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As wide as there is room."""
        return QSize(SIZE.slider, SIZE.step_bar)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A little."""
        return QSize(SIZE.icon_banner, SIZE.step_bar)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Each part's track, and what of it is done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        tokens = self._theme.tokens
        for number, area in enumerate(self._areas()):
            self._paint(painter, area, tokens.pressed)
            is_now = number == self._part
            share = self._share if is_now else float(number < self._part)
            if share > 0.0:
                done = QRectF(area)
                done.setWidth(max(area.height(), area.width() * share))
                self._paint(painter, done, tokens.ink(self._ink if is_now else Ink.ACCENT))

    def _paint(self, painter: QPainter, area: QRectF, colour: str) -> None:
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(area, area.height() / 2.0, area.height() / 2.0)

    def _areas(self) -> list[QRectF]:
        gaps = SPACE.xs * (len(self._weights) - 1)
        room = max(0.0, self.width() - float(gaps))
        left, areas = 0.0, []
        for weight in self._weights:
            width = room * weight / sum(self._weights)
            areas.append(QRectF(left, 0.0, width, float(self.height())))
            left += width + SPACE.xs
        return areas
