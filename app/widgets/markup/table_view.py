"""A table: a quiet head, rows with hairlines, figures at the right; a wide one scrolls sideways.

For `view_for`. To the keyboard and to who hears it it is a text, cell after cell.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableCell,
    QTextTableCellFormat,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from app.markup.blocks import Align, Span, Style, Table
from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.access_parts import Told
from app.widgets.focus_ring import KeyboardFocus
from app.widgets.laid_out_once import keep_shapes
from app.widgets.markup.block_text import cell_text, rows_text, shown_spans, table_rows, units
from app.widgets.markup.flow_text import FlowText
from app.widgets.markup.formula_objects import estimated_ems
from app.widgets.markup.paint_text import layout_corner
from app.widgets.markup.span_formats import Setting
from app.widgets.markup.table_columns import column_widths
from app.widgets.markup.text_parts import TableShown, TextParts
from app.widgets.markup.tools import MarkupTools

_GAP = SPACE.xxl
_SIDES = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft,
    Align.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}
_MOST_SAID = 2000  # characters of a table's rows
_CELL_END = QTextCursor.MoveOperation.EndOfBlock
_KEEP_ANCHOR = QTextCursor.MoveMode.KeepAnchor
Cells = tuple[tuple[tuple[Span, ...], ...], ...]


@dataclass(frozen=True)
class CellFormat:
    """How a cell, its paragraph and its letters look."""

    cell: QTextTableCellFormat
    block: QTextBlockFormat
    setting: Setting


class TableView(FlowText):
    """Cells of spans in a document's table."""

    PARTS_ROLE: ClassVar = QAccessible.Role.Table

    def __init__(self, tools: MarkupTools, table: Table, parent: QWidget | None = None) -> None:
        super().__init__(tools, "", Setting(), parent)
        KeyboardFocus(tools.theme, self, RADIUS.chip)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self._block = table
        self._rows: Cells = ()
        self._filled: Cells = ()  # what the document has of the rows
        self._starts: list[int] = []  # of each cell, in the message's numbering
        self._laid_out_px = 0
        self._table: QTextTable | None = None
        self._marked: list[QTextEdit.ExtraSelection] = []
        self.show_table(table)

    def text(self) -> str:
        """A tab between cells, a row a line."""
        return rows_text(self._rows)

    def show_table(self, table: Table) -> None:
        """Show a table; where it only grew, what it had stays as it is."""
        rows = table_rows(table)
        if rows == self._rows and table == self._block:
            return
        before, self._block = self._block, table
        shape = (table.aligns, table.is_joined)
        if shape != (before.aligns, before.is_joined) or len(rows) < len(self._filled):
            self._filled = ()
        self._rows = rows
        self._number_cells()
        self._name()
        if self._laid_out_px:
            # Else it is filled when it is known how wide it is, so that it is laid out once.
            self._fill(self._laid_out_px)
        self.updateGeometry()

    def ink_again(self) -> None:
        """Fill all cells anew."""
        if self._laid_out_px:
            self._fill(self._laid_out_px, is_anew=True)

    # ------------------------------------------------------------------ numbering

    def to_message(self, position: int) -> int:
        """A position of the document as a place in the tab-separated text."""
        cell = self._cell_at(position)
        if cell is None:
            return 0 if position <= 1 else units(self.text())
        marks = self.marks()
        start = self._starts[cell.row() * len(self._block.aligns) + cell.column()]
        return start + marks.to_message(position) - marks.to_message(cell.firstPosition())

    def to_document(self, position: int, *, is_end: bool = False) -> int:
        """A place in the tab-separated text as a position of the document."""
        self._lay_out(self._laid_out_px or SIZE.column)
        if self._table is None:
            return 0
        number = max(0, bisect.bisect_right(self._starts, position) - 1)
        row, column = divmod(number, len(self._block.aligns))
        cell = self._table.cellAt(row, column)
        marks = self.marks()
        first = marks.to_message(cell.firstPosition())
        inner = marks.to_document(first + position - self._starts[number], is_end=is_end)
        return min(inner, cell.lastPosition())

    def mark(self, low: int, high: int) -> None:
        """Mark cell by cell: a document's own selection would mark a rectangle."""
        self._marked = list(self._marks_between(low, high)) if high > low else []
        self.show_extra()

    def extra(self) -> list[QTextEdit.ExtraSelection]:
        """What is marked, below all else."""
        return [*self._marked, *super().extra()]

    def selected_text(self) -> str:
        """What is selected: within a cell characters, else whole cells of a rectangle."""
        # PySide6 gives back what C++ writes through pointers: first row, rows, column, columns.
        cells = cast(tuple[int, int, int, int], self.textCursor().selectedTableCells())
        first, count, column, columns = cells
        if first < 0:
            return super().selected_text()
        rows = self._rows[first : first + count]
        return rows_text(row[column : column + columns] for row in rows)

    def _cell_at(self, position: int) -> QTextTableCell | None:
        if self._table is None:
            return None
        cell = self._table.cellAt(position)
        return cell if cell.isValid() else None

    def _marks_between(self, low: int, high: int) -> Iterator[QTextEdit.ExtraSelection]:
        tokens = self.tools.theme.tokens
        for cell in self._cells():
            start, end = max(low, cell.firstPosition()), min(high, cell.lastPosition())
            if start < end:
                cursor = QTextCursor(self.document())
                cursor.setPosition(start)
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                marked = QTextEdit.ExtraSelection()
                marked.cursor = cursor
                form = cursor.charFormat()
                form.clearBackground()
                form.setBackground(QColor(tokens.accent))
                form.setForeground(QColor(tokens.on_accent))
                marked.format = form
                yield marked

    def _cells(self) -> Iterator[QTextTableCell]:
        if self._table is not None:
            for row in range(self._table.rows()):
                for column in range(self._table.columns()):
                    yield self._table.cellAt(row, column)

    def _number_cells(self) -> None:
        self._starts = []
        at = 0
        for row in self._rows:
            for cell in row:
                self._starts.append(at)
                at += units(cell_text(cell)) + 1

    # ------------------------------------------------------------------ contents

    def _fill(self, width: int, *, is_anew: bool = False) -> None:
        """Fill the cells that differ and divide a width among the columns."""
        if not self._rows or not self._rows[0]:
            return
        self._laid_out_px = width
        is_first = self._table is None
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        table = self._table_for(cursor)
        self._divide(table, width)
        for number, row in enumerate(self._rows):
            is_there = number < len(self._filled)
            if not is_there or is_anew or row != self._filled[number]:
                for column, spans in enumerate(row):
                    cell = table.cellAt(number, column)
                    self._fill_cell(cell, spans, self._cell_format(number, column), is_there)
        self._filled = self._rows
        keep_shapes(self.document())
        cursor.endEditBlock()
        if is_first:
            self.setTextCursor(table.cellAt(0, 0).firstCursorPosition())
        self.describe()

    def _table_for(self, cursor: QTextCursor) -> QTextTable:
        """The document's table with as many rows as are to be shown."""
        rows, columns = len(self._rows), len(self._rows[0])
        if self._table is not None and self._filled:
            if rows > self._table.rows():
                self._table.appendRows(rows - self._table.rows())
            return self._table
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        form = QTextTableFormat()
        form.setBorder(0)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        form.setCellSpacing(0)
        form.setCellPadding(0)
        form.setMargin(0)
        self._table = cursor.insertTable(rows, columns, form)
        return self._table

    def _fill_cell(
        self, cell: QTextTableCell, spans: Sequence[Span], form: CellFormat, is_there: bool
    ) -> None:
        cell.setFormat(form.cell)
        cursor = cell.firstCursorPosition()
        if is_there:
            cursor.movePosition(_CELL_END, _KEEP_ANCHOR)
            cursor.removeSelectedText()
        cursor.setBlockFormat(form.block)
        self.insert_spans(cursor, spans, form.setting)

    def _cell_format(self, row: int, column: int) -> CellFormat:
        setting = self._setting_of(row)
        block = QTextBlockFormat()
        line_px = setting.type.line_px
        block.setLineHeight(line_px, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cell = QTextTableCellFormat()
        cell.setTopPadding(_pad_px(setting))
        cell.setBottomPadding(_pad_px(setting))
        cell.setRightPadding(_GAP if column < len(self._block.aligns) - 1 else 0)
        # As the column says it, whichever way the text reads.
        block.setAlignment(_SIDES[self._block.aligns[column]] | Qt.AlignmentFlag.AlignAbsolute)
        return CellFormat(cell, block, setting)

    def _setting_of(self, row: int) -> Setting:
        if row == 0 and not self._block.is_joined:
            return Setting(Type.CAPTION_MEDIUM, Ink.TEXT3)
        return self.setting

    def describe(self) -> None:
        """Its rows too: in the text itself nothing stands between cells."""
        super().describe()
        rows = "; ".join(", ".join(cell_text(cell) for cell in row) for row in self._rows)
        words = [rows[:_MOST_SAID], self.accessibleDescription()]
        self.setAccessibleDescription("\n".join(word for word in words if word))

    def told(self, parts: TextParts) -> Sequence[Told]:
        """Its rows, with their cells."""
        if self._table is None or not self._filled:
            return ()
        heads = tuple(cell_text(shown_spans(cell)) for cell in self._block.head)
        has_head = not self._block.is_joined
        return parts.of_rows(TableShown(self._filled, heads, has_head, self._table))

    def setting_at(self, cursor: QTextCursor) -> Setting:
        """A cell of the head has the head's type."""
        cell = self._cell_at(cursor.selectionStart())
        return self._setting_of(cell.row() if cell is not None else 1)

    def _name(self) -> None:
        name = self.tr("Table, {columns} columns, {rows} rows")
        rows = len(self._rows) - (0 if self._block.is_joined else 1)
        self.setAccessibleName(name.format(columns=len(self._block.aligns), rows=rows))

    # ------------------------------------------------------------------ layout

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The rows, and the bar below them where the table is wider than the view."""
        self._lay_out(width)
        is_wide = self.lineWrapColumnOrWidth() > width
        return self.text_height() + (SIZE.scrollbar if is_wide else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Divide the width anew."""
        super().resizeEvent(event)
        self._lay_out(self.viewport().width())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The cells, and a hairline below each row but the last."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        left = -self.horizontalScrollBar().value()
        width = round(self.document().size().width())
        line = QColor(self.tools.theme.tokens.line)
        for bottom in self._row_bottoms():
            if event.rect().top() <= bottom <= event.rect().bottom():
                painter.fillRect(left, bottom, width, SPACE.hair, line)
        painter.end()

    def _lay_out(self, width: int) -> None:
        """Divide a width among the columns; fill them, the first time."""
        if not self._laid_out_px or self._table is None:
            self._fill(width)
        elif width != self._laid_out_px:
            self._laid_out_px = width
            self._divide(self._table, width)

    def _divide(self, table: QTextTable, width: int) -> None:
        widths = column_widths(self._measure(), width)
        form = table.format().toTableFormat()
        fixed = QTextLength.Type.FixedLength
        constraints = [QTextLength(fixed, px) for px in widths]
        if form.columnWidthConstraints() != constraints:
            form.setColumnWidthConstraints(constraints)
            table.setFormat(form)
        if self.lineWrapColumnOrWidth() != sum(widths):
            self.setLineWrapColumnOrWidth(sum(widths))

    def _measure(self) -> list[int]:
        """How wide each column would be with nothing wrapped."""
        widths = [1] * len(self._block.aligns)
        last = len(widths) - 1
        for number, row in enumerate(self._rows):
            metrics = self._metrics(self._setting_of(number))
            for column, cell in enumerate(row):
                gap = 0 if column == last else _GAP
                widths[column] = max(widths[column], round(cell_px(cell, metrics)) + 2 + gap)
        return widths

    def _metrics(self, setting: Setting) -> tuple[QFontMetricsF, QFontMetricsF]:
        strong = font_of(setting.type)
        strong.setWeight(strong.Weight.Bold)
        return QFontMetricsF(font_of(setting.type)), QFontMetricsF(strong)

    def _row_bottoms(self) -> list[int]:
        """Where all rows but the last end, in the document."""
        if self._table is None:
            return []
        bottoms = []
        for row in range(1, self._table.rows()):
            block = self._table.cellAt(row, 0).firstCursorPosition().block()
            top = layout_corner(self.document(), block).y() - _pad_px(self._setting_of(row))
            bottoms.append(round(top) - SPACE.hair)
        return bottoms


def cell_px(cell: Sequence[Span], metrics: tuple[QFontMetricsF, QFontMetricsF]) -> float:
    """How wide a cell's longest line is."""
    width = longest = 0.0
    for span in cell:
        font = metrics[1 if Style.STRONG in span.style else 0]
        if Style.FORMULA in span.style:
            width += estimated_ems(span.text) * font.height()
            continue
        head, *more = span.text.split("\n")
        width += font.horizontalAdvance(head)
        for line in more:
            longest, width = max(longest, width), font.horizontalAdvance(line)
    return max(longest, width)


def _pad_px(setting: Setting) -> float:
    """What is left free above and below a line, so that a row of one line has its height."""
    return max(0.0, (SIZE.table_row - setting.type.line_px) / 2.0)
