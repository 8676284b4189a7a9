"""Holds a file's pages in memory while others map it, so that no run waits for the disk."""

from __future__ import annotations

import ctypes
import mmap
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def pinned(path: Path) -> Iterator[bool]:
    """Locks the file's pages; yields whether the system allowed it."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as pages:
        allow_locking(len(pages))
        libc = ctypes.CDLL(None, use_errno=True)
        first = ctypes.c_char.from_buffer(pages)
        address = ctypes.c_void_p(ctypes.addressof(first))
        length = ctypes.c_size_t(len(pages))
        held = libc.mlock(address, length) == 0
        try:
            yield held
        finally:
            if held:
                libc.munlock(address, length)
            del first


def allow_locking(size_bytes: int) -> None:
    """Raises this process's own limit as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    unlimited = hard == resource.RLIM_INFINITY
    wanted = size_bytes + 2**20
    if soft != resource.RLIM_INFINITY and soft < wanted:
        allowed = wanted if unlimited else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (allowed, hard))
