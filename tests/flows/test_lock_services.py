"""What has to go on working under the lock: Qt, torch, the keyring, input methods."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.airlock.syscalls import this_architecture

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = [sys.executable, str(ROOT / "tests" / "flows" / "native" / "launch_with.py"), "whole"]
LIMIT_S = 100

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux")

# Each script proves first that it is locked, with no help from our own code.
LOCKED = """
import socket
try:
    socket.socket(socket.AF_INET)
    raise SystemExit("not locked")
except PermissionError:
    pass
"""

TORCH = (
    LOCKED
    + """
import torch
from torch import nn
torch.set_num_threads(2)
layer = nn.Linear(512, 512)
out = layer(torch.randn(256, 512)).softmax(-1)
assert abs(float(out.detach().sum()) - 256) < 1e-2
print("torch works")
"""
)

WINDOW = (
    LOCKED
    + """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(sys.argv[:1])
label = QLabel("text under the lock")
label.show()
QTimer.singleShot(200, app.quit)
app.exec()
image = label.grab().toImage()
colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
assert len(colours) > 1, "nothing was drawn"
print("Qt works on", QGuiApplication.platformName())
"""
)

KEYRING = (
    LOCKED
    + """
import keyring
backend = keyring.get_keyring()
keyring.set_password("pitcher-test", "user", "a secret")
assert keyring.get_password("pitcher-test", "user") == "a secret"
keyring.delete_password("pitcher-test", "user")
print("keyring works with", type(backend).__module__)
"""
)

INPUT_METHOD = (
    LOCKED
    + """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit
app = QApplication(sys.argv[:1])
edit = QLineEdit()
edit.show()
edit.setFocus()
QTimer.singleShot(500, app.quit)
app.exec()
print("input method", edit.inputMethodQuery.__name__)
"""
)


def run(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        stdin=subprocess.DEVNULL,
    )


def locked(script: str) -> list[str]:
    return [*LAUNCH, sys.executable, "-c", script]


@pytest.fixture
def session_folders(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "runtime").mkdir(mode=0o700)
    (tmp_path / "home").mkdir()
    return {"HOME": str(tmp_path / "home"), "XDG_RUNTIME_DIR": str(tmp_path / "runtime")}


def test_torch_computes_under_the_lock() -> None:
    ended = run(locked(TORCH))
    assert ended.stdout.strip() == "torch works", ended.stderr


def test_qt_draws_without_a_display_under_the_lock() -> None:
    ended = run(locked(WINDOW), QT_QPA_PLATFORM="offscreen")
    assert ended.stdout.strip() == "Qt works on offscreen", ended.stderr


def test_qt_draws_on_an_x11_display_under_the_lock(display: str) -> None:
    ended = run(locked(WINDOW), QT_QPA_PLATFORM="xcb", DISPLAY=display)
    assert ended.stdout.strip() == "Qt works on xcb", ended.stderr


def test_the_keyring_answers_over_the_session_bus_under_the_lock(
    session_folders: dict[str, str],
) -> None:
    for tool in ("dbus-run-session", "gnome-keyring-daemon"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool} (Debian: dbus, gnome-keyring)")
    if find_spec("keyring") is None:
        pytest.skip("needs the Python package keyring")
    daemon = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
    session = ["dbus-run-session", "--", "sh", "-c", f'{daemon}; exec "$@"', "sh"]
    ended = run([*session, *locked(KEYRING)], **session_folders)
    assert ended.stdout.strip() == "keyring works with keyring.backends.SecretService", ended.stderr


def test_an_input_method_plugin_loads_and_speaks_to_the_bus_under_the_lock(
    display: str, session_folders: dict[str, str], tmp_path: Path
) -> None:
    for tool in ("dbus-run-session", "dbus-monitor"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool} (Debian: dbus)")
    record = tmp_path / "bus"
    # The monitor is outside the lock and sees what the plugin says on the bus.
    watch = f'dbus-monitor --session > "{record}" & m=$!; sleep 0.5; "$@"; r=$?; kill $m; exit $r'
    ended = run(
        ["dbus-run-session", "--", "sh", "-c", watch, "sh", *locked(INPUT_METHOD)],
        QT_QPA_PLATFORM="xcb",
        DISPLAY=display,
        QT_IM_MODULE="ibus",
        IBUS_USE_PORTAL="1",
        QT_DEBUG_PLUGINS="1",
        **session_folders,
    )
    assert "input method" in ended.stdout, ended.stderr
    assert "libibusplatforminputcontextplugin" in ended.stderr
    assert "org.freedesktop.portal.IBus" in record.read_text()
