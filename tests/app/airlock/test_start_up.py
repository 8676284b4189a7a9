"""The small parts of starting and ending: command lines, lifeline, descriptors, limits."""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.airlock import descriptors, hardening, launcher, leaving, roads
from app.airlock.command import Role, child_environment, command_for, split_role
from app.airlock.inherited import take_pipe_end

ROOT = Path(__file__).resolve().parents[3]


def test_without_a_role_the_program_is_the_launcher() -> None:
    assert split_role(["chat", "--prompt", "--role"]) == (
        Role.LAUNCHER,
        ["chat", "--prompt", "--role"],
    )
    assert split_role([]) == (Role.LAUNCHER, [])


def test_a_role_counts_in_the_first_place_only() -> None:
    assert split_role(["--role", "chat", "--model", "m"]) == (Role.CHAT, ["--model", "m"])
    assert split_role(["chat", "--role", "template"])[0] is Role.LAUNCHER


@pytest.mark.parametrize("arguments", [["--role"], ["--role", "courier2"], ["--role", ""]])
def test_a_role_that_does_not_exist_is_an_error(arguments: list[str]) -> None:
    with pytest.raises(ValueError, match="not a valid Role"):
        split_role(arguments)


def test_from_source_a_role_is_a_python_with_the_main_file() -> None:
    main = str(ROOT / "main.py")
    assert command_for(Role.CHAT, ["a"]) == [sys.executable, main, "--role", "chat", "a"]
    for isolated in (Role.TEMPLATE, Role.FORMULA, Role.MARKUP, Role.COURIER):
        assert command_for(isolated) == [sys.executable, "-I", main, "--role", isolated.value]


def test_frozen_a_role_is_the_executable_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command_for(Role.TEMPLATE) == [sys.executable, "--role", "template"]


def test_the_environment_of_a_role_is_ours_without_what_makes_python_do_more() -> None:
    found = child_environment({"HOME": "/h", "PYTHONINSPECT": "1", "LD_PRELOAD": "x.so"})
    assert found == {"HOME": "/h", "LD_PRELOAD": "x.so", "PYTHON_DISABLE_REMOTE_DEBUG": "1"}


