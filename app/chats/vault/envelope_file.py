"""`vault.json` and its copy in a profile folder: read, replaced whole, put back, removed.

For: opening a history and changing how it is locked. Without this file nothing opens the
history, so there are two of them: the copy is written first, and `vault.json` is what counts.
Whichever is damaged or gone is put back from the other; one of a later version is not touched.
"""

from __future__ import annotations

import errno
import logging
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app import owner_file
from app.chats.errors import DiskFailedError, DiskFullError, EnvelopeError, StoreError
from app.chats.vault.envelope import MAXIMUM_BYTES, Envelope, read_envelope, write_envelope
from app.chats.vault.words import Reason, failure
from inference.sentence import said, system_words

ENVELOPE_NAME = "vault.json"
COPY_NAME = "vault.copy.json"
_WHAT_WAS = {
    Reason.ENVELOPE_DAMAGED: said("was damaged"),
    Reason.ENVELOPE_MISSING: said("was missing"),
    Reason.ENVELOPE_UNREADABLE: said("could not be read"),
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """An envelope, and the sentence to show when it had to be put back from its copy."""

    envelope: Envelope
    notice: str = ""


def is_there(folder: Path) -> bool:
    """Whether a folder has an envelope or its copy, readable or not."""
    return any(os.path.lexists(folder / name) for name in (ENVELOPE_NAME, COPY_NAME))


def load(folder: Path) -> Found:
    """The envelope of a folder. EnvelopeError where neither file can be used: the error is
    about `vault.json` itself.
    """
    try:
        envelope = _read(folder / ENVELOPE_NAME)
    except EnvelopeError as error:
        return _put_back(folder, _copied(folder, error), Reason(error.reason))
    _keep_copy(folder, envelope)
    return Found(envelope)


def read(folder: Path) -> Envelope:
    """As `load`, and nothing is put back or made anew: while another thread may be changing it,
    that would undo the half of the change that is on the disk.
    """
    try:
        return _read(folder / ENVELOPE_NAME)
    except EnvelopeError as error:
        return _copied(folder, error)


def save(folder: Path, envelope: Envelope) -> None:
    """Replace both files, each whole or not at all, and see them onto the disk.

    DiskFullError or DiskFailedError; what was there before then still opens the history.
    """
    stored = write_envelope(envelope)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner_file.replace(folder / COPY_NAME, stored)
        owner_file.replace(folder / ENVELOPE_NAME, stored)
    except OSError as error:
        raise _disk_error(error) from error


def says(folder: Path, envelope: Envelope) -> bool:
    """Whether the envelope or its copy says this now, for after a `save` that failed: where the
    disk is full, the copy may be ahead, and one day be all that is left.
    """
    with suppress(EnvelopeError):
        load(folder)  # the copy follows the envelope again, if the disk lets it
    return any(_says(folder / name, envelope) for name in (ENVELOPE_NAME, COPY_NAME))


def remove(folder: Path) -> None:
    """Delete both files, the copy first. DiskFailedError where that is refused."""
    try:
        for name in (COPY_NAME, ENVELOPE_NAME):
            owner_file.beside(folder / name).unlink(missing_ok=True)
            (folder / name).unlink(missing_ok=True)
        owner_file.sync_folder(folder)
    except OSError as error:
        raise _disk_error(error) from error


def is_of_another_user(folder: Path) -> bool:
    """Whether someone else made the envelope; false where the system can't say."""
    if not hasattr(os, "getuid"):
        return False
    try:
        return os.stat(folder / ENVELOPE_NAME).st_uid != os.getuid()
    except OSError:
        return False


def _copied(folder: Path, error: EnvelopeError) -> Envelope:
    """What the copy says, where that may stand in for an envelope with this error."""
    if error.reason not in (Reason.ENVELOPE_DAMAGED, Reason.ENVELOPE_MISSING) and not (
        _is_disks_refusal(error)
    ):
        raise error
    try:
        return _read(folder / COPY_NAME)
    except EnvelopeError:
        raise error from None


def _put_back(folder: Path, envelope: Envelope, reason: Reason) -> Found:
    was = _WHAT_WAS[reason]
    what = said(
        "{file}, which says how the history is locked, {was}.",
        file=ENVELOPE_NAME,
        was=was,
    )
    _log.warning("%s %s; its copy is used", ENVELOPE_NAME, was)
    try:
        owner_file.replace(folder / ENVELOPE_NAME, write_envelope(envelope))
    except OSError as refused:
        why = system_words(refused)
        return Found(
            envelope,
            said("{what} Its copy was used, but could not be put back: {why}.", what=what, why=why),
        )
    return Found(
        envelope, said("{what} It was put back from its copy; nothing is lost.", what=what)
    )


def _is_disks_refusal(error: EnvelopeError) -> bool:
    """A sector that can't be read any more, and not a folder or a right in the way."""
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno == errno.EIO


def _says(file: Path, envelope: Envelope) -> bool:
    try:
        return _read(file) == envelope
    except EnvelopeError:
        return False


def _keep_copy(folder: Path, envelope: Envelope) -> None:
    """The copy says what the envelope says, also after a kill between the two."""
    try:
        if _read(folder / COPY_NAME) == envelope:
            return
    except EnvelopeError as error:
        _log.info("%s is made anew: %s", COPY_NAME, error.reason)
    try:
        owner_file.replace(folder / COPY_NAME, write_envelope(envelope))
    except OSError as error:
        # Opening needs no copy; the next start tries again.
        _log.warning("%s could not be written: %s", COPY_NAME, error.strerror)


def _read(file: Path) -> Envelope:
    try:
        stored = _read_small_file(file)
    except FileNotFoundError as error:
        raise failure(Reason.ENVELOPE_MISSING) from error
    except OSError as error:
        detail = system_words(error)
        raise failure(Reason.ENVELOPE_UNREADABLE, detail=detail) from error
    return read_envelope(stored)


def _read_small_file(file: Path) -> bytes:
    """Its bytes, one more than an envelope may have at most. A pipe does not hang it."""
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, said("it is not a file"))
        return stream.read(MAXIMUM_BYTES + 1)


def _disk_error(error: OSError) -> StoreError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(
            said(
                "The disk is full: {file} could not be written. The history is "
                "safe. Free some space and try again.",
                file=ENVELOPE_NAME,
            )
        )
    return DiskFailedError(
        said(
            "The disk refused to write {file}: {why}. The history is safe. "
            "Check the disk and try again.",
            file=ENVELOPE_NAME,
            why=system_words(error),
        )
    )
