"""How the program was installed is told by where it lies and what its build says."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from app import installation
from app.installation import Build, Kind
from inference.version import ENGINE_VERSION

KEY = bytes(range(32))


def program_in(folder: Path, release_key: str | None = KEY.hex()) -> Path:
    folder.mkdir(parents=True)
    told = {"version": "1.2.3", "commit": "abc", "release_key": release_key}
    (folder / "build.json").write_text(json.dumps(told))
    return folder


def test_a_working_tree_has_no_prefix_and_takes_no_update() -> None:
    found = installation.installation()
    assert found.kind is Kind.SOURCE
    assert found.prefix is None
    assert found.build == Build(ENGINE_VERSION, "", None)
    assert (found.program / "app" / "installation.py").is_file()


def test_a_frozen_program_is_told_by_its_executable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_in(tmp_path / "usr" / "lib" / "pitcher")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program / "pitcher"))
    installation.installation.cache_clear()
    try:
        found = installation.installation()
    finally:
        installation.installation.cache_clear()
    assert (found.kind, found.program, found.prefix) == (Kind.SYSTEM, program, None)
    assert found.build == Build("1.2.3", "abc", KEY)


@pytest.mark.parametrize("kind", [Kind.PER_USER, Kind.PORTABLE])
def test_a_copy_that_looks_after_itself_lies_in_a_prefix(tmp_path: Path, kind: Kind) -> None:
    program = program_in(tmp_path / "versions" / "1.2.3")
    (tmp_path / "current").write_text("1.2.3\n")
    if kind is Kind.PORTABLE:
        (tmp_path / "portable").touch()
    found = installation.installed_at(program)
    assert (found.kind, found.prefix) == (kind, tmp_path)


def test_a_folder_that_is_merely_called_versions_is_no_prefix(tmp_path: Path) -> None:
    program = program_in(tmp_path / "versions" / "1.2.3")
    assert installation.installed_at(program).kind is Kind.SYSTEM


@pytest.mark.parametrize("key", ["zz", "00" * 31, 7, ""])
def test_a_key_that_is_none_means_no_update(tmp_path: Path, key: object) -> None:
    program = program_in(tmp_path / "program")
    (program / "build.json").write_text(
        json.dumps({"version": "1", "commit": "c", "release_key": key})
    )
    assert installation.build_of(program).release_key is None


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "\x00", '{"version": 1}'])
def test_a_build_file_that_says_nothing_means_no_update(tmp_path: Path, text: str) -> None:
    (tmp_path / "build.json").write_text(text)
    assert installation.build_of(tmp_path) == Build(ENGINE_VERSION, "", None)
    assert installation.build_of(tmp_path / "nowhere") == Build(ENGINE_VERSION, "", None)
