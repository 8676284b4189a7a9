"""A command of the family `models`, run in this process; a courier that is played."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from tests.app.cli.played_courier import Played


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Its exit code, and what it wrote on stdout and stderr."""

    def call(*argv: object) -> tuple[int, str, str]:
        code = cli.main(["models", *map(str, argv)], LockReport(LockState.NOT_TESTED, "a test"))
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Played]:
    from app.cli import download

    made = Played()
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    monkeypatch.setattr(download, "take_courier_door", lambda: made.door)
    yield made
    made.close()


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was prepared, and how."""
    from app.cli import download

    seen: list[object] = []

    def prepare_folder(arguments) -> int:
        seen.append((arguments.path, arguments.mix))
        return 0

    def prepare_copy(path: Path, _compute: object) -> Path:
        seen.append(path)
        return path / "copy"

    monkeypatch.setattr(download.prepare, "run_prepare", prepare_folder)
    monkeypatch.setattr(download, "prepared_path", prepare_copy)
    return seen
