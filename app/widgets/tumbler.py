"""The context meter: a tumbler that fills, beside "3.1k of 32k"."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.metrics import SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from inference.events import ContextUse

_WARN_FROM = 0.85
_KILO = 1024  # contexts are powers of two: 32768 tokens are "32k"
_TEN = 10
_GLASS_WIDTH = 11.0
_GLASS_HEIGHT = 13.0
_TAPER = 1.8  # how much narrower the glass is at its foot, on each side


def short_count(count: int) -> str:
    """A count of tokens in at most four characters: 512, 3.1k, 32k."""
    if count < _KILO:
        return str(count)
    if count < _TEN * _KILO:
        return f"{count / _KILO:.1f}k".replace(".0k", "k")
    return f"{round(count / _KILO)}k"


class ContextMeter(QWidget):
    """Shows how full the context is; empty until a model is loaded."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._used = 0
        self._total = 0
        self.setFont(font_of(Type.CAPTION_MEDIUM))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.show_use(0, 0)

    def show_use(self, used_tokens: int, total_tokens: int) -> None:
        """Fill the glass."""
        self._show(used_tokens, total_tokens, [])

    def show_context(self, use: ContextUse, answer_tokens: int) -> None:
        """Fill the glass, and say by what in the tooltip."""
        parts = [
            (self.tr("System prompt"), use.system_tokens),
            (self.tr("This conversation"), use.conversation_tokens),
            (self.tr("Your question"), use.question_tokens),
            (self.tr("Chat template"), use.template_tokens),
            (self.tr("This answer"), answer_tokens),
        ]
        lines = [f"{name}: {tokens:,}" for name, tokens in parts if tokens]
        used = use.used_tokens + answer_tokens
        free = min(use.kept_for_answer_tokens - answer_tokens, use.capacity_tokens - used)
        if free > 0:
            lines.append(self.tr("Kept free for the answer: {tokens}").format(tokens=f"{free:,}"))
        self._show(used, use.capacity_tokens, lines)

    def _show(self, used_tokens: int, total_tokens: int, parts: list[str]) -> None:
        self._used = used_tokens
        self._total = total_tokens
        self.setVisible(total_tokens > 0)
        name = self.tr("Context: {used} of {total} tokens")
        sentence = name.format(used=f"{used_tokens:,}", total=f"{total_tokens:,}")
        self.setAccessibleName(sentence)
        self.setAccessibleDescription(", ".join(parts))
        self.setToolTip("\n".join([sentence, *parts]))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The words beside the glass."""
        return self.tr("{used} of {total}").format(
            used=short_count(self._used), total=short_count(self._total)
        )

    def ink(self) -> Ink:
        """Accent, or a warning when the context is nearly or quite full."""
        if self._used > self._total:
            return Ink.BAD
        nearly_full = self._total > 0 and self._used / self._total >= _WARN_FROM
        return Ink.WARN if nearly_full else Ink.ACCENT

    def sizeHint(self) -> QSize:  # noqa: N802
        """The glass, a gap, the words."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(int(_GLASS_WIDTH) + SPACE.sm + words + SPACE.tick, SIZE.icon_lg)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the water, then the glass, then the words."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        glass = QRectF(1.0, (self.height() - _GLASS_HEIGHT) / 2.0, _GLASS_WIDTH, _GLASS_HEIGHT)
        share = min(1.0, self._used / self._total) if self._total else 0.0
        painter.fillPath(_water(glass, share), QColor(tokens.ink(self.ink())))
        painter.setPen(QPen(QColor(tokens.text3), STROKE.icon))
        painter.drawPolyline(_outline(glass))
        words = self.rect().adjusted(int(_GLASS_WIDTH) + SPACE.sm, 0, 0, 0)
        ink = Ink.TEXT3 if self.ink() is Ink.ACCENT else self.ink()
        painter.setPen(QColor(tokens.ink(ink)))
        painter.setFont(self.font())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())


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
