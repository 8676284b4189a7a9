"""What can go wrong with updates, each with a sentence that says what to do.

UpdateError
├── NotUpdatableError     this copy takes no update: whose it is, how it was built, or a policy
├── UpdateFileError       the file is no update, or is not as it was signed
├── ForeignUpdateError    signed soundly, by another key than this copy's
├── UnfitUpdateError      made for another system, processor or a newer C library
├── VersionError          the version is no step forward
│   ├── SameVersionError      it is the one that is installed
│   └── OlderVersionError     it is an older one, and nobody asked for that
├── NoPreviousError       there is no version to go back to
├── NoRoomError           the disk has too little room
├── BusyError             another process changes the versions just now
├── UpdateWriteError      the disk refused
└── UpdateStoppedError    whoever asked for it stopped it
"""

from __future__ import annotations

from inference.errors import one_line


class UpdateError(Exception):
    """Nothing was changed of what starts; the message is a sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class NotUpdatableError(UpdateError):
    """This copy of the program takes no update."""


class UpdateFileError(UpdateError):
    """No update, or altered, or damaged."""


class ForeignUpdateError(UpdateError):
    """A sound signature of another key than the one that signs for this copy."""


class UnfitUpdateError(UpdateError):
    """It could not run here."""


class VersionError(UpdateError):
    """The version is no step forward."""


class SameVersionError(VersionError):
    """It is installed already."""


class OlderVersionError(VersionError):
    """It is older than what is installed."""


class NoPreviousError(UpdateError):
    """No version to go back to."""


class NoRoomError(UpdateError):
    """Too little room on the disk."""


class BusyError(UpdateError):
    """Another process is at it."""


class UpdateWriteError(UpdateError):
    """The disk refused."""


class UpdateStoppedError(UpdateError):
    """Stopped by whoever asked for it."""
