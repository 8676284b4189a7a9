"""The folder that holds one user's history, and the lock that lets one program in at a time.

For: `history.py`, and whoever keeps a file beside the database. The kernel lets go of the lock
when its holder dies, however that died: a file that is left behind means nothing. Not here:
whether a lock is needed (a temporary chat needs none), keys, the database.

Windows' branch (a locked byte in place of flock) has not been tried on such a system.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType

from app import paths
from app.chats.errors import DiskFullError, InUseError, NetworkShareError, ProfileError
from app.chats.network_share import share_kind
from inference.sentence import ours, said, system_words

_AGAIN_S = 0.05
_OTHERS_MAY = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_LOCKED_BYTE_AT = 1 << 20  # Windows keeps everyone from a locked byte: not one that is read
_WORD_LIMIT_BYTES = 32
# SQLite opens none of more than 512; a backup's log has a name of 80 below this folder.
_LONGEST_PATH_BYTES = 420


class Holder(StrEnum):
    """Who has a history open; the lock's file says it to those who come later."""

    WINDOW = "window"
    TERMINAL = "terminal"
    COMMAND = "command"


_IN_USE = {
    Holder.WINDOW: said("Pitcher's window has this history open. Close it, then try again."),
    Holder.TERMINAL: said("A chat in a terminal has this history open. Leave it, then try again."),
    Holder.COMMAND: said(
        "Another command is at work on this history. Try again when it has ended."
    ),
    None: said("Another Pitcher has this history open. Close it, then try again."),
}


class ProfileLock:
    """The history is this process's, until `release` or the process's end."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let the next one in; a second time does nothing."""
        # Forgotten first: a signal's exception may come in between, and the next call must not
        # close what has got the number since.
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> ProfileLock:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


class Profile:
    """The files of one history; `folder` is its own and is made by `prepare`."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else paths.data_dir() / "history"

    @property
    def database(self) -> Path:
        """The encrypted database."""
        return self.folder / "history.db"

    @property
    def envelope(self) -> Path:
        """What says how the key is kept, with no secret in clear."""
        return self.folder / "vault.json"

    @property
    def backups(self) -> Path:
        """The folder of encrypted backups."""
        return self.folder / "backups"

    def prepare(self) -> None:
        """Make the folder for its owner alone, or check that it is so.

        Raises NetworkShareError before anything is written there, ProfileError for a folder
        that is another user's, that others may write to or whose path no database can have,
        DiskFullError.
        """
        try:
            self._refuse_path()
            self._refuse_share()
            _make_private(self.folder)
            self._check()
        except OSError as error:
            raise _translated(
                error, said("The history's folder {folder} can't be used", folder=self.folder)
            ) from error

    def lock(self, holder: Holder, wait_s: float = 0.0) -> ProfileLock:
        """Take the history for this process, waiting for another one up to `wait_s`.

        Prepares the folder first, and raises what that raises; InUseError where another
        program has it, with a sentence that says which.
        """
        self.prepare()
        ends_at_s = time.monotonic() + wait_s
        try:
            while (descriptor := self._try_lock(holder)) is None:
                left_s = ends_at_s - time.monotonic()
                if left_s <= 0:
                    raise InUseError(_IN_USE[self._holder()])
                time.sleep(min(_AGAIN_S, left_s))
        except OSError as error:
            raise _translated(
                error, said("{lock_file} can't be locked", lock_file=self._lock_file)
            ) from error
        return ProfileLock(descriptor)

    @property
    def _lock_file(self) -> Path:
        return self.folder / "history.lock"

    def _refuse_path(self) -> None:
        """SQLite takes paths as UTF-8, and none that is long, with links resolved or not."""
        spellings = str(self.folder.absolute()), os.path.realpath(self.folder)
        try:
            length_bytes = max(len(spelling.encode()) for spelling in spellings)
        except UnicodeEncodeError:
            fault = said("is not UTF-8")
        else:
            if length_bytes <= _LONGEST_PATH_BYTES:
                return
            fault = said(
                "has {length_bytes:,} bytes, {longest_path_bytes} are the most",
                length_bytes=length_bytes,
                longest_path_bytes=_LONGEST_PATH_BYTES,
            )
        raise ProfileError(
            said(
                "No database can be kept in the history's folder: its path {fault}. Nothing "
                "was written there. Name another folder with PITCHER_HOME.",
                fault=ours(fault),
            )
        )

    def _refuse_share(self) -> None:
        kind = share_kind(self.folder)
        if kind is not None:
            raise NetworkShareError(
                said(
                    "The history's folder {folder} is on a network share ({kind}), where a "
                    "message could be lost. Nothing was written there. Name a folder on a disk "
                    "of this computer with PITCHER_HOME.",
                    folder=self.folder,
                    kind=kind,
                )
            )

    def _check(self) -> None:
        if os.name != "posix":
            return  # there a user's own folder is closed to others by what it inherits
        found = self.folder.stat()
        if found.st_uid != os.geteuid():
            raise ProfileError(
                said(
                    "The history's folder {folder} belongs to another user. Nothing was changed. "
                    "Start Pitcher as that user, or name another folder with PITCHER_HOME.",
                    folder=self.folder,
                )
            )
        if found.st_mode & _OTHERS_MAY_WRITE:
            raise ProfileError(
                said(
                    "Other users may write to the history's folder {folder}. Nothing was "
                    "changed. Close it to them (chmod 700 '{folder}'), then try again.",
                    folder=self.folder,
                )
            )
        if found.st_mode & _OTHERS_MAY:
            self._close_to_others()

    def _close_to_others(self) -> None:
        """Others can list it, no more. A memory stick's file system may know no such thing."""
        try:
            self.folder.chmod(0o700)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EOPNOTSUPP):
                raise

    def _try_lock(self, holder: Holder) -> int | None:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(self._lock_file, flags, 0o600)
        try:
            is_ours = _lock(descriptor) and self._is_at(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        if not is_ours:
            os.close(descriptor)
            return None
        with suppress(OSError):  # a courtesy: a full disk must not keep anyone from reading
            os.ftruncate(descriptor, 0)
            os.write(descriptor, holder.value.encode())
        return descriptor

    def _is_at(self, descriptor: int) -> bool:
        """Whether others find this file: a lock on one that was taken away keeps nobody out."""
        try:
            return os.path.samestat(os.fstat(descriptor), self._lock_file.stat())
        except FileNotFoundError:
            return False

    def _holder(self) -> Holder | None:
        try:
            with open(self._lock_file, "rb") as file:
                return Holder(file.read(_WORD_LIMIT_BYTES).decode("ascii", "replace"))
        except (OSError, ValueError):
            return None


def _make_private(folder: Path) -> None:
    """Make a folder and those above it that are missing: whoever may write to one of them could
    take away what it holds. `Path.mkdir` leaves those above to the umask.
    """
    for missing in reversed([path for path in folder.parents if not path.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def _lock(descriptor: int) -> bool:
    """Whether the whole file is this process's now; raises OSError where it can't be locked."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _LOCKED_BYTE_AT, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        os.lseek(descriptor, 0, os.SEEK_SET)
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _translated(error: OSError, what: str) -> ProfileError | DiskFullError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(
            said("{what}: the disk is full. Nothing was lost. Free some space.", what=ours(what))
        )
    return ProfileError(
        said(
            "{what}: {why}. Nothing was changed. Check the folder and who may write to "
            "it, or name another folder with PITCHER_HOME.",
            what=ours(what),
            why=system_words(error),
        )
    )
