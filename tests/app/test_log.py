"""The log goes to standard error, at the level that was asked for."""

import logging
from collections.abc import Iterator

import pytest

from app import log


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_only_warnings_are_shown_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("chat", {})
    logging.getLogger("somewhere").info("quiet")
    logging.getLogger("somewhere").warning("said")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "quiet" not in shown.err
    assert "chat WARNING somewhere: said" in shown.err


def test_the_level_comes_from_the_environment(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("chat", {"PITCHER_LOG": "DEBUG"})
    logging.getLogger("somewhere").debug("detail")
    assert "detail" in capsys.readouterr().err


def test_an_unknown_level_is_said_and_warnings_are_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.configure("chat", {"PITCHER_LOG": "loud"})
    assert "PITCHER_LOG=loud is not one of debug, info, warning, error" in capsys.readouterr().err
    assert logging.getLogger().level == logging.WARNING
