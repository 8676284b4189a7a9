"""A label of plain text in a type style: exact line height, wrapped or elided.

Never interprets markup, whoever wrote the text, shows what can't be seen in it, and of a text
without end the beginning. Qt's QLabel has no line height, so this one lays its lines out itself
and stays a QLabel for assistive technology.
"""

from __future__ import annotations

import html

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.one_line import in_short

_UNBOUNDED = 1 << 20
# More is neither read in a label nor measured and drawn within a frame.
_MOST_CHARS = 4_000
_MOST_TOOLTIP_CHARS = 1_000


class Label(QLabel):
    """Plain text in one style and ink.

    It wraps, or is one line that elides; a line that grows takes the room that it is given.
    """

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        style: Type = Type.INTERFACE,
        ink: Ink = Ink.TEXT,
        *,
        wrap: bool = False,
        grow: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._style = style
        self._ink = ink
        self._wrap = wrap
        self._align = align
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font_of(style))
        policy = self.sizePolicy()
        policy.setHeightForWidth(wrap)
        policy.setHorizontalPolicy(_horizontal_policy(wrap=wrap, grow=grow))
        self.setSizePolicy(policy)
        self.setText(text)
        theme.changed.connect(self.update)

    def setText(self, text: str) -> None:  # noqa: N802
        """Show a text; nothing in it is hidden."""
        words = text if self._wrap else " ".join(text.split())
        super().setText(in_short(words, _MOST_CHARS))

    def set_ink(self, ink: Ink) -> None:
        """Change the colour's role."""
        self._ink = ink
        self.update()

    def ink(self) -> Ink:
        """The colour's role."""
        return self._ink

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Wrapped text is taller where it is narrower."""
        return self._wrap

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of the wrapped lines."""
        if not self._wrap:
            return self._style.line_px
        return max(1, self._lay_out(width).lineCount()) * self._style.line_px

    def sizeHint(self) -> QSize:  # noqa: N802
        """One line as wide as the text, or for wrapped text its natural width."""
        width = int(QFontMetricsF(self.font()).horizontalAdvance(self.text())) + 1
        return QSize(width, self._style.line_px)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """May shrink to nothing: it wraps or elides."""
        return QSize(0, self._style.line_px)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw each line in the middle of its line height."""
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.tokens.ink(self._ink)))
        if not self._wrap:
            self._paint_one_line(painter)
            return
        layout = self._lay_out(self.width())
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            slack = (self._style.line_px - line.height()) / 2.0
            line.setPosition(QPointF(line.x(), number * self._style.line_px + slack))
        layout.draw(painter, QPointF(0.0, 0.0))

    def _paint_one_line(self, painter: QPainter) -> None:
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() + 1
        )
        painter.setFont(self.font())
        painter.drawText(self.rect(), int(self._align | Qt.AlignmentFlag.AlignVCenter), shown)

    def _lay_out(self, width: int) -> QTextLayout:
        layout = QTextLayout(self.text(), self.font())
        option = QTextOption(self._align)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width if self._wrap else _UNBOUNDED)
        layout.endLayout()
        return layout


def set_plain_tooltip(widget: QWidget, text: str) -> None:
    """A tooltip of text that others wrote: Qt would take markup in it for rich text."""
    text = in_short(text, _MOST_TOOLTIP_CHARS)
    widget.setToolTip(f"<span>{html.escape(text)}</span>" if text else "")
    widget.setAccessibleDescription(text)  # else the tooltip is read out, its markup too


def _horizontal_policy(*, wrap: bool, grow: bool) -> QSizePolicy.Policy:
    if grow:
        return QSizePolicy.Policy.Expanding
    return QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Maximum
