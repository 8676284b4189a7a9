"""The real process tree of a window whose history opens with a passphrase from a descriptor."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from app.airlock.syscalls import this_architecture
from tests.flows.commands import MAIN, WORDS, passphrase_pipe

# A bound against hanging, not a measurement.
LIMIT_S = 90

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="the launcher's lock: Linux")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PITCHER_HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        # No keyring of whoever runs the tests is asked.
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'no-bus'}",
    }


def with_passphrase(
    environment: dict[str, str], *arguments: str, passphrase: str = WORDS
) -> subprocess.Popen[str]:
    reader = passphrase_pipe(passphrase)
    try:
        return subprocess.Popen(
            [*MAIN, *arguments, "--passphrase-fd", str(reader)],
            env=environment,
            pass_fds=(reader,),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        os.close(reader)


def is_in_use(folder: Path) -> bool:
    """Whether something may have been kept; what is half written is not."""
    for envelope in folder.rglob("vault.json"):
        return bool(json.loads(envelope.read_text())["in_use"])
    return False


def test_a_window_begins_its_history_by_a_descriptor_and_lets_commands_in_when_it_ends(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    window = with_passphrase(environment, "--model", "no-such-model")
    try:
        deadline_s = time.monotonic() + LIMIT_S
        while not is_in_use(tmp_path):
            assert window.poll() is None, window.communicate()
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
        refused = with_passphrase(environment, "chats", "list")
        _, errors = refused.communicate(timeout=LIMIT_S)
        assert refused.returncode == 1
        assert "Pitcher's window has this history open" in errors
        window.send_signal(signal.SIGTERM)
        _, errors = window.communicate(timeout=LIMIT_S)
        assert window.returncode == 128 + signal.SIGTERM, errors
        assert "Traceback" not in errors
    finally:
        window.kill()
        window.communicate()
    listed = with_passphrase(environment, "chats", "list")
    output, errors = listed.communicate(timeout=LIMIT_S)
    assert (listed.returncode, output) == (0, "No chats yet.\n"), errors
    wrong = with_passphrase(environment, "chats", "list", passphrase="rain on the road")
    _, errors = wrong.communicate(timeout=LIMIT_S)
    assert wrong.returncode == 1
    assert "does not open this history" in errors
