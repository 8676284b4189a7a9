"""The contract of a KV cache, and what all of them share.

For: sessions (they truncate and ask for sizes) and attention layers (each kind has its own
`append`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from inference.cache.growing import GrowingBuffer


class KVCache(Protocol):
    """Keys and values (or latents) of the positions read so far, a layer at a time.

    Each kind has its own `append(layer, …)`, which writes rows behind those a layer
    already holds and returns views of all of them.
    """

    @property
    def length(self) -> int:
        """Positions that every layer holds."""

    @property
    def capacity_tokens(self) -> int:
        """Positions that it may hold at most."""

    @property
    def held_bytes(self) -> int:
        """Bytes allocated now."""

    @property
    def bytes_per_token(self) -> int:
        """Bytes that one position takes over all layers."""

    def truncate(self, length: int) -> None:
        """Forget every position from `length` on."""


class BufferedCache:
    """A cache over buffers, of which layers have one or several."""

    def __init__(
        self, buffers: Sequence[GrowingBuffer], capacity_tokens: int, bytes_per_token: int
    ) -> None:
        self._buffers = buffers
        self.capacity_tokens = capacity_tokens
        self.bytes_per_token = bytes_per_token

    @property
    def length(self) -> int:
        """Positions that every layer holds: a cancelled pass leaves the first layers longer
        than the last, until `truncate` makes them equal again."""
        return min(buffer.length for buffer in self._buffers)

    @property
    def held_bytes(self) -> int:
        """Bytes allocated now."""
        return sum(buffer.held_bytes for buffer in self._buffers)

    def truncate(self, length: int) -> None:
        """Forget every position from `length` on; the memory is kept for what comes."""
        for buffer in self._buffers:
            buffer.truncate(length)

    def extend(self, rows: int) -> None:
        """So many rows were written into what `reserve` of every layer gave."""
        for buffer in self._buffers:
            buffer.extend(rows)
