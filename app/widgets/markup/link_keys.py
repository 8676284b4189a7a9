"""The links of one text: shown whole, copied, never opened; by mouse and by keyboard.

For `FlowText`. Hover and focus show a link's whole target, a click or Enter copies it. A link to
another place of the same text, where the text has such, shows that place's title and goes there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QMenu, QTextEdit

from app.widgets.announcing import announce
from app.widgets.markup.document_marks import Link
from app.widgets.markup.paint_text import area_between

if TYPE_CHECKING:
    from app.widgets.markup.flow_text import FlowText

_COPY_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LinkKeys(QObject):
    """Which link of a text is under the mouse, pressed, or has the focus."""

    def __init__(self, text: FlowText) -> None:
        super().__init__(text)
        self._text = text
        self._hovered: int | None = None
        self._focused: int | None = None
        self._pressed: int | None = None

    def focused(self) -> Link | None:
        """The link that has the keyboard."""
        return self._link(self._focused)

    def on_contents_changed(self) -> None:
        """The links are others now; a mouse that rests finds out by itself."""
        self._hovered = self._pressed = None
        if self._focused is not None and self._focused >= len(self._text.marks().links):
            self._focused = None

    def step(self, is_next: bool) -> bool:
        """Focus the next link, or the one before; False where there is none."""
        count = len(self._text.marks().links)
        if self._focused is None:
            number = 0 if is_next else count - 1
            # Shift+Tab into a text ends at its last link; from the text itself it leaves.
            if not is_next:
                return False
        else:
            number = self._focused + (1 if is_next else -1)
        if not 0 <= number < count:
            self.leave()
            return False
        self._focus(number)
        return True

    def enter(self, reason: Qt.FocusReason) -> None:
        """The keyboard comes to the text: by Shift+Tab at its last link."""
        if reason == Qt.FocusReason.BacktabFocusReason and self._text.marks().links:
            self._focus(len(self._text.marks().links) - 1)

    def leave(self) -> None:
        """No link has the focus any more."""
        self._focused = None
        self._show()

    def take_key(self, event: QKeyEvent) -> bool:
        """Enter takes the focused link, Escape leaves it."""
        link = self.focused()
        if link is None:
            return False
        if event.key() in _COPY_KEYS:
            self.take(link)
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        return False

    def press(self, event: QMouseEvent) -> bool:
        """Whether the press is a link's."""
        self._pressed = None
        if event.button() == Qt.MouseButton.LeftButton and not event.modifiers():
            self._pressed = self._at(event.position().toPoint())
        return self._pressed is not None

    def release(self, event: QMouseEvent) -> bool:
        """Take a link that is let go where it was pressed."""
        pressed, self._pressed = self._pressed, None
        link = self._link(pressed)
        if link is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        if self._at(event.position().toPoint()) == pressed:
            self.take(link, Qt.FocusReason.MouseFocusReason)
        return True

    def hover(self, point: QPoint | None) -> None:
        """The mouse is here, or has left."""
        number = None if point is None else self._at(point)
        if number != self._hovered:
            self._hovered = number
            self._show()

    def open_menu(self, event: QContextMenuEvent) -> bool:
        """Show a link's menu, where there is a link."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        link = self.focused() if by_key else self._link(self._at(event.pos()))
        if link is None:
            return False
        menu = QMenu(self._text)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.words_of(link)).triggered.connect(lambda: self.take(link))
        menu.popup(event.globalPos())
        return True

    def words_of(self, link: Link) -> str:
        """What can be done with a link."""
        return self.tr("Go there") if self._inner_title(link) else self.tr("Copy link")

    def take(self, link: Link, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Go to a place of the same text, or copy the target."""
        inner = self._text.tools.inner_links
        if inner is not None and inner.title_of(link.target):
            self._hovered = self._focused = None
            self._show()
            inner.follow(link.target, reason)
        else:
            self.copy(link)

    def copy(self, link: Link) -> None:
        """Put the whole target on the clipboard and say so."""
        QGuiApplication.clipboard().setText(link.target)
        words = self.tr("Copied: {target}").format(target=link.target)
        self._text.tools.strip.show_copied(self._text.viewport(), self._area(link), words)
        announce(self._text, words)

    def _inner_title(self, link: Link) -> str:
        inner = self._text.tools.inner_links
        return "" if inner is None else inner.title_of(link.target)

    def where(self, link: Link) -> str:
        """Where it leads, as it is shown: a place's title, or the whole target."""
        return self._inner_title(link) or link.target

    def _focus(self, number: int) -> None:
        self._focused = number
        link = self._text.marks().links[number]
        cursor = self._text.textCursor()
        cursor.setPosition(link.start)
        self._text.setTextCursor(cursor)
        self._show()
        announce(self._text, self.tr("Link: {target}").format(target=self.where(link)))

    def _show(self) -> None:
        """Underline the link under the mouse or in focus, and show its target."""
        number = self._hovered if self._hovered is not None else self._focused
        link = self._link(number)
        self._text.viewport().setCursor(
            Qt.CursorShape.IBeamCursor
            if self._hovered is None
            else Qt.CursorShape.PointingHandCursor
        )
        self._text.underline([] if link is None else [self._underlined(link)])
        self._text.viewport().update()
        if link is None:
            self._text.tools.strip.leave(self._text.viewport())
        else:
            view, area = self._text.viewport(), self._area(link)
            self._text.tools.strip.show_target(view, area, self.where(link))

    def _underlined(self, link: Link) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        form = QTextCharFormat()
        form.setFontUnderline(True)
        cursor = QTextCursor(self._text.document())
        cursor.setPosition(link.start)
        cursor.setPosition(link.end, QTextCursor.MoveMode.KeepAnchor)
        selection.format = form
        selection.cursor = cursor
        return selection

    def _link(self, number: int | None) -> Link | None:
        links = self._text.marks().links
        return links[number] if number is not None and number < len(links) else None

    def _at(self, point: QPoint) -> int | None:
        if not self._text.marks().links:
            return None
        inner = QPointF(point) + QPointF(self._text.horizontalScrollBar().value(), 0.0)
        position = (
            self._text.document().documentLayout().hitTest(inner, Qt.HitTestAccuracy.ExactHit)
        )
        return self._text.marks().link_at(position)

    def _area(self, link: Link) -> QRect:
        return area_between(self._text, link.start, link.end)
