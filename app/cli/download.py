"""`models download`: what the courier does, told on the terminal; then the model is prepared.

The courier itself asks, on the same terminal: nothing is written here while it does. Ctrl-C stops
it, and what has arrived is kept; the next start goes on from there.
"""

from __future__ import annotations

import argparse
import sys
import time
from threading import Event

from app import paths
from app.airlock.courier.door import NO_WAY, CourierDoor, take_courier_door
from app.airlock.courier.errors import WireError
from app.airlock.courier.messages import (
    Answered,
    Asked,
    Cancel,
    Ended,
    Outcome,
    Progress,
    Propose,
    Refused,
    Report,
    SpeedLimit,
)
from app.airlock.download.progress import State, Step
from app.airlock.download.unfinished import unfinished
from app.cli import prepare
from app.cli.failure import CommandError
from app.cli.services import prepared_path
from app.cli.stopping import LEFT_BY_CTRL_C, stopped_by_ctrl_c
from app.cli.terminal import note, plain, show, show_json
from app.library import chosen_mixes
from app.library.catalogue import NoSuchEntryError, entry, find
from app.library.errors import ChecksError
from app.library.mixes import Mix
from inference.request import Compute

_GB, _MB = 1e9, 1e6
_S_PER_MINUTE = 60
_WAIT_S = 0.2
_TELL_EVERY_S = 1.0
_STEPS = {Step.CHECK: "Checking", Step.FETCH: "Downloading", Step.VERIFY: "Verifying"}
_LISTING = "Asking for the list of files"


def run_download(arguments: argparse.Namespace) -> int:
    """Fetch, then prepare; raises CommandError, InferenceError, OSError."""
    door = take_courier_door()
    if door is None:
        raise CommandError(NO_WAY)
    proposal = _proposal(arguments.model)
    arguments.mix = _mix(proposal, arguments.mix)
    with stopped_by_ctrl_c() as stop:
        teller = _Teller(arguments.json)
        door.ask(proposal)
        if arguments.speed_limit:
            door.ask(SpeedLimit(arguments.speed_limit))
        end = _followed(door, teller, stop)
        door.close()
    if end.outcome is not Outcome.COMPLETE:
        return _unfinished(end, stopped=stop.is_set())
    _tell_downloaded(end.name, arguments.json)
    return 0 if arguments.no_prepare else _prepared(end.name, arguments)


def _proposal(words: str) -> Propose:
    """A model of the catalogue by its number, or a repository by its name. Raises CommandError."""
    try:
        return Propose(number=find(words).number)
    except NoSuchEntryError as unknown:
        if "/" not in words:
            raise CommandError(unknown) from unknown
    try:
        return Propose(repository=words)
    except WireError as error:
        raise CommandError(error) from error


def _mix(proposal: Propose, asked: str | None) -> str:
    """What it is prepared with: as asked, else as was chosen when it was begun, here or in the
    window. It is kept for the next time.
    """
    repository = proposal.repository or entry(proposal.number or 0).repository
    begun = chosen_mixes.begun_with(unfinished(paths.models_dir()))
    mix = Mix(asked) if asked is not None else begun.get(repository.casefold(), Mix.Q4)
    try:
        chosen_mixes.keep(repository, mix)
    except ChecksError as error:
        note(str(error))
    return mix.value


def _followed(door: CourierDoor, teller: _Teller, stop: Event) -> Ended:
    """How it ended. Raises CommandError where nothing was begun."""
    is_cancelled = False
    while True:
        if stop.is_set() and not is_cancelled:
            is_cancelled = True
            door.ask(Cancel())
        if not door.wait(_WAIT_S):
            continue
        for report in door.read():
            if isinstance(report, Ended):
                teller.end()
                return report
            if isinstance(report, Refused):
                raise CommandError(report.why)
            teller.tell(report)
        if door.reports is None:
            raise CommandError(NO_WAY)


def _unfinished(end: Ended, *, stopped: bool) -> int:
    if end.outcome is Outcome.CANCELLED or stopped:
        note(str(end.why))
        return LEFT_BY_CTRL_C
    raise CommandError(end.why)


