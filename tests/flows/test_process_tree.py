"""How the real processes end: exit codes, Ctrl-C, a dying parent, a dying child."""

import os
import pty
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.airlock.syscalls import this_architecture
from tests.flows.terminal import read_until

ROOT = Path(__file__).resolve().parents[2]
NATIVE = ROOT / "tests" / "flows" / "native"
MAIN = [sys.executable, str(ROOT / "main.py")]
# A bound against hanging, not a measurement.
LIMIT_S = 60

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux")


def stand_in(*arguments: str) -> list[str]:
    """The launcher's own code, with a small program in the chat process's place."""
    launcher = [sys.executable, str(NATIVE / "launch_with.py"), "whole"]
    return [*launcher, sys.executable, str(NATIVE / "chat_stand_in.py"), *arguments]


def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    settings = {"capture_output": True, "text": True, "timeout": LIMIT_S} | options
    return subprocess.run(command, **settings)


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        stand_in(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ready(process: subprocess.Popen[str]) -> list[int]:
    """The process ids that the stand-in tells when it is ready."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("ready"):
            return [int(word) for word in line.split()[1:]]
    raise AssertionError("it ended before it was ready")


def is_running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def wait_for_end(*process_ids: int) -> None:
    deadline = time.monotonic() + LIMIT_S
    while any(is_running(one) for one in process_ids):
        assert time.monotonic() < deadline, "still running"
        time.sleep(0.02)


def test_success_is_0_and_wrong_usage_is_2() -> None:
    assert run([*MAIN, "--help"]).returncode == 0
    for wrong in (
        ["no-such-command"],
        ["--role", "nonsense"],
        ["--role"],
        ["chat", "--top-k", "x"],
    ):
        ended = run([*MAIN, *wrong])
        assert ended.returncode == 2, wrong
        assert "Traceback" not in ended.stderr
        assert ended.stderr


def test_a_missing_file_is_1_with_one_sentence() -> None:
    ended = run([*MAIN, "models", "inspect", "/no/such/file.gguf"])
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""


def test_the_chat_process_own_code_is_passed_on() -> None:
    assert run(stand_in("leave", "7")).returncode == 7


@pytest.mark.parametrize(
    ("action", "number"), [("killed", signal.SIGKILL), ("crashed", signal.SIGSEGV)]
)
def test_a_killed_chat_process_is_one_sentence_and_128_and_the_signal(
    action: str, number: signal.Signals
) -> None:
    ended = run(stand_in(action))
    assert ended.returncode == 128 + number
    assert ended.stderr.count("\n") == 1
    assert number.name in ended.stderr


def test_a_program_that_cannot_be_started_is_1_and_a_sentence() -> None:
    launcher = [sys.executable, str(NATIVE / "launch_with.py"), "whole"]
    ended = run([*launcher, "/no/such/program"])
    assert ended.returncode == 1
    assert ended.stderr.startswith("pitcher: The chat process could not be started")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_is_passed_on_and_the_child_leaves_in_order(number: int) -> None:
    process = start("wait")
    ids = ready(process)
    process.send_signal(number)
    output, errors = process.communicate(timeout=LIMIT_S)
    assert "left in order" in output
    assert process.returncode == 128 + signal.SIGTERM
    assert errors == ""
    wait_for_end(*ids)


def test_an_ignored_hang_up_stays_ignored_in_both() -> None:
    command = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *stand_in("wait")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    chat, template = ready(process)
    process.send_signal(signal.SIGHUP)
    os.kill(chat, signal.SIGHUP)
    os.kill(chat, 0)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=LIMIT_S)
    assert "left in order" in output
    wait_for_end(chat, template)


def test_a_killed_launcher_takes_the_whole_tree_with_it_in_order() -> None:
    process = start("wait")
    ids = ready(process)
    process.kill()
    output, _ = process.communicate(timeout=LIMIT_S)
    assert "left in order" in output
    wait_for_end(*ids)


def test_a_deaf_chat_process_ends_all_the_same_when_the_launcher_dies() -> None:
    process = start("stubborn")
    ids = ready(process)
    process.kill()
    output, _ = process.communicate(timeout=LIMIT_S)
    assert "told" in output
    wait_for_end(*ids)


def test_a_killed_chat_process_takes_the_template_worker_with_it() -> None:
    process = start("wait")
    chat, template = ready(process)
    os.kill(chat, signal.SIGKILL)
    assert process.wait(LIMIT_S) == 128 + signal.SIGKILL
    process.communicate()
    wait_for_end(chat, template)


def test_ctrl_c_reaches_the_chat_alone_and_the_second_leaves_with_130() -> None:
    child, terminal = pty.fork()
    if child == 0:
        command = stand_in("interrupts")
        os.execv(command[0], command)
    seen = read_until(terminal, LIMIT_S, "ready")
    os.write(terminal, b"\x03")
    seen += read_until(terminal, LIMIT_S, "stopped")
    os.write(terminal, b"\x03")
    seen += read_until(terminal, LIMIT_S, "worker")
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 130
    assert "same worker" in seen
    assert "Traceback" not in seen


def test_every_thread_is_under_the_filter_and_the_template_worker_under_two() -> None:
    process = start("wait")
    assert process.stdout is not None
    assert process.stdout.readline() == "sealed\n"
    chat, template = ready(process)
    try:
        for process_id, filters in ((chat, "1"), (template, "2")):
            for status in Path(f"/proc/{process_id}/task").glob("*/status"):
                lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
                assert lines["Seccomp"].strip() == "2"
                assert lines["NoNewPrivs"].strip() == "1"
                assert lines.get("Seccomp_filters", filters).strip() == filters
        limits = Path(f"/proc/{template}/limits").read_text()
    finally:
        process.terminate()
        process.communicate(timeout=LIMIT_S)
    soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert soft["Max core file size"] == "1"
    assert soft["Max address space"] == str(512 * 2**20)
    assert soft["Max file size"] == "0"


def test_only_standard_descriptors_and_the_lifeline_reach_the_chat_process() -> None:
    reader, writer = os.pipe()
    ended = run(stand_in("descriptors"), pass_fds=(reader, writer))
    os.close(reader)
    os.close(writer)
    assert ended.stdout.split() == []


def test_closed_standard_input_becomes_the_null_device() -> None:
    command = ["sh", "-c", 'exec "$@" <&-', "sh", *MAIN, "audit", "--json"]
    assert run(command).returncode == 0


def test_a_network_connection_as_standard_input_is_refused() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        ended = run([*MAIN, "audit"], stdin=client)
    assert ended.returncode == 1
    assert "Standard input is a network connection" in ended.stderr


def test_a_unix_socket_as_standard_input_is_fine() -> None:
    left, right = socket.socketpair()
    with left, right:
        right.sendall(b"a line")
        right.shutdown(socket.SHUT_WR)
        ended = run(stand_in("echo"), stdin=left)
    assert ended.stdout.strip() == "a line"


def test_variables_that_make_python_do_more_are_not_passed_on() -> None:
    extra = {"PYTHONINSPECT": "1", "PYTHONSTARTUP": "/no/file", "KEPT": "1"}
    # The launcher itself would stop at a prompt: closed input ends that at once.
    ended = run(stand_in("environment"), env=os.environ | extra, stdin=subprocess.DEVNULL)
    names = ended.stdout.split()
    assert "KEPT" in names
    assert "PYTHONINSPECT" not in names
    assert "PYTHONSTARTUP" not in names


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({}, "There is no display"),
        ({"DISPLAY": "localhost:10.0"}, "reached over the network"),
        ({"DISPLAY": ":4711"}, "does not answer"),
    ],
)
def test_without_a_display_the_chat_goes_on_in_the_terminal_and_says_why(
    variables: dict[str, str], sentence: str
) -> None:
    away = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    base = {name: value for name, value in os.environ.items() if name not in away}
    command = [*MAIN, "--model", "/no/such/model.gguf"]
    ended = run(command, env=base | variables, stdin=subprocess.DEVNULL)
    first = ended.stderr.splitlines()[0]
    assert sentence in first
    assert first.endswith("Going on in the terminal.")
    assert ended.returncode == 1
