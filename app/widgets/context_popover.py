"""What fills the context, opened above the meter: one bar of all shares, and a row for each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.numbers import whole
from app.theme.depth import paint_card, shadow_margin
from app.theme.metrics import DEPTH, RADIUS, SIZE, SPACE, STROKE
from app.theme.theme import Theme
from app.theme.tokens import Ink, Tokens
from app.theme.type_styles import Type
from app.widgets.context_fill import ContextFill, ShareKind
from app.widgets.escape import claims_escape
from app.widgets.label import Label
from app.widgets.tumbler import short_count

_MARGIN = shadow_margin(DEPTH.popover)
_BAR_PX = 8
_SWATCH_PX = 10
_SEAM_FROM_PX = 4.0  # a share that is wider ends in a seam, so that two files are told apart
# How much of the accent a share's colour has; the rest is the card's. Names say which is which.
_STRENGTH = {
    ShareKind.CONVERSATION: 1.0,
    ShareKind.ANSWER: 0.8,
    ShareKind.FILE: 0.6,
    ShareKind.MESSAGE: 0.42,
}
_KEPT = 0.22


def share_colour(tokens: Tokens, kind: ShareKind | None) -> QColor:
    """The colour of a share; None is what is kept for the answer."""
    if kind is ShareKind.SYSTEM:
        return QColor(tokens.text3)
    if kind is ShareKind.TEMPLATE:
        return QColor(tokens.line_strong)
    strength = _KEPT if kind is None else _STRENGTH[kind]
    accent, card = QColor(tokens.accent), QColor(tokens.raised)
    return QColor(
        *(
            round(strength * of(accent) + (1 - strength) * of(card))
            for of in (QColor.red, QColor.green, QColor.blue)
        )
    )


class ShareBar(QWidget):
    """All shares side by side, by their size; more than there is room for is not drawn."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fill = ContextFill()
        self.setFixedHeight(_BAR_PX)
        theme.changed.connect(self.update)

    def show_fill(self, fill: ContextFill) -> None:
        """Draw these shares."""
        self._fill = fill
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The free rest first, the shares on it."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), _BAR_PX / 2, _BAR_PX / 2)
        painter.setClipPath(path)
        painter.fillRect(self.rect(), QColor(tokens.pressed))
        total = max(self._fill.capacity_tokens, self._fill.used_tokens, 1)
        left = 0.0
        kinds = [(share.kind, share.tokens) for share in self._fill.shares]
        for kind, count in (*kinds, (None, self._fill.kept_tokens)):
            width = self.width() * count / total
            shown = width - STROKE.hairline if width > _SEAM_FROM_PX else width
            painter.fillRect(QRectF(left, 0, shown, _BAR_PX), share_colour(tokens, kind))
            left += width


class Swatch(QWidget):
    """The colour of a share, beside its name."""

    def __init__(self, theme: Theme, kind: ShareKind | None, *, is_free: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._kind = kind
        self._is_free = is_free
        self.setFixedSize(_SWATCH_PX, _SWATCH_PX)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw it, with a line around it that also the faint ones have."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(tokens.pressed) if self._is_free else share_colour(tokens, self._kind)
        painter.setPen(QPen(QColor(tokens.line_strong), STROKE.hairline))
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)


class ShareRow(QWidget):
    """A colour, a name, a number."""

    def __init__(
        self, theme: Theme, kind: ShareKind | None, name: str, *, is_free: bool = False
    ) -> None:
        super().__init__()
        self.kind = kind
        self.name = Label(theme, name, Type.SMALL, Ink.TEXT, grow=True)
        self.count = Label(theme, "", Type.SMALL_MEDIUM)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.sm)
        row.addWidget(Swatch(theme, kind, is_free=is_free))
        row.addWidget(self.name)
        row.addWidget(self.count)

    def show_tokens(self, tokens: int, *, is_about: bool = False) -> None:
        """Another number."""
        form = self.tr("about {count}") if is_about else "{count}"
        self.count.setText(form.format(count=short_count(tokens)))
        self.setAccessibleName(
            self.tr("{name}: {count} tokens").format(name=self.name.text(), count=whole(tokens))
        )


