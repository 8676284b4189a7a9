"""What every sealed worker does before it takes its first job, and while it has one.

For: `template_worker`, `formula_worker` and `markup_worker`, which compute with what strangers
wrote. Imports neither Qt nor torch. On top of the chat process's lock such a worker seals itself:
from then on it can compute, read its pipe and answer, and the kernel refuses everything else
(opening a file, starting anything, every socket).

It ends when its input does, so it never outlives the chat process; and a job that runs on
after the chat process has died is ended by the system's alarm clock.
"""

from __future__ import annotations

import codecs
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from typing import BinaryIO, Protocol, cast

from app.airlock import hardening, lock, seccomp
from app.airlock.report import LockState
from app.airlock.rules import SEALED_CALLS, sealed_filter
from app.airlock.syscalls import this_architecture

MEMORY_LIMIT_BYTES = 512 * 2**20
SEALED, UNSEALED = b"sealed", b"unsealed"
_CODECS = ("unicode-escape", "utf-8", "ascii", "latin-1", "idna")
_DESCRIPTOR_LIMIT = 16
_NICE = 5
_FAILED = 1


def run(
    warm_up: Callable[[], None], serve: Callable[[BinaryIO, BinaryIO], None], alarm_s: float
) -> int:
    """Get ready, say so in a first frame, and serve until the input ends. `warm_up` loads what is
    loaded late, because nothing can be opened once sealed; `alarm_s` is the most for one job, and
    only counts when the parent, which allows less, is no longer there.
    """
    hardening.harden()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the chat process's affair
    reader, writer = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing but frames may travel on the pipe
    # Late, so that its memory counts against no limit that is not set yet.
    from inference.prompt.wire import write_frame

    warm_up()
    _silence()
    limit()
    is_sealed = seal()
    if is_sealed and lock.verify().state is not LockState.ENFORCED:
        return _FAILED
    write_frame(writer, SEALED if is_sealed else UNSEALED)
    serve(cast(BinaryIO, AlarmedReader(reader, alarm_s)), writer)
    return 0


def load(modules: Iterable[str]) -> None:
    """What Python and libraries would load at their first use: `modules`, and the codecs."""
    for name in modules:
        importlib.import_module(name)
    for name in _CODECS:
        codecs.lookup(name)


def step_back() -> None:
    """Let the window, which shows what a worker makes, have the processor first."""
    if hasattr(os, "nice"):
        os.nice(_NICE)


def seal() -> bool:
    """Refuse every system call but those of computing; False where the system can't."""
    architecture = this_architecture()
    if architecture is None or not seccomp.is_available(architecture):
        return False
    seccomp.install(sealed_filter(SEALED_CALLS, architecture), architecture)
    return True


def limit() -> None:
    """Memory, descriptors, no files; the time zone is read now, as no file opens later."""
    os.environ.setdefault("TZ", ":/etc/localtime")
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        import resource
    except ImportError:
        return  # Windows: the parent's time limit and the sandbox's own limits remain
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_LIMIT_BYTES),
        (resource.RLIMIT_NOFILE, _DESCRIPTOR_LIMIT),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _silence() -> None:
    """From here on a traceback could show words of a chat in the terminal."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.__stderr__.fileno() if sys.__stderr__ else 2)
    os.close(nowhere)


class _Readable(Protocol):
    def read(self, size_bytes: int, /) -> bytes:
        """Up to that many bytes, none at the end."""


class AlarmedReader:
    """Reads without a limit on waiting, and sets the alarm clock while a job is worked on."""

    def __init__(self, reader: _Readable, alarm_s: float) -> None:
        self._reader = reader
        self._alarm_s = alarm_s

    def read(self, size_bytes: int) -> bytes:
        """As the reader's own; the clock runs from each return to the next call."""
        _set_alarm(0.0)
        data = self._reader.read(size_bytes)
        _set_alarm(self._alarm_s)
        return data


def _set_alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
