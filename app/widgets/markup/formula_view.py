"""A formula that stands by itself: centred, in the text's colour; a wide one scrolls sideways.

For `view_for`. Until it is drawn its place is about as tall as it will be; where it can't be
drawn its source stands there. It is selected as a whole or not at all.
"""

from __future__ import annotations

import math
import re
from typing import ClassVar

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QVBoxLayout, QWidget

from app.markup.blocks import Formula
from app.markup.formula_outline import EM, FormulaKey
from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.displayable import displayable
from app.widgets.focus_ring import KeyboardFocus
from app.widgets.markup.block_text import units
from app.widgets.markup.code_body import CodeBody
from app.widgets.markup.formula_drawing import Drawing, Refused
from app.widgets.markup.formula_objects import SCALE
from app.widgets.markup.formula_pictures import paint_drawing
from app.widgets.markup.tools import MarkupTools

_ROW = re.compile(r"\\\\|\\cr\b")
_TALL = re.compile(r"\\(?:[dt]?frac|sum|prod|int|binom|over|lim|bigcup|bigcap|left|sqrt)")
_PLAIN_LINES, _TALL_LINES = 1.0, 2.0


class FormulaView(QWidget):
    """The drawing, or the source."""

    def __init__(
        self,
        tools: MarkupTools,
        formula: Formula,
        ink: Ink = Ink.TEXT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tools = tools
        self._ink = ink
        self._formula = formula
        self.canvas: FormulaCanvas | None = None
        self.source: CodeBody | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        tools.formulas.arrived.connect(self._on_arrived)
        self._show()

    def show_formula(self, formula: Formula) -> None:
        """Show another formula in its place."""
        if formula != self._formula:
            self._formula = formula
            self._show()

    def position_at(self, point: QPoint) -> int:
        """Its beginning or its end, whichever is nearer; a source's position."""
        if self.source is not None:
            return self.source.position_at(self.source.mapFrom(self, point))
        return 0 if point.x() < self.width() // 2 else units(displayable(self._formula.source))

    def select(self, start: int, end: int | None) -> None:
        """Mark all of it where any of it is meant; of a source, what is meant."""
        if self.source is not None:
            self.source.select(start, end)
        elif self.canvas is not None:
            self.canvas.mark(end is None or end > start)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """A source wraps, and a wide formula has a bar."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """As tall as what is shown."""
        shown = self.source or self.canvas
        return shown.heightForWidth(width) if shown is not None else 0

    def sizeHint(self) -> QSize:  # noqa: N802
        """As tall as it is now."""
        return QSize(SIZE.column, self.heightForWidth(self.width()))

    def event(self, event: QEvent) -> bool:
        """What is inside has another height: so has this."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def _key(self) -> FormulaKey:
        return FormulaKey(self._formula.source, is_display=True)

    def _show(self) -> None:
        outcome = self._tools.formulas.look_up(self._key())
        if outcome is Refused.REFUSED:
            self._show_source()
            return
        if self.source is not None:
            self._drop(self.source)
            self.source = None
        if self.canvas is None:
            self.canvas = FormulaCanvas(self._tools, self._ink)
            self._column.addWidget(self.canvas)
        self.canvas.show_drawing(
            outcome if isinstance(outcome, Drawing) else None, self._formula.source
        )
        if outcome is None:
            self._tools.formulas.want([self._key()], self)
        self.updateGeometry()

    def _show_source(self) -> None:
        if self.canvas is not None:
            self._drop(self.canvas)
            self.canvas = None
        if self.source is None:
            self.source = CodeBody(self._tools, self.tr("Formula"), Ink.TEXT2)
            self.source.wrap(True)
            self._column.addWidget(self.source)
        self.source.show_text(self._formula.source)
        self.updateGeometry()

    def _drop(self, widget: QWidget) -> None:
        self._column.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

    def _on_arrived(self, come: frozenset[FormulaKey]) -> None:
        if self._key() in come:
            self._show()


class FormulaCanvas(QAbstractScrollArea):
    """Paints one drawing in the middle, or as far as it is scrolled."""

    ACCESS_ROLE: ClassVar = QAccessible.Role.Graphic

    def __init__(self, tools: MarkupTools, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        self._ink = ink
        self._drawing: Drawing | None = None
        self._source = ""
        self._is_marked = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        KeyboardFocus(tools.theme, self, RADIUS.chip)
        tools.theme.changed.connect(self._on_theme_changed)

    def show_drawing(self, drawing: Drawing | None, source: str) -> None:
        """Show a drawing, or leave room for it; who hears it hears the source."""
        self._drawing, self._source = drawing, source
        self.setAccessibleName(self.tr("Formula: {source}").format(source=displayable(source)))
        self._range()
        self.updateGeometry()
        self.viewport().update()

    def mark(self, is_marked: bool) -> None:
        """Show it as selected."""
        if is_marked != self._is_marked:
            self._is_marked = is_marked
            self.viewport().update()

    def is_marked(self) -> bool:
        """Whether it shows as selected."""
        return self._is_marked

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """With a bar it is taller."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The drawing with a little room around it, and its bar."""
        if self._drawing is None:
            return estimated_px(self._source)
        scale = self._px() / EM
        tall = math.ceil((self._drawing.ascent + self._drawing.descent) * scale)
        return tall + 2 * SPACE.xs + (SIZE.scrollbar if self._wide_px() > width else 0)

    def sizeHint(self) -> QSize:  # noqa: N802
        """As tall as it is now."""
        return QSize(SIZE.column, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """It may be as narrow as is wanted."""
        return QSize(0, self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """There is more or less to scroll."""
        super().resizeEvent(event)
        self._range()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the formula."""
        if self._drawing is None:
            return
        painter = QPainter(self.viewport())
        tokens = self._tools.theme.tokens
        wide = self._wide_px()
        left = max(0.0, (self.viewport().width() - wide) / 2.0) - self.horizontalScrollBar().value()
        if self._is_marked:
            painter.fillRect(self.viewport().rect(), QColor(tokens.accent))
        colour = QColor(tokens.on_accent if self._is_marked else tokens.ink(self._ink))
        painter.translate(left, SPACE.xs + self._drawing.ascent * self._px() / EM)
        paint_drawing(painter, self._drawing, self._px(), colour)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Left and Right move a formula that is wider than its view."""
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        bar = self.horizontalScrollBar()
        if way is None or bar.maximum() == bar.minimum():
            event.ignore()
        else:
            bar.setValue(bar.value() + way * SPACE.xxxl)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Sideways here, up and down the list's."""
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        bar = self.horizontalScrollBar()
        if bar.maximum() > bar.minimum() and abs(delta.x()) > abs(delta.y()):
            bar.setValue(bar.value() - delta.x())
            event.accept()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The list's."""
        event.ignore()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # noqa: N802
        """Draw it where it is now."""
        self.viewport().update()

    def _px(self) -> float:
        return Type.READING.px * SCALE

    def _wide_px(self) -> int:
        return 0 if self._drawing is None else math.ceil(self._drawing.width * self._px() / EM)

    def _range(self) -> None:
        bar = self.horizontalScrollBar()
        bar.setRange(0, max(0, self._wide_px() - self.viewport().width()))
        bar.setPageStep(self.viewport().width())

    def _on_theme_changed(self) -> None:
        self._range()
        self.updateGeometry()
        self.viewport().update()


def estimated_px(source: str) -> int:
    """About how tall a formula will be."""
    rows = _ROW.split(source)
    lines = sum(_TALL_LINES if _TALL.search(row) else _PLAIN_LINES for row in rows)
    return round(lines * Type.READING.line_px) + 2 * SPACE.xs
