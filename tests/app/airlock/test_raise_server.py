"""What the launcher's socket does with peers: one word is understood, nothing can hold it."""

from __future__ import annotations

import errno
import os
import select
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.airlock import raise_server
from app.airlock.raise_pipe import RaisePipe
from app.airlock.raise_request import request_for
from app.airlock.raise_server import REPLY, REQUEST, RaiseServer, peer_user_id
from app.airlock.syscalls import this_architecture

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="the launcher's socket: Linux")

# A bound against hanging, not a measurement.
LIMIT_S = 60
MANY = 1_000


class Setting:
    """A server in a thread, a sleeping process in the chat process's place, and its pipe."""

    def __init__(self, folder: Path, user_of: Callable[[socket.socket], int]) -> None:
        self.address = str(folder / "s")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.setblocking(False)
        self.listener.bind(self.address)
        self.listener.listen(16)
        self.process = subprocess.Popen(["sleep", "600"])
        self.pipe = RaisePipe()
        os.set_blocking(self.pipe.reader, False)
        self.server = RaiseServer(self.listener, self.pipe, user_of)
        self.thread = threading.Thread(target=self.server.serve, args=(self.process,))

    def connect(self) -> socket.socket:
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(LIMIT_S)
        while True:
            try:
                peer.connect(self.address)
                return peer
            except BlockingIOError:  # more are waiting than the system keeps
                time.sleep(0.001)

    def say(self, *pieces: bytes) -> bytes:
        """What comes back until the server closes; b"" where it says nothing."""
        with self.connect() as peer:
            try:
                for piece in pieces:
                    peer.sendall(piece)
                return peer.recv(100)
            except (BrokenPipeError, ConnectionResetError):
                return b""

    def requests(self) -> int:
        try:
            return len(os.read(self.pipe.reader, 1 << 16))
        except BlockingIOError:
            return 0

    def ends(self) -> bool:
        self.thread.join(LIMIT_S)
        return not self.thread.is_alive()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.pipe.close()
        if self.thread.ident is not None:
            assert self.ends()
        self.listener.close()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Setting]]:
    made: list[Setting] = []

    def make_one(user_of: Callable[[socket.socket], int] = peer_user_id) -> Setting:
        made.append(Setting(tmp_path, user_of))
        made[-1].thread.start()
        return made[-1]

    yield make_one
    for setting in made:
        setting.close()


def test_the_word_is_handed_on_and_answered(make: Callable[..., Setting]) -> None:
    setting = make()
    assert setting.say(REQUEST) == REPLY
    assert setting.requests() == 1
    assert setting.say(REQUEST[:3], REQUEST[3:]) == REPLY
    assert setting.requests() == 1


@pytest.mark.parametrize(
    "words",
    [
        b"raisd\n",
        b"Raise\n",
        b"raise",
        b"raise \n",
        b"raise\n\n",
        b"raise\nraise\n",
        b"\0",
        b"quit\n",
        b"\xff" * 4096,
        b"GET / HTTP/1.1\r\n\r\n",
        b"x" * 1_000_000,
        b"open\n\n",
        b"open\n\0\n",
        b"open\nrelative\0\n",
        b"open\n/a\0relative\0\n",
        b"open\n/a\0\n\n",
        b"open\n/a\n",
        b"open\n/" + b"x" * 4095 + b"\0\n",
        b"open\n" + b"/x\0" * 20_000 + b"\n",
    ],
)
def test_anything_else_is_closed_and_the_next_one_is_heard(
    make: Callable[..., Setting], monkeypatch: pytest.MonkeyPatch, words: bytes
) -> None:
    monkeypatch.setattr(raise_server, "_CONNECTION_LIMIT_S", 0.1)
    setting = make()
    assert setting.say(words) == b""
    assert setting.requests() == 0
    assert setting.say(REQUEST) == REPLY


FILES = (b"/a", b"/with a\nline's end", b"/\xff", b"/" + b"x" * 4094)


def test_files_are_handed_on_whole_however_they_come(make: Callable[..., Setting]) -> None:
    setting = make()
    request = request_for([os.fsdecode(file) for file in FILES])
    expected = b"".join(file + b"\0" for file in FILES) + b"\n"
    for pieces in ((request,), (request[:3], request[3:9], request[9:])):
        assert setting.say(*pieces) == REPLY
        assert os.read(setting.pipe.reader, 1 << 16) == expected


def test_files_for_which_the_pipe_has_no_room_get_no_answer(make: Callable[..., Setting]) -> None:
    setting = make()
    request = request_for(["/" + "x" * 4000] * 7)
    answers = [setting.say(request) for _ in range(4)]
    assert answers[0] == REPLY
    assert answers[-1] == b""
    assert setting.say(REQUEST) == REPLY


def test_who_leaves_at_once_or_half_way_is_forgotten(make: Callable[..., Setting]) -> None:
    setting = make()
    setting.connect().close()
    with setting.connect() as peer:
        peer.sendall(REQUEST[:2])
    with setting.connect() as peer:
        peer.sendall(REQUEST)  # and does not wait for the answer
    assert setting.say(REQUEST) == REPLY
    assert setting.requests() == 2


def test_who_asked_first_is_heard_first_though_another_has_just_come(
    make: Callable[..., Setting],
) -> None:
    busy, go_on = threading.Event(), threading.Event()
    users = iter([False, True, False])

    def user_of(connection: socket.socket) -> int:
        if next(users):
            busy.set()
            assert go_on.wait(LIMIT_S)
        return peer_user_id(connection)

    setting = make(user_of)
    with setting.connect() as first, setting.connect(), setting.connect() as last:
        assert busy.wait(LIMIT_S)
        first.sendall(request_for(["/first"]))
        last.sendall(request_for(["/last"]))
        go_on.set()
        assert last.recv(100) == REPLY
        assert os.read(setting.pipe.reader, 1 << 16) == b"/first\0\n/last\0\n"


