"""Buttons: with a label, and with an icon alone. Painted from the tokens.

An icon button always has a name for assistive technology and a tooltip with its shortcut.
"""

from __future__ import annotations

import re
from enum import StrEnum

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE, STROKE, Growing
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type, font_of
from app.widgets.cut_words import tells_cut
from app.widgets.focus_ring import KeyboardFocus
from app.widgets.label import set_plain_tooltip

_MNEMONIC = re.compile("&(.)")


class ButtonKind(StrEnum):
    """How much a button asks for attention."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"


class BaseButton(QPushButton):
    """What all buttons share: theme, hand-free hover, focus ring, an outline of its own."""

    def __init__(self, theme: Theme, radius: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.radius = radius
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoDefault(False)
        KeyboardFocus(theme, self, radius)
        theme.changed.connect(self.update)

    def fill(self, painter: QPainter, ground: str | None, line: str | None = None) -> None:
        """Draw the ground and its outline, either of which may be missing."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen if line is None else QPen(QColor(line), STROKE.hairline))
        painter.setBrush(Qt.BrushStyle.NoBrush if ground is None else QColor(ground))
        half = 0.0 if line is None else STROKE.hairline / 2.0
        area = QRectF(self.rect()).adjusted(half, half, -half, -half)
        if ground is not None or line is not None:
            painter.drawRoundedRect(area, self.radius, self.radius)

    def quiet_ground(self) -> str | None:
        """The ground of a button that has none at rest."""
        if not self.isEnabled():
            return None
        if self.isDown():
            return self.theme.tokens.pressed
        return self.theme.tokens.hover if self.underMouse() else None


class Button(BaseButton):
    """A label, with an icon before it or not; the letter after an “&” presses it, with Alt.

    Where there is too little room for it, its end is cut and it says itself whole in a tooltip.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        kind: ButtonKind = ButtonKind.SECONDARY,
        height: int | None = None,
        icon: Icon | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, RADIUS.control, parent)
        self.kind = kind
        self._icon = icon
        self.setText(text)
        self.setFont(font_of(Type.SMALL_STRONG))
        self.setFixedHeight(height or SIZE.button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_kind(self, kind: ButtonKind) -> None:
        """Ask for more attention, or for less."""
        self.kind = kind
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """The label with its padding."""
        words = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        return QSize(self._icon_room() + words.width() + 2 * SPACE.md, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the button in its state."""
        painter = QPainter(self)
        ground, line, ink = self._colours()
        self.fill(painter, ground, line)
        painter.setPen(QColor(ink))
        painter.setFont(self.font())
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic
        area = self.rect().adjusted(self._icon_room(), 0, 0, 0)
        painter.drawText(area, int(flags), self._shown())
        if self._icon is not None:
            size = float(SIZE.icon_xs)
            place = QRectF(float(SPACE.md), (self.height() - size) / 2.0, size, size)
            self.theme.icons.paint(painter, self._icon, place, ink)

    def event(self, event: QEvent) -> bool:
        """What is cut is said whole under the mouse."""
        return tells_cut(event, self, self._cut_words) or super().event(event)

    def _is_cut(self) -> bool:
        return self.width() < self.sizeHint().width()

    def _cut_words(self) -> str:
        return _MNEMONIC.sub(r"\1", self.text()) if self._is_cut() else ""

    def _shown(self) -> str:
        if not self._is_cut():
            return self.text()
        room = self.width() - self._icon_room() - 2 * SPACE.sm
        mnemonic = int(Qt.TextFlag.TextShowMnemonic)
        right = Qt.TextElideMode.ElideRight
        return self.fontMetrics().elidedText(self.text(), right, room, mnemonic)

    def _icon_room(self) -> int:
        return 0 if self._icon is None else SIZE.icon_xs + SPACE.sm - SPACE.tick

    def _colours(self) -> tuple[str | None, str | None, str]:
        t = self.theme.tokens
        if not self.isEnabled():
            return t.sunken, t.line, t.disabled
        if self.kind is ButtonKind.QUIET:
            return self.quiet_ground(), None, t.accent
        if self.kind is ButtonKind.SECONDARY:
            return self.quiet_ground() or t.raised, t.button_line, t.text
        if self.isDown():
            return t.accent_press, None, t.on_accent
        return (t.accent_hover if self.underMouse() else t.accent), None, t.on_accent


class IconButton(BaseButton):
    """An icon alone, on nothing until the mouse is over it."""

    def __init__(
        self,
        theme: Theme,
        icon: Icon,
        name: str,
        *,
        size: int | None = None,
        icon_size: int | None = None,
        ink: Ink = Ink.TEXT2,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, RADIUS.control, parent)
        self._icon = icon
        self._icon_size = Growing(icon_size or SIZE.icon)
        self._ink = ink
        self._is_revealed = True
        self.rename(name)
        side = size or SIZE.button
        self.setFixedSize(side, side)

    def rename(self, name: str, shortcut: str = "") -> None:
        """Set the name and the tooltip. What others wrote may be in it: it is never markup."""
        self.setAccessibleName(name)
        tip = f"{name} ({shortcut})" if shortcut else name
        if "<" in tip or "&" in tip:  # else Qt never looks for markup in it
            set_plain_tooltip(self, tip)
        else:
            self.setToolTip(tip)

    def set_icon(self, icon: Icon, ink: Ink) -> None:
        """Show another icon."""
        self._icon = icon
        self._ink = ink
        self.update()

    def shown_icon(self) -> Icon:
        """The icon now shown."""
        return self._icon

    def reveal(self, is_revealed: bool) -> None:
        """Draw it, or leave its place empty; focus always draws it."""
        self._is_revealed = is_revealed
        self.update()

    def is_revealed(self) -> bool:
        """Whether it is drawn."""
        return self._is_revealed or self.hasFocus()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the icon in the middle."""
        if not self.is_revealed():
            return
        painter = QPainter(self)
        self.fill(painter, self.quiet_ground())
        size = float(self._icon_size.px)
        place = QRectF((self.width() - size) / 2.0, (self.height() - size) / 2.0, size, size)
        ink = self._ink if self.isEnabled() else Ink.DISABLED
        self.theme.icons.paint(painter, self._icon, place, self.theme.tokens.ink(ink))

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Repaint under the mouse."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Repaint when the mouse leaves."""
        super().leaveEvent(event)
        self.update()
