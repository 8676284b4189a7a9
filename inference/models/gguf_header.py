"""GGUF's metadata as a configuration with transformers' names, so that an architecture is
written once.

For: `gguf_dialects` (they translate) and `loading`. Keys as in ggml's docs/gguf.md. Every
key of the architecture is read or refused by name.
"""

from __future__ import annotations

from typing import Protocol

from inference.errors import UnsupportedModelError
from inference.models.base import Shapes
from inference.sentence import ours, said

Value = str | int | float | bool | None | list[str] | list[int] | dict[str, "Value"]


class Metadata(Protocol):
    """What is needed of a GGUF reader; each raises CheckpointError by field."""

    def string(self, key: str, default: str | None = None) -> str:
        """A string field."""

    def integer(self, key: str, default: int | None = None) -> int:
        """An integer field."""

    def number(self, key: str, default: float | None = None) -> float:
        """A number field."""

    def boolean(self, key: str, default: bool | None = None) -> bool:
        """A boolean field."""

    def keys(self) -> frozenset[str]:
        """Every field that is there."""


class Header:
    """The fields below one architecture's name, read one by one; and the tensors' shapes."""

    def __init__(self, metadata: Metadata, architecture: str, shapes: Shapes) -> None:
        self._metadata = metadata
        self._prefix = f"{architecture}."
        self.shapes = shapes
        self._read: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the field is there."""
        return self._prefix + key in self._metadata.keys()  # noqa: SIM118

    def integer(self, key: str, default: int | None = None) -> int:
        """An integer field."""
        return self._metadata.integer(self._note(key), default)

    def number(self, key: str, default: float | None = None) -> float:
        """A number field."""
        return self._metadata.number(self._note(key), default)

    def boolean(self, key: str, default: bool | None = None) -> bool:
        """A boolean field."""
        return self._metadata.boolean(self._note(key), default)

    def string(self, key: str, default: str | None = None) -> str:
        """A string field."""
        return self._metadata.string(self._note(key), default)

    def skip(self, *keys: str) -> None:
        """Fields that say nothing about the arithmetic."""
        for key in keys:
            self._note(key)

    def refuse(self, key: str, reason: str) -> UnsupportedModelError:
        """The error for a field whose value does not run."""
        return UnsupportedModelError(
            said(
                "The field {prefix}{key}: {reason}.",
                prefix=self._prefix,
                key=key,
                reason=ours(reason),
            )
        )

    def finish(self) -> None:
        """Raises UnsupportedModelError for a field of the architecture that nobody read."""
        unread = sorted(
            key for key in self._metadata.keys() - self._read if key.startswith(self._prefix)
        )
        if unread:
            raise UnsupportedModelError(
                said(
                    "The field {field} is not known to this program, so the model might run "
                    "wrong. It was not loaded.",
                    field=unread[0],
                )
            )

    def _note(self, key: str) -> str:
        self._read.add(self._prefix + key)
        return self._prefix + key
