"""Real process trees of one profile: a second start brings the first window forward."""

from __future__ import annotations

import ctypes
import os
import pty
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from app.airlock.syscalls import this_architecture
from app.library.places import Places
from tests.flows.terminal import read_until
from tests.inference.prepared.making import quantized_llama

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = [sys.executable, str(ROOT / "tests" / "flows" / "native" / "window_stand_in.py")]
# A bound against hanging, not a measurement.
LIMIT_S = 60
MANY = 1_000
TAKES = "pitcher: Pitcher is already open; its window comes forward and takes what you named.\n"
IS_OPEN = "pitcher: Pitcher is already open; its window comes forward.\n"

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="the launcher's socket: Linux")


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A short path, as a socket's address is."""
    with TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def environment(tmp_path: Path, runtime: Path) -> dict[str, str]:
    return os.environ | {"PITCHER_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(runtime)}


@contextmanager
def started(
    command: list[str], environment: dict[str, str], **options: object
) -> Iterator[subprocess.Popen[str]]:
    """A first start, ended at the end whatever happened."""
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
    with subprocess.Popen(command, env=environment, **settings) as process:
        try:
            yield process
        finally:
            process.kill()


def ready(process: subprocess.Popen[str]) -> int:
    """The process id that the stand-in tells."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("ready"), line
    return int(line.split()[1])


def again(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*STAND_IN, *(arguments or ("window",))]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT_S)


def socket_of(runtime: Path) -> str:
    (found,) = runtime.glob("pitcher/*.socket")
    return str(found)


def wait_for_end(process_id: int) -> None:
    deadline = time.monotonic() + LIMIT_S
    while psutil.pid_exists(process_id):
        if psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE:
            return
        assert time.monotonic() < deadline, "still running"
        time.sleep(0.02)


def test_two_starts_are_one_window_and_the_second_ends_with_0(
    environment: dict[str, str], runtime: Path
) -> None:
    with started([*STAND_IN, "window"], environment) as first:
        ready(first)
        second = again(environment)
        assert (second.returncode, second.stdout, second.stderr) == (0, "", IS_OPEN)
        assert first.stdout is not None
        assert first.stdout.readline() == "asked 1\n"
        assert len(psutil.Process(first.pid).children(recursive=True)) == 1
        first.terminate()
        assert first.wait(LIMIT_S) == 128 + signal.SIGTERM
    assert list(runtime.glob("pitcher/*")) == []


def test_a_second_starts_files_reach_the_first_window_by_their_whole_paths(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with started([*STAND_IN, "takes"], environment) as first:
        ready(first)
        second = again(environment, "window", "ä b.gguf", "--", "-\n'\".gguf")
        assert (second.returncode, second.stderr) == (0, TAKES)
        told = b"".join(
            os.fsencode(tmp_path / name) + b"\0" for name in ("ä b.gguf", "-\n'\".gguf")
        )
        assert first.stdout is not None
        assert first.stdout.readline() == ascii(told + b"\n") + "\n"


def test_two_profiles_are_two_programs(
    environment: dict[str, str], tmp_path: Path, runtime: Path
) -> None:
    other = environment | {"PITCHER_HOME": str(tmp_path / "other")}
    with (
        started([*STAND_IN, "window"], environment) as first,
        started([*STAND_IN, "window"], other) as second,
    ):
        ready(first)
        ready(second)
        assert len(list(runtime.glob("pitcher/*.socket"))) == 2
        assert again(other).returncode == 0
        assert second.stdout is not None
        assert second.stdout.readline() == "asked 1\n"
        first.terminate()
        second.terminate()
        output, _ = first.communicate(timeout=LIMIT_S)
        assert output == ""


@pytest.mark.parametrize("who", ["launcher", "chat process"])
def test_after_a_kill_the_next_start_takes_over(environment: dict[str, str], who: str) -> None:
    with started([*STAND_IN, "window"], environment) as first:
        chat = ready(first)
        os.kill(first.pid if who == "launcher" else chat, signal.SIGKILL)
        first.wait(LIMIT_S)
        with started([*STAND_IN, "window"], environment) as second:
            assert ready(second) != chat
            assert again(environment).returncode == 0
            second.terminate()
            assert second.wait(LIMIT_S) == 128 + signal.SIGTERM
        wait_for_end(chat)


def test_a_program_that_is_leaving_does_not_hold_up_the_next_start(
    environment: dict[str, str],
) -> None:
    with started([*STAND_IN, "closing"], environment, stdin=subprocess.PIPE) as first:
        ready(first)
        with started([*STAND_IN, "window"], environment) as second:
            ready(second)
            assert first.poll() is None
            assert first.stdin is not None
            first.stdin.close()
            assert first.wait(LIMIT_S) == 0
            # Its end takes nothing from the second one.
            assert again(environment).returncode == 0
            second.terminate()
            second.wait(LIMIT_S)


def test_a_stuck_window_is_asked_all_the_same(environment: dict[str, str]) -> None:
    with started([*STAND_IN, "deaf"], environment) as first:
        ready(first)
        assert again(environment).returncode == 0


def test_a_stopped_program_is_told_of(environment: dict[str, str]) -> None:
    # In a session of its own: whoever pauses and wakes the tests must not wake it.
    with started([*STAND_IN, "window"], environment, start_new_session=True) as first:
        ready(first)
        first.send_signal(signal.SIGSTOP)
        second = again(environment)
        assert second.returncode == 1
        assert "does not answer" in second.stderr
        assert second.stderr.count("\n") == 1


def test_a_thousand_connections_and_garbage_hold_up_nothing(
    environment: dict[str, str], runtime: Path
) -> None:
    with started([*STAND_IN, "window"], environment) as first, ExitStack() as crowd:
        ready(first)
        address = socket_of(runtime)
        for index in range(MANY):
            peer = crowd.enter_context(socket.socket(socket.AF_UNIX))
            while peer.connect_ex(address):  # more are waiting than the system keeps
                time.sleep(0.001)
            if index % 2:
                peer.send(b"quit\n")
            if index % 100 == 99:
                crowd.pop_all().close()
        for _ in range(50):
            peer = crowd.enter_context(socket.socket(socket.AF_UNIX))
            while peer.connect_ex(address):
                time.sleep(0.001)
        assert again(environment).stderr == IS_OPEN
        assert len(os.listdir(f"/proc/{first.pid}/fd")) < 32
        first.terminate()
        output, errors = first.communicate(timeout=LIMIT_S)
        assert output == "asked 1\n"
        assert errors == ""
        assert first.returncode == 128 + signal.SIGTERM


def test_many_starts_at_once_are_one_window(environment: dict[str, str]) -> None:
    with ExitStack() as stack:
        starts = [
            stack.enter_context(started([*STAND_IN, "window"], environment)) for _ in range(8)
        ]
        deadline = time.monotonic() + LIMIT_S
        while sum(process.poll() is None for process in starts) > 1:
            assert time.monotonic() < deadline, "still undecided"
            time.sleep(0.02)
        (first,) = (process for process in starts if process.poll() is None)
        ready(first)
        assert [process.returncode for process in starts if process is not first] == [0] * 7
        assert first.stdout is not None
        assert [first.stdout.readline() for _ in range(7)] == ["asked 1\n"] * 7


def test_only_standard_descriptors_and_two_pipes_reach_the_window(
    environment: dict[str, str],
) -> None:
    assert again(environment, "descriptors").stdout.split() == ["2"]


def test_the_windows_own_end_is_passed_on(environment: dict[str, str]) -> None:
    assert again(environment, "leave", "7").returncode == 7
    killed = again(environment, "killed")
    assert killed.returncode == 128 + signal.SIGKILL
    assert killed.stderr.count("\n") == 1
    assert "SIGKILL" in killed.stderr


def test_ctrl_c_is_the_windows_affair(environment: dict[str, str]) -> None:
    child, terminal = pty.fork()
    if child == 0:
        os.execve(STAND_IN[0], [*STAND_IN, "interrupts"], environment)
    seen = read_until(terminal, LIMIT_S, "ready")
    os.write(terminal, b"\x03")
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 130
    assert "Traceback" not in seen


# ---------------------------------------------------------------------------- real windows


def window_command(tmp_path: Path) -> list[str]:
    return [sys.executable, str(ROOT / "main.py"), "--model", str(tmp_path / "none.gguf")]


def read_line_with(process: subprocess.Popen[str], word: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            return
    raise AssertionError(f"it ended without {word!r}")


def test_a_real_window_is_asked_to_come_forward(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {"QT_QPA_PLATFORM": "offscreen", "PITCHER_LOG": "info"}
    command = window_command(tmp_path)
    with started(command, environment, stdout=subprocess.DEVNULL) as first:
        # It may still be starting: the request waits for it.
        while not psutil.Process(first.pid).children():
            time.sleep(0.02)
        second = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=LIMIT_S
        )
        assert (second.returncode, second.stderr) == (0, IS_OPEN)
        read_line_with(first, "another start asks for the window")
        assert len(psutil.Process(first.pid).children()) == 1
        first.terminate()
        first.communicate(timeout=LIMIT_S)
        assert first.returncode == 128 + signal.SIGTERM


@pytest.mark.slow
def test_a_real_window_takes_the_model_that_a_second_start_names(
    environment: dict[str, str], tmp_path: Path
) -> None:
    environment |= {"QT_QPA_PLATFORM": "offscreen"}
    file = tmp_path / "mein schönes Modell.gguf"
    quantized_llama(file, {"weight": "Q8_0"}, layers=1)
    places = tmp_path / "config" / "places.json"
    reader, writer = os.pipe()
    os.write(writer, b"a passphrase of some length\n")
    os.close(writer)
    command = [*window_command(tmp_path), "--passphrase-fd", str(reader)]
    quiet = {"stdout": subprocess.DEVNULL, "pass_fds": [reader]}
    with started(command, environment, **quiet) as first:
        os.close(reader)
        while not psutil.Process(first.pid).children():
            time.sleep(0.02)
        second = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), file.name],
            **{"env": environment, "cwd": tmp_path, "timeout": LIMIT_S},
            capture_output=True,
            text=True,
        )
        assert (second.returncode, second.stderr) == (0, TAKES)
        wait_until(lambda: [place.path for place in Places(places).all()] == [file])
        first.terminate()
        first.communicate(timeout=LIMIT_S)


class Screen:
    """The windows of an X display without a window manager, from the lowest to the highest."""

    def __init__(self, name: str) -> None:
        self.x = ctypes.CDLL("libX11.so.6")
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        for call in (self.x.XDefaultRootWindow, self.x.XCreateSimpleWindow):
            call.restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x.XOpenDisplay(name.encode()))
        assert self.display
        self.root = ctypes.c_ulong(self.x.XDefaultRootWindow(self.display))

    def cover(self) -> int:
        """A window above all others."""
        place = (0, 0, 800, 600, 0, ctypes.c_ulong(0), ctypes.c_ulong(0))
        window = int(self.x.XCreateSimpleWindow(self.display, self.root, *place))
        self.x.XMapRaised(self.display, ctypes.c_ulong(window))
        self.x.XSync(self.display, 0)
        return window

    def order(self) -> list[int]:
        root, parent = ctypes.c_ulong(), ctypes.c_ulong()
        children, count = ctypes.POINTER(ctypes.c_ulong)(), ctypes.c_uint()
        where = (root, parent, children, count)
        assert self.x.XQueryTree(self.display, self.root, *map(ctypes.byref, where))
        found = [int(children[index]) for index in range(count.value)]
        self.x.XFree(children)
        return found

    def named(self, name: bytes) -> int | None:
        for window in self.order():
            text = ctypes.c_char_p()
            self.x.XFetchName(self.display, ctypes.c_ulong(window), ctypes.byref(text))
            if text.value is not None and text.value.endswith(name):
                return window
        return None

    def close(self) -> None:
        self.x.XCloseDisplay(self.display)


def wait_until(holds: object) -> None:
    assert callable(holds)
    deadline = time.monotonic() + LIMIT_S
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_a_covered_window_comes_to_the_top_of_the_screen(
    environment: dict[str, str], tmp_path: Path, display: str
) -> None:
    environment |= {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}
    command = window_command(tmp_path)
    screen = Screen(display)
    with started(command, environment, stdout=subprocess.DEVNULL) as first:
        wait_until(lambda: screen.named(b"Pitcher"))
        window = screen.named(b"Pitcher")
        assert window is not None
        cover = screen.cover()
        wait_until(lambda: screen.order().index(cover) > screen.order().index(window))
        second = subprocess.run(command, env=environment, capture_output=True, timeout=LIMIT_S)
        assert second.returncode == 0
        wait_until(lambda: screen.order().index(window) > screen.order().index(cover))
        first.terminate()
        first.communicate(timeout=LIMIT_S)
    screen.close()
