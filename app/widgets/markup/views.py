"""The door: a view for a block, a block into a view that is there, and how tall it will be.

For the rows of a conversation. A view has `heightForWidth` or a fixed `sizeHint`; when its height
changes by itself (a formula has come, lines wrap) it calls `updateGeometry`, upon which Qt posts
a LayoutRequest to its parent. All but a line across are `SelectableView`s whose positions are
those of `text_between`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.markup.blocks import Block, Code, Formula, Line, Place, Prose, Rule, Table
from app.theme.metrics import SIZE, SPACE
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.markup.block_text import rows_text, spans_text, table_rows, text_between
from app.widgets.markup.code_view import CodeView
from app.widgets.markup.formula_view import FormulaView, estimated_px
from app.widgets.markup.placed_view import PlacedView
from app.widgets.markup.prose_view import ProseView, reads_right_to_left
from app.widgets.markup.rule_view import RuleView, rule_px
from app.widgets.markup.span_formats import Setting
from app.widgets.markup.table_view import TableView
from app.widgets.markup.tools import MarkupTools

__all__ = ["estimate_px", "gap_px", "joined_after", "show_block", "text_between", "view_for"]

MAX_CELLS = 700
_CHAR_EMS = 0.5  # a letter of a text, on the whole


def joined_after(blocks: Sequence[Block], index: int) -> tuple[Code, ...]:
    """The pieces of code that go on from the block at `index`: what its view takes as `rest`.

    All of them only for the first piece, which copies the whole; another has the next.
    """
    rest: list[Code] = []
    first = blocks[index]
    if isinstance(first, Code):
        last = index + 2 if first.is_joined else len(blocks)
        for block in islice(blocks, index + 1, last):
            if not isinstance(block, Code) or not block.is_joined:
                break
            rest.append(block)
    return tuple(rest)


def view_for(
    block: Block, tools: MarkupTools, rest: tuple[Code, ...] = (), setting: Setting | None = None
) -> QWidget:
    """A new view of a block; `setting` is the type and ink of a text, where it isn't reading."""
    ink = Ink.TEXT2 if block.place.quotes else Ink.TEXT
    inner: QWidget
    if isinstance(block, Prose):
        inner = ProseView(tools, block, setting or Setting(ink=ink))
    elif isinstance(block, Code):
        inner = CodeView(tools, block, rest)
    elif isinstance(block, Formula):
        inner = FormulaView(tools, block, ink)
    elif isinstance(block, Table):
        inner = _table_view(block, tools)
    else:
        inner = RuleView(tools.theme)
    quotes, indent = _set_in(block)
    if not quotes and not indent:
        return inner
    placed = PlacedView(tools.theme, inner, quotes, indent)
    placed.mirror(_is_from_the_right(block))
    return placed


def show_block(view: QWidget, block: Block, rest: tuple[Code, ...] = ()) -> bool:
    """Show a block in the view of the one before it; False where it needs a new view."""
    inner, place = (view.inner, view.place()) if isinstance(view, PlacedView) else (view, (0, 0))
    if place != _set_in(block):
        return False
    if isinstance(block, Prose) and isinstance(inner, ProseView):
        inner.show_prose(block)
        if isinstance(view, PlacedView):
            view.mirror(_is_from_the_right(block))
    elif isinstance(block, Code) and isinstance(inner, CodeView) and inner.fits(block):
        inner.show_code(block, rest)
    elif isinstance(block, Formula) and isinstance(inner, FormulaView):
        inner.show_formula(block)
    elif isinstance(block, Table) and isinstance(inner, TableView) and not _is_huge(block):
        inner.show_table(block)
    else:
        return isinstance(block, Rule) and isinstance(inner, RuleView)
    return True


def _is_from_the_right(block: Block) -> bool:
    """Whether a text begins from right to left; all else is set in from the left."""
    if not isinstance(block, Prose) or not block.lines:
        return False
    return reads_right_to_left(spans_text(block.lines[0].spans))


def estimate_px(block: Block, width: int) -> int:
    """About how tall a block's view will be at a width, the code's head included."""
    quotes, indent = _set_in(block)
    left = max(width // 2, width - quotes * SIZE.quote_step - indent * SIZE.list_step)
    if isinstance(block, Prose):
        lines_px = sum(_line_px(line, left, block.place) for line in block.lines)
        return lines_px - (SPACE.xs if block.lines and block.lines[0].marker else 0)
    if isinstance(block, Code):
        lines = block.text.count("\n") + 1
        head = 0 if block.is_joined else SIZE.code_head + SPACE.hair + SPACE.row
        return head + lines * Type.CODE.line_px + SPACE.row
    if isinstance(block, Formula):
        return estimated_px(block.source)
    if isinstance(block, Table):
        return (len(block.rows) + (0 if block.is_joined else 1)) * SIZE.table_row
    return rule_px()


def gap_px(block: Block, previous: Block) -> int:
    """The space between a block and the one above it in the same message."""
    if isinstance(block, (Prose, Code, Table)) and block.is_joined:
        return 0
    if isinstance(block, Prose) and block.lines and block.lines[0].heading:
        return SPACE.xl
    if isinstance(previous, Prose) and previous.lines and previous.lines[-1].heading:
        return SPACE.sm
    if _is_list(block) and _is_list(previous):
        return SPACE.xs
    return SPACE.block


def _line_px(line: Line, width: int, place: Place) -> int:
    kind = Setting(heading=line.heading).type
    room = max(width // 4, width - SIZE.list_step * (place.indent + line.indent))
    chars = sum(len(span.text) for span in line.spans)
    lines = 1 + int(chars * kind.px * _CHAR_EMS) // max(1, room)
    return lines * kind.line_px + (SPACE.xs if line.marker else 0)


def _is_list(block: Block) -> bool:
    return isinstance(block, Prose) and any(line.marker for line in block.lines)


def _is_huge(table: Table) -> bool:
    """Whether a table has more cells than can be laid out at once."""
    return (len(table.rows) + 1) * len(table.head) > MAX_CELLS


def _table_view(table: Table, tools: MarkupTools) -> QWidget:
    """A table; one with too many cells as its text, which has the same positions."""
    if not _is_huge(table):
        return TableView(tools, table)
    text = rows_text(table_rows(table))
    label = QCoreApplication.translate("TableView", "Table")
    return CodeView(tools, Code(text, is_joined=table.is_joined), label=label)


def _set_in(block: Block) -> tuple[int, int]:
    """How many quotes and list levels stand before a view; a text sets its lists in itself."""
    return block.place.quotes, 0 if isinstance(block, Prose) else block.place.indent
