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
    QTextLayout,
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
    places = _Places(document)
    for start, end in codes:
        for rect in places.of(start, end):
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
    return _Places(document).of(start, end)


class _Places:
    """Where characters stand, asked from the beginning to the end: of a paragraph is kept what all
    its codes have in common, as sixty of them are painted with each frame.
    """

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._block = QTextBlock()
        self._layout = QTextLayout()
        self._corner = QPointF()
        self._first = self._end = 0  # of the paragraph's characters
        self._px = 0  # of its letters, where the format is the same

    def of(self, start: int, end: int) -> Iterator[QRectF]:
        """A rectangle for each line of a range that has one format."""
        if not self._first <= start < self._end:
            self._enter(self._document.findBlock(start))
            self._px = _letters_px(self._document, start)
        while self._block.isValid() and self._first < end:
            yield from self._within(max(start, self._first), min(end, self._end - 1))
            if end <= self._end:
                break
            self._enter(self._block.next())

    def _enter(self, block: QTextBlock) -> None:
        self._block = block
        self._first, self._end = block.position(), block.position() + block.length()
        if block.isValid():
            self._layout = block.layout()
            self._corner = layout_corner(self._document, block)

    def _within(self, start: int, end: int) -> Iterator[QRectF]:
        at, last = start - self._first, end - self._first
        while at < last:
            line = self._layout.lineForTextPosition(at)
            if not line.isValid():
                return
            high = min(last, line.textStart() + line.textLength())
            if at < high:
                yield _characters(line, at, high, self._px).translated(self._corner)
            at = max(high, at + 1)


def _letters_px(document: QTextDocument, start: int) -> int:
    cursor = QTextCursor(document)
    cursor.setPosition(start + 1)  # a cursor has the format of the character before it
    return cursor.charFormat().font().pixelSize()


def layout_corner(document: QTextDocument, block: QTextBlock) -> QPointF:
    """Where a paragraph's layout begins: its lines stand from there on."""
    return document.documentLayout().blockBoundingRect(block).topLeft()


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
