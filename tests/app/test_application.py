"""The window's process: how it starts, how it ends, with which exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.airlock.report import LockReport, LockState
from app.application import Application, main
from app.bridge.history_states import Opening
from app.chats.history_states import NeedsPassphrase, Ready
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.library.models import NoSuchModelError
from app.model_opening import FileModelOpener, opener_by
from app.settings import GRAPHICS_CARD, WELCOMED, Settings
from app.theme.assets import load_fonts
from inference.errors import CheckpointError

ROOT = Path(__file__).resolve().parents[2]
NOT_TESTED = LockReport(LockState.NOT_TESTED, "The test has not run.")


@pytest.fixture
def application(qapp, qtbot, tmp_path, fake_opener, history_door):
    load_fonts()
    settings = Settings(tmp_path / "settings.json")
    settings.change(WELCOMED, True)
    made = Application(qapp, NOT_TESTED, settings, fake_opener, door=history_door)
    yield made
    made.close()
    made.window.deleteLater()
    made.deleteLater()


def test_the_window_is_shown_before_the_model_is_asked_for(qapp, application, fake_opener):
    application.start()
    assert application.window.isVisible()
    assert fake_opener.loads == 0


def test_the_history_is_opened_after_the_first_frame_and_closed_with_the_window(
    qtbot, application, history_door
):
    application.start()
    assert isinstance(application.history.state, Opening)
    qtbot.waitUntil(lambda: isinstance(application.history.state, Ready))
    assert application.close()
    # Another program may have it now.
    history_door.profile.lock(Holder.COMMAND).release()


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


@pytest.mark.parametrize("wants", [True, False])
def test_the_card_is_asked_for_as_the_settings_are_when_a_model_is_opened(
    wants, tmp_path, monkeypatch
):
    class SeenError(Exception):
        pass

    def load(path, options, renderer, on_progress):
        raise SeenError(options.card)

    settings = Settings(tmp_path / "settings.json")
    opener = opener_by(settings)(None)
    settings.change(GRAPHICS_CARD, wants)
    monkeypatch.setattr("inference.engine.Engine.load", load)
    monkeypatch.setattr("app.library.prepared.prepared_path", lambda path, *others: path)
    with pytest.raises(SeenError, match=str(wants)):
        opener(lambda _progress: None)


# A window's process; its second line is what a test adds. Qt's loop of a whole program can't
# run inside the tests' own process: once it was told to quit, no later loop there turns.
WINDOW = """
import sys
{extra}
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
# A window that closes while torch is imported waits for that; the patience here is a test's.
from app.bridge import engine_worker
engine_worker._JOIN_TIMEOUT_S = 40
arguments = ["--model", "no-such-model", *sys.argv[1:]]
sys.exit(main(arguments, LockReport(LockState.NOT_TESTED, "not tested")))
"""
CLOSE_SOON = """
import app.application as a
from PySide6.QtCore import QTimer
start = a.Application.start
a.Application.start = lambda self: (start(self), QTimer.singleShot(50, self.window.close))
"""
NEVER_ENDS = CLOSE_SOON + "a.Application.close = lambda self: False"
CLOSE_WHEN_READY = """
import app.application as a
from app.chats.history_states import Ready
start = a.Application.start


def until_ready(self):
    self.history.changed.connect(lambda s: isinstance(s, Ready) and self.window.close())
    start(self)


a.Application.start = until_ready
"""
NO_ASSETS = """
import pathlib
import app.theme.assets as assets
assets.ASSETS = pathlib.Path("nowhere")
"""


def start_window(
    home: Path, extra: str = "", *arguments: str, pass_fds: tuple[int, ...] = ()
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WINDOW.format(extra=extra), *arguments],
        pass_fds=pass_fds,
        cwd=ROOT,
        # No keyring of whoever runs the tests is asked.
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "PITCHER_HOME": str(home),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={home / 'no-bus'}",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    try:
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, errors


def test_closing_the_window_ends_with_0(tmp_path):
    code, errors = ended(start_window(tmp_path, CLOSE_SOON))
    assert code == 0, errors
    assert "Traceback" not in errors


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_window_in_order(tmp_path, number):
    process = start_window(tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    code, errors = ended(process)
    assert code == 128 + number, errors
    assert "Traceback" not in errors


def test_a_thread_that_will_not_end_does_not_keep_the_process(tmp_path):
    code, errors = ended(start_window(tmp_path, NEVER_ENDS))
    assert code == 1, errors


def test_an_incomplete_installation_is_a_sentence(tmp_path):
    code, errors = ended(start_window(tmp_path, NO_ASSETS))
    assert code == 1
    assert "Install Pitcher again" in errors
    assert "Traceback" not in errors


def test_a_passphrase_from_a_descriptor_begins_the_history(tmp_path):
    reader, writer = os.pipe()
    os.write(writer, b"rain on the roof\nnot read\n")
    os.close(writer)
    flag = ("--passphrase-fd", str(reader))
    process = start_window(tmp_path, CLOSE_WHEN_READY, *flag, pass_fds=(reader,))
    os.close(reader)
    code, errors = ended(process)
    assert code == 0, errors
    (envelope,) = tmp_path.rglob("vault.json")
    door = HistoryDoor(Profile(envelope.parent), Holder.COMMAND)
    assert isinstance(door.open(), NeedsPassphrase)
    assert isinstance(door.try_passphrase("rain on the roof"), Ready)
    door.close()


def test_a_descriptor_that_gives_no_passphrase_is_a_sentence(tmp_path, capsys):
    assert main(["--passphrase-fd", "973"], NOT_TESTED) == 1
    assert "descriptor 973" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--passphrase-fd", "three"], ["--passphrase", "3"]])
def test_a_descriptor_is_a_number_after_the_whole_flag(wrong, capsys):
    with pytest.raises(SystemExit) as left:
        main(wrong, NOT_TESTED)
    assert left.value.code == 2
    assert "passphrase" in capsys.readouterr().err
