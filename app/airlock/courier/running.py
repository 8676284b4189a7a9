"""A courier's process, as the launcher holds it: started under its lock, asked, ended.

For: `desk`. Pipes as with the chat process: requests to it, reports from it, and its requests end
when the launcher does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from app.airlock.courier.errors import NotConfinedError
from app.airlock.courier.lockdown import CourierLock
from app.airlock.courier.messages import Request, encode_request
from inference.sentence import ours, said

REQUESTS_VARIABLE = "PITCHER_COURIER_REQUESTS"
REPORTS_VARIABLE = "PITCHER_COURIER_REPORTS"
_READ_BYTES = 4096


@dataclass
class RunningCourier:
    """Alive, until `ended` was called. `ends` is readable once it has ended."""

    process: subprocess.Popen[bytes]
    requests: int
    reports: int
    ends: int

    def ask(self, request: Request) -> bool:
        """Pass a request on; False where it does not take it, as one that does not read."""
        try:
            os.write(self.requests, encode_request(request))
        except OSError:
            return False
        return True

    def read(self) -> bytes | None:
        """What it told; None where nothing is there now, empty where nothing comes any more."""
        try:
            return os.read(self.reports, _READ_BYTES)
        except BlockingIOError:
            return None

    def kill(self) -> None:
        """End it at once: what it has fetched lies safe on the disk."""
        with suppress(ProcessLookupError):
            self.process.kill()

    def ended(self) -> int:
        """Reap it and let go of its pipes; its exit code."""
        for descriptor in (self.requests, self.reports, self.ends):
            os.close(descriptor)
        return self.process.wait()


def start_courier(
    command: Sequence[str], environment: Mapping[str, str], lock: CourierLock
) -> RunningCourier:
    """Start it under `lock`. Raises NotConfinedError where it can't be started so."""
    with ExitStack() as undo:
        theirs_in, ours_out = _pipe(undo)
        ours_in, theirs_out = _pipe(undo)
        named = {REQUESTS_VARIABLE: str(theirs_in), REPORTS_VARIABLE: str(theirs_out)}
        process = _popen(command, {**environment, **named}, (theirs_in, theirs_out), lock.engage)
        undo.callback(process.wait)
        undo.callback(process.kill)
        try:
            ends = os.pidfd_open(process.pid)
        except OSError as error:
            raise NotConfinedError(_not_started(error)) from error
        undo.pop_all()
    for descriptor in (theirs_in, theirs_out):
        os.close(descriptor)
    for descriptor in (ours_in, ours_out):
        os.set_blocking(descriptor, False)
    return RunningCourier(process, ours_out, ours_in, ends)


def _pipe(undo: ExitStack) -> tuple[int, int]:
    ends = os.pipe()
    for end in ends:
        undo.callback(os.close, end)
    return ends


def _popen(
    command: Sequence[str],
    environment: Mapping[str, str],
    descriptors: tuple[int, ...],
    engage: Callable[[], None],
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=sys.stderr.fileno(),
            pass_fds=descriptors,
            cwd="/",
            # The launcher has one thread, so this is safe, and its lock comes before the
            # program's first instruction.
            preexec_fn=engage,  # noqa: PLW1509
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NotConfinedError(_not_started(error)) from error


def _not_started(error: Exception) -> str:
    return said(
        "The process that downloads could not be started under its lock ({why}).",
        why=ours(str(error)),
    )
