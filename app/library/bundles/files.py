"""Files of a stick and of a model's folder: opened only if they are plain, written atomically.

For: the modules beside this one. A link, a folder, a pipe or a device is never followed or read.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app import owner_file
from inference.sentence import said

CHUNK_BYTES = 4 << 20
# What file systems say that can't flush a folder (FUSE, shares).
_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def opened(file: Path, flags: int = os.O_RDONLY) -> Iterator[BinaryIO]:
    """The file, unbuffered; OSError for a link or anything else that is not a plain file."""
    handle = os.open(file, flags | _FLAGS, 0o666)  # what the user's mask leaves of it
    mode = "rb" if flags == os.O_RDONLY else "r+b"
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, said("it is not a file"), str(file))
        stream = os.fdopen(handle, mode, buffering=0, closefd=False)
    except BaseException:
        os.close(handle)
        raise
    try:
        yield stream  # type: ignore[misc]  # raw, and of the same methods
    finally:
        os.close(handle)


def read_small(file: Path, most_bytes: int) -> bytes:
    """All of a small file; OSError where it has more bytes than that."""
    with opened(file) as stream:
        if os.fstat(stream.fileno()).st_size > most_bytes:
            raise OSError(errno.EFBIG, said("it is larger than any such file"), str(file))
        return b"".join(chunks(stream, most_bytes))


def chunks(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Up to `size` bytes from where the file stands."""
    while size > 0:
        chunk = stream.read(min(size, CHUNK_BYTES))
        if not chunk:
            return
        yield chunk
        size -= len(chunk)


@contextmanager
def replacing(file: Path) -> Iterator[BinaryIO]:
    """Write a file that gets its name when all of it is on the disk."""
    draft = file.with_name(f"{file.name}.partial")
    draft.unlink(missing_ok=True)
    with opened(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL) as stream:
        yield stream
        os.fsync(stream.fileno())
    os.replace(draft, file)


def write_small(file: Path, data: bytes) -> None:
    """Write a small file, whole or not at all."""
    with replacing(file) as stream:
        write_all(stream, data)


def write_all(stream: BinaryIO, data: bytes) -> None:
    """Unbuffered files may take less than they are given."""
    view = memoryview(data)
    while view:
        view = view[stream.write(view) :]


def sync_folder(folder: Path) -> None:
    """See the names in a folder onto the disk, where the file system can."""
    try:
        owner_file.sync_folder(folder)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
