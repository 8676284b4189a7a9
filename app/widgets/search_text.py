"""Text with what was found in it marked, in a few lines, cut so that the first hit is seen.

For: delegates of the search's results and of the palette. Plain characters only.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from app.theme.tokens import Ink, Tokens
from app.theme.type_styles import Type, font_of
from app.widgets.search_match import Pieces

_CUT = "…"
MOST_CHARS = 300  # more is never seen, and would cost time
_UNBOUNDED = 1 << 20
_LEAD_CHARS = 24  # what is kept before the first hit of a long text


@dataclass(frozen=True)
class MarkedStyle:
    """How such a text is drawn."""

    type: Type
    ink: Ink
    lines: int = 1


def led_in(pieces: Pieces, most_chars: int = _LEAD_CHARS) -> Pieces:
    """The same with no more than so many characters before the first hit, cut between words."""
    if len(pieces) < 2 or pieces[0][1] or len(pieces[0][0]) <= most_chars:
        return pieces
    tail = pieces[0][0][-most_chars:]
    rest = tail.partition(" ")[2]
    kept = rest if rest.strip() else tail
    return ((_CUT + kept, False), *pieces[1:])


def plain(pieces: Pieces) -> str:
    """All of it, marks apart."""
    return "".join(text for text, _ in pieces)


def width_of(pieces: Pieces, style: Type) -> float:
    """How wide it is on one line."""
    layout = QTextLayout(plain(pieces)[:MOST_CHARS], font_of(style))
    layout.beginLayout()
    line = layout.createLine()
    if line.isValid():
        line.setLineWidth(_UNBOUNDED)
    layout.endLayout()
    return layout.maximumWidth() if line.isValid() else 0.0


def paint_marked(
    painter: QPainter, area: QRect, pieces: Pieces, style: MarkedStyle, tokens: Tokens
) -> None:
    """Draw it into `area`, from its top, each line in the middle of its line height."""
    text = plain(pieces)[:MOST_CHARS]
    layout = _laid_out(text, area, style)
    if layout.lineCount() > style.lines:
        text = _shortened(text, layout, style.lines, area.width())
        layout = _laid_out(text, area, style)
    painter.setPen(QColor(tokens.ink(style.ink)))
    for number in range(min(style.lines, layout.lineCount())):
        line = layout.lineAt(number)
        slack = (style.type.line_px - line.height()) / 2.0
        line.setPosition(QPointF(0.0, number * style.type.line_px + slack))
    painter.save()
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    layout.draw(painter, QPointF(area.topLeft()), _formats(pieces, _units(text), tokens))
    painter.restore()


def _laid_out(text: str, area: QRect, style: MarkedStyle) -> QTextLayout:
    """As many lines as are shown, and one more where there is more text."""
    layout = QTextLayout(text, font_of(style.type))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    layout.beginLayout()
    for _ in range(style.lines + 1):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(1, area.width()))
    layout.endLayout()
    return layout


def _shortened(text: str, layout: QTextLayout, lines: int, width: int) -> str:
    """The lines that are shown, the last of them with a sign that there is more."""
    last: QTextLine = layout.lineAt(lines - 1)
    shown, rest = _split_at(text, last.textStart())
    metrics = QFontMetricsF(layout.font())
    return shown + metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)


def _formats(pieces: Pieces, length: int, tokens: Tokens) -> list[QTextLayout.FormatRange]:
    ranges: list[QTextLayout.FormatRange] = []
    marked = QTextCharFormat()
    marked.setBackground(QColor(tokens.mark))
    marked.setForeground(QColor(tokens.on_mark))
    start = 0
    for text, is_found in pieces:
        end = min(start + _units(text), length)
        if is_found and end > start:
            found = QTextLayout.FormatRange()
            found.start, found.length, found.format = start, end - start, marked
            ranges.append(found)
        start = end
    return ranges


def _split_at(text: str, units: int) -> tuple[str, str]:
    """The text before and behind a place that Qt counted."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    before, behind = encoded[: 2 * units], encoded[2 * units :]
    return before.decode("utf-16-le", "surrogatepass"), behind.decode("utf-16-le", "surrogatepass")


def _units(text: str) -> int:
    """Its length as Qt counts: characters beyond the first plane are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
