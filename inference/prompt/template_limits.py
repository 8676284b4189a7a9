"""What a template may do at most. For `sandbox`. Time and memory are the process's limits.

Each refusal is a TemplateError with a sentence; the numbers are far above what any known
template needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from inference.errors import TemplateError
from inference.sentence import said

SOURCE_LIMIT_BYTES = 256 * 2**10
OUTPUT_LIMIT_CHARACTERS = 4 * 2**20
ITEMS_LIMIT = 1_000_000
# A width, a count or a depth; `range` has its own limit in the sandbox.
NUMBER_LIMIT = 100_000
BITS_LIMIT = 4096
_WIDE_FIELD = re.compile(r"\d{5,}|[%:][^{}]*\*")
# A number from what was typed, made a character, would have lost that it was typed.
_CHARACTER_FIELD = re.compile(r"%[-+ #0\d.]*c|:[^{}]*c\}")


def check_source(source: str) -> None:
    """Refuse a template that is too long."""
    if len(source.encode("utf-8", "surrogatepass")) > SOURCE_LIMIT_BYTES:
        raise TemplateError(
            said(
                "The model's chat template is longer than {most} KB.",
                most=SOURCE_LIMIT_BYTES // 1024,
            )
        )


def check_size(size: int) -> None:
    """Refuse a text that is too long."""
    if size > OUTPUT_LIMIT_CHARACTERS:
        raise TemplateError(
            said(
                "The chat template makes a text of more than {most} million characters.",
                most=OUTPUT_LIMIT_CHARACTERS // 2**20,
            )
        )


def check_numbers(arguments: Iterable[Any]) -> None:
    """Refuse a huge width, count or precision among the arguments of a filter or method."""
    if any(isinstance(a, int | float) and abs(a) > NUMBER_LIMIT for a in arguments):
        raise TemplateError("The chat template asks for a huge number of characters or items.")


def check_format(pattern: str) -> None:
    """Refuse a format string with a huge or variable width, or one that makes characters."""
    if _CHARACTER_FIELD.search(pattern):
        raise TemplateError("The chat template builds characters from numbers.")
    if _WIDE_FIELD.search(pattern):
        raise TemplateError("The chat template formats a number far too wide.")


def check_product(operator: str, left: Any, right: Any) -> None:
    """Refuse `left operator right` where the result would be huge."""
    if operator == "%" and isinstance(left, str):
        check_format(left)
    if operator == "**" and _bits(left) * max(abs(_whole(right)), 1) > BITS_LIMIT:
        raise TemplateError("The chat template computes a number far too large.")
    if operator == "*":
        for value, times in ((left, right), (right, left)):
            if isinstance(value, str):
                check_size(len(value) * max(_whole(times), 0))
            elif isinstance(value, list | tuple):
                _check_items(len(value) * max(_whole(times), 0))
        if _bits(left) + _bits(right) > BITS_LIMIT:
            raise TemplateError("The chat template computes a number far too large.")
    if operator == "+":
        if isinstance(left, str) and isinstance(right, str):
            check_size(len(left) + len(right))
        elif isinstance(left, list | tuple) and isinstance(right, list | tuple):
            _check_items(len(left) + len(right))


def check_replacement(text: str, old: str, new: str) -> None:
    """Refuse a replacement that would make a huge text."""
    check_size(len(text) + str.count(text, old) * len(new))


def _check_items(count: int) -> None:
    if count > ITEMS_LIMIT:
        raise TemplateError("The chat template makes a list that is far too long.")


def _bits(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 64


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 1