_NAMING_CODE = ["QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "GCONV_PATH", "OPENSSL_CONF"]


def test_no_role_gets_what_names_code_that_a_library_would_load() -> None:
    given = dict.fromkeys(_NAMING_CODE, "/planted")
    assert child_environment(given | {"HOME": "/h"}).keys() & {"HOME", *given} == {"HOME"}


def test_the_launcher_forgets_what_names_code_before_openssl_can_read_it() -> None:
    look = (
        "import os, sys\n"
        "from app.airlock import command\n"
        "real = command.forget_named_code\n"
        "def forget():\n"
        "    print('_hashlib' in sys.modules)\n"
        "    real()\n"
        "    print(sorted(os.environ.keys() & set(sys.argv[1:])))\n"
        "    sys.exit(7)\n"
        "command.forget_named_code = forget\n"
        "from app import roles\n"
        "roles.main([])\n"
    )
    # Without the coverage's own start in a child, which loads hashlib.
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    environment = own | dict.fromkeys(_NAMING_CODE, "/planted")
    command = [sys.executable, "-c", look, *_NAMING_CODE]
    found = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (7, "False\n[]\n"), found.stderr


@pytest.mark.parametrize("is_found", [False, True])
def test_no_variable_names_another_program_as_the_python_of_the_roles(
    tmp_path: Path, *, is_found: bool
) -> None:
    planted = tmp_path / "python"
    planted.write_text("#!/bin/sh\necho planted\n")
    planted.chmod(0o755)
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    folder = Path(sys.executable).parent
    environment = own | {"PYTHONEXECUTABLE": str(planted), "PATH": f"{folder}:/usr/bin:/bin"}
    program = Path(sys.executable).name if is_found else sys.executable
    found = subprocess.run(
        [program, str(ROOT / "main.py"), "--version"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stdout[:8]) == (0, "Pitcher "), found.stderr


@pytest.mark.parametrize("text", ["", "x", "-1", "99999", "999999999999999999999", "0.5"])
def test_a_lifeline_that_is_none_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv(leaving.LIFELINE_VARIABLE, text)
    assert take_pipe_end(leaving.LIFELINE_VARIABLE) is None
    assert leaving.LIFELINE_VARIABLE not in os.environ


def test_a_file_is_no_lifeline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with open(tmp_path / "file", "w") as file:
        monkeypatch.setenv(leaving.LIFELINE_VARIABLE, str(file.fileno()))
        assert take_pipe_end(leaving.LIFELINE_VARIABLE) is None


def test_a_pipe_is_a_lifeline_and_no_child_inherits_it(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.set_inheritable(reader, True)
    monkeypatch.setenv(leaving.LIFELINE_VARIABLE, str(reader))
    assert take_pipe_end(leaving.LIFELINE_VARIABLE) == reader
    assert not os.get_inheritable(reader)
    os.close(reader)
    os.close(writer)


def test_the_end_of_the_lifeline_tells_everyone_then_ends_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happened: list[object] = []
    monkeypatch.setattr(leaving, "_callbacks", [])
    monkeypatch.setattr(leaving.os, "kill", lambda _pid, number: happened.append(number))
    monkeypatch.setattr(leaving.time, "sleep", happened.append)
    monkeypatch.setattr(leaving.os, "_exit", lambda code: happened.append(("exit", code)))
    leaving.on_parent_death(lambda: happened.append("told"))
    reader, writer = os.pipe()
    watcher = threading.Thread(target=leaving._watch, args=(reader,))
    watcher.start()
    assert happened == []
    os.close(writer)
    watcher.join(30)
    os.close(reader)
    assert happened == ["told", signal.SIGTERM, leaving.GRACE_S, ("exit", 143)]


def test_the_second_request_to_leave_does_not_break_the_clean_up() -> None:
    leave = leaving._Leave()
    with pytest.raises(SystemExit) as ended:
        leave(signal.SIGTERM, None)
    assert ended.value.code == 143
    leave(signal.SIGTERM, None)


def test_open_descriptors_tell_sockets_that_reach_the_network() -> None:
    if not descriptors.open_descriptors():
        pytest.skip("this system does not list descriptors")
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as unix,
    ):
        by_number = {found.number: found for found in descriptors.open_descriptors()}
        assert by_number[udp.fileno()].reaches_network
        assert not by_number[unix.fileno()].reaches_network
        assert by_number[unix.fileno()].family == socket.AF_UNIX
        text = "\n".join(roads.open_roads({}))
        assert f"descriptor {udp.fileno()}: " in text
        assert "reaches the network" in text
    assert udp.fileno() not in {found.number for found in descriptors.open_descriptors()}


def test_a_ring_reaches_the_network() -> None:
    assert descriptors.OpenDescriptor(5, "anon_inode:[io_uring]", None).reaches_network
    assert not descriptors.OpenDescriptor(5, "/dev/null", None).reaches_network


def test_a_system_without_proc_lists_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(descriptors, "Path", lambda _name: tmp_path / "none")
    assert descriptors.open_descriptors() == ()
    assert descriptors.standard_problem() is None


def test_open_roads_name_the_buses_and_displays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roads.os, "geteuid", lambda: 1000)
    found = roads.open_roads({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/b", "DISPLAY": ":3"})
    assert "session bus (keyring, input methods, accessibility): unix:path=/b" in found
    assert "X11 display: :3" in found
    assert not any("root" in line for line in found)
    monkeypatch.setattr(roads.os, "geteuid", lambda: 0)
    assert any("root" in line for line in roads.open_roads({}))


def test_named_unix_sockets_are_counted(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "named"))
        lines = [line for line in roads.open_roads({}) if "named Unix sockets" in line]
    assert lines == [] or int(lines[0].split()[0]) >= 1


def test_hardening_leaves_no_core_and_no_debugger() -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import ctypes, resource\n"
        "from app.airlock.hardening import harden\n"
        "harden(); harden()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    if sys.platform == "linux":
        assert ended.stdout.strip() in ("(1, 1) 0", "(0, 0) 0"), ended.stderr


def test_hardening_does_nothing_where_there_is_nothing_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(hardening.platform, "system", lambda: "Windows")
    hardening.harden()


def test_signals_that_came_too_early_are_passed_on_later() -> None:
    relay = launcher._SignalRelay()
    sent: list[int] = []
    relay._pass_on(signal.SIGTERM, None)

    class Child:
        def send_signal(self, number: int) -> None:
            sent.append(number)

    relay.attach(Child())
    relay._pass_on(signal.SIGHUP, None)
    relay._leave_it(signal.SIGINT, None)
    assert sent == [signal.SIGTERM, signal.SIGHUP]


def test_a_child_that_ends_by_a_signal_that_was_passed_on_needs_no_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    relay = launcher._SignalRelay()
    relay.passed_on.add(signal.SIGTERM)
    assert launcher._killed(signal.SIGTERM, relay) == 143
    assert capsys.readouterr().err == ""
    assert launcher._killed(signal.SIGABRT, relay) == 134
    assert "SIGABRT" in capsys.readouterr().err
    assert launcher._killed(50, relay) == 178
    assert "real-time" in capsys.readouterr().err


def test_a_user_without_any_home_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def unknown(_user_id: int) -> object:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", unknown)
    monkeypatch.delenv("PITCHER_HOME", raising=False)
    monkeypatch.delenv("HOME")
    assert launcher.main(["--version"]) == 1
    assert "This user has no home folder" in capsys.readouterr().err


def test_a_folder_that_is_named_stands_for_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    given: list[list[str]] = []

    def launch(command: list[str], *_: object, **__: object) -> int:
        given.append(command)
        return 7

    monkeypatch.setattr(launcher, "launch", launch)
    monkeypatch.setenv("PITCHER_HOME", "/stick")
    assert launcher.main(["--version"]) == 7
    assert given == [command_for(Role.CHAT, ["--version"])]
