"""Waiting for a signal without missing it."""

import time

_NAP_S = 0.05


def rest() -> None:
    """For ever, in naps: a signal that comes just before a sleep is handled at its end."""
    while True:
        time.sleep(_NAP_S)
