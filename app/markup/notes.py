"""Footnotes of a message: their numbers, in the order in which the text names them.

For: the rules that read footnotes' marks, and the making of blocks.
"""

from __future__ import annotations

from collections.abc import Container

_DIGITS, _RAISED_DIGITS = "0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED = str.maketrans(_DIGITS, _RAISED_DIGITS)
_LOWERED = str.maketrans(_RAISED_DIGITS, _DIGITS)


class Notes:
    """Which notes there are, and the number of each.

    A text that still grows has its notes at its end, not yet there: then a mark of digits is
    taken for one (`are_expected`).
    """

    def __init__(self, are_expected: bool = False) -> None:
        self.order: list[str] = []
        self.defined: Container[str] = ()
        self._numbers: dict[str, int] = {}
        self._are_expected = are_expected

    def has(self, label: str) -> bool:
        """Whether a mark of this label is a footnote's."""
        return ":" + label in self.defined or (self._are_expected and label.isdigit())

    def number(self, label: str) -> int:
        """Its number, given when it is first named."""
        if label not in self._numbers:
            self.order.append(label)
            self._numbers[label] = len(self.order)
        return self._numbers[label]


def raised(number: int) -> str:
    """A note's marker, such as "¹²"."""
    return str(number).translate(_RAISED)


def lowered(marker: str) -> str:
    """The number of a note by its marker, such as "12"; nothing for another marker."""
    return marker.translate(_LOWERED) if marker and not set(marker) - set(_RAISED_DIGITS) else ""
