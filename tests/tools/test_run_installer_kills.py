"""The installer for one user is killed at a tool that it calls: what starts then, and that the next
run completes it. `python -m tests.tools.test_run_installer_kills`: at every tool of every course.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.updates.prefix import Prefix
from tests.tools.linux_tree import make_tree, write
from tests.tools.run_hand import prefix_of, starts
from tools.package import run_installer

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("xz") is None, reason="Linux's installer, packed by xz"
)

_TOOLS = ("mv", "cp", "mkdir", "rm", "ln", "sync", "tar", "rmdir", "chmod", "flock")
# Counts each call; at the one that is named, it kills the script before or after it does its work.
_STAND_IN = """#!/bin/sh
count=$(($(cat "$KILLS/count") + 1))
echo "$count" >"$KILLS/count"
if [ "$count" -eq "$KILL_AT" ]; then
    [ -z "$KILL_AFTER" ] || REAL "$@"
    kill -9 "$(cat "$KILLS/script")"
    exit 1
fi
exec REAL "$@"
"""
_STEPS = range(1, 100)


@dataclass(frozen=True)
class Course:
    """What was installed, each version started but the last, if so; and what is installed then."""

    before: tuple[str, ...]
    then: str
    has_started: bool = True


UPDATE = Course(("0.1.0",), "0.2.0")
COURSES = (
    UPDATE,
    Course((), "0.1.0"),
    Course(("0.1.0", "0.2.0rc1"), "0.2.0"),
    Course(("0.1.0", "0.2.0rc1"), "0.2.0", has_started=False),
    Course(("0.1.0", "0.2.0"), "0.2.0"),
    Course(("0.2.0",), "0.2.0"),
)


class Kills:
    """Installs in homes of their own, and kills."""

    def __init__(self, folder: Path, installers: dict[str, Path]) -> None:
        self._folder, self._installers = folder, installers
        self._tools = folder / "tools"
        self._tools.mkdir()
        for name in _TOOLS:
            write(self._tools / name, _STAND_IN.replace("REAL", str(shutil.which(name))), 0o755)

    def home_before(self, course: Course) -> Path:
        """A fresh home as the course finds it."""
        home = self._folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        for number, version in enumerate(course.before, 1):
            assert self._run(version, home) == 0
            if course.has_started or number < len(course.before):
                Prefix(prefix_of(home)).end_trial()
        return home

    def kill(self, course: Course, at: int, *, after: bool) -> bool:
        """Whether it got so far. Raises AssertionError where something else starts than may."""
        home = self.home_before(course)
        write(self._folder / "count", "0")
        told = {
            "PATH": f"{self._tools}:{os.environ['PATH']}",
            "KILLS": str(self._folder),
            "KILL_AT": str(at),
            "KILL_AFTER": "yes" if after else "",
        }
        ended = self._run(course.then, home, **told)
        prefix = prefix_of(home)
        if course.before and not self._is_in_the_instant(course, prefix):
            assert starts(prefix)[0] in (*course.before, course.then)
        assert self._run(course.then, home) == 0
        assert starts(prefix)[0] == course.then
        assert not [path for path in (prefix / "versions").iterdir() if path.name[0] == "."]
        return ended != 0

    @staticmethod
    def _is_in_the_instant(course: Course, prefix: Path) -> bool:
        """Between two renames of the one version that is there and is put there once more."""
        return course.before == (course.then,) and not (prefix / "versions" / course.then).exists()

    def _run(self, version: str, home: Path, **variables: str) -> int:
        script = 'echo $$ >"$0"; exec sh "$1"'
        command = ["sh", "-c", script, str(self._folder / "script"), str(self._installers[version])]
        environment = {"HOME": str(home), "PATH": os.environ["PATH"]} | variables
        return subprocess.run(command, env=environment, capture_output=True).returncode


def test_a_version_starts_after_every_kill_and_the_next_run_completes(
    installers: dict[str, Path], tmp_path: Path
) -> None:
    kills = Kills(tmp_path, installers)
    done = next(at for at in _STEPS if not kills.kill(UPDATE, at, after=at % 2 == 0))
    assert done > 20


def main() -> int:
    """All of them."""
    with tempfile.TemporaryDirectory() as made:
        folder, installers, count = Path(made), {}, 0
        for version in ("0.1.0", "0.2.0rc1", "0.2.0"):
            tree = make_tree(folder / version, version)
            (installers[version],) = run_installer.build(tree, folder)
        kills = Kills(folder, installers)
        for course in COURSES:
            for after in (False, True):
                count += next(at for at in _STEPS if not kills.kill(course, at, after=after)) - 1
    print(f"{count} kills, 0 problems")
    return 0


if __name__ == "__main__":
    sys.exit(main())
