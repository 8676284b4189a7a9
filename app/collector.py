"""When Python's collector of garbage may not run: it walks over all that there is, again and again.

For whatever makes very much at once: imports, and the reading of a long Markdown text.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_asking = 0  # threads, and what they nest
_was_enabled = False


@contextmanager
def uncollected() -> Iterator[None]:
    """Let no garbage be collected meanwhile: each walk over a program's modules, or over the
    tokens of a long text, holds the interpreter for 60 to 160 ms. For the whole process, until
    the last who asked is done.
    """
    global _asking, _was_enabled
    with _lock:
        if not _asking:
            _was_enabled = gc.isenabled()
            gc.disable()
        _asking += 1
    try:
        yield
    finally:
        with _lock:
            _asking -= 1
            if not _asking and _was_enabled:
                gc.enable()
