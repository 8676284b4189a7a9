"""The characters of a code block: mono, as tall as its lines, wider than its view if need be.

For `CodeView`, and for sources that are shown as they are. Growing code is appended, never set
again; colours come later and in slices, so that no piece holds the window up.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from app.theme.metrics import SIZE, SPACE
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.displayable import displayable
from app.widgets.laid_out_once import keep_shapes
from app.widgets.markup.block_text import units
from app.widgets.markup.code_colours import Coloured
from app.widgets.markup.document_marks import DocumentMarks
from app.widgets.markup.flow_text import FlowText
from app.widgets.markup.shared_beginning import shared_beginning
from app.widgets.markup.span_formats import Setting
from app.widgets.markup.tools import MarkupTools

_TAB_CHARS = 4
_SLICE_LINES = 40
_NO_MARKS = DocumentMarks()
_PLAIN = "plain"


class CodeBody(FlowText):
    """Plain characters in the code's type."""

    def __init__(
        self, tools: MarkupTools, name: str, ink: Ink = Ink.TEXT, parent: QWidget | None = None
    ) -> None:
        super().__init__(tools, name, Setting(Type.CODE, ink), parent)
        self._shown = ""
        self._lines: list[list[tuple[int, int, str]]] = []  # start, length and colour
        self._next_line = 0
        self._slices = QTimer(self)
        self._slices.timeout.connect(self._on_slice)
        self.setProperty("ink", ink.value)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self._set_lines_up()

    def text(self) -> str:
        """The code."""
        return self._shown

    def marks(self) -> DocumentMarks:
        """There are none in code."""
        return _NO_MARKS

    def show_text(self, text: str) -> None:
        """Show code; what it only adds to the one before keeps selection and colours."""
        text = displayable(text).replace("\u2029", "\u2028")
        if text == self._shown:
            return
        same = shared_beginning(self._shown, text)
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if len(same) < len(self._shown):
            cursor.setPosition(units(same), QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
        start = cursor.position()
        cursor.insertText(text[len(same) :])
        keep_shapes(self.document(), start)
        cursor.endEditBlock()
        if not self._shown:
            self.setTextCursor(QTextCursor(self.document()))
        self._shown = text
        self.updateGeometry()

    def wrap(self, is_wanted: bool) -> None:
        """Break lines at the view's width, or let them go on beyond it."""
        mode = QTextEdit.LineWrapMode
        self.setLineWrapMode(mode.WidgetWidth if is_wanted else mode.NoWrap)
        self.updateGeometry()

    def show_colours(self, pieces: Coloured) -> None:
        """Colour the characters, a slice of the lines at a time."""
        self._lines = _by_line(pieces)
        self._next_line = 0
        self._on_slice()

    def ink_again(self) -> None:
        """The letters take their colour from the theme's; code's colours are set anew."""
        self._set_lines_up()
        self._next_line = 0
        self._on_slice()

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The lines, and the bar below them where they are wider than the view."""
        height = super().heightForWidth(width)
        is_wide = (
            self.lineWrapMode() == QTextEdit.LineWrapMode.NoWrap
            and self.document().idealWidth() > width
        )
        return height + (SIZE.scrollbar if is_wide else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Left and Right move code that is wider than its view."""
        bar = self.horizontalScrollBar()
        way = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if way is not None and plain and bar.maximum() > bar.minimum():
            bar.setValue(bar.value() + way * SPACE.xxxl)
            return
        super().keyPressEvent(event)

    def _set_lines_up(self) -> None:
        font = font_of(Type.CODE)
        self.setFont(font)
        self.document().setDefaultFont(font)
        self.setTabStopDistance(_TAB_CHARS * QFontMetricsF(font).horizontalAdvance(" "))
        form = QTextBlockFormat()
        line_px = self.setting.type.line_px
        form.setLineHeight(line_px, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        form.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(form)

    def _on_slice(self) -> None:
        """Colour as many lines as a frame has time for."""
        last = min(self._next_line + _SLICE_LINES, len(self._lines))
        block = self.document().findBlockByNumber(self._next_line)
        inks = self._inks()
        for number in range(self._next_line, last):
            if not block.isValid():
                break
            _colour_line(block, self._lines[number], inks)
            block = block.next()
        self._next_line = last
        if last >= len(self._lines):
            self._slices.stop()
        elif not self._slices.isActive():
            self._slices.start(0)

    def _inks(self) -> dict[str, QTextCharFormat]:
        tokens = self.tools.theme.tokens
        inks: dict[str, QTextCharFormat] = {}
        for name in ("keyword", "string", "number", "name", "comment"):
            inks[name] = QTextCharFormat()
            inks[name].setForeground(QColor(getattr(tokens, f"code_{name}")))
        return inks


def _by_line(pieces: Coloured) -> list[list[tuple[int, int, str]]]:
    """Coloured pieces by the line that they are in; a plain one is left out."""
    lines: list[list[tuple[int, int, str]]] = [[]]
    at = 0
    for colour, text in pieces:
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
                at = 0
            length = units(part)
            if length and colour != _PLAIN:
                lines[-1].append((at, length, colour))
            at += length
    return lines


def _colour_line(
    block: QTextBlock, line: list[tuple[int, int, str]], inks: dict[str, QTextCharFormat]
) -> None:
    """Lay colours over a line, as a highlighter does: the document itself doesn't change."""
    ranges = []
    for start, length, colour in line:
        piece = QTextLayout.FormatRange()
        piece.start, piece.length, piece.format = start, length, inks[colour]
        ranges.append(piece)
    block.layout().setFormats(ranges)
    block.document().markContentsDirty(block.position(), block.length())
