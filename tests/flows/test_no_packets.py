"""In a network where every address is this computer, nothing is ever sent: not by a day in the
window, not by preparation and the terminal, not in idle time; and whoever tries is seen, or refused
by the lock.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.airlock.syscalls import this_architecture

ROOT = Path(__file__).resolve().parents[2]
NATIVE = ROOT / "tests" / "flows" / "native"
LIMIT_S = 280
SUITE_LIMIT_S = 3_000  # for all tests of the window, on a busy machine
TRIES = {"tcp", "udp", "tcp6", "udp6", "loopback"}

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux")


@dataclass(frozen=True)
class Counted:
    """What a command sent, which sockets it had, and what it printed."""

    code: int
    packets: int
    sockets: list[str]
    looks: int
    printed: str
    errors: str


@pytest.fixture(scope="module")
def namespaces() -> None:
    for tool in ("unshare", "ip"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool} (Debian: util-linux, iproute2)")
    told = subprocess.run(
        ["unshare", "-rn", "ip", "link", "set", "lo", "up"], capture_output=True, text=True
    )
    if told.returncode:
        pytest.skip(f"this system lets nobody make a network of his own: {told.stderr.strip()}")


@pytest.fixture
def counted(namespaces: None, tmp_path: Path) -> Callable[..., Counted]:
    """counted(command…, lock=…): run in such a network, under the launcher's lock or none."""

    def run(*command: object, lock: str = "", limit_s: int = LIMIT_S) -> Counted:
        report = tmp_path / "report.json"
        under = [sys.executable, str(NATIVE / "launch_with.py"), lock] if lock else []
        network = ["unshare", "-rn", sys.executable, str(NATIVE / "local_network.py"), str(report)]
        environment = os.environ | {
            "PITCHER_HOME": str(tmp_path / "home"),
            "QT_QPA_PLATFORM": "offscreen",
            # Else the session's own bus and display would be asked.
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus",
        }
        ended = subprocess.run(
            [*network, *under, *map(str, command)],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=limit_s,
        )
        assert ended.returncode == 0, ended.stderr
        return Counted(**json.loads(report.read_text()), printed=ended.stdout, errors=ended.stderr)

    return run


def test_whoever_tries_is_seen_and_under_the_lock_refused(counted: Callable[..., Counted]) -> None:
    tries = (sys.executable, NATIVE / "try_network.py")
    without = counted(*tries)
    answers = json.loads(without.printed)
    assert answers.keys() == TRIES
    assert "EPERM" not in answers.values()
    assert without.packets >= len(TRIES), "each of them crossed the interface"
    under = counted(*tries, lock="whole")
    assert set(json.loads(under.printed).values()) == {"EPERM"}
    assert (under.packets, under.sockets) == (0, [])


def test_somebody_who_listens_is_seen(counted: Callable[..., Counted]) -> None:
    code = "import socket, time; s = socket.create_server(('', 4711)); time.sleep(3)"
    found = counted(sys.executable, "-c", code)
    assert found.looks > 5
    assert any("4711" in line or "1267" in line for line in found.sockets), found.sockets


@pytest.mark.parametrize("lock", ["whole", ""])
def test_a_day_in_the_window_sends_nothing(
    counted: Callable[..., Counted], starter_path: Path, tmp_path: Path, lock: str
) -> None:
    """Without the lock too: it is the last line of defence, not what keeps the program quiet."""
    found = counted(sys.executable, NATIVE / "quiet_journey.py", starter_path, tmp_path, lock=lock)
    assert found.code == 0, found.errors
    assert found.packets == 0
    told = json.loads(found.printed.splitlines()[-1])
    report = (tmp_path / "proof.html").read_text(encoding="utf-8")
    if lock:
        # Of the attempts that prove the lock no socket comes to be.
        assert found.sockets == []
        assert told == {"lock": "enforced", "banner": "Pitcher cannot reach any network"}
        assert 'class="ok">Enforced: ' in report
    else:
        assert told["banner"] == "Not enforced on this computer"
        assert 'class="bad">Not enforced: ' in report


def test_preparation_and_the_terminal_send_nothing(
    counted: Callable[..., Counted], starter_path: Path, tmp_path: Path
) -> None:
    main = f"'{sys.executable}' '{ROOT / 'main.py'}'"
    script = (
        f"{main} models prepare '{starter_path}' --to '{tmp_path}/prepared' && "
        f"{main} models verify '{tmp_path}/prepared' && "
        f"{main} chat --model '{tmp_path}/prepared' --temperature 0 --max-tokens 8 "
        "--prompt 'What is the capital of France?' && "
        f"{main} audit"
    )
    found = counted("sh", "-c", script)
    assert found.code == 0, found.errors
    assert "Paris" in found.printed
    assert "The lock is enforced" in found.printed
    assert (found.packets, found.sockets) == (0, [])


@pytest.mark.slow
def test_every_test_of_the_window_sends_nothing(counted: Callable[..., Counted]) -> None:
    folders = (ROOT / "tests" / "app" / name for name in ("pages", "widgets", "theme", "markup"))
    options = ("-q", "-p", "no:cacheprovider", "--no-cov", "--timeout", "600")
    command = (sys.executable, "-m", "pytest", *options, *folders)
    found = counted(*command, limit_s=SUITE_LIMIT_S)
    assert found.code == 0, found.printed[-4000:]
    assert found.packets == 0
