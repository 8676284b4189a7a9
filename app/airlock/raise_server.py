"""The launcher's ear for other starts, while it waits for the chat process.

For: `single_instance.py`. One thread, one loop, and nothing that a peer does can hold it:
    whose            the kernel names the peer's user; another user's connection is closed
    what             the two requests of `raise_request.py`; whatever else begins is closed
    how long         a connection has a second, and never more than eight are kept: a ninth
                     takes the place of the oldest
Not here: who starts what, and what becomes of a request in the window.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from app.airlock.raise_pipe import RaisePipe
from app.airlock.raise_request import MOST_BYTES, REQUEST, files_of, may_become_one

__all__ = ["REPLY", "REQUEST", "Attendant", "RaiseServer", "peer_user_id"]

REPLY = b"raised\n"
_MOST_CONNECTIONS = 8
_CONNECTION_LIMIT_S = 1.0
_LOOK_EVERY_S = 0.5  # for the child's end, where the kernel can't tell of it
_PAUSE_S = 0.05  # after a failure to accept: the next one would fail at once
_CREDENTIALS = struct.Struct("iII")  # struct ucred: process, user, group (unix(7))


def peer_user_id(connection: socket.socket) -> int:
    """The user at the other end, by the kernel's word; raises OSError."""
    answer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(answer)[1])


class Attendant(Protocol):
    """Who else has descriptors that the launcher's one loop waits for."""

    def attend(self, poll: select.poll) -> None:
        """Have `poll` watch them."""
        ...

    def hear(self, number: int) -> bool:
        """Deal with a descriptor that is ready; False where it is none of theirs."""
        ...


@dataclass
class _Connection:
    socket: socket.socket
    ends_at_s: float
    received: bytes = b""


class RaiseServer:
    """Takes requests from `listener`, which never blocks, and hands them to `pipe`."""

    def __init__(
        self,
        listener: socket.socket,
        pipe: RaisePipe,
        user_of: Callable[[socket.socket], int] = peer_user_id,
    ) -> None:
        self._listener = listener
        self._pipe = pipe
        self._user_of = user_of
        self._connections: dict[int, _Connection] = {}  # the oldest first
        self._poll = select.poll()
        self._beside: Attendant | None = None

    def serve(self, process: subprocess.Popen[bytes], beside: Attendant | None = None) -> None:
        """Answer until `process` has ended, or takes no requests any more."""
        self._beside = beside
        if beside is not None:
            beside.attend(self._poll)
        self._poll.register(self._listener, select.POLLIN)
        self._poll.register(self._pipe.writer, 0)  # its error is always told: no reader is left
        try:
            with _watched(process, self._poll) as ends:
                last = {self._pipe.writer, ends}
                while process.poll() is None and self._turn(last, is_watched=ends is not None):
                    self._drop_late()
        finally:
            for number in tuple(self._connections):
                self._drop(number)

    def _turn(self, last: set[int | None], *, is_watched: bool) -> bool:
        """Wait for what comes next and deal with it; False at one of the `last` events."""
        told = [number for number, _event in self._poll.poll(self._patience_ms(is_watched))]
        if not last.isdisjoint(told):
            return False
        listener = self._listener.fileno()
        # Who is new comes last: requests are heard in the order in which they were made.
        for number in sorted(told, key=listener.__eq__):
            if number == listener:
                self._accept()
            elif number in self._connections:
                self._read(number)
            elif self._beside is not None:
                self._beside.hear(number)
        return True

    def _patience_ms(self, is_watched: bool) -> float | None:
        waits_s = [] if is_watched else [_LOOK_EVERY_S]
        if self._connections:
            oldest = next(iter(self._connections.values()))
            waits_s.append(max(0.0, oldest.ends_at_s - time.monotonic()))
        return min(waits_s) * 1000 + 1 if waits_s else None

    def _accept(self) -> None:
        try:
            accepted, _address = self._listener.accept()
        except BlockingIOError:
            return  # it has gone again
        except OSError:
            time.sleep(_PAUSE_S)
            return
        accepted.setblocking(False)
        number = accepted.fileno()
        self._connections[number] = _Connection(accepted, time.monotonic() + _CONNECTION_LIMIT_S)
        self._poll.register(number, select.POLLIN)
        if not self._is_ours(accepted):
            self._drop(number)
            return
        self._read(number)  # who speaks at once is heard before it could be crowded out
        if len(self._connections) > _MOST_CONNECTIONS:
            self._drop(next(iter(self._connections)))

    def _is_ours(self, accepted: socket.socket) -> bool:
        try:
            return self._user_of(accepted) == os.geteuid()
        except OSError:
            return False

    def _read(self, number: int) -> None:
        connection = self._connections[number]
        try:
            piece = connection.socket.recv(MOST_BYTES + 1 - len(connection.received))
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        connection.received += piece
        files = files_of(connection.received)
        if files is not None:
            self._answer(connection, files)
        elif piece and may_become_one(connection.received):
            return
        self._drop(number)

    def _answer(self, connection: _Connection, files: tuple[bytes, ...]) -> None:
        if self._pipe.ask(files):
            with suppress(OSError):  # it left without waiting; the window comes all the same
                connection.socket.send(REPLY)

    def _drop_late(self) -> None:
        now_s = time.monotonic()
        late = [n for n, connection in self._connections.items() if connection.ends_at_s <= now_s]
        for number in late:
            self._drop(number)

    def _drop(self, number: int) -> None:
        self._poll.unregister(number)
        self._connections.pop(number).socket.close()


@contextmanager
def _watched(process: subprocess.Popen[bytes], poll: select.poll) -> Iterator[int | None]:
    """A descriptor in `poll` that tells of the process's end; None where there is no such."""
    try:
        descriptor = os.pidfd_open(process.pid)
    except OSError:  # before Linux 5.3, or refused in a container
        yield None
        return
    try:
        poll.register(descriptor, select.POLLIN)
        yield descriptor
    finally:
        os.close(descriptor)
