"""The probe role: a child process that tries the lock once more and tells its parent.

For: `audit`, which asks whether children inherit the lock, and which cannot try a 32-bit
call itself, because a kernel without such calls ends the process that makes one.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace

from app.airlock import attempts
from app.airlock.command import Role, child_environment, command_for
from app.airlock.report import Attempt, Tried
from app.airlock.syscalls import Architecture, this_architecture
from inference.sentence import ours, said

_QUICK, _FOREIGN = "quick", "foreign"
_TIME_LIMIT_S = 20.0


def main(arguments: list[str]) -> int:
    """Try, and print one attempt a line as JSON."""
    architecture = this_architecture()
    if architecture is None or arguments not in ([_QUICK], [_FOREIGN]):
        sys.stderr.write("pitcher: The probe role is started by `audit` alone.\n")
        return 2
    if arguments == [_FOREIGN]:
        found: tuple[Attempt, ...] = (attempts.try_32_bit_call(),)
    else:
        found = attempts.try_quickly(architecture)
    for attempt in found:
        sys.stdout.write(json.dumps(asdict(attempt)) + "\n")
        sys.stdout.flush()  # whoever waits sees each as it comes
    return 0


def in_a_child(architecture: Architecture) -> Iterator[Attempt]:
    """The quick doors from a child process, and where the processor has them 32-bit calls; each
    as soon as the child tells it.
    """
    child = _Child(_QUICK)
    has_told = False
    for attempt in child.attempts():
        has_told = True
        yield _of_child(attempt)
    if child.code != 0 or not has_told:
        answer = said("not tried: the child left with {code}", code=child.code)
        yield _of_child(
            Attempt(said("every door"), False, answer, where=Tried.IN_A_CHILD),
        )
    if architecture.has_x32:
        yield from _foreign()


def _of_child(attempt: Attempt) -> Attempt:
    return replace(attempt, name=said("in a child: {attempt}", attempt=ours(attempt.name)))


def _foreign() -> Iterator[Attempt]:
    child = _Child(_FOREIGN)
    found = tuple(child.attempts())
    if child.code == -signal.SIGSEGV:
        found = (
            Attempt(
                said("TCP by a 32-bit call"),
                True,
                said("this kernel has no 32-bit calls"),
                where=Tried.IN_A_CHILD,
            ),
        )
    elif child.code != 0 or not found:
        answer = said("not tried: left with {code}", code=child.code)
        found = (Attempt(said("TCP by a 32-bit call"), False, answer, where=Tried.IN_A_CHILD),)
    yield from found


class _Child:
    """One child process. `code` is its exit code once all attempts were told."""

    def __init__(self, what: str) -> None:
        self._what = what
        self.code = -signal.SIGKILL

    def attempts(self) -> Iterator[Attempt]:
        """What it prints, as it comes; a child that hangs is ended."""
        process = subprocess.Popen(
            command_for(Role.PROBE, [self._what]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
        )
        limit = threading.Timer(_TIME_LIMIT_S, process.kill)
        limit.start()
        try:
            with process:
                for line in process.stdout or ():
                    if line.endswith(b"\n"):  # what a crash cut off is told by the exit code
                        yield replace(Attempt(**json.loads(line)), where=Tried.IN_A_CHILD)
            self.code = process.returncode
        finally:
            limit.cancel()
