"""The script that starts the version that is current, as /bin/sh runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.updates.prefix import FELL_BACK, TRIES, Prefix

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script for sh")

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "linux" / "pitcher-start.sh"
OLD, NEW = "0.1.0", "0.2.0"


class Copy:
    """A folder as the installer makes it, with scripts that tell their version and arguments."""

    def __init__(self, folder: Path) -> None:
        self.prefix = Prefix(folder)
        self.start = folder / "pitcher"
        folder.mkdir(parents=True)
        self.start.write_bytes(SCRIPT.read_bytes())
        self.start.chmod(0o755)
        for version in (OLD, NEW):
            program = folder / "versions" / version / "pitcher"
            program.parent.mkdir(parents=True)
            program.write_text(f"#!/bin/sh\nprintf '%s\\n' {version} \"$@\"\n")
            program.chmod(0o755)

    def program(self, version: str) -> Path:
        return self.prefix.versions / version / "pitcher"

    def run(self, *arguments: str, command: tuple[str, ...] = ()) -> tuple[int, list[str], str]:
        done = subprocess.run(
            [*(command or (str(self.start),)), *arguments], capture_output=True, text=True
        )
        return done.returncode, done.stdout.split("\n")[:-1], done.stderr


@pytest.fixture(params=["plain", "with space", "ä'\"$(x)`\\", "line\nend\n"])
def copy(tmp_path: Path, request: pytest.FixtureRequest) -> Copy:
    made = Copy(tmp_path / request.param)
    made.prefix.name_previous(OLD)
    made.prefix.name_current(NEW)
    return made


@pytest.fixture
def plain(tmp_path: Path) -> Copy:
    made = Copy(tmp_path / "pitcher-home")
    made.prefix.name_previous(OLD)
    made.prefix.name_current(NEW)
    return made


def test_the_current_version_gets_every_argument_as_it_is(copy: Copy) -> None:
    arguments = ("", "a b", "ü\n", "$HOME", "--role", "*")
    code, told, errors = copy.run(*arguments)
    assert (code, errors) == (0, "")
    assert "\n".join(told) == "\n".join([NEW, *arguments])


def test_by_a_link_by_its_name_and_without_the_right_to_run(copy: Copy, tmp_path: Path) -> None:
    links = tmp_path / "bin"
    links.mkdir()
    (links / "second").symlink_to(copy.start)
    (links / "first").symlink_to("second")
    assert copy.run(command=(str(links / "first"),))[1] == [NEW]
    copy.start.chmod(0o644)
    assert copy.run(command=("sh", str(copy.start)))[1] == [NEW]
    done = subprocess.run(["sh", "pitcher"], cwd=copy.prefix.folder, capture_output=True, text=True)
    assert done.stdout.split() == [NEW]


@pytest.mark.parametrize("fault", ["gone", "no program", "no name", "a path", "empty", "unended"])
def test_a_version_that_is_not_whole_is_left_for_the_one_before(plain: Copy, fault: str) -> None:
    current = plain.prefix.folder / "current"
    match fault:
        case "gone":
            current.unlink()
        case "no program":
            plain.program(NEW).unlink()
        case "no name":
            current.write_text("9.9.9\n")
        case "a path":
            current.write_text(f"../versions/{NEW}\n")
        case "empty":
            current.write_text("")
        case "unended":
            current.write_text(NEW)
    code, told, errors = plain.run()
    assert code == 0
    assert told == [NEW if fault == "unended" else OLD]
    assert ("not whole" in errors) == (fault != "unended")


def test_where_nothing_is_whole_a_sentence_says_so(plain: Copy) -> None:
    for version in (OLD, NEW):
        plain.program(version).unlink()
    code, told, errors = plain.run()
    assert (code, told) == (1, [])
    assert "No version in" in errors
    assert errors.count("\n") == 1


def test_two_starts_in_vain_and_the_version_before_is_back(plain: Copy) -> None:
    plain.prefix.begin_trial()
    assert [plain.run()[1] for _ in range(2)] == [[NEW], [NEW]]
    assert (plain.prefix.folder / TRIES).stat().st_size == 2
    code, told, errors = plain.run()
    assert (code, told) == (0, [OLD])
    assert f"Version {NEW} did not start twice" in errors
    assert plain.prefix.current == OLD
    assert plain.prefix.previous is None
    assert plain.prefix.fell_back_from == NEW
    assert not plain.prefix.is_on_trial
    assert plain.run()[1:] == ([OLD], "")


def test_a_version_that_started_is_not_counted(plain: Copy) -> None:
    for _ in range(4):
        assert plain.run()[1] == [NEW]
    assert not (plain.prefix.folder / TRIES).exists()


@pytest.mark.parametrize("at", [FELL_BACK, "current"])
def test_a_kill_while_it_goes_back_is_made_good_by_the_next_start(plain: Copy, at: str) -> None:
    folder = plain.prefix.folder
    (folder / TRIES).write_bytes(b"..")
    (folder / FELL_BACK).write_text(f"{NEW}\n")
    if at == "current":
        (folder / "current").write_text(f"{OLD}\n")
    assert plain.run()[1] == [OLD]
    assert plain.prefix.current == OLD


def test_programs_that_may_not_start_are_said(plain: Copy) -> None:
    plain.program(NEW).chmod(0o644)
    code, _told, errors = plain.run()
    assert code == 126
    assert "does not let programs start" in errors


def test_where_nothing_can_be_written_it_starts_all_the_same(plain: Copy) -> None:
    (plain.prefix.folder / TRIES).write_bytes(b"..")
    (plain.prefix.folder / ".fell-back.new").mkdir()  # stops root too
    code, told, _errors = plain.run()
    assert (code, told) == (0, [OLD])
    assert plain.prefix.current == NEW
