"""What `make package-test` says of its checks, and how it judges; the proof itself needs root."""

from __future__ import annotations

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tools.package_test import __main__ as package_test
from tools.package_test import installing, surprises
from tools.package_test import machine as machine_module
from tools.package_test.checks import Bench, Check, carry_out, table
from tools.package_test.machine import Machine
from tools.package_test.person import CheckFailed
from tools.package_test.userlands import pythons_in

FILE, FOLDER = stat.S_IFREG | 0o644, stat.S_IFDIR | 0o755
HOME = "/home/anna"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "dist", tmp_path / "frozen", tmp_path / "pictures")


def fails(_bench: Bench) -> str:
    raise CheckFailed("the answer came after 11.0 s, not 10")


def test_every_check_has_a_name_of_its_own_and_says_what_it_proves(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = [check.name for check in package_test.every_check()]
    assert len(names) == len(set(names))
    assert package_test.main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == names
    assert all(len(line.split()) > 3 for line in lines)


def test_a_failed_check_is_in_the_table_and_in_the_closing_line(bench: Bench) -> None:
    passes = Check("one", "passes", lambda _bench: "seen")
    outcomes = [carry_out(passes, bench), carry_out(Check("two", "fails", fails), bench)]
    lines = table(outcomes).splitlines()
    assert lines[0].startswith("passed  one")
    assert lines[1].startswith("FAILED  two")
    assert lines[1].endswith("after 11.0 s, not 10")
    assert lines[-1] == "1 passed, 1 failed"


@pytest.mark.parametrize(("fail", "code"), [(False, 0), (True, 1)])
def test_the_exit_code_says_whether_all_passed(
    bench: Bench, capsys: pytest.CaptureFixture[str], fail: bool, code: int
) -> None:
    check = Check("one", "", fails if fail else lambda _bench: "seen")
    assert package_test._carry_all_out([check], bench) == code
    assert capsys.readouterr().out.endswith(f"{1 - code} passed, {code} failed\n")
    assert "one" in (bench.pictures / "table.txt").read_text()


def test_an_unknown_check_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert package_test.main(["--only", "deb-bookworm,nothing"]) == 2
    assert "no check nothing" in capsys.readouterr().err


@pytest.mark.parametrize(("states", "rests"), [("SS", True), ("SRS", False), ("SD", False)])
def test_a_program_is_at_rest_when_none_of_its_threads_is_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, states: str, rests: bool
) -> None:
    for number, state in enumerate(states):
        task = tmp_path / "7" / "task" / str(number)
        task.mkdir(parents=True)
        (task / "stat").write_text(f"{number} (R) of (a name) {state} 1 1\n")
    (tmp_path / "8" / "task" / "8").mkdir(parents=True)  # its end was between two looks
    monkeypatch.setattr(machine_module, "KEPT", tmp_path)
    machine = Machine(tmp_path, {})
    monkeypatch.setattr(machine, "outside", lambda _path: tmp_path)
    assert machine.is_at_rest() is rests


def test_a_missing_artefact_is_named(bench: Bench) -> None:
    with pytest.raises(CheckFailed, match="make package comes first"):
        bench.artefact("pitcher_*.deb")


@pytest.mark.parametrize(
    ("path", "mode", "stays"),
    [
        (f"{HOME}/.local/share/pitcher/history/history.db", FILE, True),
        (f"{HOME}/.config/pitcher/settings.json", FILE, True),
        (f"{HOME}/.local/bin", FOLDER, True),
        (f"{HOME}/.local/bin/pitcher", FILE, False),
        (f"{HOME}/.local/lib/pitcher", FOLDER, False),
        (f"{HOME}/.local/share/applications/pitcher.desktop", FILE, False),
        ("/usr/lib/pitcher/pitcher", FILE, False),
        ("/usr/share/applications/mimeinfo.cache", FILE, True),
        ("/etc/pitcher/policy.toml", FILE, False),
    ],
)
def test_nothing_may_stay_but_what_is_the_users(path: str, mode: int, stays: bool) -> None:
    assert installing._may_stay(path, mode) is stays


def test_what_is_left_and_what_is_gone_is_named() -> None:
    before = {"/etc/passwd": (1, FILE)}
    installing._nothing_left(before, dict(before))
    with pytest.raises(CheckFailed, match="left: /usr/bin/pitcher"):
        installing._nothing_left(before, before | {"/usr/bin/pitcher": (1, FILE)})
    with pytest.raises(CheckFailed, match=r"gone: .*/etc/passwd"):
        installing._nothing_left(before, {})


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
@pytest.mark.skipif(shutil.which("readelf") is None, reason="no readelf")
def test_a_library_that_looks_elsewhere_is_found(tmp_path: Path, bench: Bench) -> None:
    bench.frozen.mkdir()
    made = bench.frozen / "made.so"
    source = tmp_path / "made.c"
    source.write_text("int made(void) { return 1; }\n")
    command = ["cc", "-shared", "-o", str(made), str(source)]
    subprocess.run([*command, "-Wl,-rpath,$ORIGIN"], check=True)
    assert "1 ELF files" in surprises._rpaths(bench)
    subprocess.run([*command, "-Wl,-rpath,$ORIGIN:/tmp/anybody"], check=True)
    with pytest.raises(CheckFailed, match=r"made\.so: /tmp/anybody"):
        surprises._rpaths(bench)


def test_a_python_in_a_userland_is_found(tmp_path: Path) -> None:
    (tmp_path / "usr/bin").mkdir(parents=True)
    (tmp_path / "usr/share/python3").mkdir(parents=True)
    (tmp_path / "usr/bin/sh").touch()
    assert pythons_in(tmp_path) == []
    (tmp_path / "usr/bin/python3.11").touch()
    assert pythons_in(tmp_path) == ["usr/bin/python3.11"]
