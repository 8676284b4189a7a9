"""The frozen program's roles, tried on the one that stands here: what works passes, no other."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.airlock.sealed_process import WorkerUnavailableError
from tools.package import smoke
from tools.package.freeze import ROOT, PackageError


def stage(folder: Path, script: str) -> smoke.Stage:
    program = folder / "pitcher"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return smoke.Stage(program, folder)


def test_the_formula_worker_draws_what_can_be_drawn_and_is_sealed(tmp_path: Path) -> None:
    smoke.formula(stage(tmp_path, f'exec "{sys.executable}" "{ROOT}/main.py" "$@"'))


def test_a_worker_that_draws_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke, "_FORMULA", r"\frac{")
    with pytest.raises(PackageError, match="draws 0 bytes"):
        smoke.formula(stage(tmp_path, f'exec "{sys.executable}" "{ROOT}/main.py" "$@"'))


def test_the_markup_worker_reads_an_answer_and_is_sealed(tmp_path: Path) -> None:
    smoke.markup(stage(tmp_path, f'exec "{sys.executable}" "{ROOT}/main.py" "$@"'))


def test_one_that_reads_other_blocks_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke, "_ANSWER", "only words")
    with pytest.raises(PackageError, match="reads 1 blocks"):
        smoke.markup(stage(tmp_path, f'exec "{sys.executable}" "{ROOT}/main.py" "$@"'))


def test_a_worker_that_only_says_that_it_is_sealed_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smoke, "_filters_of", lambda _process: 1)
    with pytest.raises(PackageError, match="sealed: False"):
        smoke.markup(stage(tmp_path, f'exec "{sys.executable}" "{ROOT}/main.py" "$@"'))


@pytest.mark.parametrize("check", [smoke.formula, smoke.markup])
def test_a_program_without_the_role_fails(
    tmp_path: Path, check: Callable[[smoke.Stage], None]
) -> None:
    with pytest.raises(WorkerUnavailableError):
        check(stage(tmp_path, "exit 2"))


def test_a_command_that_says_something_else_fails_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"“Pitcher ” was expected.*Nonsense"):
        smoke.version(stage(tmp_path, "echo Nonsense"))
    with pytest.raises(PackageError, match="ended with 3: broken"):
        smoke.version(stage(tmp_path, "echo broken >&2; exit 3"))
