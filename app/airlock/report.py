"""What is known of the lock, for the window, `audit` and `doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LockState(StrEnum):
    """Never enforced by default: only a test that ran makes it so."""

    ENFORCED = "enforced"
    NOT_ENFORCED = "not enforced"
    NOT_TESTED = "not tested"


@dataclass(frozen=True)
class Attempt:
    """One forbidden thing that was tried, and the kernel's answer."""

    name: str
    refused: bool
    answer: str


@dataclass(frozen=True)
class LockReport:
    """The state, why, and every attempt behind it."""

    state: LockState
    reason: str
    attempts: tuple[Attempt, ...] = ()
