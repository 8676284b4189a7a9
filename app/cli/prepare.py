"""`models prepare` and `models verify`: a model laid out for this program, and whether it is
still as it was written.

Ctrl-C stops and keeps what is done; the next start goes on from there.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType

from app import paths
from app.cli.terminal import note, plain, show, show_json
from app.library.models import ModelChoice, resolve
from inference.errors import PreparationCancelledError
from inference.prepared.preparing import (
    PreparationProgress,
    Quantizing,
    Watch,
    prepare,
    quantizing_by,
)
from inference.prepared.verifying import verify

LEFT_BY_CTRL_C = 130
_GB = 1e9
_NO_MIX = "none"
_SUFFIX = "-prepared"
_REPORTS_PER_S = 10


def run_prepare(arguments: argparse.Namespace) -> int:
    """Prepare; raises InferenceError, NoSuchModelError, OSError."""
    model = resolve(arguments.path)
    target = Path(arguments.to).expanduser() if arguments.to else _beside_the_others(model)
    meter = _Meter(arguments.json)
    with _stopped_by_ctrl_c() as stop:
        try:
            folder = prepare(
                model.path,
                target.absolute(),
                _quantizing(arguments.mix),
                Watch(meter.tell, stop.is_set),
            )
        except PreparationCancelledError as stopped:
            meter.end()
            note(str(stopped))
            return LEFT_BY_CTRL_C
    meter.end()
    stored_bytes = sum(file.stat().st_size for file in folder.iterdir())
    if arguments.json:
        show_json({"type": "prepared", "path": str(folder), "bytes": stored_bytes})
    else:
        show(f"Prepared: {folder} ({stored_bytes / _GB:,.2f} GB)")
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    """Read all of it; raises CheckpointError by file and tensor, PreparationError, OSError."""
    folder = resolve(arguments.folder).path
    meter = _Meter(arguments.json)
    manifest = verify(
        folder, lambda done, total: meter.tell(PreparationProgress("Verifying", done, total))
    )
    meter.end()
    if arguments.json:
        show_json(
            {"type": "verified", "path": str(folder), "name": manifest.name,
             "bytes": manifest.weights.size}
        )  # fmt: skip
    else:
        size = manifest.weights.size / _GB
        show(f"{manifest.name}: all of it ({size:,.2f} GB) is as it was written.")
    return 0


def _beside_the_others(model: ModelChoice) -> Path:
    return paths.models_dir() / f"{model.name}{_SUFFIX}"


def _quantizing(mix: str) -> Quantizing | None:
    return None if mix == _NO_MIX else quantizing_by(mix)


@contextmanager
def _stopped_by_ctrl_c() -> Iterator[Event]:
    """The first Ctrl-C sets the event, the second one leaves as always."""
    stop = Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class _Meter:
    """How far it is: a line on a terminal's stderr that is written over, or JSON lines."""

    def __init__(self, as_json: bool) -> None:
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
        elif is_new_step:
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
