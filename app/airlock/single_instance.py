"""One window on a profile: the first start listens, a later one asks it to come forward.

For: the launcher, before it starts a window. Linux alone; elsewhere, and whatever becomes
of this socket, the profile's own lock (`app/chats/profile.py`) keeps a second program out.

    the lock is free            this start is the first. What a killed one left behind is
                                swept away: the kernel let go of its lock when it died
    it is held, its holder      the window comes forward, and there is nothing more to do
      answers
    held, and no answer         the holder is just starting or leaving: again, for some seconds
"""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress

from app.airlock.meeting_place import MeetingPlace, NoPlaceError
from app.airlock.raise_pipe import RaisePipe
from app.airlock.raise_request import request_for
from app.airlock.raise_server import REPLY, Attendant, RaiseServer, peer_user_id

__all__ = ["Claim", "NoAnswerError", "claim"]

_PATIENCE_S = 5.0
_AGAIN_S = 0.05
_BACKLOG = 16
_PRIVATE = 0o177  # a umask: the socket is its owner's alone


class NoAnswerError(Exception):
    """Another start holds the place and says nothing; the message is a sentence."""


class Claim:
    """This start is the first on its profile, until `close`."""

    def __init__(self, place: MeetingPlace, lock: int) -> None:
        self._place = place
        self._lock: int | None = lock
        with ExitStack() as undo:
            undo.callback(os.close, lock)
            self._listener = _listen(place)
            undo.callback(self._listener.close)
            self.pipe = RaisePipe()
            undo.pop_all()

    def serve(self, process: subprocess.Popen[bytes], beside: Attendant | None = None) -> None:
        """Answer other starts until `process` ends or has no window any more; then `close`.

        Meanwhile `beside` deals with its own descriptors.

        A failure ends the answering alone: the launcher goes on to wait for its child.
        """
        self.pipe.hand_over()
        with suppress(OSError):
            RaiseServer(self._listener, self.pipe).serve(process, beside)
        self.close()

    def close(self) -> None:
        """Let the next start be the first; nothing is left behind."""
        if self._lock is None:
            return
        self._listener.close()
        self.pipe.close()
        # Under the lock, so that these are ours and not those of the next start.
        if _is_at(self._lock, self._place):
            for path in (self._place.socket, self._place.lock):
                with suppress(OSError):
                    path.unlink()
        os.close(self._lock)
        self._lock = None


def claim(
    place: MeetingPlace,
    patience_s: float = _PATIENCE_S,
    user_of: Callable[[socket.socket], int] = peer_user_id,
    files: Sequence[str] = (),
) -> Claim | None:
    """The claim of the first start; None where a window was there and has been asked, to take
    `files` too, whose paths are absolute.

    Raises NoAnswerError where somebody holds the place and does not answer in time, TooLongError
    where these are too many files to tell of, and NoPlaceError where there can be no socket.
    """
    ends_at_s = time.monotonic() + patience_s
    while True:
        try:
            lock = _try_lock(place)
            if lock is not None:
                return Claim(place, lock)
        except OSError as error:
            raise NoPlaceError(f"{place.socket} can't be used: {error.strerror}.") from error
        left_s = ends_at_s - time.monotonic()
        if left_s <= 0:
            raise NoAnswerError(
                "Pitcher is already open, and its window does not answer. End it, then start again."
            )
        if _ask(place, left_s, user_of, request_for(files)):
            return None
        time.sleep(min(_AGAIN_S, left_s))


def _try_lock(place: MeetingPlace) -> int | None:
    """The lock's descriptor; None where somebody alive has it. Raises OSError."""
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        lock = os.open(place.lock, flags, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(lock, place):
                return lock
        except BlockingIOError:
            os.close(lock)
            return None
        except OSError:
            os.close(lock)
            raise
        os.close(lock)  # its holder took the file away while we waited for it: a new one


def _is_at(lock: int, place: MeetingPlace) -> bool:
    """Whether this is still the file that others will find."""
    try:
        return os.path.samestat(os.fstat(lock), os.stat(place.lock))
    except FileNotFoundError:
        return False


def _listen(place: MeetingPlace) -> socket.socket:
    with suppress(FileNotFoundError):
        place.socket.unlink()  # of a start that was killed: we have its lock
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(_PRIVATE)  # one thread, so nobody else's files are meant
    try:
        listener.setblocking(False)
        listener.bind(str(place.socket))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(before)
    return listener


def _ask(
    place: MeetingPlace,
    limit_s: float,
    user_of: Callable[[socket.socket], int],
    request: bytes,
) -> bool:
    """Whether the start that listens there is ours and will do what is asked."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(limit_s)
        try:
            connection.connect(str(place.socket))
            if user_of(connection) != os.geteuid():
                return False
            connection.sendall(request)
            return connection.recv(len(REPLY)) == REPLY
        except OSError:
            return False
