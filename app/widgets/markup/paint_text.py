"""What is painted around characters of a document: the ground of code, the ring of a link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPen,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextLine,
)
from PySide6.QtWidgets import QTextEdit

from app.theme.metrics import SPACE, STROKE
from app.theme.tokens import Tokens
from app.widgets.markup.document_marks import Link

_ABOVE = 1.12  # of the letters' size: how far a ground reaches above the baseline
_TALL = 1.55


def paint_code_grounds(
    painter: QPainter,
    document: QTextDocument,
    codes: Iterable[tuple[int, int]],
    offset: QPointF,
    clip: QRectF,
    tokens: Tokens,
) -> None:
    """Draw the sunken ground of code within text, as far as it is in `clip`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.sunken))
    for start, end in codes:
        for rect in line_rects(document, start, end):
            ground = rect.translated(offset).adjusted(-SPACE.tick, 0.0, SPACE.tick, 0.0)
            if ground.intersects(clip):
                painter.drawRoundedRect(ground, SPACE.xs, SPACE.xs)


def paint_link_ring(
    painter: QPainter, document: QTextDocument, link: Link, offset: QPointF, tokens: Tokens
) -> None:
    """Draw the focus around a link."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(tokens.accent), float(STROKE.ring)))
    half = STROKE.ring / 2.0
    for rect in line_rects(document, link.start, link.end):
        ring = rect.translated(offset).adjusted(-half, half, half, -half)
        painter.drawRoundedRect(ring, SPACE.xs, SPACE.xs)


def line_rects(document: QTextDocument, start: int, end: int) -> Iterator[QRectF]:
    """Where characters of one format stand, a rectangle a line, in the document's coordinates."""
    cursor = QTextCursor(document)
    cursor.setPosition(start + 1)  # a cursor has the format of the character before it
    px = cursor.charFormat().font().pixelSize()
    block = document.findBlock(start)
    while block.isValid() and block.position() < end:
        corner = layout_corner(document, block)
        first = max(0, start - block.position())
        last = min(block.length() - 1, end - block.position())
        for line in _lines(block):
            low = max(first, line.textStart())
            high = min(last, line.textStart() + line.textLength())
            if low < high:
                yield _characters(line, low, high, px).translated(corner)
        block = block.next()


def layout_corner(document: QTextDocument, block: QTextBlock) -> QPointF:
    """Where a paragraph's layout begins: its lines stand from there on."""
    return document.documentLayout().blockBoundingRect(block).topLeft()


def _lines(block: QTextBlock) -> Iterator[QTextLine]:
    layout = block.layout()
    for number in range(layout.lineCount()):
        yield layout.lineAt(number)


def _characters(line: QTextLine, low: int, high: int, px: int) -> QRectF:
    left, right = _x(line.cursorToX(low)), _x(line.cursorToX(high))
    baseline = line.y() + line.ascent()
    return QRectF(min(left, right), baseline - _ABOVE * px, abs(right - left), _TALL * px)


def _x(answer: object) -> float:
    """PySide6 may give the position back beside the coordinate."""
    return float(answer[0] if isinstance(answer, tuple) else answer)  # type: ignore[arg-type]


def area_between(edit: QTextEdit, low: int, high: int) -> QRect:
    """Where a range of a document is seen in its view; of one that became shorter, its end."""
    cursor = QTextCursor(edit.document())
    last = edit.document().characterCount() - 1
    cursor.setPosition(min(low, last))
    first = edit.cursorRect(cursor)
    cursor.setPosition(min(high, last))
    return first.united(edit.cursorRect(cursor))
