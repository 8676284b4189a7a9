"""Every colour of the window, once for light and once for dark.

For the palette, the stylesheet and every widget that paints. Nothing else in `app` names a
colour; the tests measure the contrasts that these promise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.restrictions import BannerColour


class Scheme(StrEnum):
    """Which of the two sets of colours is shown."""

    LIGHT = "light"
    DARK = "dark"


class Ink(StrEnum):
    """The colours that text and icons may have, by the role's name in `Tokens`."""

    TEXT = "text"
    TEXT2 = "text2"
    TEXT3 = "text3"
    DISABLED = "disabled"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme, as #RRGGBB, by role."""

    scheme: Scheme
    window: str
    surface: str
    raised: str
    sunken: str
    bubble: str
    hover: str
    pressed: str
    selected: str
    line: str
    button_line: str
    line_strong: str
    text: str
    text2: str
    text3: str
    disabled: str
    accent: str
    accent_hover: str
    accent_press: str
    accent_soft: str
    on_accent: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    mark: str
    on_mark: str
    code_keyword: str
    code_string: str
    code_number: str
    code_name: str
    code_comment: str
    shadow: str
    shadow_percent: int

    def ink(self, ink: Ink) -> str:
        """The colour of an ink."""
        colour: str = getattr(self, ink.value)
        return colour


LIGHT = Tokens(
    scheme=Scheme.LIGHT,
    window="#F3F1ED",
    surface="#FCFBF9",
    raised="#FFFFFF",
    sunken="#F4F2EE",
    bubble="#EFECE6",
    hover="#E9E6E0",
    pressed="#DFDBD3",
    selected="#E3DFD7",
    line="#E4E0D9",
    button_line="#CFC9BF",
    line_strong="#8B857B",
    text="#1C1B19",
    text2="#524F49",
    text3="#645F58",
    disabled="#A39E95",
    accent="#1A629E",
    accent_hover="#144F82",
    accent_press="#0F3F69",
    accent_soft="#E1ECF5",
    on_accent="#FFFFFF",
    ok="#1C7045",
    ok_soft="#E2F1E8",
    warn="#855300",
    warn_soft="#FAEFD9",
    bad="#B0261C",
    bad_soft="#FAE7E4",
    mark="#FBE6A0",
    on_mark="#1C1B19",
    code_keyword="#8A3A8C",
    code_string="#1F6B3F",
    code_number="#9A4A12",
    code_name="#1A5C99",
    code_comment="#645F58",
    shadow="#000000",
    shadow_percent=10,
)

DARK = Tokens(
    scheme=Scheme.DARK,
    window="#131518",
    surface="#191B1F",
    raised="#212429",
    sunken="#14161A",
    bubble="#262A30",
    hover="#1F2227",
    pressed="#2B2F36",
    selected="#272B31",
    line="#2B2F36",
    button_line="#3D434C",
    line_strong="#6C737E",
    text="#E9E7E3",
    text2="#B5B7BB",
    text3="#9296A0",
    disabled="#5E646E",
    accent="#7CB7E8",
    accent_hover="#95C6EF",
    accent_press="#B0D5F4",
    accent_soft="#1B3145",
    on_accent="#0A1A28",
    ok="#6FCB98",
    ok_soft="#172E22",
    warn="#E6B765",
    warn_soft="#33290F",
    bad="#F4968C",
    bad_soft="#3B1D1A",
    mark="#5C4B12",
    on_mark="#FFF4C9",
    code_keyword="#D6A3DC",
    code_string="#8FCDA5",
    code_number="#E6AE7C",
    code_name="#8CC0EC",
    code_comment="#9296A0",
    shadow="#000000",
    shadow_percent=43,
)

# Ground and text of a classification, the same in light and dark: it is known by its colour.
BANNERS: Mapping[BannerColour, tuple[str, str]] = {
    BannerColour.GREY: ("#5B5F66", "#FFFFFF"),
    BannerColour.BLUE: ("#0B4EA2", "#FFFFFF"),
    BannerColour.PURPLE: ("#5B2D8E", "#FFFFFF"),
    BannerColour.RED: ("#B0261C", "#FFFFFF"),
    BannerColour.ORANGE: ("#F28C28", "#1C1B19"),
    BannerColour.YELLOW: ("#FFD84D", "#1C1B19"),
}
