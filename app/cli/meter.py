"""How far a preparation is, on a terminal or as JSON lines."""

from __future__ import annotations

import sys
import time

from app.cli.terminal import note, plain, show_json
from inference.prepared.preparing import PreparationProgress

_GB = 1e9
_REPORTS_PER_S = 10
# Where nobody watches, what takes seconds is done without a word.
_SHORT_BYTES = 1 << 30


class Meter:
    """How far it is: a line on a terminal's stderr that is written over, or JSON lines."""

    def __init__(self, as_json: bool, *, only_long: bool = False) -> None:
        self._only_long = only_long
        self._as_json = as_json
        self._is_terminal = not as_json and sys.stderr.isatty()
        self._told_at = 0.0
        self._told: PreparationProgress | None = None

    def tell(self, progress: PreparationProgress) -> None:
        """Some times a second at most, and where a step begins or all is done."""
        now = time.monotonic()
        is_new_step = self._told is None or self._told.step != progress.step
        is_due = now - self._told_at >= 1 / _REPORTS_PER_S
        if not (is_new_step or is_due or progress.done_bytes == progress.total_bytes):
            return
        self._told_at, self._told = now, progress
        if self._as_json:
            show_json(
                {"type": "progress", "step": progress.step, "done_bytes": progress.done_bytes,
                 "total_bytes": progress.total_bytes}
            )  # fmt: skip
        elif self._is_terminal:
            print(f"\r\x1b[K{plain(_line(progress))}", end="", file=sys.stderr, flush=True)
        elif is_new_step and not (self._only_long and progress.total_bytes < _SHORT_BYTES):
            note(_line(progress))

    def end(self) -> None:
        """Leave the line that was written over."""
        if self._is_terminal and self._told is not None:
            print(file=sys.stderr, flush=True)


def _line(progress: PreparationProgress) -> str:
    share = progress.done_bytes / max(1, progress.total_bytes)
    return (
        f"{progress.step}: {share:.0%} "
        f"({progress.done_bytes / _GB:,.2f} of {progress.total_bytes / _GB:,.2f} GB)"
    )
