"""The KV cache of a planned decoder: it lives in the plan's memory, in the kernels' layout."""

from __future__ import annotations

from inference.errors import ContextOverflowError
from kernels.cpu.plan import NativePlan, Rows


class PlannedCache:
    """One conversation's plan and the positions that it has read.

    Memory is reserved for the whole capacity and taken page by page as positions are written.
    """

    def __init__(
        self, plan: NativePlan, logits: Rows, capacity_tokens: int, bytes_per_token: int
    ) -> None:
        self.plan = plan
        self.logits = logits
        self.capacity_tokens = capacity_tokens
        self.bytes_per_token = bytes_per_token
        self.length = 0
        self._touched = 0

    @property
    def held_bytes(self) -> int:
        """Bytes of the positions that were ever written."""
        return self._touched * self.bytes_per_token

    def room_for(self, rows: int) -> None:
        """Raises ContextOverflowError where so many more do not fit."""
        if self.length + rows > self.capacity_tokens:
            raise ContextOverflowError(self.length + rows, self.capacity_tokens)

    def extend(self, rows: int) -> None:
        """Behind a pass over so many rows."""
        self.length += rows
        self._touched = max(self._touched, self.length)

    def truncate(self, length: int) -> None:
        """Forget every position from `length` on."""
        if length < 0:
            raise ValueError(f"a cache can't be cut to {length} positions")
        self.length = min(self.length, length)
