"""The contract of a KV cache, whatever it holds for a token."""

from __future__ import annotations

from typing import Protocol


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
