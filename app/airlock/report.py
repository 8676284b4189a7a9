"""What is known of the lock, for the window, `audit` and `doctor`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class LockState(StrEnum):
    """Never enforced by default: only a test that ran makes it so."""

    ENFORCED = "enforced"
    NOT_ENFORCED = "not enforced"
    NOT_TESTED = "not tested"


class Tried(StrEnum):
    """Where something was tried. A thread and a child inherit the lock, or there is none."""

    HERE = "here"
    IN_A_THREAD = "in a thread"
    IN_A_CHILD = "in a child"


@dataclass(frozen=True)
class Attempt:
    """One forbidden thing that was tried, and the kernel's answer. `call`: what was called, as a
    programmer writes it; empty where that says no more than the name.
    """

    name: str
    refused: bool
    answer: str
    call: str = field(default="", compare=False)
    where: Tried = field(default=Tried.HERE, compare=False)


@dataclass(frozen=True)
class LockReport:
    """The state, why, and every attempt behind it. `tested_at_s`: when its user had it tested
    (seconds since 1970); None for the test at the start.
    """

    state: LockState
    reason: str
    attempts: tuple[Attempt, ...] = ()
    tested_at_s: float | None = None
