"""Kills updates at every step, over and over: `python -m tools.kill_updates`.

For: `make soak`, and whoever changed how versions are switched. A process applies an update, goes
back to the version before, or records a first start, and is killed (SIGKILL) before one of its
steps on the disk. After each kill the start script must start a version that is whole, what is kept
to go back to must be whole, and the next try must do what was asked. The seed decides the steps;
those of a small count are spread over all of them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from app.updates import starting
from app.updates.applying import apply_update
from app.updates.prefix import CURRENT, PREVIOUS, go_back
from tests.app.updates.updates_hand import Copy, contents, some_key, write_tree

OLDEST, OLD, NEW = "0.0.9", "0.1.0", "0.2.0"
START_SCRIPT = Path(__file__).resolve().parents[1] / "packaging/linux/pitcher-start.sh"
_STEPS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.truncate")
_SAYS_EVERY = 50


@dataclass
class Tally:
    """What a campaign has seen."""

    kills: int = 0
    ended: int = 0
    problems: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """In one line."""
        found = len(self.problems)
        return f"{self.kills} kills, {self.ended} that came too late, {found} problems"


class Campaign:
    """Kills in `folder`, each time with the same three versions."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.tally = Tally()
        self._rng = Random(seed)
        self._copy = Copy(folder, some_key())
        key = self._copy.key.public.raw
        self._whole = {
            version: contents(write_tree(folder / f"whole-{version}", version, key))
            for version in (OLDEST, OLD, NEW)
        }
        self._update, _manifest = self._copy.update(NEW)
        self._works: dict[str, tuple[Callable[[], None], Callable[[], None], str]] = {
            "update": (self._install, self._apply, NEW),
            "first start": (self._install_updated, self._start, NEW),
            "going back": (self._install_started, self._go_back, OLD),
        }

    def run(self, count: int) -> Tally:
        """That many kills, in turns, spread over the steps of each work."""
        names = list(self._works)
        counts = {name: self._steps_of(name) for name in names}
        for number in range(count):
            name = names[number % len(names)]
            place = (number // len(names) + self._rng.random()) / -(-count // len(names))
            self._kill(name, 1 + int(place * counts[name]))
            if (number + 1) % _SAYS_EVERY == 0:
                print(f"{number + 1}: {self.tally.summary()}", flush=True)
        return self.tally

    def _kill(self, name: str, step: int) -> None:
        make, work, wanted = self._works[name]
        make()
        if _in_a_child(work, step, self._copy.prefix.folder) == -signal.SIGKILL:
            self.tally.kills += 1
        else:
            self.tally.ended += 1
        for problem in self._problems():
            self.tally.problems.append(f"{name}, killed before step {step}: {problem}")
        try:
            if self._copy.prefix.current != wanted or name == "first start":
                work()
            starting.has_started(self._copy.running())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            self.tally.problems.append(f"{name}, after step {step}: {error!r}")
        for problem in self._problems(wanted):
            self.tally.problems.append(f"{name}, again after step {step}: {problem}")

    def _problems(self, wanted: str | None = None) -> list[str]:
        """What is not as it must be, after a kill; `wanted`: after the next try."""
        prefix, found = self._copy.prefix, []
        done = subprocess.run(
            ["sh", prefix.folder / "pitcher"], capture_output=True, text=True, check=False
        )
        if done.returncode or done.stdout.strip() != prefix.current:
            found.append(f"{done.stdout.strip() or done.stderr} started, not {prefix.current}")
        for name in (CURRENT, PREVIOUS):
            file = prefix.folder / name
            version = file.read_text().strip() if file.exists() else None
            if version and contents(prefix.versions / version) != self._whole[version]:
                found.append(f"{name} names {version}, which is not whole")
        if wanted is not None:
            if prefix.current != wanted:
                found.append(f"{prefix.current} is current")
            left = {each.name for each in prefix.versions.iterdir()}
            if not left <= {prefix.current, prefix.previous} and not prefix.is_on_trial:
                found.append(f"left behind: {sorted(left)}")
        return found

    def _steps_of(self, name: str) -> int:
        """How many steps it takes, from the number at which nothing is killed any more."""
        make, work, _wanted = self._works[name]
        low, high = 1, 4096
        while low < high:
            middle = (low + high) // 2
            make()
            if _in_a_child(work, middle, self._copy.prefix.folder) == 0:
                high = middle
            else:
                low = middle + 1
        return max(1, low - 1)

    def _install(self) -> None:
        """0.1.0 is in use, and has started; 0.0.9 is kept."""
        shutil.rmtree(self._copy.prefix.folder, ignore_errors=True)
        for version in (OLDEST, OLD):
            self._copy.install(version)
        (self._copy.prefix.folder / PREVIOUS).write_text(f"{OLDEST}\n")
        shutil.copy(START_SCRIPT, self._copy.prefix.folder / "pitcher")

    def _install_updated(self) -> None:
        self._install()
        self._apply()

    def _install_started(self) -> None:
        self._install_updated()
        self._start()

    def _apply(self) -> None:
        apply_update(self._update, self._copy.running(OLD))

    def _start(self) -> None:
        starting.has_started(self._copy.running())

    def _go_back(self) -> None:
        go_back(self._copy.prefix)


def _in_a_child(work: Callable[[], None], step: int, folder: Path) -> int:
    """Do it in a process that is killed before that step below `folder`; how it ended."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _kill_before(step, str(folder))
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _kill_before(step: int, folder: str) -> None:
    left = step

    def look(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in _STEPS and str(arguments[0]).startswith(folder):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)


def main(arguments: list[str]) -> int:
    """0 where every kill left what it must; 1 with each problem on stderr."""
    parser = argparse.ArgumentParser(prog="tools.kill_updates", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=8)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        tally = Campaign(chosen.seed, Path(folder)).run(chosen.count)
    print(tally.summary())
    for problem in tally.problems:
        print(problem, file=sys.stderr)
    return 1 if tally.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
