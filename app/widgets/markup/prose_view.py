"""Paragraphs, headings and lists, drawn as one text.

For `view_for`. A text that grows keeps what it had, with its selection: only what differs is
taken out and put in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QWidget

from app.markup.blocks import Prose, Span, Style
from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.type_styles import font_of
from app.widgets.access_parts import Told
from app.widgets.focus_ring import KeyboardFocus
from app.widgets.laid_out_once import keep_shapes
from app.widgets.markup.block_text import (
    MARKER_END,
    Paragraph,
    paragraph_text,
    paragraphs_of,
    spans_text,
    units,
)
from app.widgets.markup.flow_text import FlowText
from app.widgets.markup.shared_beginning import shared_beginning
from app.widgets.markup.span_formats import Setting
from app.widgets.markup.text_parts import TextParts
from app.widgets.markup.tools import MarkupTools

_RIGHT_TO_LEFT = ("R", "AL")


class ProseView(FlowText):
    """A text of one or more paragraphs."""

    def __init__(
        self,
        tools: MarkupTools,
        prose: Prose,
        setting: Setting | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tools, "", setting or Setting(), parent)
        self.setAccessibleName(self.tr("Text"))
        KeyboardFocus(tools.theme, self, RADIUS.chip)
        self._paragraphs: tuple[Paragraph, ...] = ()
        self.show_prose(prose)

    def text(self) -> str:
        """The text as the message numbers it."""
        return "\n".join(paragraph_text(each) for each in self._paragraphs)

    def show_prose(self, prose: Prose) -> None:
        """Show a text; what it shares with the one before stays as it is."""
        old, new = self._paragraphs, paragraphs_of(prose)
        if new == old:
            return
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        start = self._take_out_tail(cursor, old, new)
        self._paragraphs = new
        keep_shapes(self.document(), start)
        cursor.endEditBlock()
        if not old:
            self.setTextCursor(QTextCursor(self.document()))
        self.describe()
        self.updateGeometry()

    def ink_again(self) -> None:
        """Formats anew; the characters, and what is selected of them, stay."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        at = 0
        for paragraph in self._paragraphs:
            at = self._ink_paragraph(cursor, paragraph, at)
        cursor.endEditBlock()

    def told(self, parts: TextParts) -> Sequence[Told]:
        """What its lines are, and what stands in them."""
        return parts.of_lines(self._paragraphs)

    def setting_at(self, cursor: QTextCursor) -> Setting:
        """A heading's lines have its type."""
        number = cursor.blockNumber()
        heading = self._paragraphs[number].heading if number < len(self._paragraphs) else 0
        return self.setting.under(heading)

    # ------------------------------------------------------------------ growing

    def _take_out_tail(
        self, cursor: QTextCursor, old: Sequence[Paragraph], new: Sequence[Paragraph]
    ) -> int:
        """Take out what is no longer so, and put in what is; where in the document that began."""
        same = 0
        while same < min(len(old), len(new)) and old[same] == new[same]:
            same += 1
        at = sum(units(paragraph_text(each)) + 1 for each in old[:same])
        rest = list(new[same:])
        first, kept = None, 0
        if same == len(old) or same == len(new):
            at -= 1  # whole paragraphs come or go: from the end of the last that stays
        else:
            first = rest.pop(0)
            kept = _kept_units(old[same], first)
            at += kept
        start = max(0, self.marks().to_document(max(0, at)))
        cursor.setPosition(start)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        if first is not None:
            cursor.setBlockFormat(self._block_format(first))
            self._insert(cursor, first, kept)
        for number, paragraph in enumerate(rest):
            form = self._block_format(paragraph)
            if not old and number == 0:
                cursor.setBlockFormat(form)
            else:
                cursor.insertBlock(form)
            self._insert(cursor, paragraph, 0)
        return start

    def _insert(self, cursor: QTextCursor, paragraph: Paragraph, kept: int) -> None:
        """Insert a paragraph but for its first units, which are there."""
        setting = self.setting.under(paragraph.heading)
        if not kept and paragraph.marker:
            self._insert_marker(cursor, paragraph, setting)
        kept = max(0, kept - units(_marker_text(paragraph)))
        self.insert_spans(cursor, _without(paragraph.spans, kept), setting)
        if kept and any(Style.FORMULA in span.style for span in paragraph.spans):
            self._loosen_where_tall(cursor)

    def _insert_marker(self, cursor: QTextCursor, paragraph: Paragraph, setting: Setting) -> None:
        """A marker, and a space that reaches the text's edge; Qt's tabs don't in Arabic."""
        form = self.tools.formats.of(Span(""), setting)
        cursor.insertText(paragraph.marker, form)
        font = form.font()
        gap = SPACE.sm - QFontMetricsF(font).horizontalAdvance(" ")
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, gap)
        spaced = QTextCharFormat(form)
        spaced.setFont(font)
        cursor.insertText("\N{NO-BREAK SPACE}", spaced)

    def _loosen_where_tall(self, cursor: QTextCursor) -> None:
        block = cursor.block()
        end = block.position() + block.length()
        if any(
            block.position() <= each.position < end and self.formulas.is_tall(each.source)
            for each in self.marks().formulas
        ):
            self.formulas.loosen(cursor)

    def _ink_paragraph(self, cursor: QTextCursor, paragraph: Paragraph, at: int) -> int:
        """Ink a paragraph that begins at a position of the message; where the next begins."""
        marks = self.marks()
        setting = self.setting.under(paragraph.heading)
        cursor.setPosition(marks.to_document(at))
        tall = cursor.blockFormat().lineHeightType()
        form = self._block_format(paragraph)
        form.setLineHeight(form.lineHeight(), tall)
        cursor.setBlockFormat(form)
        if paragraph.marker:
            end = at + units(_marker_text(paragraph))
            cursor.setPosition(marks.to_document(end), QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
            self._insert_marker(cursor, paragraph, setting)
            marks = self.marks()
            at = end
        for span in paragraph.spans:
            end = at + units(span.text)
            self._ink_span(cursor, span, setting, (at, end))
            at = end
        return at + 1

    def _ink_span(
        self, cursor: QTextCursor, span: Span, setting: Setting, place: tuple[int, int]
    ) -> None:
        marks = self.marks()
        start, end = marks.to_document(place[0]), marks.to_document(place[1], is_end=True)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        if Style.FORMULA not in span.style:
            cursor.setCharFormat(self.tools.formats.of(span, setting))
        elif any(each.position == start for each in marks.formulas):
            cursor.setCharFormat(self.formulas.format_of(span.text, setting))
        else:
            code = replace(span, style=Style.CODE)
            cursor.setCharFormat(self.tools.formats.of(code, setting))

    # ------------------------------------------------------------------ paragraphs

    def _block_format(self, paragraph: Paragraph) -> QTextBlockFormat:
        setting = self.setting.under(paragraph.heading)
        form = QTextBlockFormat()
        line_px = setting.type.line_px
        form.setLineHeight(line_px, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        hang = self._hang_px(paragraph) if paragraph.marker else 0
        form.setTextIndent(-hang)
        edge = max(SIZE.list_step * paragraph.level, hang)
        if reads_right_to_left(spans_text(paragraph.spans)):
            form.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            form.setRightMargin(edge)
        else:
            form.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            form.setLeftMargin(edge)
        form.setHeadingLevel(paragraph.heading)
        if paragraph.marker:
            form.setTopMargin(SPACE.xs)  # Qt has none above the first line of a text
        return form

    def _hang_px(self, paragraph: Paragraph) -> int:
        """How far before the text its marker begins."""
        font = font_of(self.setting.under(paragraph.heading).type)
        return round(QFontMetricsF(font).horizontalAdvance(paragraph.marker)) + SPACE.sm


def reads_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction goes from right to left."""
    for char in text:
        way = unicodedata.bidirectional(char)
        if way == "L":
            return False
        if way in _RIGHT_TO_LEFT:
            return True
    return False


def _marker_text(paragraph: Paragraph) -> str:
    return paragraph.marker + MARKER_END if paragraph.marker else ""


def _kept_units(old: Paragraph, new: Paragraph) -> int:
    """How much of a paragraph's beginning looks the same afterwards."""
    if (old.heading, old.marker, old.level) != (new.heading, new.marker, new.level):
        return 0
    kept = units(_marker_text(old))
    for before, after in zip(old.spans, new.spans, strict=False):
        if before == after:
            kept += units(before.text)
            continue
        is_text = (before.style, before.target) == (after.style, after.target)
        if is_text and Style.FORMULA not in before.style:
            kept += units(shared_beginning(before.text, after.text))
        break
    return kept


def _without(spans: Sequence[Span], count: int) -> tuple[Span, ...]:
    """Spans but for their first units, which end where a character does."""
    left = list(spans)
    while left and count >= units(left[0].text):
        count -= units(left[0].text)
        left.pop(0)
    if left and count:
        text = left[0].text
        kept = 0
        while count > 0:
            count -= units(text[kept])
            kept += 1
        left[0] = replace(left[0], text=text[kept:])
    return tuple(left)
