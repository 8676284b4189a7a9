"""The probe role: a child process that tries the lock once more and tells its parent.

For: `audit`, which asks whether children inherit the lock, and which cannot try a 32-bit
call itself, because a kernel without such calls ends the process that makes one.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import asdict, replace

from app.airlock import attempts
from app.airlock.command import Role, child_environment, command_for
from app.airlock.report import Attempt
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
    return 0


def in_a_child(architecture: Architecture) -> tuple[Attempt, ...]:
    """The quick doors from a child process, and where the processor has them 32-bit calls."""
    code, found = _run(_QUICK)
    if code != 0 or not found:
        found = (
            Attempt(
                said("every door"), False, said("not tried: the child left with {code}", code=code)
            ),
        )
    tried = tuple(
        replace(attempt, name=said("in a child: {attempt}", attempt=ours(attempt.name)))
        for attempt in found
    )
    return (*tried, *_foreign()) if architecture.has_x32 else tried


def _foreign() -> tuple[Attempt, ...]:
    code, found = _run(_FOREIGN)
    if code == -signal.SIGSEGV:
        return (
            Attempt(said("TCP by a 32-bit call"), True, said("this kernel has no 32-bit calls")),
        )
    return found or (
        Attempt(
            said("TCP by a 32-bit call"), False, said("not tried: left with {code}", code=code)
        ),
    )


def _run(what: str) -> tuple[int, tuple[Attempt, ...]]:
    """The child's exit code, and what it printed."""
    try:
        ended = subprocess.run(
            command_for(Role.PROBE, [what]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=child_environment(),
            timeout=_TIME_LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL, ()
    lines = ended.stdout.decode(errors="replace").splitlines()
    return ended.returncode, tuple(Attempt(**json.loads(line)) for line in lines)
