"""Checks that every architecture makes on a configuration before anything is built on it."""

from __future__ import annotations

from inference.errors import UnsupportedModelError
from inference.models.base import Configuration


def bounded(
    config: Configuration, key: str, least: int, most: int, default: int | None = None
) -> int:
    """An integer field within [least, most]; raises UnsupportedModelError by name."""
    value = config.integer(key, default)
    if not least <= value <= most:
        raise UnsupportedModelError(f"{key} is {value}; this program runs {least} to {most}.")
    return value


def divides(key: str, divisor: int, value: int) -> None:
    """`divisor` divides `value`; raises UnsupportedModelError naming `key`."""
    if value % divisor:
        raise UnsupportedModelError(f"{key}: {divisor} does not divide {value}.")
