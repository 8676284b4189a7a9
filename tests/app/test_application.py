"""The window's process: how it starts, how it ends, with which exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from app.airlock.report import LockReport, LockState
from app.application import Application, FileModelOpener, main, run
from app.library.models import NoSuchModelError
from app.settings import Settings
from app.theme.assets import load_fonts
from inference.errors import CheckpointError

ROOT = Path(__file__).resolve().parents[2]
NOT_TESTED = LockReport(LockState.NOT_TESTED, "The test has not run.")


@pytest.fixture
def application(qapp, qtbot, tmp_path, fake_opener):
    load_fonts()
    made = Application(qapp, NOT_TESTED, Settings(tmp_path / "settings.json"), fake_opener)
    yield made
    Application.close(made)
    made.window.deleteLater()
    made.deleteLater()


def test_closing_the_window_ends_with_0(qapp, application):
    QTimer.singleShot(50, application.window.close)
    assert run(application, qapp) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_with_its_own_code(qapp, application, number):
    QTimer.singleShot(50, lambda: os.kill(os.getpid(), number))
    assert run(application, qapp) == 128 + number


def test_a_thread_that_will_not_end_does_not_keep_the_process(qapp, application, monkeypatch):
    class LeftError(Exception):
        pass

    def leave(code: int) -> None:
        raise LeftError(code)

    monkeypatch.setattr(application, "close", lambda: False)
    monkeypatch.setattr("app.application.os._exit", leave)
    QTimer.singleShot(50, application.window.close)
    with pytest.raises(LeftError, match="1"):
        run(application, qapp)


def test_the_window_is_shown_before_the_model_is_asked_for(qapp, application, fake_opener):
    application.start()
    assert application.window.isVisible()
    assert fake_opener.loads == 0


def test_wrong_flags_are_a_usage_error(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--no-such-flag"], NOT_TESTED)
    assert left.value.code == 2
    assert "--no-such-flag" in capsys.readouterr().err


def test_an_unknown_model_is_refused_by_the_opener():
    with pytest.raises(NoSuchModelError, match="no-such-model"):
        FileModelOpener("no-such-model")(lambda _progress: None)


def test_a_file_that_is_no_model_is_refused_and_the_template_worker_ends(tmp_path, monkeypatch):
    closed: list[bool] = []

    class Renderer:
        def start(self) -> None:
            pass

        def close(self) -> None:
            closed.append(True)

    monkeypatch.setattr("app.airlock.template_process.TemplateProcess", Renderer)
    wrong = tmp_path / "wrong.gguf"
    wrong.write_bytes(b"not a model at all")
    with pytest.raises(CheckpointError):
        FileModelOpener(str(wrong))(lambda _progress: None)
    assert closed == [True]


WINDOW = """
import sys
from app.airlock.report import LockReport, LockState
from app.application import main
from app.bridge.os_signals import QuitSignals

enter = QuitSignals.__enter__


def tell(signals):
    entered = enter(signals)
    print("ready", flush=True)
    return entered


QuitSignals.__enter__ = tell
assert "torch" not in sys.modules
sys.exit(main(["--model", "no-such-model"], LockReport(LockState.NOT_TESTED, "not tested")))
"""


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_a_real_window_process_leaves_in_order_on_sigterm(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", WINDOW],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PITCHER_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"ready\n"
        process.terminate()
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 128 + signal.SIGTERM, errors.decode()
    assert b"Traceback" not in errors


def test_an_incomplete_installation_is_a_sentence(tmp_path):
    code = WINDOW.replace(
        "from app.application",
        "import app.theme.assets as a; import pathlib; "
        "a.ASSETS = pathlib.Path('nowhere')\nfrom app.application",
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PITCHER_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Install Pitcher again" in done.stderr
    assert "Traceback" not in done.stderr
