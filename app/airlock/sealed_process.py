"""The chat process's hold on a sealed worker: start, ask, limit, restart, end.

For: `template_process`, `formula_process` and `markup_process`. Safe to use from several threads;
one job at a time.
Not here: what a job is, and what a frame looks like.

A worker that fails is told as one of

    WorkerError
    ├── WorkerUnavailableError   it is closed, can't be started, or says nothing
    └── WorkerLostError          it died at a job, or was stopped when its time was over
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import IO, BinaryIO, cast

from app.airlock.command import child_environment
from app.airlock.sealed_worker import SEALED, UNSEALED
from inference.errors import TemplateError
from inference.prompt.wire import read_frame, write_frame
from inference.sentence import said

_START_LIMIT_S = 20.0  # 0.1 to 0.5 s is usual; a machine that swaps takes its time
_END_LIMIT_S = 0.5
_HELLO_LIMIT_BYTES = 64
_SLICE_S = 0.05  # of the watchdog's time


class WorkerError(Exception):
    """A sealed worker can't do a job; the message is a sentence."""


class WorkerUnavailableError(WorkerError):
    """There is no worker to ask."""


class WorkerLostError(WorkerError):
    """A job ended the worker; `replies` came before that. The next job finds another worker."""

    def __init__(self, replies: list[bytes], *, was_stopped: bool) -> None:
        super().__init__("A worker was stopped." if was_stopped else "A worker died.")
        self.replies = replies
        self.was_stopped = was_stopped


class SealedProcess:
    """A sealed worker, alive or to be started. `time_limit_s`: the longest for one job."""

    def __init__(self, command: Sequence[str], time_limit_s: float) -> None:
        self._command = list(command)
        self._time_limit_s = time_limit_s
        self._one_job = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._hello = b""
        self._is_closed = False

    def start(self) -> None:
        """Start the worker without waiting for it; raises WorkerUnavailableError."""
        with self._one_job:
            self._start()

    def ask(self, payload: bytes, reply_limit_bytes: int, count: int = 1) -> list[bytes]:
        """The replies to one job, `count` of them; raises WorkerError."""
        return self.ask_until(payload, reply_limit_bytes, lambda replies: len(replies) >= count)

    def ask_until(
        self, payload: bytes, reply_limit_bytes: int, is_over: Callable[[Sequence[bytes]], bool]
    ) -> list[bytes]:
        """The replies to one job, of which `is_over` says after each whether it was the last; what
        it raises ends the worker. Raises WorkerError.
        """
        with self._one_job:
            try:
                self._wait_until_ready()
                return self._ask(payload, reply_limit_bytes, is_over)
            except WorkerError:
                raise
            except BaseException:  # Ctrl-C: half a conversation with the worker is none
                self._end()
                raise

    def is_sealed(self) -> bool:
        """Whether the worker says that the system refuses it all but computing."""
        with self._one_job:
            self._wait_until_ready()
            return self._hello == SEALED

    def process_id(self) -> int | None:
        """The living worker's process id."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def interrupt(self) -> None:
        """End the worker, from any thread: a job that it has fails with WorkerError. The next one
        finds another worker.
        """
        if self._one_job.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._one_job.release()
        elif (process := self._process) is not None:
            process.kill()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_END_LIMIT_S)  # a job that begins just now finds it gone

    def close(self) -> None:
        """End the worker, for good."""
        with self._one_job:
            self._is_closed = True
            if self._process is not None and self._process.stdin is not None:
                with suppress(OSError):
                    self._process.stdin.close()  # it ends by itself, in order
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(_END_LIMIT_S)
            self._end()

    def _start(self) -> None:
        if self._is_closed:
            raise WorkerUnavailableError(said("The worker has been closed."))
        if self._process is not None:
            if self._process.poll() is None:
                return
            self._end()
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=child_environment(),
                # Out of the terminal's reach: Ctrl-C stops an answer, not the worker.
                start_new_session=True,
            )
        except OSError as error:
            raise WorkerUnavailableError(
                said("The worker could not be started: {error}.", error=error)
            ) from error

    def _wait_until_ready(self) -> None:
        self._start()
        if self._hello:
            return
        with _Watchdog(self._living(), _START_LIMIT_S):
            hello = _receive(self._living(), _HELLO_LIMIT_BYTES)
        if hello not in (SEALED, UNSEALED):
            self._end()
            raise WorkerUnavailableError(said("The worker did not start."))
        self._hello = hello

    def _ask(
        self, payload: bytes, reply_limit_bytes: int, is_over: Callable[[Sequence[bytes]], bool]
    ) -> list[bytes]:
        process = self._living()
        replies: list[bytes] = []
        with _Watchdog(process, self._time_limit_s) as watchdog:
            reply = b"" if _send(process, payload) else None
            while reply is not None and not (replies and is_over(replies)):
                reply = _receive(process, reply_limit_bytes)
                if reply is not None:
                    replies.append(reply)
        if reply is None or watchdog.has_bitten:
            self._end()
            self._start()  # the next job finds it ready
            raise WorkerLostError(replies, was_stopped=watchdog.has_bitten)
        return replies

    def _living(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process

    def _end(self) -> None:
        process, self._process, self._hello = self._process, None, b""
        if process is None:
            return
        process.kill()  # it holds nothing that could be lost
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what is left in the buffer has no reader
                    pipe.close()


class _Watchdog:
    """Kills the worker after a time: reading from it then ends, on every system.

    Time in which the whole program stood still (a computer asleep, a stopped process tree) does
    not count: the worker could do nothing in it.
    """

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self._process = process
        self._left_s = seconds
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._count_down, name="watchdog", daemon=True)
        self.has_bitten = False

    def __enter__(self) -> _Watchdog:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _count_down(self) -> None:
        while self._left_s > 0:
            before_s = time.monotonic()
            if self._is_over.wait(min(self._left_s, _SLICE_S)):
                return
            self._left_s -= min(time.monotonic() - before_s, 2 * _SLICE_S)
        self.has_bitten = True
        self._process.kill()


def _send(process: subprocess.Popen[bytes], payload: bytes) -> bool:
    """Whether the worker took it."""
    try:
        write_frame(_open(process.stdin), payload)
    except OSError:
        return False
    return True


def _receive(process: subprocess.Popen[bytes], limit_bytes: int) -> bytes | None:
    """The worker's next frame; None where it died, or said what a worker never says."""
    try:
        return read_frame(_open(process.stdout), limit_bytes)
    except (OSError, TemplateError):
        return None


def _open(pipe: IO[bytes] | None) -> BinaryIO:
    assert pipe is not None
    return cast(BinaryIO, pipe)
