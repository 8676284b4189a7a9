"""Starts a window as the launcher does, with a small program in the window's place (tests only).

python window_stand_in.py ACTION…     the launcher, by its own code and under the whole lock
python window_stand_in.py --chat ACTION…     what it starts: tells what it is asked
"""

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.airlock import launcher, leaving, raise_pipe, setting
from app.airlock.command import files_in
from tests.flows.native.resting import rest


def tell(*words: object) -> None:
    print(*words, flush=True)


def window() -> None:
    """Until it is asked to leave; each request to come forward is told."""
    leaving.install()
    pipe = raise_pipe.take_pipe()
    assert pipe is not None
    tell("ready", os.getpid())
    while asked := os.read(pipe, 1):
        tell("asked", len(asked))
    rest()


def takes() -> None:
    """A window that tells which files it is given by the next start."""
    leaving.install()
    pipe = raise_pipe.take_pipe()
    assert pipe is not None
    tell("ready", os.getpid())
    told = b""
    while not told.endswith(b"\0\n"):
        told += os.read(pipe, 1 << 16)
    tell(ascii(told))
    rest()


def deaf() -> None:
    """A window that is stuck: it reads no request."""
    leaving.install()
    tell("ready", os.getpid())
    rest()


def closing() -> None:
    """No window any more, and still something to write."""
    leaving.install()
    raise_pipe.decline()
    tell("ready", os.getpid())
    sys.stdin.read()


def interrupts() -> None:
    """Like a window in a terminal: Ctrl-C ends it with 130."""
    tell("ready", os.getpid())
    try:
        rest()
    except KeyboardInterrupt:
        sys.exit(130)


def descriptors() -> None:
    ours = {int(os.environ[n]) for n in (leaving.LIFELINE_VARIABLE, raise_pipe.RAISE_VARIABLE)}
    numbers = {int(name) for name in os.listdir("/proc/self/fd")}
    others = sorted(numbers - ours - {0, 1, 2})
    tell(len(ours), *(n for n in others if os.path.exists(f"/proc/self/fd/{n}")))


ACTIONS = {
    "window": window,
    "takes": takes,
    "deaf": deaf,
    "closing": closing,
    "interrupts": interrupts,
    "descriptors": descriptors,
    "leave": lambda: sys.exit(int(sys.argv[3])),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
}

if __name__ == "__main__":
    if sys.argv[1] == "--chat":
        ACTIONS[sys.argv[2]]()
    else:
        command = [sys.executable, __file__, "--chat", *sys.argv[1:]]
        files = files_in(sys.argv[2:]) if sys.argv[1] == "window" else []
        sys.exit(launcher.launch_once(command, setting.prepare(), files=files))
