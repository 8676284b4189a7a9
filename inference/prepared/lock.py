"""One process at a time at a model: the folder that it works in, locked.

For: `preparing`, and whoever makes or installs bundles. The lock is the system's own on the
folder (flock), so that it ends with the process however that ends. Where the system or
the folder's file system has none, nothing is locked.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inference.errors import PreparationError
from inference.sentence import said

SUFFIX = ".preparing"
# What file systems without such locks answer, network shares for one.
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EBADF)


@contextmanager
def work_folder(target: Path, suffix: str = SUFFIX) -> Iterator[Path]:
    """`<target><suffix>`, made and locked; raises PreparationError where another has it.

    The caller may rename it while it is locked.
    """
    work = target.with_name(target.name + suffix)
    descriptor = _locked(work)
    try:
        yield work
    finally:
        os.close(descriptor)


def _locked(work: Path) -> int:
    while True:
        work.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(work, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except FileNotFoundError:
            continue  # it was finished and renamed just now
        if not _lock(descriptor):
            os.close(descriptor)
            raise PreparationError(
                said(
                    "Another process is at work on {name} just now. Wait for it, or stop it.",
                    name=work.stem,
                )
            )
        if _is_still(work, descriptor):
            return descriptor
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            os.close(descriptor)
            raise
    return True


def _is_still(work: Path, descriptor: int) -> bool:
    """Whether the folder that was locked is the one of that name."""
    try:
        there = work.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(descriptor)
    return (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino)
