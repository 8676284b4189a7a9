"""A command of the family `models`, run in this process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app import cli
from app.airlock.report import LockReport, LockState


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Its exit code, and what it wrote on stdout and stderr."""

    def call(*argv: object) -> tuple[int, str, str]:
        code = cli.main(["models", *map(str, argv)], LockReport(LockState.NOT_TESTED, "a test"))
        out, err = capsys.readouterr()
        return code, out, err

    return call
