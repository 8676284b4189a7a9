"""The real terminal chat with the real model, interrupted and orphaned in mid-answer."""

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from app.airlock.syscalls import this_architecture
from tests.flows.terminal import read_until

ROOT = Path(__file__).resolve().parents[2]
MAIN = [sys.executable, str(ROOT / "main.py")]
LONG_STORY = "Tell me a very long story about the sea."
# A bound against hanging, not a measurement.
LIMIT_S = 90
WINDOW_THREADS = 3
ASLEEP_S = 1.5  # a template may take 1 s

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux")


def wait_until_it_reads(launcher: int) -> None:
    """Until the chat's own thread waits for keys.

    Python's line editing misses a signal between the prompt and that, until the next key: no
    hand is that quick, and a test is.
    """
    (chat,) = (p for p in psutil.Process(launcher).children() if "chat" in p.cmdline())
    switches = Path(f"/proc/{chat.pid}/task/{chat.pid}/status")
    before = ""
    while (now := _rest_of(switches.read_text())) != before:
        before = now
        time.sleep(0.2)


def _rest_of(status: str) -> str:
    """Whether a thread sleeps, and how often it did: what stays while it waits."""
    kept = ("State:", "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:")
    lines = [line for line in status.splitlines() if line.startswith(kept)]
    assert len(lines) == len(kept)
    is_asleep = "S (sleeping)" in lines[0]
    return "".join(lines) if is_asleep else f"awake at {time.monotonic()}"


def test_ctrl_c_stops_an_answer_and_the_next_one_leaves_with_130(starter_path: Path) -> None:
    child, terminal = pty.fork()
    if child == 0:
        flags = ["--temporary", "--temperature", "0"]
        command = [*MAIN, "chat", "--model", str(starter_path), *flags]
        os.execv(command[0], command)
    seen = read_until(terminal, LIMIT_S, "> ")
    os.write(terminal, LONG_STORY.encode() + b"\n")
    seen += read_until(terminal, LIMIT_S, " the ")  # the echo has it too: the answer is under way
    seen += read_until(terminal, LIMIT_S, " a ")
    os.write(terminal, b"\x03")
    seen += read_until(terminal, LIMIT_S, "\n> ")
    wait_until_it_reads(child)
    os.write(terminal, b"\x03")
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 130
    assert "Traceback" not in seen


def test_a_killed_launcher_ends_a_chat_in_mid_answer_and_its_worker(starter_path: Path) -> None:
    command = [*MAIN, "chat", "--model", str(starter_path), "--json", "--temperature", "0"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as launcher:
        assert launcher.stdin is not None
        assert launcher.stdout is not None
        launcher.stdin.write(LONG_STORY + "\n")
        launcher.stdin.flush()
        assert '"context"' in launcher.stdout.readline()
        assert '"token"' in launcher.stdout.readline()
        tree = psutil.Process(launcher.pid).children(recursive=True)
        roles = {process.cmdline()[process.cmdline().index("--role") + 1] for process in tree}
        assert roles == {"chat", "template"}
        launcher.kill()
        launcher.wait()
        wait_for_end(tree)


def test_an_answer_goes_on_after_the_computer_slept(starter_path: Path) -> None:
    """Every process stands still for longer than any of their limits on the others."""
    flags = ["--json", "--temperature", "0", "--max-tokens", "40"]
    command = [*MAIN, "chat", "--model", str(starter_path), *flags]

    def answer(*, sleeping: bool) -> list[str]:
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as launcher:
            assert launcher.stdin is not None
            assert launcher.stdout is not None
            launcher.stdin.write(LONG_STORY + "\n")
            launcher.stdin.close()
            told = [launcher.stdout.readline()]
            while '"token"' not in told[-1]:
                told.append(launcher.stdout.readline())
                assert told[-1]
            if sleeping:
                whole = psutil.Process(launcher.pid)
                tree = [whole, *whole.children(recursive=True)]
                for process in tree:
                    process.suspend()
                time.sleep(ASLEEP_S)
                for process in reversed(tree):
                    process.resume()
            told += launcher.stdout.readlines()
            assert launcher.wait(LIMIT_S) == 0
        return [line for line in told if '"token"' in line]

    assert answer(sleeping=True) == answer(sleeping=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_the_window_leaves_when_the_launcher_is_asked_to_or_dies(
    tmp_path: Path, number: signal.Signals
) -> None:
    command = [*MAIN, "--model", str(tmp_path / "none.gguf")]
    with subprocess.Popen(
        command, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}, stderr=subprocess.PIPE
    ) as launcher:
        try:
            deadline = time.monotonic() + LIMIT_S
            while not (tree := window_processes(launcher.pid)):
                assert launcher.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
            launcher.send_signal(number)
            code = launcher.wait(LIMIT_S)
        finally:
            launcher.kill()  # so that a failure is one, and not a wait without end
        assert code == (-number if number == signal.SIGKILL else 128 + signal.SIGTERM)
        wait_for_end(tree)


def window_processes(launcher_id: int) -> list[psutil.Process]:
    """The launcher's children, once the window is there and its engine thread was started.

    By the number of threads (main, lifeline, engine): what the process has mapped is not for
    others to see, unless they are root.
    """
    tree = psutil.Process(launcher_id).children(recursive=True)
    try:
        started = tree and tree[0].num_threads() >= WINDOW_THREADS
    except psutil.NoSuchProcess:
        return []
    return tree if started else []


def wait_for_end(tree: list[psutil.Process]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while any(is_alive(process) for process in tree):
        assert time.monotonic() < deadline, "still running"
        time.sleep(0.05)


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
