"""What can go wrong between the chat process, the launcher and the courier.

CourierError
    WireError           what came by a pipe is no message of ours
    NotConfinedError    the courier could not be put under its lock, so it was not started
    NoAskingError       there is neither a window nor a terminal to ask on
"""

from __future__ import annotations


class CourierError(Exception):
    """The courier can't do it; the message is a sentence for the user."""


class WireError(CourierError):
    """What came by a pipe breaks the rules; the peer is not trusted any further."""


class NotConfinedError(CourierError):
    """The courier's own lock could not be set, or does not hold."""


class NoAskingError(CourierError):
    """Nobody can be asked here, so nothing is fetched."""