def test_who_says_nothing_is_closed_after_its_time(
    make: Callable[..., Setting], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raise_server, "_CONNECTION_LIMIT_S", 0.1)
    setting = make()
    with setting.connect() as silent, setting.connect() as slow:
        slow.sendall(REQUEST[:1])
        assert silent.recv(1) == b""
        assert slow.recv(1) == b""
    assert setting.requests() == 0


@pytest.mark.parametrize("answer", ["another user", "no answer"])
def test_another_users_request_is_not_even_read(make: Callable[..., Setting], answer: str) -> None:
    def user_of(_connection: socket.socket) -> int:
        if answer == "no answer":
            raise OSError(errno.ENOTCONN, "gone")
        return os.geteuid() + 1

    setting = make(user_of)
    assert setting.say(REQUEST) == b""
    assert setting.requests() == 0


def test_the_kernel_names_the_peers_user() -> None:
    left, right = socket.socketpair()
    with left, right:
        assert peer_user_id(left) == os.geteuid()


def test_a_thousand_silent_connections_take_nobodys_turn(
    make: Callable[..., Setting],
) -> None:
    setting = make()
    before = len(os.listdir("/proc/self/fd"))
    crowd = []
    for index in range(MANY):
        crowd.append(setting.connect())
        if len(crowd) > 50:
            crowd.pop(0).close()
        if index % 100 == 0:
            assert setting.say(REQUEST) == REPLY
    assert len(os.listdir("/proc/self/fd")) - before < 50 + 16
    assert setting.say(REQUEST) == REPLY
    assert setting.requests() == MANY // 100 + 1
    for peer in crowd:
        peer.close()


def test_a_thousand_requests_are_all_answered_though_the_window_reads_none(
    make: Callable[..., Setting],
) -> None:
    setting = make()
    assert all(setting.say(REQUEST) == REPLY for _ in range(MANY))


def test_the_end_of_the_process_ends_it(make: Callable[..., Setting]) -> None:
    setting = make()
    with setting.connect():
        assert setting.say(REQUEST) == REPLY
        setting.process.kill()
        assert setting.ends()
    assert setting.process.wait(LIMIT_S) == -9


def test_where_the_kernel_cannot_tell_of_the_end_it_looks(
    make: Callable[..., Setting], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_process_id: int) -> int:
        raise OSError(errno.EPERM, "refused")

    monkeypatch.setattr(raise_server.os, "pidfd_open", refused)
    setting = make()
    assert setting.say(REQUEST) == REPLY
    setting.process.kill()
    assert setting.ends()


def test_no_window_any_more_ends_it_though_the_process_lives(
    make: Callable[..., Setting],
) -> None:
    setting = make()
    setting.pipe.hand_over()  # its only reader
    assert setting.ends()
    assert setting.process.poll() is None


def test_a_request_that_nobody_can_take_gets_no_answer(
    make: Callable[..., Setting], monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = make()
    monkeypatch.setattr(setting.pipe, "ask", lambda _files: False)
    assert setting.say(REQUEST) == b""


def test_a_failing_accept_neither_spins_nor_ends_it(
    make: Callable[..., Setting], monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = make()
    accept = setting.listener.accept
    failures = iter([errno.EMFILE, errno.ECONNABORTED, errno.EAGAIN])

    class Listener:
        fileno = setting.listener.fileno

        def accept(self) -> object:
            code = next(failures, None)
            if code is not None:
                raise OSError(code, os.strerror(code))
            return accept()

    monkeypatch.setattr(setting.server, "_listener", Listener())
    assert setting.say(REQUEST) == REPLY
    assert next(failures, None) is None


def test_a_peer_whose_connection_breaks_is_dropped(
    make: Callable[..., Setting], monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = make()
    accept = setting.listener.accept

    class Broken(socket.socket):
        def recv(self, *_arguments: int) -> bytes:
            raise ConnectionResetError(errno.ECONNRESET, "reset")

    class Listener:
        fileno = setting.listener.fileno

        def accept(self) -> object:
            accepted, address = accept()
            return Broken(fileno=accepted.detach()), address

    monkeypatch.setattr(setting.server, "_listener", Listener())
    assert setting.say(REQUEST) == b""
    assert setting.requests() == 0


class Beside:
    """Somebody else with a descriptor in the launcher's loop."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        self.heard = threading.Event()

    def attend(self, poll: select.poll) -> None:
        poll.register(self.reader, select.POLLIN)

    def hear(self, number: int) -> bool:
        if number != self.reader:
            return False
        os.read(self.reader, 1)
        self.heard.set()
        return True


def test_the_one_loop_hears_who_is_beside_it_and_goes_on_answering(tmp_path: Path) -> None:
    beside = Beside()
    setting = Setting(tmp_path, peer_user_id)
    setting.thread = threading.Thread(target=setting.server.serve, args=(setting.process, beside))
    setting.thread.start()
    try:
        os.write(beside.writer, b"x")
        assert beside.heard.wait(LIMIT_S)
        assert setting.say(REQUEST) == REPLY
        beside.heard.clear()
        os.write(beside.writer, b"x")
        assert beside.heard.wait(LIMIT_S)
    finally:
        setting.close()
        os.close(beside.reader)
        os.close(beside.writer)
