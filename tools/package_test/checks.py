"""A check, what it is given, and how it went.

A check is a function that returns a sentence of what was seen, or raises `CheckFailed`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.package_test.machine import ARTEFACTS, Machine, MachineError
from tools.package_test.person import CheckFailed
from tools.package_test.screen import Screen, ScreenError
from tools.package_test.userlands import RELEASES, Release, UserlandError, userland

PROGRAM = "/srv/frozen"  # the frozen program itself, read-only


@dataclass(frozen=True)
class Bench:
    """What the checks work with: what was built, and where pictures go."""

    dist: Path
    frozen: Path
    pictures: Path
    command: tuple[str, ...] = (f"{PROGRAM}/pitcher",)
    lent: dict[str, Path] = field(default_factory=dict)
    check: str = ""

    @contextmanager
    def sitting(
        self,
        release: Release = RELEASES[0],
        *,
        loopback: bool = False,
        lent: dict[str, Path] | None = None,
    ) -> Iterator[tuple[Screen, Machine]]:
        """A fresh machine with a screen."""
        folders = {ARTEFACTS: self.dist, PROGRAM: self.frozen} | self.lent | (lent or {})
        there = {inside: outside for inside, outside in folders.items() if outside.is_dir()}
        with (
            Screen() as screen,
            Machine(userland(release), there, screen.display, loopback=loopback) as machine,
        ):
            for parent in {str(Path(inside).parents[-2]) for inside in self.lent}:
                machine.run(["chmod", "755", parent], is_root=True)
            try:
                yield screen, machine
            except (CheckFailed, ScreenError):
                screen.take(self.picture(f"{self.check}-failed"))
                raise

    def picture(self, name: str) -> Path:
        return self.pictures / f"{name}.png"

    def artefact(self, pattern: str) -> Path:
        """The newest artefact of a kind. Raises CheckFailed."""
        found = sorted(self.dist.glob(pattern), key=lambda path: path.stat().st_mtime)
        if not found:
            raise CheckFailed(
                f"there is no {pattern} in {self.dist.name}: make package comes first"
            )
        return found[-1]


@dataclass(frozen=True)
class Check:
    """A name to choose it by, what must be true, and the proof."""

    name: str
    says: str
    prove: Callable[[Bench], str]


@dataclass(frozen=True)
class Outcome:
    """How a check went."""

    check: Check
    passed: bool
    words: str
    took_s: float


def carry_out(check: Check, bench: Bench) -> Outcome:
    """Prove it; what could not even begin has failed too."""
    began_s = time.monotonic()
    try:
        words, passed = check.prove(replace(bench, check=check.name)), True
    except (CheckFailed, MachineError, ScreenError, UserlandError) as error:
        words, passed = str(error), False
    return Outcome(check, passed, words, time.monotonic() - began_s)


def table(outcomes: list[Outcome]) -> str:
    """A line for each check, and the closing line."""
    width = max((len(outcome.check.name) for outcome in outcomes), default=0)
    lines = [
        f"{'passed' if outcome.passed else 'FAILED'}  {outcome.check.name:{width}}  "
        f"{outcome.took_s:5.0f} s  {' / '.join(outcome.words.splitlines())}"
        for outcome in outcomes
    ]
    passed = sum(outcome.passed for outcome in outcomes)
    return "\n".join([*lines, f"{passed} passed, {len(outcomes) - passed} failed"])
