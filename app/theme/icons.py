"""Draws the bundled Lucide icons in any colour, at any display scale."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgRenderer

from app.theme.assets import asset
from app.theme.metrics import STROKE

_GRID = 24  # Lucide draws on 24 by 24 units, with a stroke of 2


class Icon(StrEnum):
    """The icons in use, by their file's name."""

    NEW_CHAT = "square-pen"
    SEARCH = "search"
    SIDEBAR = "panel-left"
    MORE = "ellipsis"
    LOCK_OK = "shield-check"
    LOCK_BAD = "shield-alert"
    LOCK_UNTESTED = "shield-question-mark"
    OPEN = "chevron-right"
    COPY = "copy"
    CHECK = "check"
    SEND = "arrow-up"
    ATTACH = "paperclip"
    FILE = "file-text"
    CLOSE = "x"
    WARNING = "triangle-alert"
    ERROR = "circle-alert"
    INFO = "info"
    MODEL = "box"
    CLOCK = "clock"
    REGENERATE = "refresh-cw"
    UNFOLDED = "chevron-down"
    ANSWER_NOW = "skip-forward"
    THINK = "lightbulb"
    PIN = "pin"
    UNPIN = "pin-off"
    DELETE = "trash-2"
    EXPORT = "download"
    LOCKED = "lock"
    SHOW = "eye"
    HIDE = "eye-off"
    WRAP = "text-wrap"
    SETTINGS = "settings-2"
    SLIDERS = "sliders-horizontal"
    RESTORE = "undo-2"
    BACK = "arrow-left"
    PREVIOUS = "chevron-left"
    EDIT = "pencil"
    CHAT = "message-square"
    TEMPORARY = "message-square-dashed"
    THEME = "sun-moon"
    HISTORY = "history"
    KEYBOARD = "keyboard"
    HELP = "circle-question-mark"
    QUIT = "power"
    HAND = "hand"
    KEY = "key-round"
    MEMORY = "memory-stick"
    DISK = "hard-drive"
    SPEED = "gauge"
    LIST = "list"
    BUNDLE = "package-open"


class Icons:
    """Paints icons; keeps each one parsed, by colour and stroke."""

    def __init__(self) -> None:
        self._parsed: dict[tuple[Icon, str, str], QSvgRenderer] = {}

    def paint(self, painter: QPainter, icon: Icon, rect: QRectF, colour: str) -> None:
        """Draw an icon into a square."""
        stroke = f"{STROKE.icon * _GRID / rect.width():.3f}"
        key = (icon, colour, stroke)
        if key not in self._parsed:
            self._parsed[key] = _parse(icon, colour, stroke)
        self._parsed[key].render(painter, rect)


def _parse(icon: Icon, colour: str, stroke: str) -> QSvgRenderer:
    source = asset("icons", f"{icon.value}.svg").read_text(encoding="utf-8")
    source = source.replace("currentColor", colour)
    source = source.replace('stroke-width="2"', f'stroke-width="{stroke}"')
    return QSvgRenderer(QByteArray(source.encode()))
