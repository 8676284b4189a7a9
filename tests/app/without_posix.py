"""Imports the modules that are named, as a Python on Windows would: without what only POSIX has.

For: `test_other_systems.py`, which runs it in a process of its own. Other people's modules are
loaded first, with everything, because those have their own builds for Windows.
"""

from __future__ import annotations

import concurrent.futures
import importlib
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import types
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ABSENT_MODULES = ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog")
# Documentation of Python 3.11, `os`, `select`, `signal`, `socket`: “Availability: Unix”.
_OF_OS = (
    *("fork", "getuid", "geteuid", "getgid", "getegid", "getpgid", "setsid", "killpg", "uname"),
    *("pidfd_open", "sched_getaffinity", "statvfs", "pread", "pwrite", "fchmod", "fchown", "chown"),
    *("mkfifo", "sysconf", "posix_fadvise", "posix_fallocate", "set_blocking", "pipe2", "nice"),
    *("O_DIRECTORY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_PATH", "O_NOCTTY", "O_SYNC"),
)
_OF_SIGNAL = (
    *("SIGHUP", "SIGKILL", "SIGQUIT", "SIGALRM", "SIGCHLD", "SIGPIPE", "SIGUSR1", "SIGUSR2"),
    *("alarm", "setitimer", "pthread_sigmask", "pthread_kill", "sigwait", "ITIMER_REAL"),
)
_OTHER_PEOPLES = (
    *("torch", "numpy", "PySide6.QtWidgets", "PySide6.QtSvg", "psutil", "keyring", "cryptography"),
    *("jinja2", "apsw", "safetensors", "tokenizers", "multiprocessing", "asyncio", "appdirs"),
)
_THEIR_OWN = (concurrent.futures, shutil, subprocess, tempfile)


class Refusing:
    """Finds none of the absent modules for a module of ours."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """As an import path's finder."""
        if name in ABSENT_MODULES and _asked_by_us():
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def _asked_by_us() -> bool:
    frame: types.FrameType | None = sys._getframe(2)
    while frame is not None and "importlib" in frame.f_code.co_filename:
        frame = frame.f_back
    file = Path(frame.f_code.co_filename) if frame is not None else Path()
    return file.is_relative_to(ROOT) and ".venv" not in file.parts


def become_windows() -> None:
    """Take away what is not there. `os.name` stays: the standard library chooses by it."""
    for name in _OTHER_PEOPLES:
        importlib.import_module(name)
    for name in ABSENT_MODULES:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, Refusing())
    for module, names in ((os, _OF_OS), (signal, _OF_SIGNAL)):
        for name in names:
            if hasattr(module, name):
                delattr(module, name)
    for module, name in ((socket, "AF_UNIX"), (socket, "SO_PEERCRED"), (select, "poll")):
        delattr(module, name)


def main(names: Sequence[str]) -> int:
    """Print each module that can't be imported, and why."""
    become_windows()
    for name in names:
        try:
            importlib.import_module(name)
        except (ImportError, AttributeError) as error:
            print(f"{name}: {error}")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
