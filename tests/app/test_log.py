"""The log goes to standard error, at the level that was asked for."""

import logging
import sys
import threading
from collections.abc import Iterator

import pytest

from app import log
from app.diagnostics.failures import failures
from app.diagnostics.own_code import ROOTS


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ROOTS:
        logging.getLogger(name).setLevel(logging.NOTSET)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


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


def test_a_handled_error_is_remembered_and_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("chat", {})
    try:
        raise OSError(28, "of this text nothing is kept", "/nor/of/this")
    except OSError:
        logging.getLogger("app.somewhere").debug("nor of %s", "this", exc_info=True)
    (found,) = failures()
    assert (found.level, found.error, found.system_error) == ("debug", "OSError", 28)
    assert capsys.readouterr().err == ""


def test_what_nobody_catches_is_remembered_and_still_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # pytest's own would take it for a test's failure.
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    log.configure("chat", {})
    sys.excepthook(ValueError, ValueError("shown"), None)
    thread = threading.Thread(target=lambda: int("shown too"))
    thread.start()
    thread.join()
    assert [found.error for found in failures()] == ["ValueError"]
    assert failures()[0].count == 2
    assert failures()[0].level == "critical"
    shown = capsys.readouterr().err
    assert "ValueError: shown" in shown
    assert "shown too" in shown
