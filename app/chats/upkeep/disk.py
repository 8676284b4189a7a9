"""Files and folders made to last, and their failures as sentences.

For: backups, restoring and wiping.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from app.chats.errors import BackupError, ChatsError, DamagedError, DiskFullError
from inference.sentence import ours, said, system_words

# Left free for everything else that a user keeps on the same disk.
MARGIN_BYTES = 256 * 1024 * 1024

_SMALLEST_PAGE_BYTES = 512
_FULL = (errno.ENOSPC, errno.EDQUOT)
_MIB = 1024 * 1024


@contextmanager
def failures_said(
    what: str, kind: type[ChatsError] = BackupError, safe: str = said("The history is safe.")
) -> Iterator[None]:
    """Turn the file system's errors inside the block into DiskFullError or `kind`.

    `what` begins the sentence: "The backup could not be made"; `safe` says what is not lost.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(
                said(
                    "{what}: the disk is full. {safe} Free some space and try again.",
                    what=ours(what),
                    safe=ours(safe),
                )
            ) from error
        raise kind(
            said(
                "{what}: {why}. {safe} Check the disk and its folder, then try again.",
                what=ours(what),
                why=system_words(error),
                safe=ours(safe),
            )
        ) from error


def check_room(folder: Path, needed_bytes: int, what: str) -> None:
    """Raise DiskFullError unless `needed_bytes` fit and MARGIN_BYTES stay free; OSError."""
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes + MARGIN_BYTES:
        missing_mib = (needed_bytes + MARGIN_BYTES - free_bytes) // _MIB + 1
        raise DiskFullError(
            said(
                "{what}: the disk has too little space. The history is safe. Free "
                "{missing_mib} MiB and try again.",
                what=ours(what),
                missing_mib=missing_mib,
            )
        )


def check_holds_a_page(database: Path) -> None:
    """Raise DamagedError for a database file too short for its first page; OSError.

    SQLite takes some of these for new databases, whatever the key, and would begin anew there.
    A file that is missing is left to whoever opens it.
    """
    try:
        size_bytes = database.stat().st_size
    except FileNotFoundError:
        return
    if size_bytes < _SMALLEST_PAGE_BYTES:
        raise DamagedError(
            said(
                "The database {database} was cut off at its beginning. Nothing was changed; "
                "a backup can be restored.",
                database=database,
            )
        )


def open_plain(file: Path) -> BinaryIO:
    """A file to read, if it is one: a pipe or a device in its place is not waited for. Raises
    OSError.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    stream = os.fdopen(os.open(file, flags | getattr(os, "O_CLOEXEC", 0)), "rb")
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise OSError(errno.EINVAL, said("it is no ordinary file"), str(file))
    return stream


def sync_file(file: Path) -> None:
    """See a file's bytes onto the disk. Raises OSError."""
    # Windows flushes only what was opened for writing.
    descriptor = os.open(file, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """See the names in a folder onto the disk. Raises OSError."""
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows can't; its file systems journal names themselves
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def move(source: Path, target: Path) -> None:
    """Rename within one file system, replacing a file; both folders are on the disk then."""
    os.replace(source, target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def copy_file(source: Path, target: Path) -> None:
    """A copy for its owner alone, on the disk when this returns. Raises OSError."""
    shutil.copyfile(source, target)
    target.chmod(0o600)
    sync_file(target)


def size_bytes(database: Path) -> int:
    """What a database and its log take; 0 where there is none. Raises OSError."""
    sizes = 0
    for file in (database, database.with_name(database.name + "-wal")):
        try:
            sizes += file.stat().st_size
        except FileNotFoundError:
            continue
    return sizes


def stamp(at_ms: int) -> str:
    """A moment as it stands in names of files: UTC, sorted as time goes, fit for Windows."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
