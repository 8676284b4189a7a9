"""The text surface of a message: spans in a document, read, selected and searched, never edited.

For the views of prose, tables and code. Spans are inserted as characters with formats; nothing of
them is markup to Qt, no resource is loaded, no link opened. The left button is left to the list,
which selects across views; links and the keyboard are its own. Positions that others see are
those of `block_text`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import ClassVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from app.markup.blocks import Span, Style
from app.theme.type_styles import font_of
from app.widgets.access_parts import Told
from app.widgets.escape import claims_escape
from app.widgets.faces import renew_face
from app.widgets.laid_out_once import set_text_width, sized
from app.widgets.markup.block_text import slice_units
from app.widgets.markup.document_marks import DocumentMarks, marks_of
from app.widgets.markup.formula_places import FormulaPlaces
from app.widgets.markup.found_marks import FoundMarks
from app.widgets.markup.link_keys import LinkKeys
from app.widgets.markup.paint_text import paint_code_grounds, paint_link_ring
from app.widgets.markup.span_formats import Setting
from app.widgets.markup.text_parts import TextParts
from app.widgets.markup.tools import MarkupTools
from app.widgets.reading_text import make_still

_PAGE_KEYS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_LINE_KEYS: dict[int, QTextCursor.MoveOperation] = {
    Qt.Key.Key_Up: QTextCursor.MoveOperation.Up,
    Qt.Key.Key_Down: QTextCursor.MoveOperation.Down,
}


class FlowText(QTextEdit):
    """Spans in a document that is as tall as its lines."""

    PARTS_ROLE: ClassVar = QAccessible.Role.Client

    def __init__(
        self, tools: MarkupTools, name: str, setting: Setting, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.tools = tools
        self.setting = setting
        self._marks: DocumentMarks | None = None
        self._is_marked_by_list = False
        self._underlined: list[QTextEdit.ExtraSelection] = []
        self._parts: TextParts | None = None
        renew_face(self.viewport())
        make_still(self, name)
        self.setAcceptDrops(False)
        self.setFont(font_of(setting.type))
        # What is filled in is laid out at once, and at the width that it will have in most cases.
        self.resize(tools.text_px, setting.type.line_px)
        self.document().setTextWidth(tools.text_px)
        self.links = LinkKeys(self)
        self.formulas = FormulaPlaces(self)
        self.found = FoundMarks(self)
        self.document().contentsChanged.connect(self._on_contents_changed)
        self.document().documentLayout().documentSizeChanged.connect(self.updateGeometry)
        tools.theme.changed.connect(self._on_theme_changed)

    # ------------------------------------------------------------------ what it shows

    def text(self) -> str:
        """The text in the message's numbering; a subclass knows it."""
        raise NotImplementedError

    def ink_again(self) -> None:
        """Give all of it its formats anew: colours or sizes changed."""
        raise NotImplementedError

    def insert_spans(self, cursor: QTextCursor, spans: Iterable[Span], setting: Setting) -> None:
        """Insert spans at a cursor, formulas as drawings to be."""
        for span in spans:
            if Style.FORMULA in span.style and span.text:
                self.formulas.insert(cursor, span.text, setting)
            else:
                text = span.text.replace("\n", "\u2028").replace("\u2029", "\u2028")
                cursor.insertText(text, self.tools.formats.of(span, setting))

    def marks(self) -> DocumentMarks:
        """What stands where, as the document is now."""
        if self._marks is None:
            self._marks = marks_of(self.document())
        return self._marks

    def describe(self) -> None:
        """Say to who hears the text at once what its formulas are: they are no letters."""
        self.setAccessibleDescription(self.formulas.describe())

    def access_parts(self) -> TextParts:
        """What stands in it beside its letters, for who hears it."""
        if self._parts is None:
            self._parts = TextParts(self)
        return self._parts.now()

    def told(self, parts: TextParts) -> Sequence[Told]:
        """What its parts say."""
        return parts.of_marks()

    def setting_at(self, _cursor: QTextCursor) -> Setting:
        """The setting of the line where a cursor is."""
        return self.setting

    def _on_contents_changed(self) -> None:
        self._marks = None
        self.links.on_contents_changed()

    def _on_theme_changed(self) -> None:
        self.setFont(font_of(self.setting.type))
        self.ink_again()
        self.show_extra()
        self.viewport().update()

    # ------------------------------------------------------------------ its size

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Narrower text is taller."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """How tall the lines are; the text is laid out at that width from now on."""
        if self.lineWrapMode() == QTextEdit.LineWrapMode.WidgetWidth:
            set_text_width(self.document(), width)
            self.tools.text_px = width
        return self.text_height()

    def text_height(self) -> int:
        """How tall the lines are as they are laid out now."""
        return max(1, math.ceil(self.document().size().height()))

    def sizeHint(self) -> QSize:  # noqa: N802
        """As tall as the text."""
        return QSize(super().sizeHint().width(), self.text_height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """It may be as narrow as is wanted."""
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Measured at this width, it is laid out at it."""
        super().resizeEvent(sized(self, event))

    # ------------------------------------------------------------------ selection

    def to_message(self, position: int) -> int:
        """A position of the document in the message's numbering."""
        return self.marks().to_message(position)

    def to_document(self, position: int, *, is_end: bool = False) -> int:
        """A position of the message in the document's numbering."""
        return self.marks().to_document(position, is_end=is_end)

    def position_at(self, point: QPoint) -> int:
        """The position nearest to a point in the view's coordinates."""
        inner = self.viewport().mapFrom(self, point)
        return self.to_message(self.cursorForPosition(inner).position())

    def select(self, start: int, end: int | None) -> None:
        """Mark from one position to another, None being the end; equal ones mark nothing."""
        low = self.to_document(start)  # which may fill the document first
        last = self.document().characterCount() - 1
        low = min(last, low)
        high = last if end is None else min(last, self.to_document(end, is_end=True))
        self.mark(low, low if start == end else high)

    def mark(self, low: int, high: int) -> None:
        """Mark what the list selects, between two positions of the document."""
        cursor = self.textCursor()
        if low == high:
            if cursor.hasSelection():
                cursor.clearSelection()
                self.setTextCursor(cursor)
            self._is_marked_by_list = False
            return
        if (cursor.selectionStart(), cursor.selectionEnd()) == (low, high):
            return
        scrolled = self.horizontalScrollBar().value()
        cursor.setPosition(low)
        cursor.setPosition(high, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.horizontalScrollBar().setValue(scrolled)
        self._is_marked_by_list = True

    def underline(self, selections: list[QTextEdit.ExtraSelection]) -> None:
        """Show a link as the one that is meant."""
        self._underlined = selections
        self.show_extra()

    def show_extra(self) -> None:
        """Show what was searched for, and the link that is meant above it."""
        self.setExtraSelections(self.extra())

    def extra(self) -> list[QTextEdit.ExtraSelection]:
        """What lies over the text's own formats, the last above."""
        return [*self.found.selections(), *self._underlined]

    def selected_text(self) -> str:
        """What is selected here, formulas as their source."""
        cursor = self.textCursor()
        start = self.to_message(cursor.selectionStart())
        return slice_units(self.text(), start, self.to_message(cursor.selectionEnd()))

    # ------------------------------------------------------------------ events

    def event(self, event: QEvent) -> bool:
        """Leave to the list the shortcuts that are about more than this view; Esc is meant for a
        link that has the keyboard.
        """
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self.links.focused() is not None and claims_escape(event):
                return True
            if _is_for_list(self, event, is_marked_by_list=self._is_marked_by_list):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk and select; copy what was selected here; the rest is the list's."""
        if _is_for_list(self, event, is_marked_by_list=self._is_marked_by_list):
            event.ignore()
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.selected_text())
            return
        if self.links.take_key(event):
            return
        before = self.textCursor()
        super().keyPressEvent(event)
        after = self.textCursor()
        places = (before.position(), before.anchor()), (after.position(), after.anchor())
        if places[0] != places[1]:
            self._is_marked_by_list = False

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Shift+Tab comes to the last link."""
        super().focusInEvent(event)
        self.links.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """No link keeps the focus."""
        super().focusOutEvent(event)
        self.links.leave()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802
        """Tab goes through the links before it leaves."""
        return self.links.step(is_next) or super().focusNextPrevChild(is_next)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take what is meant for a link; the list has the rest."""
        event.setAccepted(self.links.press(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show a link's target; the list may be selecting."""
        self.links.hover(event.position().toPoint())
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Copy the link that was pressed."""
        event.setAccepted(self.links.release(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The list's: it selects a word."""
        event.ignore()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Hide the target of a link."""
        super().leaveEvent(event)
        self.links.hover(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """On a link its menu, else the list's."""
        event.setAccepted(self.links.open_menu(event))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Sideways where the text is wider than the view; else the list's, which scrolls."""
        bar = self.horizontalScrollBar()
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        is_sideways = abs(delta.x()) > abs(delta.y())
        if bar.maximum() > bar.minimum() and is_sideways:
            bar.setValue(bar.value() - delta.x())
            event.accept()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Grounds below the letters, the focused link's ring above."""
        painter = QPainter(self.viewport())
        offset = QPointF(-self.horizontalScrollBar().value(), 0.0)
        tokens = self.tools.theme.tokens
        clip = QRectF(event.rect())
        paint_code_grounds(painter, self.document(), self.marks().codes, offset, clip, tokens)
        painter.end()
        super().paintEvent(event)
        focused = self.links.focused()
        if focused is not None and self.hasFocus():
            painter = QPainter(self.viewport())
            paint_link_ring(painter, self.document(), focused, offset, tokens)
            painter.end()


def _is_for_list(text: QTextEdit, event: QKeyEvent, *, is_marked_by_list: bool) -> bool:
    """Whether a key is about more than this text: copying across views, scrolling."""
    if event.matches(QKeySequence.StandardKey.Copy):
        return is_marked_by_list or not text.textCursor().hasSelection()
    if event.matches(QKeySequence.StandardKey.SelectAll):
        return True
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    if event.key() in _PAGE_KEYS:
        return True
    way = _LINE_KEYS.get(event.key())
    return way is not None and not QTextCursor(text.textCursor()).movePosition(way)
