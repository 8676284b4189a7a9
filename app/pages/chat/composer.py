"""Where a message is written: its files, its text, and what is chosen for it.

For: the chat page. It shows what it is given and tells what is wanted; reading files, counting
tokens and keeping drafts are done by others.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.pages.chat.attach_chips import AttachedRow
from app.pages.chat.attach_pile import Held
from app.pages.chat.composer_button import SendButton
from app.pages.chat.composer_edit import MessageEdit
from app.pages.chat.think_button import ThinkButton
from app.theme.depth import paint_card, shadow_margin
from app.theme.icons import Icon
from app.theme.metrics import DEPTH, RADIUS, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import IconButton
from app.widgets.chip import Chip
from app.widgets.field_room import fits_field
from app.widgets.label import Label
from app.widgets.tumbler import ContextMeter

_MARGIN = shadow_margin(DEPTH.composer)
_DASHES = [4.0, 4.0]


class Composer(QWidget):
    """The card with the files, the field, the hint, the context meter and the buttons."""

    sent = Signal(str, object)  # the text, and its files: a tuple of Attached
    changed = Signal(str)
    stop_requested = Signal()
    attach_requested = Signal()
    detach_requested = Signal(int)  # a file's key
    files_given = Signal(object)  # a tuple of Path
    text_given = Signal(str)  # pasted, and too long for the field
    text_kept = Signal(str)  # it came back, and finds no room in the field
    edit_last_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_busy = False
        self._is_temporary = False
        self._files: tuple[Held, ...] = ()
        self._words = ""
        self.files = AttachedRow(theme)
        self.edit = MessageEdit(theme, self.tr("Message"))
        self.hint = Label(theme, "", Type.CAPTION, Ink.TEXT3)
        # It has what the others leave, and takes nothing from them.
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.attach = IconButton(theme, Icon.ATTACH, self.tr("Attach files"))
        self.think = ThinkButton(theme)
        self.temporary = Chip(theme, self.tr("Temporary"))
        self.meter = ContextMeter(theme)
        self.button = SendButton(theme)
        self._lay_out()
        self.edit.send_requested.connect(self.send)
        self.edit.textChanged.connect(self._on_text_changed)
        self.edit.height_changed.connect(self.updateGeometry)
        self.edit.files_given.connect(self.files_given)
        self.edit.text_given.connect(self.text_given)
        self.edit.edit_last_requested.connect(self.edit_last_requested)
        self.attach.clicked.connect(self.attach_requested)
        self.files.remove_requested.connect(self.detach_requested)
        self.files.emptied_by_keyboard.connect(self.edit.setFocus)
        self.button.clicked.connect(self._on_clicked)
        theme.changed.connect(self.update)
        self.temporary.hide()
        self._on_text_changed()

    def set_busy(self, is_busy: bool) -> None:
        """There is, or is no longer, something to stop."""
        self._is_busy = is_busy
        self.button.set_stops(is_busy)
        self._enable_button()

    def set_placeholder(self, text: str) -> None:
        """What the empty field says, unless there are files to ask about."""
        self._words = text
        self._show_placeholder()

    def set_temporary(self, is_temporary: bool) -> None:
        """What is written here is, or is not, kept."""
        self._is_temporary = is_temporary
        self.temporary.setVisible(is_temporary)
        self.update()

    def show_files(self, files: Sequence[Held]) -> None:
        """Show the files that lie beside what is written."""
        self._files = tuple(files)
        self.files.show_files(self._files)
        self._show_placeholder()
        self._enable_button()
        self.updateGeometry()

    def take_back(self, text: str) -> None:
        """Put text that was not sent before what is being written."""
        written = self.edit.toPlainText()
        whole = f"{text}\n\n{written}" if written.strip() else text
        if fits_field(whole, was_typed=True):
            self.edit.replace_text(whole)
        else:
            self.text_kept.emit(text)

    def show_text(self, text: str) -> None:
        """Hold another text: what was typed in the chat that is shown now."""
        if text != self.edit.toPlainText():
            self.edit.replace_text(text)

    def clear_sent(self) -> None:
        """Empty the field: its text was taken."""
        self.edit.replace_text("")

    def sizeHint(self) -> QSize:  # noqa: N802
        """The card and the room of its shadow."""
        return QSize(SIZE.composer + 2 * _MARGIN, super().sizeHint().height())

    def card(self) -> QRectF:
        """The card without its shadow."""
        return QRectF(self.rect()).adjusted(_MARGIN, SPACE.sm, -_MARGIN, -SPACE.block)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the card and its shadow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, outline = self._theme.tokens, self._outline()
        paint_card(painter, self.card(), RADIUS.composer, DEPTH.composer, tokens, outline)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(
            _MARGIN + SPACE.lg,
            SPACE.sm + SPACE.md,
            _MARGIN + SPACE.sm,
            SPACE.block + SPACE.sm,
        )
        column.setSpacing(SPACE.sm - SPACE.tick)
        column.addWidget(self.files)
        column.addWidget(self.edit)
        row = self._row = QHBoxLayout()
        row.setSpacing(SPACE.sm)
        row.addWidget(self.attach)
        row.addWidget(self.think)
        row.addWidget(self.temporary)
        row.addWidget(self.hint, 1)
        row.addWidget(self.meter)
        row.addWidget(self.button)
        column.addLayout(row)

    def event(self, event: QEvent) -> bool:
        """What stands in the lower row, or the room for it, may be another."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._shorten_row()
        return super().event(event)

    def send(self) -> None:
        """Ask for what is written to be sent, with its files, unless there is nothing."""
        text = self.edit.toPlainText()
        if self._has_something(text):
            self.sent.emit(text, tuple(held.attached for held in self._files))

    def _shorten_row(self) -> None:
        """Where there is little room, how it thinks says its words last, then the meter its."""
        column = self.layout()
        assert column is not None
        margins = column.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        parts = [part for part in (self.think, self.meter) if not part.isHidden()]
        needed = self._row.sizeHint().width() + sum(one.spare_px for one in parts if one.is_short)
        for part in parts:
            part.shorten(needed > room)
            needed -= part.spare_px if part.is_short else 0

    def _outline(self) -> QPen:
        tokens = self._theme.tokens
        pen = QPen(QColor(tokens.button_line), STROKE.hairline)
        if self._is_temporary:
            pen.setColor(QColor(tokens.line_strong))
            pen.setDashPattern(_DASHES)
        return pen

    def _show_placeholder(self) -> None:
        words = self.tr("Ask something about what is attached.") if self._files else self._words
        self.edit.placeholder = words
        self.edit.setAccessibleDescription(words)
        self.edit.viewport().update()

    def _on_clicked(self) -> None:
        if self._is_busy:
            self.stop_requested.emit()
        else:
            self.send()

    def _has_something(self, text: str) -> bool:
        return bool(text.strip() or self._files)

    def _enable_button(self) -> None:
        self.button.setEnabled(self._is_busy or self._has_something(self.edit.toPlainText()))

    def _on_text_changed(self) -> None:
        text = self.edit.toPlainText()
        self._enable_button()
        self.changed.emit(text)
