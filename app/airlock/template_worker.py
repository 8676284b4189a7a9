"""The template role: renders chat templates, which come with model files, within limits.

For: `template_process.py`, which starts it and talks to it over two pipes. Imports neither
Qt nor torch. On top of the chat process's lock it seals itself: from then on it can
compute, read its pipe and answer, and the kernel refuses everything else (opening a file,
starting anything, every socket).

It ends when its input does, so it never outlives the chat process; and a job that runs on
after the chat process has died is ended by the system's alarm clock.
"""

from __future__ import annotations

import codecs
import importlib
import io
import os
import signal
import sys
import time
from typing import BinaryIO, Protocol, cast

from app.airlock import hardening, lock, seccomp
from app.airlock.report import LockState
from app.airlock.rules import SEALED_CALLS, sealed_filter
from app.airlock.syscalls import this_architecture

MEMORY_LIMIT_BYTES = 512 * 2**20
# Twice what the parent allows: it only counts when the parent is no longer there.
ALARM_S = 2.0
SEALED, UNSEALED = b"sealed", b"unsealed"
_DESCRIPTOR_LIMIT = 16
_FAILED = 1
# Seen with Jinja 3.1: its traceback code, the decoder of string literals, date formats.
_LOADED_LATE = ("jinja2.debug", "pprint", "random", "_strptime", "unicodedata")
_CODECS = ("unicode-escape", "utf-8", "ascii", "latin-1", "idna")
_WARM_UP_TEMPLATES = (
    "{% for m in messages %}{{ m['role'] ~ ': ' ~ m.content | trim | tojson }}{% endfor %}",
    "{{ strftime_now('%Y-%m-%d') }}",
    "{{ raise_exception('no') }}",
    "{{ nothing.at_all }}",
    "{% wrong %}",
)


def main() -> int:
    """Get ready, say so in a first frame, and serve until the input ends."""
    hardening.harden()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the chat process's affair
    reader, writer = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing but frames may travel on the pipe
    # Late, so that their memory counts against no limit that is not set yet.
    from inference.prompt.wire import write_frame
    from inference.prompt.worker import serve

    warm_up()
    _silence()
    _limit()
    is_sealed = seal()
    if is_sealed and lock.verify().state is not LockState.ENFORCED:
        return _FAILED
    write_frame(writer, SEALED if is_sealed else UNSEALED)
    serve(cast(BinaryIO, AlarmedReader(reader)), writer)
    return 0


def seal() -> bool:
    """Refuse every system call but those of computing; False where the system can't."""
    architecture = this_architecture()
    if architecture is None or not seccomp.is_available(architecture):
        return False
    seccomp.install(sealed_filter(SEALED_CALLS, architecture), architecture)
    return True


def _silence() -> None:
    """From here on a traceback could show words of a chat in the terminal."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.__stderr__.fileno() if sys.__stderr__ else 2)
    os.close(nowhere)


def warm_up() -> None:
    """Load what Python and Jinja load late, because nothing can be opened once sealed."""
    from inference.prompt.rendered import TemplateJob
    from inference.prompt.wire import encode_job, write_frame
    from inference.prompt.worker import serve
    from inference.request import Message

    for name in _LOADED_LATE:
        importlib.import_module(name)
    for name in _CODECS:
        codecs.lookup(name)
    jobs = io.BytesIO()
    for source in _WARM_UP_TEMPLATES:
        write_frame(jobs, encode_job(TemplateJob(source, (Message("user", "text"),))))
    jobs.seek(0)
    serve(jobs, io.BytesIO())


class _Readable(Protocol):
    def read(self, size_bytes: int, /) -> bytes:
        """Up to that many bytes, none at the end."""


class AlarmedReader:
    """Reads without a limit on waiting, and sets the alarm clock while a job is worked on."""

    def __init__(self, reader: _Readable) -> None:
        self._reader = reader

    def read(self, size_bytes: int) -> bytes:
        """As the reader's own; the clock runs from each return to the next call."""
        _set_alarm(0.0)
        data = self._reader.read(size_bytes)
        _set_alarm(ALARM_S)
        return data


def _set_alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit() -> None:
    """Memory, descriptors, no files; the time zone is read now, as no file opens later."""
    os.environ.setdefault("TZ", ":/etc/localtime")
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        import resource
    except ImportError:
        return  # Windows: the parent's time limit and the sandbox's own limits remain
    for kind, limit in (
        (resource.RLIMIT_AS, MEMORY_LIMIT_BYTES),
        (resource.RLIMIT_NOFILE, _DESCRIPTOR_LIMIT),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))
