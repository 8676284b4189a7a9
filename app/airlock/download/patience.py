"""How often to try again, and how long to wait before: as the hub asks, or longer each time.

For: `hub` and `fetching`. A try that brought something on is no failure in a row.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from app.airlock.download.errors import (
    BadPartError,
    BusyError,
    CertificateError,
    DownloadError,
    LineFaultError,
    UnreachableError,
)
from inference.sentence import said


@dataclass(frozen=True)
class Tries:
    """How many failures in a row end it: of the line, of a hub that asks to wait, and of answers
    that make no sense. The first wait is about `first_wait_s`, none is above `most_wait_s`.
    """

    # With the waits below, a quarter of an hour without a network.
    line: int = 20
    busy: int = 8
    bad: int = 3
    first_wait_s: float = 0.5
    most_wait_s: float = 60.0
    # What a hub may ask for; where it asks for longer, this is what it gets.
    most_asked_s: float = 300.0


class Patience:
    """For one thing that is asked for; `chance` gives numbers from 0 to 1."""

    def __init__(self, tries: Tries, chance: Callable[[], float] = random.random) -> None:
        self._tries, self._chance = tries, chance
        self._failed: dict[type[DownloadError], int] = {}

    def came_on(self) -> None:
        """Something arrived: the failures before count no more."""
        self._failed.pop(LineFaultError, None)
        self._failed.pop(BusyError, None)

    def wait_after(self, error: DownloadError) -> float:
        """Seconds until the next try; raises `error`, or one that sums up, where there is none."""
        kind, most = self._kind(error)
        failed = self._failed[kind] = self._failed.get(kind, 0) + 1
        if failed >= most:
            raise _in_the_end(error, failed) from error
        if isinstance(error, BusyError) and error.wait_s is not None:
            return min(error.wait_s, self._tries.most_asked_s) + self._chance()
        longest = min(self._tries.first_wait_s * 2.0 ** (failed - 1), self._tries.most_wait_s)
        return longest * (0.5 + self._chance() / 2)

    def _kind(self, error: DownloadError) -> tuple[type[DownloadError], int]:
        if isinstance(error, BusyError):
            return BusyError, self._tries.busy
        if isinstance(error, BadPartError):
            return BadPartError, self._tries.bad
        if isinstance(error, UnreachableError) and not isinstance(error, CertificateError):
            return LineFaultError, self._tries.line
        raise error


def _in_the_end(error: DownloadError, failed: int) -> DownloadError:
    if isinstance(error, LineFaultError):
        return UnreachableError(
            said(
                "{error} That was so {failed} times in a row. What has arrived is kept; try again "
                "when the connection is better.",
                error=error,
                failed=failed,
            )
        )
    return error
