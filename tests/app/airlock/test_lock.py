"""What the attempts prove, and what is said where there is no lock."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.airlock import attempts, landlock, lock, native, probe, seccomp, setting, syscalls
from app.airlock.report import Attempt, LockState
from app.airlock.syscalls import AARCH64, X86_64, Architecture, this_architecture

ROOT = Path(__file__).resolve().parents[3]
OPEN = Attempt("TCP", False, "succeeded")
REFUSED = Attempt("UDP", True, "EPERM: Operation not permitted")
needs_linux = pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux")


def test_only_attempts_that_were_all_refused_make_it_enforced() -> None:
    assert lock.judge((REFUSED, REFUSED), True).state is LockState.ENFORCED
    assert lock.judge((REFUSED, OPEN), True).state is LockState.NOT_ENFORCED
    assert lock.judge((), True).state is LockState.NOT_ENFORCED


def test_the_reason_names_the_first_open_door_and_how_many() -> None:
    reason = lock.judge((REFUSED, OPEN, OPEN), True).reason
    assert "2 of 3 attempts" in reason
    assert "TCP (succeeded)" in reason


def test_a_kernel_without_filters_is_named() -> None:
    found = lock.judge((OPEN,), False)
    assert found.state is LockState.NOT_ENFORCED
    assert found.reason == (
        "This kernel cannot filter system calls: the system does not block the network."
    )


@needs_linux
def test_this_process_which_nobody_locked_is_not_enforced() -> None:
    found = lock.verify()
    assert found.state is LockState.NOT_ENFORCED
    by_name = {attempt.name: attempt for attempt in found.attempts}
    assert by_name["TCP"] == Attempt("TCP", False, "succeeded")
    assert not by_name["tracing another process"].refused


@needs_linux
def test_an_unlocked_audit_tries_threads_and_children_too() -> None:
    found = lock.audit()
    assert found.state is LockState.NOT_ENFORCED
    open_doors = {attempt.name for attempt in found.attempts if not attempt.refused}
    assert {"TCP", "in a thread: TCP", "in a child: TCP"} <= open_doors


@needs_linux
def test_attempts_leave_no_descriptor_open() -> None:
    architecture = this_architecture()
    assert architecture is not None
    before = set(os.listdir("/proc/self/fd"))
    attempts.try_quickly(architecture)
    attempts.try_every_family(architecture)
    assert set(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    ("system", "machine", "words"),
    [
        ("Windows", "AMD64", "for Windows systems yet"),
        ("Darwin", "arm64", "for macOS yet"),
        ("Linux", "riscv64", "for riscv64 processors yet"),
    ],
)
def test_a_system_without_our_lock_says_so_and_is_never_enforced(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, words: str
) -> None:
    monkeypatch.setattr(lock, "this_architecture", lambda: None)
    monkeypatch.setattr(lock.platform, "system", lambda: system)
    monkeypatch.setattr(lock.platform, "machine", lambda: machine)
    for found in (lock.verify(), lock.audit()):
        assert found.state is LockState.NOT_ENFORCED
        assert words in found.reason
        assert "does not block the network" in found.reason
        assert found.attempts == ()


@pytest.mark.parametrize(
    ("system", "machine", "word_size", "expected"),
    [
        ("linux", "x86_64", 2**63 - 1, X86_64),
        ("linux", "aarch64", 2**63 - 1, AARCH64),
        ("linux", "riscv64", 2**63 - 1, None),
        ("linux", "x86_64", 2**31 - 1, None),
        ("darwin", "x86_64", 2**63 - 1, None),
    ],
)
def test_the_architecture_is_what_the_process_runs_as(
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    machine: str,
    word_size: int,
    expected: Architecture | None,
) -> None:
    monkeypatch.setattr(syscalls.sys, "platform", system)
    monkeypatch.setattr(syscalls.sys, "maxsize", word_size)
    monkeypatch.setattr(syscalls.platform, "machine", lambda: machine)
    assert this_architecture() == expected


@needs_linux
def test_without_landlock_the_audit_says_so_and_the_filter_still_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lock.landlock, "version", lambda _architecture: 0)
    monkeypatch.setattr(lock.attempts, "try_quickly", lambda _architecture: (REFUSED,))
    monkeypatch.setattr(lock.attempts, "try_every_family", lambda _architecture: REFUSED)
    monkeypatch.setattr(lock.probe, "in_a_child", lambda _architecture: (REFUSED,))
    found = lock.audit()
    assert found.state is LockState.ENFORCED
    assert "no second layer" in found.reason


@pytest.mark.parametrize(
    ("version", "domain"),
    [(0, None), (1, None), (2, "renames"), (3, "renames"), (4, "tcp"), (7, "tcp"), (99, "tcp")],
)
def test_the_domain_is_one_that_does_no_harm(version: int, domain: str | None) -> None:
    chosen = landlock.domain_for(version)
    assert (chosen.value if chosen else None) == domain


def test_no_lock_is_prepared_where_the_kernel_cannot_filter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(setting, "this_architecture", lambda: X86_64)
    monkeypatch.setattr(setting.seccomp, "is_available", lambda _architecture: False)
    assert setting.prepare() is None
    monkeypatch.setattr(setting, "this_architecture", lambda: None)
    assert setting.prepare() is None


@needs_linux
def test_a_lock_that_cannot_be_set_says_so_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EACCES, "no")

    prepared = setting.prepare()
    assert prepared is not None
    monkeypatch.setattr(setting.landlock, "enter", fail)
    monkeypatch.setattr(setting.seccomp, "install", fail)
    prepared.engage()
    assert "The lock could not be set" in capfd.readouterr().err


@needs_linux
def test_errors_of_the_kernel_become_os_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    architecture = this_architecture()
    assert architecture is not None
    monkeypatch.setattr(native, "prctl", lambda *_: None)
    with pytest.raises(OSError, match="EINVAL"):
        seccomp.install(b"\0" * 8, architecture)  # the kernel checks a filter
    monkeypatch.setattr(native, "system_call", lambda *_: (4711, 0))
    with pytest.raises(OSError, match="thread 4711"):
        seccomp.install(b"\0" * 8, architecture)
    monkeypatch.setattr(native, "system_call", lambda *_: (-1, errno.ENOSYS))
    with pytest.raises(OSError, match="landlock_create_ruleset: ENOSYS"):
        landlock.enter(landlock.Domain.TCP, architecture)
    assert landlock.version(architecture) == 0
    assert not seccomp.is_available(architecture)


@needs_linux
def test_prctl_raises_what_the_kernel_says() -> None:
    with pytest.raises(OSError, match="prctl"):
        native.prctl(123456, 0)


@needs_linux
def test_the_family_of_a_socket_is_known_and_of_a_file_is_none(tmp_path: Path) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as unix,
        open(tmp_path / "file", "w") as file,
    ):
        assert native.socket_family(udp.fileno()) == socket.AF_INET
        assert native.socket_family(unix.fileno()) == socket.AF_UNIX
        assert native.socket_family(file.fileno()) is None


@needs_linux
def test_a_child_that_tells_nothing_is_an_attempt_that_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(probe, "command_for", lambda *_: [sys.executable, "-c", "exit(3)"])
    tried = tuple(probe.in_a_child(X86_64))
    assert [attempt.refused for attempt in tried] == [False, False]
    assert "left with 3" in tried[0].answer


@needs_linux
def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(probe, "command_for", lambda *_: sleep)
    monkeypatch.setattr(probe, "_TIME_LIMIT_S", 0.2)
    assert not any(attempt.refused for attempt in probe.in_a_child(AARCH64))


@needs_linux
def test_a_kernel_without_32_bit_calls_has_no_such_door(monkeypatch: pytest.MonkeyPatch) -> None:
    die = [sys.executable, "-c", "import os; os.kill(os.getpid(), 11)"]
    monkeypatch.setattr(probe, "command_for", lambda *_: die)
    last = tuple(probe.in_a_child(X86_64))[-1]
    assert last == Attempt("TCP by a 32-bit call", True, "this kernel has no 32-bit calls")


@needs_linux
def test_the_probe_role_wants_to_know_what_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    assert probe.main([]) == 2
    assert probe.main(["nonsense"]) == 2
    assert "audit" in capsys.readouterr().err
    assert probe.main(["quick"]) == 0
    assert '"name": "TCP"' in capsys.readouterr().out


@needs_linux
def test_memory_without_permission_to_run_code_is_an_attempt_not_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attempts, "_machine_code_caller", lambda: "not tried: no memory")
    assert attempts.try_32_bit_call() == Attempt(
        "TCP by a 32-bit call", False, "not tried: no memory"
    )


@needs_linux
def test_opening_memory_of_a_process_that_is_gone_is_no_refusal() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert not attempts.try_memory_of(process.pid).refused
    own = attempts.try_memory_of(os.getpid())
    assert own.answer == "succeeded"


def test_numbers_agree_with_the_kernel_headers_of_this_system() -> None:
    header = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    generic = Path("/usr/include/asm-generic/unistd.h")
    if not header.exists() or not generic.exists():
        pytest.skip("needs the kernel's headers (Debian: linux-libc-dev)")
    for file, architecture in ((header, X86_64), (generic, AARCH64)):
        known = {}
        for line in file.read_text().splitlines():
            words = line.replace("__NR3264_", "__NR_").split()
            if len(words) == 3 and words[0] == "#define" and words[2].isdecimal():
                known[words[1].removeprefix("__NR_")] = int(words[2])
        wrong = {
            name: (number, known[name])
            for name, number in architecture.numbers.items()
            if name in known and known[name] != number
        }
        assert wrong == {}
        assert len(architecture.numbers.keys() - known.keys()) < 5
