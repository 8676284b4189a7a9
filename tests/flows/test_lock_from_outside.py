"""The lock, observed from outside: by a preloaded library, a native thread and a child.

The library is preloaded into the whole tree, so the launcher, which is not locked, is the
positive control of every run: a door that it finds open is refused to the chat process.
"""

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.airlock import landlock
from app.airlock.syscalls import this_architecture

ROOT = Path(__file__).resolve().parents[2]
NATIVE = ROOT / "tests" / "flows" / "native"
ABSENT = 9999
WHO = ("preload", "thread", "child")

needs_linux = pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux")
needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
pytestmark = [needs_linux]


@dataclass
class Probe:
    library: Path
    program: Path
    tcp: socket.socket
    udp: socket.socket

    def environment(self, reports: Path) -> dict[str, str]:
        return os.environ | {
            "LD_PRELOAD": str(self.library),
            "PROBE_DIR": str(reports),
            "PROBE_CHILD": str(self.program),
            "PROBE_TCP_PORT": str(self.tcp.getsockname()[1]),
            "PROBE_UDP_PORT": str(self.udp.getsockname()[1]),
        }

    def datagrams(self) -> set[str]:
        found = set()
        while True:
            try:
                found.add(self.udp.recv(100).decode())
            except BlockingIOError:
                return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("probe")
    library, program = folder / "probe.so", folder / "probe"
    source = str(NATIVE / "probe.c")
    common = ["cc", "-O1", "-Wall", "-Werror", "-pthread", source]
    subprocess.run([*common, "-DPRELOAD", "-fPIC", "-shared", "-o", library], check=True)
    subprocess.run([*common, "-o", program], check=True)
    return library, program


@pytest.fixture
def probe(built: tuple[Path, Path]) -> Iterator[Probe]:
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(("127.0.0.1", 0))
        udp.setblocking(False)
        yield Probe(*built, tcp, udp)


def read(reports: Path, name: str) -> dict[str, int]:
    lines = (reports / name).read_text().splitlines()
    return {key: int(code) for key, code in (line.split() for line in lines)}


def audit_command() -> list[str]:
    return [sys.executable, str(ROOT / "main.py"), "--role", "chat", "audit", "--json"]


def launch_with(lock: str, command: list[str]) -> list[str]:
    return [sys.executable, str(NATIVE / "launch_with.py"), lock, *command]


