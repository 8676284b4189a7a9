"""What a widget paints in words and icons, in its own coordinates.

For: `fitting`, which judges it. Every word that the window's own widgets paint goes through three
calls of Qt, and every icon through `Icons`; while a widget is painted here they are noted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetrics, QPainter, QTextLayout
from PySide6.QtWidgets import QWidget

from app.theme.icons import Icons

_ELIDED = QFontMetrics.elidedText


@dataclass(frozen=True)
class Mark:
    """A text or an icon: what it covers, and what room it was given, as the root sees both."""

    widget: QWidget
    text: str  # "" for an icon
    whole: str  # the same, unless it was cut
    room: QRectF
    covered: QRectF


@dataclass
class Painting:
    """What one widget and all in it painted."""

    marks: list[Mark] = field(default_factory=list)
    _cut: tuple[str, str] = ("", "")  # what was left of a text, and the text

    def paint(self, root: QWidget) -> Painting:
        """Have a widget paint itself, and note it."""
        with pytest.MonkeyPatch.context() as patch:
            _note_calls(patch, QPainter, "drawText", self._on_text)
            _note_calls(patch, QTextLayout, "draw", self._on_layout)
            _note_calls(patch, QFontMetrics, "elidedText", self._on_cut)
            _note_calls(patch, Icons, "paint", self._on_icon)
            root.grab()
        return self

    def _on_text(self, painter: QPainter, *given: Any) -> None:
        area, flags, text = given  # the one form that the window uses
        covered = painter.fontMetrics().boundingRect(QRectF(area).toRect(), int(flags), text)
        shown, whole = self._cut
        self._cut = "", ""
        self._note(painter, (text, whole if shown == text else text), QRectF(area), QRectF(covered))

    def _on_layout(self, layout: QTextLayout, painter: QPainter, at: QPointF, *_: Any) -> None:
        covered = QRectF()
        for number in range(layout.lineCount()):
            covered |= layout.lineAt(number).naturalTextRect()
        device = painter.device()
        if isinstance(device, QWidget):
            self._note(painter, (layout.text(),) * 2, QRectF(device.rect()), covered.translated(at))

    def _on_icon(self, _icons: Icons, painter: QPainter, _icon: Any, at: QRectF, _: Any) -> None:
        self._note(painter, ("", ""), QRectF(at), QRectF(at))

    def _on_cut(self, metrics: QFontMetrics, text: str, *how: Any) -> None:
        self._cut = _ELIDED(metrics, text, *how), text

    def _note(
        self, painter: QPainter, text: tuple[str, str], room: QRectF, covered: QRectF
    ) -> None:
        device, where = painter.device(), painter.deviceTransform()
        if isinstance(device, QWidget):
            self.marks.append(Mark(device, *text, where.mapRect(room), where.mapRect(covered)))


def _note_calls(
    patch: pytest.MonkeyPatch, owner: type, name: str, note: Callable[..., None]
) -> None:
    call = getattr(owner, name)

    def noted(*given: Any) -> Any:
        note(*given)
        return call(*given)

    patch.setattr(owner, name, noted)
