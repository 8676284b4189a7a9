"""The versions of a copy that the program looks after, and which of them starts.

For: applying, going back, and the record of a first start. Every change is one file replaced whole,
in an order in which a kill between two of them leaves a version that starts. Beside what
`app/installation.py` names, the prefix has

    tries       while the version that `current` names has not started once; the start script
                (`packaging/linux/pitcher-start.sh`) adds a byte at each start, and after two goes
                back to `previous` by itself
    fell-back   which version that was, until somebody was told
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.installation import VERSIONS
from app.library.bundles.files import sync_folder, write_small
from app.updates.errors import BusyError, NoPreviousError, UpdateWriteError
from app.updates.versions import is_version
from inference.sentence import said, system_words

CURRENT, PREVIOUS, TRIES, FELL_BACK = "current", "previous", "tries", "fell-back"
_MOST_NAME_BYTES = 100
# Without it a version is not whole, and the start script leaves it for the one before.
_PROGRAM = "pitcher.exe" if sys.platform == "win32" else "pitcher"


@dataclass(frozen=True)
class Prefix:
    """The folder that holds `current` and the versions."""

    folder: Path

    @property
    def versions(self) -> Path:
        """Where each version has a folder."""
        return self.folder / VERSIONS

    @property
    def current(self) -> str | None:
        """The version that starts; None where that can't be read, or is not whole."""
        return self._named(CURRENT)

    @property
    def previous(self) -> str | None:
        """The version to go back to, where there is one that is not the current one."""
        found = self._named(PREVIOUS)
        return None if found == self.current else found

    @property
    def is_on_trial(self) -> bool:
        """Whether the current version has not started yet."""
        return (self.folder / TRIES).exists()

    @property
    def fell_back_from(self) -> str | None:
        """A version that did not start, and that the start script left."""
        return self._named(FELL_BACK, needs_folder=False)

    def begin_trial(self) -> None:
        """The version that is named next has not started."""
        write_small(self.folder / TRIES, b"")

    def end_trial(self) -> None:
        """It has."""
        (self.folder / TRIES).unlink(missing_ok=True)
        sync_folder(self.folder)

    def forget_fall(self) -> None:
        """Somebody was told."""
        (self.folder / FELL_BACK).unlink(missing_ok=True)

    def name_current(self, version: str) -> None:
        """From the next start on."""
        self._name(CURRENT, version)

    def name_previous(self, version: str | None) -> None:
        """What is gone back to; None for nothing."""
        if version is None:
            (self.folder / PREVIOUS).unlink(missing_ok=True)
            sync_folder(self.folder)
        else:
            self._name(PREVIOUS, version)

    def clear(self) -> None:
        """Remove what no name leads to and nobody runs: older versions, and what a kill left."""
        for folder in self.leftovers():
            if not is_running(folder):
                remove_tree(folder)

    def leftovers(self) -> list[Path]:
        """What no name leads to; nothing where it can't be told what is used. Raises OSError."""
        current, previous = self.current, self.previous
        if current is None:
            return []
        return [
            folder
            for folder in self.versions.iterdir()
            if (is_version(folder.name) or folder.name.startswith("."))
            and folder.name not in (current, previous)
        ]

    def _named(self, name: str, needs_folder: bool = True) -> str | None:
        try:
            text = (self.folder / name).read_bytes()[:_MOST_NAME_BYTES].decode("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        is_there = is_version(text) and (
            not needs_folder or (self.versions / text / _PROGRAM).is_file()
        )
        return text if is_there else None

    def _name(self, name: str, version: str) -> None:
        write_small(self.folder / name, f"{version}\n".encode())
        sync_folder(self.folder)


@contextmanager
def changing(prefix: Prefix) -> Iterator[None]:
    """One process at a time changes what starts; raises BusyError, UpdateWriteError."""
    try:
        lock = _locked(prefix.versions, is_shared=False)
    except BlockingIOError:
        raise BusyError(
            said("Another Pitcher is changing its versions just now. Wait for it, then try again.")
        ) from None
    except OSError as error:
        raise unwritable(prefix, error) from error
    try:
        yield
    except OSError as error:
        raise unwritable(prefix, error) from error
    finally:
        if lock is not None:
            os.close(lock)


def unwritable(prefix: Prefix, error: OSError) -> UpdateWriteError:
    """What the disk says, and what still holds."""
    return UpdateWriteError(
        said(
            "{folder} can’t be written to: {why}. The version that was in use starts as before; "
            "see that the disk can be written to, then try again.",
            folder=prefix.folder,
            why=system_words(error),
        )
    )


def hold(folder: Path) -> int | None:
    """Mark a version's folder as running until this process ends; the descriptor that does it."""
    try:
        return _locked(folder, is_shared=True)
    except OSError:
        return None  # a file system without locks: then nothing is removed there either


def is_running(folder: Path) -> bool:
    """Whether a process runs from it, or that can't be told."""
    if not folder.is_dir() or folder.is_symlink():
        return False
    try:
        lock = _locked(folder, is_shared=False)
    except OSError:
        return True
    if lock is not None:
        os.close(lock)
    return False


def _locked(folder: Path, *, is_shared: bool) -> int | None:
    """A lock of the system's own, which ends with the process; None where there is none."""
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BaseException:
        os.close(handle)
        raise
    return handle


def remove_tree(folder: Path) -> None:
    """All of it; what is there is no version any more from the first moment. Raises OSError."""
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink(missing_ok=True)
        return
    going = folder if folder.name.startswith(".") else folder.with_name(f".{folder.name}.gone")
    if going != folder:
        with suppress(FileNotFoundError):
            shutil.rmtree(going)
        folder.rename(going)
    shutil.rmtree(going)


def go_back(prefix: Prefix) -> tuple[str, str | None]:
    """Start the previous version from now on; that, and what is given up for it.

    The other one is kept, to go forward to, if it has ever started. Raises NoPreviousError,
    BusyError, UpdateWriteError.
    """
    with changing(prefix):
        to, before = prefix.previous, prefix.current
        if to is None:
            raise NoPreviousError(said("There is no other version here to go back to."))
        has_started = not prefix.is_on_trial
        prefix.name_current(to)
        prefix.end_trial()
        prefix.name_previous(before if has_started else None)
        return to, before
