"""A file written whole or not at all, readable by its owner alone.

For: exports. The text goes to a file beside the target, to the disk, and only then under the
target's name; an older file there stays until that moment. Killed in between, it leaves a
hidden `.pitcher-….part` and the older file. It does not choose names.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app import paths
from app.chats.errors import TargetExistsError, TransferError
from inference.sentence import said, system_words

_SLICE_CHARS = 1 << 18
_BUFFER_BYTES = 1 << 18
_FULL = (errno.ENOSPC, errno.EDQUOT)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
# What file systems say that can't flush a folder (FUSE, shares).
_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


def write_file(
    target: Path,
    pieces: Iterable[str],
    *,
    replace: bool = False,
    check: Callable[[Path], None] = lambda _beside: None,
) -> int:
    """Write `pieces` as UTF-8 to `target`, mode 0600; returns its bytes. `check` is given the
    finished file before it gets its name, and raises where it must not.

    Raises `TargetExistsError` for a file that is there when not told to replace it and
    `TransferError` for what can't be written; what `pieces` and `check` raise passes through.
    In each case the target is as it was.
    """
    _refuse_target(target, replace)
    with _failures_said(target):
        beside, size_bytes = _written_beside(target, pieces)
        try:
            check(beside)
            _put_in_place(beside, target, replace)
        finally:
            beside.unlink(missing_ok=True)
    _sync_folder(target)
    return size_bytes


def _refuse_target(target: Path, replace: bool) -> None:
    """What must not be written over: our own data, and anything but a plain file."""
    real = Path(os.path.realpath(target))
    if real.is_relative_to(os.path.realpath(paths.data_dir())):
        raise TransferError(
            said(
                "{parent} is where Pitcher keeps its history. Nothing was exported. Choose "
                "another folder.",
                parent=target.parent,
            )
        )
    try:
        mode = target.lstat().st_mode
    except OSError:  # not there, or said better when it is written
        return
    if not replace:
        raise TargetExistsError(
            said(
                "{target} is already there. It was not changed. Choose another name, or "
                "replace it.",
                target=target,
            )
        )
    if not stat.S_ISREG(mode):
        raise TransferError(
            said(
                "{target} is not a plain file. It was not changed. Choose another name.",
                target=target,
            )
        )


@contextmanager
def _failures_said(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TransferError(_sentence(target, error)) from error
    except UnicodeEncodeError as error:
        raise TransferError(
            said(
                "A text of this chat holds half a character, which no file can keep. "
                "{target} was not changed.",
                target=target,
            )
        ) from error


def _sentence(target: Path, error: OSError) -> str:
    if error.errno in _FULL:
        return said(
            "The disk is full. {target} was not changed. Free some space or choose "
            "another folder, then export again.",
            target=target,
        )
    if error.errno in _REFUSED:
        return said(
            "{parent} can't be written to. Nothing was exported. Choose another folder.",
            parent=target.parent,
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return said(
            "There is no folder {parent}. Nothing was exported. Choose another folder.",
            parent=target.parent,
        )
    return said(
        "{target} could not be written ({why}). What was there is unchanged. Choose "
        "another folder.",
        target=target,
        why=system_words(error),
    )


def _written_beside(target: Path, pieces: Iterable[str]) -> tuple[Path, int]:
    """A finished file in the target's folder, on the disk, and its bytes."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".pitcher-", suffix=".part")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb", buffering=_BUFFER_BYTES) as file:
            size_bytes = sum(file.write(chunk) for chunk in _encoded(pieces))
            file.flush()
            os.fsync(file.fileno())
    except BaseException:  # Ctrl-C too must not leave a chat lying about
        beside.unlink(missing_ok=True)
        raise
    return beside, size_bytes


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    """In slices: a text of 100 MB needs no second copy of itself."""
    for piece in pieces:
        for start in range(0, len(piece), _SLICE_CHARS):
            yield piece[start : start + _SLICE_CHARS].encode("utf-8")


def _put_in_place(beside: Path, target: Path, replace: bool) -> None:
    """Give the file its name; one that appeared meanwhile is not replaced unasked."""
    if replace:
        os.replace(beside, target)
        return
    try:
        if os.name == "nt":  # rename refuses what is there; not verified on Windows
            os.rename(beside, target)
        else:
            os.link(beside, target)
    except FileExistsError as error:
        raise _appeared(target) from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _claim_then_replace(beside, target)


def _claim_then_replace(beside: Path, target: Path) -> None:
    """Where there are no links (FAT on a stick): an empty file takes the name first."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise _appeared(target) from error
    try:
        os.replace(beside, target)
    except OSError:
        target.unlink(missing_ok=True)
        raise


def _appeared(target: Path) -> TargetExistsError:
    return TargetExistsError(
        said(
            "{target} appeared meanwhile. It was not changed. Choose another name, or replace it.",
            target=target,
        )
    )


def _sync_folder(target: Path) -> None:
    """Make the name itself last through a power cut."""
    if os.name == "nt":  # folders can't be opened there
        return
    try:
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise TransferError(
                said(
                    "{target} is written, but the disk did not confirm it ({why}). Export again "
                    "to be sure.",
                    target=target,
                    why=system_words(error),
                )
            ) from error
