"""The type styles as data, and the fonts made of them.

The user sets how large all letters are, and whether they are the system's own: `LETTERING`,
which only `Theme` changes. A font says which style it is (`style_of`), so that it can be made
anew; whatever is measured in lines is measured again at `Theme.changed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QFont, QFontDatabase

TEXT_FAMILY = "Inter"
CODE_FAMILY = "JetBrains Mono"

# A feature that no font has carries the style's number. The name is within a font's own realm.
_MARK = QFont.Tag("PTCH")


@dataclass(frozen=True)
class TypeStyle:
    """Size and line height in pixels at 100 %, weight as in OpenType."""

    px: int
    line_px: int
    weight: int = 400
    family: str = TEXT_FAMILY


@dataclass
class Lettering:
    """What the user chose for all letters."""

    percent: int = 100
    is_system: bool = False

    def scaled(self, px: int) -> int:
        """Pixels at 100 %, as they are now."""
        return round(px * self.percent / 100)

    def family(self, style: TypeStyle) -> str:
        """The family that a style has now."""
        if not self.is_system:
            return style.family
        kind = (
            QFontDatabase.SystemFont.FixedFont
            if style.family == CODE_FAMILY
            else QFontDatabase.SystemFont.GeneralFont
        )
        return QFontDatabase.systemFont(kind).family()


LETTERING = Lettering()


class Type(Enum):
    """The styles of the window; nothing else sets a font."""

    DISPLAY = TypeStyle(28, 35, 600)
    PAGE_TITLE = TypeStyle(22, 28, 600)
    CARD_TITLE = TypeStyle(17, 24, 600)
    HEADING = TypeStyle(20, 28, 600)
    READING = TypeStyle(15, 24)
    READING_STRONG = TypeStyle(15, 24, 600)
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
        """The height of one line, at the present text size."""
        return LETTERING.scaled(self.value.line_px)

    @property
    def px(self) -> int:
        """The size of its letters, at the present text size."""
        return LETTERING.scaled(self.value.px)


def font_of(style: Type) -> QFont:
    """A QFont of a style: tabular figures on, and in code no ligatures."""
    font = QFont(LETTERING.family(style.value))
    font.setPixelSize(style.px)
    font.setWeight(QFont.Weight(style.value.weight))
    if style.value.family == CODE_FAMILY:
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFeature(QFont.Tag("calt"), 0)
    else:
        font.setStyleHint(QFont.StyleHint.SansSerif)
        font.setFeature(QFont.Tag("tnum"), 1)
    font.setFeature(_MARK, _STYLES.index(style) + 1)
    return font


def style_of(font: QFont) -> Type | None:
    """The style that a font was made of, or None."""
    if not font.isFeatureSet(_MARK):
        return None
    return _STYLES[font.featureValue(_MARK) - 1]


_STYLES = tuple(Type)
