"""A model on this computer, in facts that any thread may keep: for the models page.

`facts` gathers them and `checks` finds what they say of its bytes; both import the engine, and this
module does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.library.models import ModelChoice


class Against(StrEnum):
    """With what a model was compared."""

    SIGNATURE = "signature"  # of the bundle by which it came
    HUB = "hub"  # what the Hub listed when it was downloaded
    PREPARATION = "preparation"  # what was written when it was prepared
    READING = "reading"  # what was read here the first time


@dataclass(frozen=True)
class Checked:
    """What the last reading of a model found. `at_s`: seconds since 1970; `since_s`: when what it
    was compared with was read here, for READING alone; the same as `at_s` the first time. `signer`:
    the fingerprint of whose signature it was compared with, and whether that key is trusted here.
    """

    at_s: int
    against: Against
    is_sound: bool
    since_s: int = 0
    sha256: Mapping[str, str] = field(default_factory=dict, repr=False)
    signer: str = ""
    is_trusted: bool = True

    @property
    def is_first_reading(self) -> bool:
        """Whether there was nothing yet to compare it with."""
        return self.against is Against.READING and self.at_s == self.since_s


class PlanPart(StrEnum):
    """What a model needs memory for."""

    SHARED = "shared"  # weights that every token reads
    CACHE = "cache"
    WORK = "work"
    EXPERTS = "experts"
    EXPERTS_ON_DISK = "experts on disk"


@dataclass(frozen=True)
class ModelFacts:
    """What a model's files say, and where what it needs would go on this machine.

    `fits`: all of it in memory; `runs`: all but some experts.
    """

    title: str
    quantization: str
    parameters: int
    context_tokens: int
    licence: str
    parts: tuple[tuple[PlanPart, int], ...]  # with their bytes
    usable_bytes: int
    fits: bool
    runs: bool

    @property
    def needed_bytes(self) -> int:
        """Of memory, for all of it."""
        return sum(count for _, count in self.parts)


@dataclass(frozen=True)
class Shelved:
    """A model, or one whose disk is not connected (`choice` is None then).

    `is_ours`: removing it deletes its files; `is_elsewhere`: not in the models folder; `problem`:
    why its files can't be used, `is_damaged`: as one of them is missing; `source`: where it came
    from, or ""; `copy_bytes`: of its prepared copy; `tokens_per_s`: of its last long answer here.
    """

    name: str
    path: Path
    is_ours: bool
    is_elsewhere: bool
    choice: ModelChoice | None
    stored_bytes: int = 0
    copy_bytes: int = 0
    facts: ModelFacts | None = None
    checked: Checked | None = None
    source: str = ""
    problem: str = ""
    is_damaged: bool = False
    tokens_per_s: float | None = None

    @property
    def is_there(self) -> bool:
        """Whether its disk is connected."""
        return self.choice is not None

    @property
    def is_starter(self) -> bool:
        """Whether it came with the program."""
        return self.choice is not None and self.choice.is_starter