class ContextPopover(QWidget):
    """Has the keyboard while it is open; Esc, or a click elsewhere, closes it."""

    closed = Signal()

    def __init__(self, theme: Theme, anchor: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._anchor = anchor
        self._host = parent
        self._names: tuple[str, ...] = ()
        self.rows: list[ShareRow] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.total = Label(theme, "", Type.CAPTION_MEDIUM, Ink.TEXT2)
        self.bar = ShareBar(theme)
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE.xs)
        self._lay_out()
        theme.changed.connect(self.update)
        parent.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        """Open, or close."""
        if self.isVisible():
            self.close_up()
        else:
            self._place()
            self.show()
            self.raise_()
            self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_up(self) -> None:
        """Close, and give the keyboard back to the meter if it was here."""
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._anchor.setFocus(Qt.FocusReason.TabFocusReason)
        self.closed.emit()

    def show_fill(self, fill: ContextFill, words: str) -> None:
        """Show these shares; `words` are the meter's own, such as 3.1k of 32k."""
        ends = (fill.kept_tokens > 0, fill.capacity_tokens > 0)
        names = (*(share.name for share in fill.shares), str(ends))
        if names != self._names:
            self._names = names
            self._make_rows(fill)
        for row, share in zip(self.rows, fill.shares, strict=False):
            row.show_tokens(share.tokens, is_about=share.is_about)
        if fill.kept_tokens > 0:
            self.rows[len(fill.shares)].show_tokens(fill.kept_tokens)
        if fill.capacity_tokens:
            self.rows[-1].show_tokens(fill.free_tokens)
        self.total.setText(words)
        self.bar.show_fill(fill)
        spoken = ", ".join(row.accessibleName() for row in self.rows)
        self.setAccessibleName(self.tr("Context: {words}").format(words=words))
        self.setAccessibleDescription(spoken)
        if self.isVisible():
            self._place()

    def sizeHint(self) -> QSize:  # noqa: N802
        """As wide as a toast, as tall as its rows."""
        return QSize(SIZE.toast_max + 2 * _MARGIN, super().sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Esc is meant for this, not for the answer that is being written."""
        return claims_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_up()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Whoever goes elsewhere is done here; a click on the meter closes by itself."""
        super().focusOutEvent(event)
        is_meters_click = (
            event.reason() == Qt.FocusReason.MouseFocusReason
            and QApplication.focusWidget() is self._anchor
        )
        stays = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if self.isVisible() and not is_meters_click and event.reason() not in stays:
            self.close_up()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay above the meter."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the card and its shadow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        paint_card(painter, card, RADIUS.card, DEPTH.popover, self._theme.tokens)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        inside = _MARGIN + SPACE.lg
        column.setContentsMargins(inside, _MARGIN + SPACE.md, inside, _MARGIN + SPACE.md)
        column.setSpacing(SPACE.sm)
        head = QHBoxLayout()
        head.addWidget(Label(self._theme, self.tr("Context"), Type.INTERFACE_STRONG, grow=True))
        head.addWidget(self.total)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addLayout(self._list)

    def _make_rows(self, fill: ContextFill) -> None:
        for row in self.rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [ShareRow(self._theme, share.kind, share.name) for share in fill.shares]
        if fill.kept_tokens > 0:
            self.rows.append(ShareRow(self._theme, None, self.tr("Kept free for the answer")))
        if fill.capacity_tokens:
            self.rows.append(ShareRow(self._theme, None, self.tr("Free"), is_free=True))
        for row in self.rows:
            self._list.addWidget(row)

    def _place(self) -> None:
        host = self._host
        width = min(self.sizeHint().width(), host.width())
        self.resize(width, self.sizeHint().height())
        corner = self._anchor.mapTo(host, QPoint(self._anchor.width(), 0))
        left = min(max(0, corner.x() + _MARGIN - width), host.width() - width)
        self.move(left, corner.y() - self.height() + _MARGIN - SPACE.sm)
