"""A small file of secrets: replaced whole or not at all, readable by its owner alone.

For: the history's envelope, and the keys of bundles. It knows nothing of what is in the file.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def replace(file: Path, stored: bytes) -> None:
    """Write beside the file, readable by its owner alone, flush, rename over it, flush the name.

    The name beside it is always the same: what a kill leaves there is used up by the next one.
    Raises OSError; the file is then what it was.
    """
    draft = beside(file)
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(draft, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(stored)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, file)
    except OSError:
        with suppress(OSError):
            os.unlink(draft)
        raise
    sync_folder(file.parent)


def beside(file: Path) -> Path:
    """Where `replace` writes before the file gets its name."""
    return file.with_name(f".{file.name}.new")


def sync_folder(folder: Path) -> None:
    """See the names in a folder onto the disk. Raises OSError.

    Windows has no such thing: there the rename itself is the promise.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
