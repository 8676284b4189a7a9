"""The type styles as data, and the fonts made of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QFont

TEXT_FAMILY = "Inter"
CODE_FAMILY = "JetBrains Mono"


@dataclass(frozen=True)
class TypeStyle:
    """Size and line height in pixels, weight as in OpenType."""

    px: int
    line_px: int
    weight: int = 400
    family: str = TEXT_FAMILY


class Type(Enum):
    """The styles of the window; nothing else sets a font."""

    DISPLAY = TypeStyle(28, 35, 600)
    PAGE_TITLE = TypeStyle(22, 28, 600)
    CARD_TITLE = TypeStyle(17, 24, 600)
    READING = TypeStyle(15, 24)
    INTERFACE = TypeStyle(14, 21)
    INTERFACE_MEDIUM = TypeStyle(14, 21, 500)
    INTERFACE_STRONG = TypeStyle(14, 21, 600)
    SMALL = TypeStyle(13, 20)
    SMALL_MEDIUM = TypeStyle(13, 20, 500)
    SMALL_STRONG = TypeStyle(13, 20, 600)
    CAPTION = TypeStyle(12, 16)
    CAPTION_MEDIUM = TypeStyle(12, 16, 500)
    KEY_CAP = TypeStyle(11, 16, 500)
    CODE = TypeStyle(13, 20, 400, CODE_FAMILY)
    CODE_CAPTION = TypeStyle(12, 16, 400, CODE_FAMILY)

    @property
    def line_px(self) -> int:
        """The height of one line."""
        return self.value.line_px


def font_of(style: Type) -> QFont:
    """A QFont of a style: tabular figures on, and in code no ligatures."""
    font = QFont(style.value.family)
    font.setPixelSize(style.value.px)
    font.setWeight(QFont.Weight(style.value.weight))
    if style.value.family == CODE_FAMILY:
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFeature(QFont.Tag("calt"), 0)
    else:
        font.setStyleHint(QFont.StyleHint.SansSerif)
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
