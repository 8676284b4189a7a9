"""The cases that GNOME Keyring can play itself, in a D-Bus session of its own, under the lock."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.airlock.syscalls import this_architecture

ROOT = Path(__file__).resolve().parents[4]
LAUNCH = [sys.executable, str(ROOT / "tests" / "flows" / "native" / "launch_with.py"), "whole"]
PLAY = [sys.executable, str(Path(__file__).with_name("play_keyring.py"))]
TOLD = ["Unlocked", "what was told"]
# Whoever sets these gets no say: not which keyring, not where in it.
OVERRIDES = {
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    "KEYRING_PROPERTY_SCHEME": "KeePassXC",
    "KEYRING_PROPERTY_PREFERRED_COLLECTION": "/org/freedesktop/secrets/collection/session",
}

pytestmark = [
    pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux"),
    pytest.mark.skipif(
        not all(map(shutil.which, ("dbus-run-session", "gnome-keyring-daemon"))),
        reason="needs dbus-run-session and gnome-keyring-daemon (Debian: dbus, gnome-keyring)",
    ),
]


def play(part: str, history: Path, home: Path) -> list[list[str]]:
    """What the part said, in a session whose keyring is open and lies in `home`."""
    home.mkdir()
    (home / "runtime").mkdir(mode=0o700)
    daemon = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
    session = ["dbus-run-session", "--", "sh", "-c", f'{daemon}; exec "$@"', "sh"]
    own = {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(home / "runtime"),
        "PYTHONPATH": str(ROOT),
    }
    ended = subprocess.run(
        [*session, *LAUNCH, *PLAY, part, str(history)],
        env={**os.environ, **OVERRIDES, **own, "DISPLAY": ""},
        capture_output=True,
        text=True,
        timeout=100,
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_a_real_keyring_plays_its_cases_and_the_history_is_there_after_each(
    tmp_path: Path,
) -> None:
    history = tmp_path / "history"
    said = play("owner", history, tmp_path / "owner")
    anew = f"or move {history} away to begin anew."
    altered = [
        "Unopenable",
        "The keyring's entry for this history was altered and is not its key. The history is "
        f"safe. Bring the right entry back and try again, {anew}",
    ]
    missing = [
        "Unopenable",
        "The keyring has no key for this history: the entry was deleted, or it is in the keyring "
        "of another desktop, user or computer. The history is safe. Bring the entry back and try "
        f"again, {anew}",
    ]
    assert said == [
        ["new", "NewHistory", ""],
        ["again", *TOLD],
        [
            "no bus",
            "Unopenable",
            "No keyring answers here; one that keeps nothing, or keeps secrets in plain text, is "
            "not used. The history is safe. Try again once your keyring runs.",
        ],
        ["the bus appears", *TOLD],
        ["altered", *altered],
        ["not even text", *altered],
        ["deleted", *missing],
        ["brought back", *TOLD],
        ["stopped", "KeyringWaits", "Waiting for the keyring"],
        ["goes on", *TOLD],
        [
            "locked",
            "Unopenable",
            "The keyring stayed locked: its prompt was closed or could not be shown. The history "
            "is safe. Try again.",
        ],
        ["unlocked", *TOLD],
    ]
    before = {path.name: path.read_bytes() for path in history.iterdir() if path.is_file()}
    assert play("another user", history, tmp_path / "other") == [["another user", *missing]]
    after = {path.name: path.read_bytes() for path in history.iterdir() if path.is_file()}
    assert after == before
