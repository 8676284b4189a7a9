"""What a later start says to the first one: come forward, and perhaps take these files.

For: `single_instance.py`, which speaks, and `raise_server.py`, which hears. Two requests exist:
    raise, a line's end                         the window comes forward
    open, a line's end, paths, a line's end     it takes these files too; each path is absolute,
                                                as the system has it, and ends with a zero byte
Nothing of the files is looked at here: a path is any bytes but zero, and the window finds out.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

REQUEST = b"raise\n"
_OPEN = b"open\n"
_END = b"\0\n"
# A path and its zero byte fit into a pipe in one piece: PIPE_BUF is 4096 (pipe(7)).
MOST_PATH_BYTES = 4095
MOST_BYTES = 1 << 15


class TooLongError(Exception):
    """These names are too long for one request; the message is a sentence."""


def request_for(files: Sequence[str]) -> bytes:
    """The request for files whose paths are absolute; without any, to come forward alone.

    Raises TooLongError.
    """
    if not files:
        return REQUEST
    paths = [os.fsencode(file) for file in files]
    request = _OPEN + b"\0".join(paths) + _END
    if len(request) > MOST_BYTES or any(len(path) > MOST_PATH_BYTES for path in paths):
        raise TooLongError(
            "Pitcher is already open, and these are too many names to hand over at once. "
            "Drop the files on its models page, or open the folder that holds them."
        )
    return request


def files_of(received: bytes) -> tuple[bytes, ...] | None:
    """The paths of a request that is whole; None where it is none, or not whole yet."""
    if received == REQUEST:
        return ()
    if len(received) > MOST_BYTES or not (received.startswith(_OPEN) and received.endswith(_END)):
        return None
    paths = tuple(received[len(_OPEN) : -len(_END)].split(b"\0"))
    is_sound = all(path.startswith(b"/") and len(path) <= MOST_PATH_BYTES for path in paths)
    return paths if is_sound else None


def may_become_one(received: bytes) -> bool:
    """Whether more bytes could make a request of these."""
    if len(received) > MOST_BYTES:
        return False
    if received.startswith(_OPEN):
        return received[len(_OPEN) :][:1] in (b"", b"/")
    return REQUEST.startswith(received) or _OPEN.startswith(received)
