"""Carries the widgets that are there to another text size: their fonts, and their fixed sizes.

For: `Theme`. A font of a type style is made anew. A fixed width or height that is one of `SIZE`'s
becomes the same one of the new sizes, unless its widget saw to it itself. What a widget measured
in lines it measures again when `Theme.changed` tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.theme.metrics import SIZE
from app.theme.type_styles import font_of, style_of


@dataclass(frozen=True)
class _Held:
    """A widget and the sizes that it is held at, by their names in `SIZE`."""

    widget: QWidget
    width_px: int
    width: str | None
    height_px: int
    height: str | None


def regrow(widgets: Iterable[QWidget], change: Callable[[], None]) -> None:
    """Let `change` set another text size, and have `widgets` follow."""
    found = tuple(widgets)
    names = SIZE.names()
    held = [one for one in (_held(widget, names) for widget in found) if one.width or one.height]
    change()
    for widget in found:
        _renew_font(widget)
    for one in held:
        _hold(one)


def _held(widget: QWidget, names: dict[int, str]) -> _Held:
    least, most = widget.minimumSize(), widget.maximumSize()
    is_wide = least.width() == most.width()
    is_high = least.height() == most.height()
    return _Held(
        widget,
        least.width(),
        names.get(least.width()) if is_wide else None,
        least.height(),
        names.get(least.height()) if is_high else None,
    )


def _renew_font(widget: QWidget) -> None:
    if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont):
        style = style_of(widget.font())
        if style is not None:
            widget.setFont(font_of(style))
    widget.updateGeometry()


def _hold(one: _Held) -> None:
    """Unless it holds another size by now."""
    if one.width and one.widget.minimumWidth() == one.width_px:
        one.widget.setFixedWidth(getattr(SIZE, one.width))
    if one.height and one.widget.minimumHeight() == one.height_px:
        one.widget.setFixedHeight(getattr(SIZE, one.height))
