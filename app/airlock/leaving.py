"""How the chat process ends when it is asked to, and when its launcher dies.

For: the chat role (`install`, first thing), and whoever wants to know (`on_parent_death`).

    SIGTERM         leaves in order: SystemExit(143) in the main thread. The window leaves by
                    its own handler; while it is being built, at once (`leave_at_once`)
    SIGHUP          the same, unless the program was started with it ignored (nohup)
    launcher died   the lifeline pipe ends: callbacks, then SIGTERM to ourselves, and
                    3 seconds later the process is ended however busy it is
    Ctrl-C          KeyboardInterrupt, as Python has it: the terminal chat or window decides

The lifeline is the read end of a pipe whose other end only the launcher holds, so it ends
with the launcher however that died.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

from app.airlock.inherited import take_pipe_end

LIFELINE_VARIABLE = "PITCHER_LIFELINE"
GRACE_S = 3.0
EXIT_BY_SIGNAL = 128  # the shell's convention for an end by a signal

# A process has one parent and one set of signal handlers: so this is one for the process.
_callbacks: list[Callable[[], None]] = []


def on_parent_death(callback: Callable[[], None]) -> None:
    """Call `callback`, in a thread of its own, when the launcher is gone."""
    _callbacks.append(callback)


def install() -> None:
    """Set the handlers and watch the lifeline, if there is one; call in the main thread."""
    signal.signal(signal.SIGTERM, _Leave())
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _pass_on_hang_up)
    lifeline = take_pipe_end(LIFELINE_VARIABLE)
    if lifeline is not None:
        watcher = threading.Thread(target=_watch, args=(lifeline,), name="lifeline", daemon=True)
        watcher.start()


def leave_at_once() -> None:
    """From now on SIGTERM ends this process on the spot, until the window has its own handler.

    While Qt is being built an exception in the main thread would tear it down half-made,
    which crashes; and nothing that could be lost exists yet.
    """
    signal.signal(signal.SIGTERM, lambda number, _frame: os._exit(EXIT_BY_SIGNAL + number))


class _Leave:
    """The SIGTERM handler: once, so that a second signal does not break the clean-up."""

    def __init__(self) -> None:
        self._is_leaving = False

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        if not self._is_leaving:
            self._is_leaving = True
            raise SystemExit(EXIT_BY_SIGNAL + number)


def _pass_on_hang_up(_number: int, _frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _watch(lifeline: int) -> None:
    """Wait for the launcher's end; nothing is ever written to this pipe."""
    while os.read(lifeline, 1):
        pass
    try:
        for callback in tuple(_callbacks):
            callback()
    finally:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_S)
        os._exit(EXIT_BY_SIGNAL + signal.SIGTERM)
