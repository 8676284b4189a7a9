"""Versions as they are released: which strings are one, and which of two is the later.

For: manifests and names of folders. 0.2.0 comes after 0.2.0rc1, which comes after 0.2.0b2.
"""

from __future__ import annotations

import re

_RELEASED = re.compile(r"(\d{1,5}(?:\.\d{1,5}){1,3})(?:(a|b|rc)(\d{1,5}))?", re.ASCII)
_WHOLE = ("z", 0)  # after every a, b and rc
_NUMBERS = 4


def is_version(text: str) -> bool:
    """Whether it is a version's name, and so a safe name of a folder."""
    return _RELEASED.fullmatch(text) is not None


def order_of(version: str) -> tuple[tuple[int, ...], tuple[str, int]]:
    """What versions are sorted by; ValueError for what is none."""
    found = _RELEASED.fullmatch(version)
    if found is None:
        raise ValueError(version)
    numbers = [int(part) for part in found[1].split(".")]
    numbers += [0] * (_NUMBERS - len(numbers))
    return tuple(numbers), _WHOLE if found[2] is None else (found[2], int(found[3]))
