"""The pipe that tells the chat process to bring its window forward.

For: the launcher, which writes, and the chat role, which reads or declines. A request is the
absolute paths of files to take, none of them mostly, each ended by a zero byte, and a line's end.
The reading end tells something too: while it is open, there is a window or one is being built;
once it is closed, nobody is left to come forward.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping, Sequence

from app.airlock.inherited import take_pipe_end

RAISE_VARIABLE = "PITCHER_RAISE"


class RaisePipe:
    """Both ends, in the launcher: the reading one until the chat process has it."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.writer, False)  # a chat process that is stuck must not stop us
        self._is_handed_over = False
        self._is_closed = False

    def ask(self, files: Sequence[bytes] = ()) -> bool:
        """Ask the window to come forward and take `files`; False where nobody reads any more, or
        there is no room for them.

        Each path is at most as long as is written in one piece (`raise_request.MOST_PATH_BYTES`).
        """
        try:
            for piece in (*(file + b"\0" for file in files), b"\n"):
                os.write(self.writer, piece)
        except BlockingIOError:
            return not files  # it is full of requests that will be read
        except BrokenPipeError:
            return False
        return True

    def hand_over(self) -> None:
        """The chat process was started with the reading end: ours would keep it open."""
        if not self._is_handed_over:
            self._is_handed_over = True
            os.close(self.reader)

    def close(self) -> None:
        """Close what is still open."""
        self.hand_over()
        if not self._is_closed:
            self._is_closed = True
            os.close(self.writer)


def take_pipe(environment: MutableMapping[str, str] | None = None) -> int | None:
    """The reading end, taken out of the environment; None where there is none.

    Whoever takes it closes it as soon as no window can come forward.
    """
    return take_pipe_end(RAISE_VARIABLE, environment)


def decline() -> None:
    """There will be no window in this process: another start must not wait for one."""
    descriptor = take_pipe()
    if descriptor is not None:
        os.close(descriptor)
