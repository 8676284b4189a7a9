"""Keeping a process's memory out of other hands: no core dumps, no debugger.

For: the chat process and the template worker, first thing. Does nothing where the system
has no such thing (Windows).
"""

from __future__ import annotations

import platform

from app.airlock import native


def harden() -> None:
    """No core file, and on Linux no attaching by the user's other processes."""
    _no_core_dump()
    if platform.system() == "Linux":
        native.prctl(native.PR_SET_DUMPABLE, 0)


def _no_core_dump() -> None:
    """A limit of 1 byte, not 0: Linux hands a crash to a handler program whatever the limit
    is, but for this value (core(5); fs/coredump.c), and no core file fits into 1 byte.
    """
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    limit_bytes = 0 if hard == 0 else 1
    resource.setrlimit(resource.RLIMIT_CORE, (limit_bytes, limit_bytes))
