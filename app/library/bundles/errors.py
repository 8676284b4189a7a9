"""What can go wrong with bundles, each with a sentence that says what to do.

BundleError
├── KeyFileError         a key, or the list of trusted ones, can't be read or used
├── UnknownSignerError   signed soundly, by nobody whose key is trusted here
├── ManifestError        bundle.json, its signature or its names are not what they must be
├── ContentError         a file or part of a bundle, or of an installed model, is not as signed
│   └── MissingPartsError    parts are not here (yet)
├── ConflictError        what is known of the model's name stands against it
│   ├── OlderBundleError     a later one is, or was, installed
│   └── OtherSignerError     what is installed came from another key
├── ForbiddenBundleError an administrator does not allow its weights
├── ModelThereError      something else has the name
├── SourceError          these files can't become a bundle
└── StickError           the stick or the disk refused, or was pulled out
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from inference.errors import one_line
from inference.sentence import said


class BundleError(Exception):
    """A bundle could not be made, checked or installed; the message is a sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class KeyFileError(BundleError):
    """A key, or the list of trusted keys, can't be read or used."""


class UnknownSignerError(BundleError):
    """A sound signature of somebody who is not trusted here."""

    def __init__(self, fingerprint: str) -> None:
        super().__init__(
            said(
                "This bundle is signed with a key that is not trusted here. Its fingerprint is "
                "{fingerprint}. Compare it with what its maker tells you; if it is the same, trust "
                "it with “models key trust”, or for this bundle alone with --trust. Nothing was "
                "used of it.",
                fingerprint=fingerprint,
            )
        )
        self.fingerprint = fingerprint


class ManifestError(BundleError):
    """The manifest, its signature or a name in it is not what it must be."""


class Fault(StrEnum):
    """How a file or part differs from what was signed."""

    MISSING = "missing"
    SWAPPED = "swapped"
    OLDER = "older"
    NEWER = "newer"
    ALTERED = "altered"
    EXTRA = "extra"


@dataclass(frozen=True)
class Problem:
    """One file or part that is not as signed, and the sentence about it."""

    name: str
    fault: Fault
    sentence: str


class ContentError(BundleError):
    """Files or parts are not as they were signed; `problems` has every one of them."""

    def __init__(self, problems: Sequence[Problem], message: str = "") -> None:
        super().__init__(message or _all_of(problems))
        self.problems = tuple(problems)


class MissingPartsError(ContentError):
    """Some parts are not here; all others are sound."""


@dataclass(frozen=True)
class Conflict:
    """What is, or was, installed under a bundle's name: when the installed one was made and whose
    key signed it, when the newest was made that was ever installed; and what of it stands against
    the bundle. `is_there`: something has the name now.
    """

    known_made_at_s: int
    known_fingerprint: str
    newest_made_at_s: int
    is_there: bool
    is_older: bool
    is_other_signer: bool


class ConflictError(BundleError):
    """What is known of the name stands against a bundle, unless its user allows it."""

    def __init__(self, message: str, conflict: Conflict) -> None:
        super().__init__(message)
        self.conflict = conflict


class OlderBundleError(ConflictError):
    """A later bundle of this model is installed, or was."""


class OtherSignerError(ConflictError):
    """What is installed under this name came from another key."""


class ForbiddenBundleError(BundleError):
    """The administrator's policy does not allow the weights in it."""


class ModelThereError(BundleError):
    """Something else has the name that was asked for."""


class SourceError(BundleError):
    """These files can't become a bundle."""


class StickError(BundleError):
    """The stick or the disk refused; what is done is kept."""


def _all_of(problems: Sequence[Problem]) -> str:
    first = problems[0].sentence
    if len(problems) == 1:
        return first
    return said(
        "{first} Not as signed either: {names}.",
        first=first,
        names=names_of(problems[1:]),
    )


def names_of(problems: Sequence[Problem], most: int = 8) -> str:
    """The names of some problems, and “…” for the rest."""
    shown = [problem.name for problem in problems[:most]]
    return ", ".join(shown + ["…"] * (len(problems) > most))
