"""Toasts at the bottom of a page: one line, one action, a way to close.

News leaves after six seconds, warnings and errors stay. The same sentence is not shown twice.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QPropertyAnimation,
    QRectF,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from shiboken6 import isValid

from app.notices import Notice, NoticeKind
from app.theme.depth import paint_card, shadow_margin
from app.theme.icons import Icon
from app.theme.metrics import DEPTH, MOTION, RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.beside_layout import BesideLayout
from app.widgets.button import Button, ButtonKind, IconButton
from app.widgets.icon_view import IconView
from app.widgets.label import Label
from app.widgets.one_line import in_short

_MOST_CHARS = 600  # an error may quote a file or a model, whatever these hold
_LOOK = {
    NoticeKind.NEWS: (Icon.INFO, Ink.TEXT2),
    NoticeKind.WARNING: (Icon.WARNING, Ink.WARN),
    NoticeKind.ERROR: (Icon.ERROR, Ink.BAD),
}
_MARGIN = shadow_margin(DEPTH.composer)


class Toast(QWidget):
    """One notice on the screen."""

    closed = Signal()

    def __init__(self, theme: Theme, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.notice = notice
        self.rise = QPropertyAnimation(self, b"pos", self)
        self.rise.setEasingCurve(QEasingCurve.Type.OutCubic)
        words = in_short(notice.text, _MOST_CHARS)
        self.setAccessibleName(words)
        icon, ink = _LOOK[notice.kind]
        row = QHBoxLayout(self)
        self._row = row
        row.setContentsMargins(
            _MARGIN + SPACE.block, _MARGIN + SPACE.sm, _MARGIN + SPACE.sm, _MARGIN + SPACE.sm
        )
        row.setSpacing(SPACE.md)
        row.addWidget(IconView(theme, icon, ink, SIZE.icon_sm))
        self.words = Label(theme, words, Type.SMALL, wrap=True)
        action = () if notice.action is None else (self._action_button(notice),)
        beside = BesideLayout(self.words, action, lambda: SIZE.slider, SPACE.md, SPACE.md)
        row.addLayout(beside, 1)
        close = IconButton(
            theme, Icon.CLOSE, self.tr("Dismiss"), size=SIZE.toast_button, icon_size=SIZE.icon_sm
        )
        close.clicked.connect(self.closed)
        row.addWidget(close)
        theme.changed.connect(self.update)
        if notice.kind is NoticeKind.NEWS:
            QTimer.singleShot(MOTION.toast_shown_ms, self, self.closed.emit)

    def _action_button(self, notice: Notice) -> Button:
        assert notice.action is not None
        run = notice.action.run
        button = Button(
            self._theme, notice.action.label, ButtonKind.QUIET, height=SIZE.toast_button
        )
        button.clicked.connect(lambda _checked: run())
        button.clicked.connect(self.closed)
        return button

    def fit(self, width: int) -> None:
        """Take a width, and the height that the words need in it."""
        outer = min(width, SIZE.toast_max + 2 * _MARGIN)
        self._row.activate()
        needed = self._row.heightForWidth(outer)
        self.resize(outer, max(needed, SIZE.toast + 2 * _MARGIN))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the card and its shadow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        paint_card(painter, card, RADIUS.toast, DEPTH.composer, self._theme.tokens)


class ToastStack(QObject):
    """Shows notices above the bottom of a host, the latest lowest."""

    keyboard_left = Signal()  # a toast has gone that had the keyboard

    def __init__(self, theme: Theme, host: QWidget) -> None:
        super().__init__(host)
        self._theme = theme
        self._host = host
        self._clearance = 0
        self._toasts: list[Toast] = []
        host.installEventFilter(self)

    def toasts(self) -> tuple[Toast, ...]:
        """What is on the screen, the oldest first."""
        return tuple(self._toasts)

    def set_clearance(self, clearance_px: int) -> None:
        """Keep this much free at the bottom: the composer is there."""
        self._clearance = clearance_px
        self._place()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice, unless the same sentence is on the screen.

        News with an action is another thing each time, which can be undone by itself. A host
        that is just being deleted shows nothing any more: what its fields tell as they lose the
        keyboard then may be posted here.
        """
        if not isValid(self._host):
            return
        is_single = notice.kind is NoticeKind.NEWS and notice.action is not None
        if not is_single and any(t.notice.text == notice.text for t in self._toasts):
            return
        toast = Toast(self._theme, notice, self._host)
        toast.closed.connect(lambda: self._remove(toast))
        self._toasts.append(toast)
        self._place()
        self._rise(toast)
        QAccessible.updateAccessibility(QAccessibleEvent(toast, QAccessible.Event.Alert))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the host's size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _remove(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            here = QApplication.focusWidget()
            had_keyboard = here is not None and toast.isAncestorOf(here)
            toast.hide()
            toast.deleteLater()
            self._place()
            if had_keyboard:  # Qt would give it to the window's first button
                self.keyboard_left.emit()

    def _place(self) -> None:
        """From below; older ones wait unseen until there is room for them."""
        top = self._host.height() - self._clearance + _MARGIN
        for toast in reversed(self._toasts):
            is_latest = toast is self._toasts[-1]
            toast.rise.stop()
            toast.fit(self._host.width())
            top -= toast.height() - (0 if is_latest else _MARGIN)
            if is_latest:
                top = max(top, -_MARGIN)
            toast.move((self._host.width() - toast.width()) // 2, top)
            toast.setVisible(is_latest or top >= -_MARGIN)
            toast.raise_()

    def _rise(self, toast: Toast) -> None:
        duration_ms = self._theme.duration_ms(MOTION.toast_ms)
        if duration_ms == 0:
            return
        toast.rise.setDuration(duration_ms)
        toast.rise.setStartValue(toast.pos() + QPoint(0, SPACE.lg))
        toast.rise.setEndValue(toast.pos())
        toast.rise.start()
