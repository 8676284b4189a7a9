"""A file beside a question: a chip with its name, its size and what it costs; and a row of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.pages.chat.attach_pile import Held
from app.pages.chat.attach_words import name_line, size_words
from app.pages.chat.turns import Attached
from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.button import IconButton
from app.widgets.icon_view import IconView
from app.widgets.label import Label, set_plain_tooltip

_REMOVE_KEYS = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class FileName(QLabel):
    """A name on one line, cut in its middle: both its beginning and its suffix stay."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font_of(Type.SMALL_MEDIUM))
        self.setText(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def shown(self) -> str:
        """The name as it fits."""
        return self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, self.width() + 1
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        """The whole name, up to a limit."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 1
        return QSize(min(width, SIZE.attached_name), Type.SMALL.line_px)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """May be cut further."""
        return QSize(SPACE.xxxl, Type.SMALL.line_px)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.tokens.text))
        painter.setFont(self.font())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.shown())


class RemoveButton(IconButton):
    """A click, or the keys that delete, take the file away."""

    removed = Signal()

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(
            theme,
            Icon.CLOSE,
            name,
            size=SIZE.toast_button,
            icon_size=SIZE.icon_xs,
            ink=Ink.TEXT3,
        )
        self.clicked.connect(self.removed)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Delete and Backspace as well as Space."""
        if event.key() in _REMOVE_KEYS:
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class AttachedChip(QWidget):
    """One file. Without `is_removable` it is only looked at, as above a question that was asked."""

    removed = Signal()

    def __init__(
        self,
        theme: Theme,
        attached: Attached,
        *,
        is_removable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        name = name_line(attached.name)
        self._size = size_words(attached.size_bytes)
        self.name = FileName(theme, name)
        self.details = Label(theme, self._size, Type.CAPTION, Ink.TEXT3)
        self.remove: RemoveButton | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.row, 0, SPACE.row, 0)
        row.setSpacing(SPACE.sm)
        row.addWidget(IconView(theme, Icon.FILE, Ink.TEXT2, SIZE.icon_sm))
        row.addWidget(self.name)
        row.addWidget(self.details)
        if is_removable:
            self.remove = RemoveButton(theme, self.tr("Remove {name}").format(name=name))
            set_plain_tooltip(self.remove, self.remove.accessibleName())
            self.remove.removed.connect(self.removed)
            row.setContentsMargins(SPACE.row, 0, SPACE.xs, 0)
            row.addWidget(self.remove)
        self.setFixedHeight(SIZE.attached)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.show_cost("")

    def show_cost(self, tokens: str, *, is_too_much: bool = False) -> None:
        """Say beside the size how many tokens it is, in words; nothing while that is not known."""
        words = self.tr("{size} · {tokens}").format(size=self._size, tokens=tokens)
        self.details.setText(words if tokens else self._size)
        self.details.set_ink(Ink.BAD if is_too_much else Ink.TEXT3)
        name = self.name.text()
        self.setAccessibleName(", ".join(filter(None, (name, self._size, tokens))))
        set_plain_tooltip(self, self.accessibleName())
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ground."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.line), STROKE.hairline))
        painter.setBrush(QColor(tokens.sunken))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, RADIUS.control, RADIUS.control)


class AttachedRow(QWidget):
    """The chips above what is typed, in as many lines as they need; hidden without files."""

    remove_requested = Signal(int)
    emptied_by_keyboard = Signal()  # the last chip that had the focus is gone

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: dict[int, AttachedChip] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Attached files"))
        theme.text_changed.connect(self._on_text_size_changed)
        self.hide()

    def chips(self) -> tuple[AttachedChip, ...]:
        """What is shown, in order."""
        return tuple(self._chips.values())

    def show_files(self, files: Sequence[Held]) -> None:
        """Show these files; chips of files that stay keep the focus and their costs."""
        before, order = self._chips, list(self._chips)
        focus = QApplication.focusWidget()
        is_in = {k: focus is not None and chip.isAncestorOf(focus) for k, chip in before.items()}
        focused = next((key for key, has_focus in is_in.items() if has_focus), None)
        self._chips = {held.key: before.get(held.key) or self._made(held) for held in files}
        for key in before.keys() - self._chips.keys():
            before[key].hide()
            before[key].deleteLater()
        self._order_tabs()
        self.setVisible(bool(files))
        self._place()
        self.updateGeometry()
        if focused is not None and focused not in self._chips:
            self._focus_near(order.index(focused))

    def show_costs(self, costs: Mapping[int, tuple[str, bool]]) -> None:
        """Say what each file costs: words, and whether it is more than the context holds."""
        for key, chip in self._chips.items():
            words, is_too_much = costs.get(key, ("", False))
            chip.show_cost(words, is_too_much=is_too_much)
        self._place()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """More lines where it is narrower."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """The height of the lines."""
        places = self._places(width)
        return places[-1].bottom() + 1 if places else 0

    def sizeHint(self) -> QSize:  # noqa: N802
        """One line at least."""
        return QSize(SIZE.column, self.heightForWidth(self.width() or SIZE.column))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """As narrow as need be."""
        return QSize(0, self.heightForWidth(self.width() or SIZE.column))

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802
        """Place the chips in the new width."""
        self._place()
        self.updateGeometry()

    def _order_tabs(self) -> None:
        """Tab goes through the chips where they stand: before the field, not after all else."""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # Qt orders no others
        before: QWidget = self
        for chip in self.chips():
            if chip.remove is not None:
                QWidget.setTabOrder(before, chip.remove)
                before = chip.remove
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _on_text_size_changed(self) -> None:
        self._place()
        self.updateGeometry()

    def _made(self, held: Held) -> AttachedChip:
        chip = AttachedChip(self._theme, held.attached, is_removable=True, parent=self)
        chip.removed.connect(lambda key=held.key: self.remove_requested.emit(key))
        chip.show()
        return chip

    def _focus_near(self, index: int) -> None:
        chips = self.chips()
        if not chips:
            self.emptied_by_keyboard.emit()
            return
        remove = chips[min(index, len(chips) - 1)].remove
        if remove is not None:
            remove.setFocus(Qt.FocusReason.TabFocusReason)

    def _place(self) -> None:
        for chip, place in zip(self.chips(), self._places(self.width()), strict=True):
            chip.setGeometry(place)

    def _places(self, width: int) -> list[QRect]:
        left = top = 0
        places = []
        for chip in self.chips():
            wanted = min(chip.sizeHint().width(), max(width, SIZE.attached))
            if left and left + wanted > width:
                left, top = 0, top + SIZE.attached + SPACE.sm
            places.append(QRect(left, top, wanted, SIZE.attached))
            left += wanted + SPACE.sm
        return places
