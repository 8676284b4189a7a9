"""Holds a file's pages in memory while others map it, so that no run waits for the disk."""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAP_FAILED = ctypes.c_void_p(-1).value


@contextmanager
def pinned(path: Path) -> Iterator[bool]:
    """Locks the file's pages; yields whether the system allowed it.

    The map is shared and read-only: locking a private writable one copies every page, and
    leaves the file's own pages free to go. Python's mmap gives no address of such a map.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    file = os.open(path, os.O_RDONLY)
    try:
        length = ctypes.c_size_t(os.fstat(file).st_size)
        address = libc.mmap(
            None, length, mmap.PROT_READ, mmap.MAP_SHARED, file, ctypes.c_longlong(0)
        )
    finally:
        os.close(file)
    if address == MAP_FAILED:
        yield False
        return
    allow_locking(length.value)
    try:
        yield libc.mlock(ctypes.c_void_p(address), length) == 0
    finally:
        libc.munmap(ctypes.c_void_p(address), length)


def allow_locking(size_bytes: int) -> None:
    """Raises this process's own limit as far as it may, for one file more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if soft == resource.RLIM_INFINITY:
        return
    wanted = locked_bytes() + size_bytes + 2**20
    if soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (allowed, hard))


def locked_bytes(status: Path = Path("/proc/self/status")) -> int:
    """What this process has locked already."""
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmLck:"):
                return int(line.split()[1]) << 10
    return 0