def _tell_downloaded(name: str, as_json: bool) -> None:
    folder = paths.models_dir() / name
    if as_json:
        show_json({"type": "downloaded", "path": str(folder), "name": name})
    else:
        show(f"Downloaded and verified: {folder}")


def _prepared(name: str, arguments: argparse.Namespace) -> int:
    """Lay it out for this program, as chatting would, and say how to chat with it."""
    folder = paths.models_dir() / name
    if any(folder.glob("*.gguf")):  # value for value, beside the other copies
        path = prepared_path(folder, Compute.FAST)
        if arguments.json:
            show_json({"type": "prepared", "path": str(path)})
        chat_name = name
    else:
        made = argparse.Namespace(path=str(folder), to=None, mix=arguments.mix, json=arguments.json)
        code = prepare.run_prepare(made)
        if code:
            return code
        chat_name = f"{name}{prepare.SUFFIX}"
    if not arguments.json:
        show(f"Chat with it: chat --model {chat_name}")
    return 0


class _Teller:
    """What the courier does: a line that is written over on a terminal, or JSON lines."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._is_terminal = not as_json and sys.stderr.isatty()
        self._is_open = False
        self._told: tuple[str, str] = ("", "")
        self._told_at_s = 0.0

    def tell(self, report: Report) -> None:
        """Each step, and in between how far it is."""
        if isinstance(report, Progress):
            self._progress(report)
        elif self._as_json and isinstance(report, Asked):
            show_json({"type": "asked", "consent": report.consent.value})
        elif self._as_json and isinstance(report, Answered):
            show_json(
                {"type": "answered", "consent": report.consent.value, "yes": report.is_yes,
                 "repository": report.repository, "files": report.files,
                 "bytes": report.total_bytes}
            )  # fmt: skip
        elif isinstance(report, Asked):
            self.end()

    def end(self) -> None:
        """Leave the line that was written over: others write now."""
        if self._is_open:
            print(file=sys.stderr, flush=True)
        self._is_open = False

    def _progress(self, progress: Progress) -> None:
        told = (progress.step.value, f"{progress.state.value} {progress.why}")
        now_s = time.monotonic()
        is_new = told != self._told
        if not is_new and not self._is_terminal and now_s - self._told_at_s < _TELL_EVERY_S:
            return
        self._told, self._told_at_s = told, now_s
        if self._as_json:
            show_json(
                {"type": "progress", "step": progress.step.value, "state": progress.state.value,
                 "done_bytes": progress.done_bytes, "total_bytes": progress.total_bytes,
                 "bytes_per_s": progress.bytes_per_s, "why": str(progress.why)}
            )  # fmt: skip
        elif self._is_terminal:
            self._is_open = True
            line = plain(_line(progress), keep_lines=False)
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        elif is_new:
            note(_line(progress))


def _line(progress: Progress) -> str:
    """`Downloading: 34% (1.20 of 3.50 GB), 12.3 MB/s, 3 min left`."""
    if not progress.total_bytes:
        return f"{_LISTING}…" if progress.step is Step.CHECK else _STEPS[progress.step]
    share = min(1.0, progress.done_bytes / progress.total_bytes)
    words = (
        f"{_STEPS[progress.step]}: {share:.0%} ({progress.done_bytes / _GB:,.2f} of "
        f"{progress.total_bytes / _GB:,.2f} GB)"
    )
    if progress.state is State.PAUSED:
        return f"{words}, paused. {progress.why}".rstrip()
    if progress.state is State.WAITING:
        return f"{words}, waiting. {progress.why}".rstrip()
    if progress.step is Step.FETCH and progress.bytes_per_s:
        left_s = (progress.total_bytes - progress.done_bytes) / progress.bytes_per_s
        words += f", {progress.bytes_per_s / _MB:,.1f} MB/s, {_time(left_s)} left"
    return words


def _time(seconds: float) -> str:
    if seconds < _S_PER_MINUTE:
        return f"{seconds:.0f} s"
    minutes = round(seconds / _S_PER_MINUTE)
    return f"{minutes} min" if minutes < _S_PER_MINUTE else f"{minutes // 60} h {minutes % 60} min"
