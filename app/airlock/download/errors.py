"""What can go wrong with a download, each with a sentence that says what to do.

DownloadError
├── RuleError              a mirror, proxy, host or certificate file that was named is malformed
├── RepositoryNameError    no name that a repository can have
├── TokenError             no token of the Hub
├── RefusedAddressError    an address that must not be asked: not sent
├── UnreachableError       nobody answers, or the line breaks off again and again
│   ├── CertificateError   whoever answers is not who was asked
│   └── LineFaultError     one try broke off; the next goes on from there
├── HubAnswerError         an answer that makes no sense
│   └── BadPartError       one such answer; it was not used
├── BusyError              the hub asks to wait, or has a fault of its own
├── NoSuchRepositoryError  there is none of that name or revision
├── GatedError             only for those who agreed to the makers' terms, or none
├── NothingToFetchError    it holds no model that can be run here
├── FileChangedError       another file than was listed
├── WrongBytesError        the bytes are not those that the hub's record names
├── DiskError              the disk refused, or gave back other bytes
├── ModelThereError        something else has the model's name
├── AlreadyArrivingError   another process fetches it
└── StoppedError           it was told to stop: what is done is kept
"""

from __future__ import annotations

from inference.errors import one_line
from inference.sentence import said

_MOST_CHARACTERS = 600


class DownloadError(Exception):
    """A model could not be fetched; the message is a sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message, _MOST_CHARACTERS))


class RuleError(DownloadError):
    """A mirror, proxy, host or certificate file that somebody named can't be used."""


class RepositoryNameError(DownloadError):
    """No name that a repository or a revision can have."""


class TokenError(DownloadError):
    """A text that is no token of the Hub."""


class RefusedAddressError(DownloadError):
    """An address that must not be asked. Nothing was sent to it."""


class UnreachableError(DownloadError):
    """Nobody answers."""


class CertificateError(UnreachableError):
    """Whoever answers can't prove to be who was asked. Nothing was sent."""


class LineFaultError(UnreachableError):
    """The line broke off, or nothing came any more; what came before it may be kept."""


class HubAnswerError(DownloadError):
    """An answer that makes no sense, or more of it than any sensible one has."""


class BadPartError(HubAnswerError):
    """An answer to a request for a part that is not this part."""


class BusyError(DownloadError):
    """The hub asks to wait, or has a fault. `wait_s`: how long it asks for; None, not said."""

    def __init__(self, message: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class NoSuchRepositoryError(DownloadError):
    """No repository, revision or file of that name."""


class GatedError(DownloadError):
    """A token is needed, or its owner has not agreed to the makers' terms."""


class NothingToFetchError(DownloadError):
    """The repository holds no model that Pitcher runs."""


class FileChangedError(DownloadError):
    """The hub now has another file than the one that was listed."""


class WrongBytesError(DownloadError):
    """What was sent, twice, is not what the hub's own record names."""


class DiskError(DownloadError):
    """The disk refused, or gives back other bytes than were written."""


class ModelThereError(DownloadError):
    """Something that did not come by this download has the model's name."""


class AlreadyArrivingError(DownloadError):
    """Another process is at this download."""


class StoppedError(DownloadError):
    """Somebody stopped it."""

    def __init__(self) -> None:
        super().__init__(
            said(
                "The download was stopped. What has arrived is kept: started again, it goes on "
                "from there."
            )
        )
