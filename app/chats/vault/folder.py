"""What lies in a profile folder, as far as the vault has to know. Reads no contents."""

from __future__ import annotations

import os
from pathlib import Path

from app.chats.errors import DiskFailedError
from inference.sentence import said, system_words

DATABASE_NAME = "history.db"
BACKUPS_NAME = "backups"
# What SQLite keeps beside it may hold the only copy of something.
_BESIDE_DATABASE = (f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-journal")


def has_database(folder: Path) -> bool:
    """Whether there is a database, whatever its state. DiskFailedError where that can't be told."""
    return _is_there(folder / DATABASE_NAME)


def has_backups(folder: Path) -> bool:
    """Whether there is any backup. DiskFailedError where that can't be told."""
    try:
        return any(map(_may_be_backup, (folder / BACKUPS_NAME).iterdir()))
    except FileNotFoundError:
        return False
    except NotADirectoryError:
        return True
    except OSError as error:
        raise _unreadable(folder, error) from error


def has_history(folder: Path) -> bool:
    """Whether there is anything that a new history must never be put beside."""
    beside = any(_is_there(folder / name) for name in _BESIDE_DATABASE)
    return beside or has_database(folder) or has_backups(folder)


def _may_be_backup(entry: Path) -> bool:
    """What a user put among the backups holds no database; what can't be looked into may."""
    try:
        os.lstat(entry / DATABASE_NAME)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _is_there(file: Path) -> bool:
    """A broken link too; `exists` would say no to it, and to a folder that can't be searched."""
    try:
        os.lstat(file)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _unreadable(file.parent, error) from error
    return True


def _unreadable(folder: Path, error: OSError) -> DiskFailedError:
    return DiskFailedError(
        said(
            "The history's folder {folder} can't be read: {why}. Nothing was changed. "
            "Make it readable and try again.",
            folder=folder,
            why=system_words(error),
        )
    )
