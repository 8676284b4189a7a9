"""The context meter: a tumbler that fills, beside "3.1k of 32k"."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.numbers import decimal, whole
from app.theme.metrics import RADIUS, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.button import BaseButton
from app.widgets.context_fill import ContextFill

_WARN_FROM = 0.85
_KILO = 1024  # contexts are powers of two: 32768 tokens are "32k"
_TEN = 10
_GLASS_WIDTH = 11.0 / 16.0  # of an icon
_GLASS_HEIGHT = 13.0 / 16.0
_TAPER = 1.8  # how much narrower the glass is at its foot, on each side


def short_count(count: int) -> str:
    """A count of tokens in at most four characters: 512, 3.1k, 32k."""
    if count < _KILO:
        return str(count)
    if count < _TEN * _KILO:
        return f"{decimal(count / _KILO, 1)}k".replace(".0k", "k").replace(",0k", "k")
    return f"{round(count / _KILO)}k"


class ContextMeter(BaseButton):
    """Shows how full the context is; hidden while there is nothing to say. A click asks for all."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, RADIUS.control, parent)
        self._fill = ContextFill()
        self.is_short = False
        self.setFont(font_of(Type.CAPTION_MEDIUM))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_fill(self._fill)

    @property
    def shown(self) -> ContextFill:
        """What is shown."""
        return self._fill

    def show_fill(self, fill: ContextFill) -> None:
        """Fill the glass, and say by what in the tooltip."""
        self._fill = fill
        self.setVisible(fill.capacity_tokens > 0 or fill.used_tokens > 0)
        self.setText(self._words())
        sentence, lines = self._sentence(), self._lines()
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(", ".join(lines))
        # Qt looks for markup in the first line alone, which no name of a file is in.
        self.setToolTip("\n".join([sentence, *lines]))
        self.updateGeometry()
        self.update()

    @property
    def spare_px(self) -> int:
        """How much room it does without when it is short."""
        metrics = self.fontMetrics()
        used = short_count(self._fill.used_tokens)
        return metrics.horizontalAdvance(self.text()) - metrics.horizontalAdvance(used)

    def shorten(self, is_short: bool) -> None:
        """Show what is used alone, and leave the rest to the tooltip."""
        if is_short != self.is_short:
            self.is_short = is_short
            self.updateGeometry()
            self.update()

    def ink(self) -> Ink:
        """Accent, or a warning when the context is nearly or quite full."""
        used, total = self._fill.used_tokens, self._fill.capacity_tokens
        if total and used > total:
            return Ink.BAD
        return Ink.WARN if total and used / total >= _WARN_FROM else Ink.ACCENT

    def sizeHint(self) -> QSize:  # noqa: N802
        """The glass, a gap, the words."""
        words = self.fontMetrics().horizontalAdvance(self._shown_words())
        width = 2 * SPACE.sm + int(_GLASS_WIDTH * SIZE.icon_sm) + SPACE.sm + words
        return QSize(width, SIZE.reasoning_head)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the water, then the glass, then the words."""
        tokens = self.theme.tokens
        painter = QPainter(self)
        self.fill(painter, self.quiet_ground())
        wide, tall = _GLASS_WIDTH * SIZE.icon_sm, _GLASS_HEIGHT * SIZE.icon_sm
        glass = QRectF(SPACE.sm, (self.height() - tall) / 2.0, wide, tall)
        total = self._fill.capacity_tokens
        share = min(1.0, self._fill.used_tokens / total) if total else 0.0
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.fillPath(_water(glass, share), QColor(tokens.ink(self.ink())))
        painter.setPen(QPen(QColor(tokens.text3), STROKE.icon))
        painter.drawPolyline(_outline(glass))
        words = self.rect().adjusted(int(wide) + 2 * SPACE.sm, 0, 0, 0)
        ink = Ink.TEXT3 if self.ink() is Ink.ACCENT else self.ink()
        painter.setPen(QColor(tokens.ink(ink)))
        painter.setFont(self.font())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._shown_words())

    def _shown_words(self) -> str:
        return short_count(self._fill.used_tokens) if self.is_short else self.text()

    def _words(self) -> str:
        fill = self._fill
        used, total = short_count(fill.used_tokens), short_count(fill.capacity_tokens)
        if not fill.capacity_tokens:
            return self.tr("about {used} tokens").format(used=used)
        form = self.tr("about {used} of {total}") if fill.is_about else self.tr("{used} of {total}")
        return form.format(used=used, total=total)

    def _sentence(self) -> str:
        fill = self._fill
        used, total = whole(fill.used_tokens), whole(fill.capacity_tokens)
        if not fill.capacity_tokens:
            return self.tr("Context: about {used} tokens").format(used=used)
        form = self.tr("Context: {used} of {total} tokens")
        if fill.is_about:
            form = self.tr("Context: about {used} of {total} tokens")
        return form.format(used=used, total=total)

    def _lines(self) -> list[str]:
        lines = [f"{share.name}: {whole(share.tokens)}" for share in self._fill.shares]
        if self._fill.kept_tokens > 0:
            kept = self.tr("Kept free for the answer: {tokens}")
            lines.append(kept.format(tokens=whole(self._fill.kept_tokens)))
        return lines


def _outline(glass: QRectF) -> QPolygonF:
    return QPolygonF(
        [
            glass.topLeft(),
            QPointF(glass.left() + _TAPER, glass.bottom()),
            QPointF(glass.right() - _TAPER, glass.bottom()),
            glass.topRight(),
        ]
    )


def _water(glass: QRectF, share: float) -> QPainterPath:
    inset = _TAPER * (1.0 - share)
    level = glass.bottom() - glass.height() * share
    path = QPainterPath(QPointF(glass.left() + inset, level))
    path.lineTo(glass.left() + _TAPER, glass.bottom())
    path.lineTo(glass.right() - _TAPER, glass.bottom())
    path.lineTo(glass.right() - inset, level)
    path.closeSubpath()
    return path
