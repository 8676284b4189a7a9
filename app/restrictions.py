"""What an administrator takes from everybody on a machine, or puts before their eyes.

For: `app/policy.py`, which reads the file; the window, the terminal and exports ask here what
holds. None of it is a setting of the user's, so nothing is stored. Free of Qt.

    [restrictions]
    air_gapped = true                  # nothing is ever downloaded
    exports_off = true                 # no chat is written to a file
    updates_off = true                 # the program is not updated or taken back by its user
    allowed_model_sha256 = ["5fe1…"]   # of every file of weights; an empty list opens none
    banner_text = "RESTRICTED"         # above everything, in exports to read, in the terminal
    banner_colour = "blue"             # a BannerColour; grey where it is left out
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.markup.visible import visible

_MOST_BANNER_CHARACTERS = 100
_MOST_READ_CHARACTERS = 1000
_SHA256 = re.compile("[0-9a-f]{64}", re.IGNORECASE)


class BannerColour(StrEnum):
    """No green among them: in this program that says that the system enforced something."""

    GREY = "grey"
    BLUE = "blue"
    PURPLE = "purple"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"


@dataclass(frozen=True)
class Banner:
    """A classification. `words` is what is shown: one line, short, with nothing in it unseen."""

    text: str
    colour: BannerColour = BannerColour.GREY

    @property
    def words(self) -> str:
        """The text as it may be shown anywhere."""
        line = visible(" ".join(self.text[:_MOST_READ_CHARACTERS].split()))
        if len(line) <= _MOST_BANNER_CHARACTERS and len(self.text) <= _MOST_READ_CHARACTERS:
            return line
        return f"{line[: _MOST_BANNER_CHARACTERS - 1]}…"


@dataclass(frozen=True)
class Restrictions:
    """`allowed_models`: SHA-256 in small hex digits; None is every model, an empty set none."""

    air_gapped: bool = False
    exports_off: bool = False
    updates_off: bool = False
    allowed_models: frozenset[str] | None = None
    banner: Banner | None = None


NO_RESTRICTIONS = Restrictions()


def read_restrictions(table: Mapping[str, object]) -> tuple[Restrictions, list[str]]:
    """What a file's table says, and the names of what it says in vain."""
    values: dict[str, object] = {}
    refused = []
    for name, value in table.items():
        try:
            values[name] = _READS[name](value)
        except (KeyError, ValueError):
            refused.append(name)
    text, colour = values.get(_BANNER_TEXT), values.get(_BANNER_COLOUR)
    if colour is not None and text is None:
        refused.append(_BANNER_COLOUR)
    hashes = values.get(_ALLOWED)
    found = Restrictions(
        air_gapped=values.get(_AIR_GAPPED) is True,
        exports_off=values.get(_EXPORTS_OFF) is True,
        updates_off=values.get(_UPDATES_OFF) is True,
        allowed_models=hashes if isinstance(hashes, frozenset) else None,
        banner=_banner(text, colour),
    )
    return found, list(dict.fromkeys(refused))


def strictest(readable: Restrictions = NO_RESTRICTIONS) -> Restrictions:
    """What holds where a policy can't be used: all that can be forbidden is. Models that a list
    allows which can be read stay allowed, and a banner that can be read stays.
    """
    allowed = readable.allowed_models
    return replace(
        readable,
        air_gapped=True,
        exports_off=True,
        updates_off=True,
        allowed_models=frozenset() if allowed is None else allowed,
    )


def _banner(text: object, colour: object) -> Banner | None:
    if not isinstance(text, str):
        return None
    return Banner(text, colour if isinstance(colour, BannerColour) else BannerColour.GREY)


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _hashes(value: object) -> frozenset[str]:
    if not isinstance(value, list):
        raise ValueError("no list")
    for each in value:
        if not isinstance(each, str) or not _SHA256.fullmatch(each):
            raise ValueError("not a SHA-256")
    return frozenset(each.lower() for each in value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("no text")
    return value


def _colour(value: object) -> BannerColour:
    if not isinstance(value, str):
        raise ValueError("no text")
    return BannerColour(value)


_AIR_GAPPED = "air_gapped"
_EXPORTS_OFF = "exports_off"
_UPDATES_OFF = "updates_off"
_ALLOWED = "allowed_model_sha256"
_BANNER_TEXT = "banner_text"
_BANNER_COLOUR = "banner_colour"
_READS: Mapping[str, Callable[[object], object]] = {
    _AIR_GAPPED: _yes_or_no,
    _EXPORTS_OFF: _yes_or_no,
    _UPDATES_OFF: _yes_or_no,
    _ALLOWED: _hashes,
    _BANNER_TEXT: _text,
    _BANNER_COLOUR: _colour,
}
