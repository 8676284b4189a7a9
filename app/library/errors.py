"""What can go wrong with models on this computer, each with a sentence that says what to do.

LibraryError
├── PlacesError      the list of models in other places can't be read or written
├── ChecksError      what is known of verified models can't be written
├── DamagedError     a model is not as it was when it was read before
├── MovingError      a model can't be moved or copied there
└── NotFoundError    nothing that was found or chosen is a model
"""

from __future__ import annotations

from inference.errors import one_line


class LibraryError(Exception):
    """The message is a sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class PlacesError(LibraryError):
    """The list of models in other places can't be read or written."""


class ChecksError(LibraryError):
    """What is known of verified models can't be written."""


class DamagedError(LibraryError):
    """A model is not as it was when it was read before."""


class MovingError(LibraryError):
    """A model can't be moved or copied there."""


class NotFoundError(LibraryError):
    """Nothing that was found or chosen is a model."""