@needs_compiler
def test_every_way_out_is_refused_to_the_chat_process_and_its_children(
    probe: Probe, tmp_path: Path
) -> None:
    command = [sys.executable, str(ROOT / "main.py"), "audit", "--json"]
    ended = subprocess.run(
        command, env=probe.environment(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr
    control = read(tmp_path, "launcher.preload")
    assert control["tcp"] == control["udp"] == control["netlink"] == 0
    assert errno.EPERM not in {control["tcp6"], control["vsock"], control["mptcp"]}
    locked = [f"{role}.{who}" for role in ("chat", "probe") for who in WHO]
    for name in locked:
        answers = read(tmp_path, name)
        assert len(answers) >= 9
        open_doors = {k: v for k, v in answers.items() if v not in (errno.EPERM, ABSENT)}
        assert open_doors == {}, name
    assert probe.datagrams() == {f"launcher.{who}" for who in WHO}


@needs_compiler
@pytest.mark.parametrize(
    ("lock", "door"),
    [
        ("none", "tcp"),
        ("ipv4", "udp"),
        ("ipv6", "udp6"),
        ("netlink", "netlink"),
        ("packet", "packet"),
        ("vsock", "vsock"),
        ("io_uring", "io_uring"),
        ("foreign", "x32"),
    ],
)
def test_a_weakened_filter_fails_both_the_probe_and_the_audit(
    probe: Probe, tmp_path: Path, lock: str, door: str
) -> None:
    if door == "x32" and os.uname().machine != "x86_64":
        pytest.skip("x32 calls are those of x86-64")
    ended = subprocess.run(
        launch_with(lock, audit_command()),
        env=probe.environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
    )
    control = read(tmp_path, "launcher.preload")[door]
    if control == errno.EPERM:
        pytest.skip(f"this system refuses {door} to everyone")
    for who in WHO:
        assert read(tmp_path, f"chat.{who}")[door] == control
    assert ended.returncode == 1
    report = json.loads(ended.stdout)
    assert report["state"] == "not enforced"
    assert not report["all_refused"]
    assert any(not attempt["refused"] for attempt in report["attempts"])


@pytest.mark.parametrize("lock", ["ptrace", "ioctl"])
def test_the_audit_notices_what_is_no_socket(lock: str) -> None:
    command = launch_with(lock, audit_command())
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["state"] == "not enforced"


def test_no_environment_variable_weakens_the_audit_of_the_real_program() -> None:
    names = ("PITCHER_LOCK", "PITCHER_NO_LOCK", "PITCHER_LIFELINE", "PYTHONINSPECT")
    ended = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "audit", "--json"],
        env=os.environ | dict.fromkeys(names, "0"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    assert report["state"] == "enforced"
    assert len(report["attempts"]) > 60


TOUCH_ANOTHER = """
import os, sys
try:
    os.close(os.open(f"/proc/{sys.argv[1]}/mem", os.O_RDWR))
    print("open")
except PermissionError:
    print("refused")
"""


@pytest.fixture
def victim() -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    ) as process:
        yield process.pid


@pytest.mark.parametrize("lock", ["whole", "rename domain"])
def test_the_second_layer_closes_another_process_memory_even_to_root(
    victim: int, lock: str
) -> None:
    architecture = this_architecture()
    assert architecture is not None
    if landlock.domain_for(landlock.version(architecture)) is None:
        pytest.skip("this kernel has no Landlock of version 2 or later")
    touch = [sys.executable, "-c", TOUCH_ANOTHER, str(victim)]
    without = subprocess.run(
        launch_with("no domain", touch), capture_output=True, text=True, timeout=30
    )
    if without.stdout.strip() != "open":
        pytest.skip("this system closes it to everyone already")
    ended = subprocess.run(launch_with(lock, touch), capture_output=True, text=True, timeout=30)
    assert ended.stdout.strip() == "refused"


USE_FILES_AND_SOCKETS = """
import os, pathlib, socket, sys, tempfile
folder = pathlib.Path(sys.argv[1])
(folder / "a").mkdir(); (folder / "b").mkdir()
(folder / "a" / "file").write_text("text")
os.rename(folder / "a" / "file", folder / "b" / "file")
os.link(folder / "b" / "file", folder / "a" / "again")
for address in (sys.argv[2], "\\0" + sys.argv[3]):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(address)
left, right = socket.socketpair()
left.send(b"x"); assert right.recv(1) == b"x"
left.close(); right.close()
import asyncio
asyncio.run(asyncio.sleep(0))
print("works")
"""


@pytest.mark.parametrize("lock", ["whole", "rename domain"])
def test_files_and_unix_sockets_work_under_the_lock(tmp_path: Path, lock: str) -> None:
    path, name = str(tmp_path / "socket"), f"pitcher-test-{os.getpid()}-{lock}"
    with socket.socket(socket.AF_UNIX) as by_path, socket.socket(socket.AF_UNIX) as abstract:
        by_path.bind(path)
        abstract.bind("\0" + name)
        for server in (by_path, abstract):
            server.listen()
        command = [sys.executable, "-c", USE_FILES_AND_SOCKETS, str(tmp_path), path, name]
        ended = subprocess.run(
            launch_with(lock, command), capture_output=True, text=True, timeout=30
        )
    assert ended.stdout.strip() == "works", ended.stderr


@needs_compiler
def test_the_second_layer_refuses_tcp_where_the_first_has_failed(
    probe: Probe, tmp_path: Path
) -> None:
    architecture = this_architecture()
    assert architecture is not None
    if landlock.domain_for(landlock.version(architecture)) is not landlock.Domain.TCP:
        pytest.skip("this kernel has no Landlock of version 4 or later")
    command = launch_with("ipv4", audit_command())
    subprocess.run(command, env=probe.environment(tmp_path), capture_output=True, timeout=60)
    assert read(tmp_path, "launcher.preload")["tcp"] == 0
    assert read(tmp_path, "chat.preload")["tcp"] == errno.EACCES
