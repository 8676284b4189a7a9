"""Who is the first start on a profile, and what the second one does."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import roles
from app.airlock import launcher, meeting_place, single_instance
from app.airlock.meeting_place import MeetingPlace, NoPlaceError
from app.airlock.raise_server import RaiseServer, peer_user_id
from app.airlock.report import LockReport, LockState
from app.airlock.single_instance import Claim, NoAnswerError, claim
from app.airlock.syscalls import this_architecture

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="the launcher's socket: Linux")

ROOT = Path(__file__).resolve().parents[3]
LIMIT_S = 60
SHORT_S = 0.2
HOLDER = """
import sys, time
from pathlib import Path
from app.airlock.meeting_place import MeetingPlace
from app.airlock.single_instance import claim
held = claim(MeetingPlace(Path(sys.argv[1]), Path(sys.argv[2])))
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def place(tmp_path: Path) -> MeetingPlace:
    return MeetingPlace(tmp_path / "a.socket", tmp_path / "a.lock")


@pytest.fixture
def first(place: MeetingPlace) -> Iterator[Claim]:
    made = claim(place)
    assert made is not None
    yield made
    made.close()


@contextmanager
def serving(made: Claim) -> Iterator[subprocess.Popen[bytes]]:
    """The claim's own loop in a thread, with a sleeper whose input is the pipe's reader."""
    process = subprocess.Popen(["sleep", "600"], stdin=made.pipe.reader)
    thread = threading.Thread(target=made.serve, args=(process,))
    thread.start()
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        thread.join(LIMIT_S)
        assert not thread.is_alive()


def held_by_another(place: MeetingPlace) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDER, str(place.socket), str(place.lock)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_first_start_listens_where_its_user_alone_may_speak(
    first: Claim, place: MeetingPlace
) -> None:
    for path in (place.socket, place.lock):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_ISSOCK(place.socket.stat().st_mode)
    first.close()
    assert not place.socket.exists()
    assert not place.lock.exists()


def test_the_second_start_asks_and_is_done(first: Claim, place: MeetingPlace) -> None:
    with serving(first):
        assert claim(place, LIMIT_S) is None


def test_the_next_start_is_the_first_once_the_process_has_ended(
    first: Claim, place: MeetingPlace
) -> None:
    with serving(first) as process:
        process.kill()
        process.wait()
        following = claim(place, LIMIT_S)
        assert following is not None
    first.close()  # a second time: what is there now is the other's
    assert place.socket.exists()
    following.close()


def test_a_killed_first_start_leaves_nothing_that_matters(place: MeetingPlace) -> None:
    with held_by_another(place) as process:
        process.kill()
    assert place.socket.exists()
    following = claim(place)
    assert following is not None
    with serving(following):
        assert claim(place, LIMIT_S) is None


@pytest.mark.parametrize("left", ["socket", "file", "link", "dangling link"])
def test_whatever_lies_in_the_sockets_place_makes_room(
    place: MeetingPlace, tmp_path: Path, left: str
) -> None:
    target = tmp_path / "target"
    match left:
        case "socket":
            with socket.socket(socket.AF_UNIX) as dead:
                dead.bind(str(place.socket))
        case "file":
            place.socket.write_text("left")
        case "link":
            target.write_text("kept")
            place.socket.symlink_to(target)
        case "dangling link":
            place.socket.symlink_to(target)
    made = claim(place)
    assert made is not None
    made.close()
    assert target.exists() == (left == "link")


def test_a_holder_that_says_nothing_is_told_of(place: MeetingPlace) -> None:
    with held_by_another(place) as process:
        try:
            with pytest.raises(NoAnswerError, match="does not answer"):
                claim(place, SHORT_S)
        finally:
            process.kill()


def test_a_holder_without_a_socket_is_waited_for(place: MeetingPlace) -> None:
    lock = os.open(place.lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with pytest.raises(NoAnswerError):
        claim(place, SHORT_S)
    timer = threading.Timer(SHORT_S, os.close, (lock,))
    timer.start()
    made = claim(place, LIMIT_S)
    timer.join()
    assert made is not None
    made.close()


def test_another_users_listener_is_not_asked(first: Claim, place: MeetingPlace) -> None:
    with serving(first), pytest.raises(NoAnswerError):
        claim(place, SHORT_S, lambda _connection: os.geteuid() + 1)


def test_a_lock_that_was_taken_away_is_not_believed(
    place: MeetingPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    flock = fcntl.flock
    taken_away: list[bool] = []

    def lose_the_first(lock: int, how: int) -> None:
        flock(lock, how)
        if not taken_away:
            place.lock.unlink()
            taken_away.append(True)

    monkeypatch.setattr(single_instance.fcntl, "flock", lose_the_first)
    made = claim(place)
    monkeypatch.undo()
    assert made is not None
    assert place.lock.exists()
    with serving(made):
        assert claim(place, LIMIT_S) is None


def test_who_lost_its_place_does_not_take_the_next_ones_away(
    first: Claim, place: MeetingPlace
) -> None:
    place.lock.unlink()
    place.socket.unlink()
    following = claim(place)
    assert following is not None
    first.close()
    assert place.socket.exists()
    assert place.lock.exists()
    following.close()


@pytest.mark.parametrize("what", ["lock", "socket", "no locks"])
def test_where_there_can_be_no_socket_it_is_a_sentence_and_nothing_stays_open(
    place: MeetingPlace, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    before = os.listdir("/proc/self/fd")
    match what:
        case "lock":
            place.lock.mkdir()
        case "socket":
            place.socket.mkdir()
        case "no locks":

            def refused(_lock: int, _how: int) -> None:
                raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

            monkeypatch.setattr(single_instance.fcntl, "flock", refused)
    with pytest.raises(NoPlaceError, match="can't be used"):
        claim(place)
    assert os.listdir("/proc/self/fd") == before


def test_a_socket_that_cannot_be_bound_is_closed(
    place: MeetingPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = MeetingPlace(place.socket.with_name("s" * 200), place.lock)
    before = os.listdir("/proc/self/fd")
    monkeypatch.setattr(single_instance.socket.socket, "listen", None)
    with pytest.raises((NoPlaceError, OSError), match=r"too long|can't be used"):
        claim(deep)
    assert os.listdir("/proc/self/fd") == before


def test_a_failing_server_does_not_end_the_waiting(
    first: Claim, place: MeetingPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: RaiseServer, _process: object, _beside: object) -> None:
        raise OSError(errno.ENOMEM, "no memory")

    monkeypatch.setattr(RaiseServer, "serve", fail)
    with subprocess.Popen(["sleep", "600"]) as process:
        first.serve(process)
        process.kill()
    assert not place.socket.exists()


# ---------------------------------------------------------------------------- the launcher


@pytest.fixture
def started(place: MeetingPlace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., int]]:
    """The launcher's own way to start a window, with a shell in the chat process's place."""

    def claim_soon(where: MeetingPlace, files: Sequence[str]) -> Claim | None:
        return claim(where, SHORT_S, peer_user_id, files)

    monkeypatch.setattr(meeting_place, "meeting_place", lambda _environment: place)
    monkeypatch.setattr(single_instance, "claim", claim_soon)
    before = {number: signal.getsignal(number) for number in (1, 2, 3, 15)}
    yield lambda script, files=(): launcher.launch_once(["sh", "-c", script], None, files=files)
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_first_start_passes_on_the_exit_code_and_leaves_nothing(
    started: Callable[[str], int], place: MeetingPlace, tmp_path: Path
) -> None:
    before = os.listdir("/proc/self/fd")
    assert started("exit 7") == 7
    assert list(tmp_path.iterdir()) == []
    assert os.listdir("/proc/self/fd") == before


def test_a_second_start_says_one_line_and_0(
    started: Callable[[str], int], first: Claim, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(first):
        assert started("exit 7") == 0
    assert (
        capsys.readouterr().err == "pitcher: Pitcher is already open; its window comes forward.\n"
    )


def test_a_second_start_without_an_answer_is_1_and_a_sentence(
    started: Callable[[str], int], first: Claim, capsys: pytest.CaptureFixture[str]
) -> None:
    assert started("exit 7") == 1
    assert "does not answer" in capsys.readouterr().err


def test_a_second_start_is_no_failed_first_start_of_an_update(
    started: Callable[[str], int], first: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[object] = []
    monkeypatch.setattr("app.updates.starting.ended_in_order", ended.append)
    assert started("exit 7") == 1  # nobody answers
    with serving(first):
        assert started("exit 7") == 0
    assert len(ended) == 2


def test_without_a_place_the_window_opens_all_the_same_and_it_is_said(
    started: Callable[[str], int], place: MeetingPlace, capsys: pytest.CaptureFixture[str]
) -> None:
    place.lock.mkdir()
    assert started('test -z "$PITCHER_RAISE" && exit 7') == 7
    assert "can't bring this window forward" in capsys.readouterr().err


def test_ctrl_c_while_it_asks_is_130(
    started: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_place: MeetingPlace, files: Sequence[str]) -> Claim:
        raise KeyboardInterrupt

    monkeypatch.setattr(single_instance, "claim", interrupted)
    assert started("exit 7") == 130


def test_a_chat_process_that_cannot_start_lets_the_place_go(
    started: Callable[[str], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert launcher.launch_once(["/no/such/program"], None) == 1
    assert "could not be started" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_chat_process_without_a_window_lets_the_place_go_and_is_waited_for(
    started: Callable[[str], int], place: MeetingPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    script = f"while test -e {place.lock}; do sleep 0.01; done; exit 7"
    decline = (
        "import os\nfrom app.airlock import raise_pipe\nraise_pipe.decline()\n"
        f"os.execvp('sh', ['sh', '-c', {script!r}])"
    )
    assert launcher.launch_once([sys.executable, "-c", decline], None) == 7


def test_a_start_that_goes_on_in_the_terminal_takes_no_requests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    declined: list[bool] = []
    monkeypatch.setattr(
        "app.airlock.display.display_problem", lambda _environment: "There is none."
    )
    monkeypatch.setattr("app.airlock.raise_pipe.decline", lambda: declined.append(True))
    monkeypatch.setattr("app.cli.main", lambda *_: 7)
    report = LockReport(LockState.NOT_TESTED, "not tested")
    assert roles._window_or_terminal([], report) == 7
    assert declined == [True]


@pytest.mark.parametrize(
    ("arguments", "possible", "expected"),
    [
        ([], True, "once"),
        (["--model", "m"], True, "once"),
        ([], False, "launch"),
        (["chat"], True, "launch"),
        (["chats", "list"], True, "launch"),
        (["--help"], True, "launch"),
    ],
)
def test_only_a_window_asks_for_another(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], possible: bool, expected: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(launcher.descriptors, "fill_standard", lambda: None)
    monkeypatch.setattr(launcher.descriptors, "standard_problem", lambda: None)
    monkeypatch.setattr(launcher.meeting_place, "is_possible", lambda: possible)
    monkeypatch.setattr(launcher, "launch", lambda *_, **__: asked.append("launch") or 7)
    monkeypatch.setattr(launcher, "launch_once", lambda *_, **__: asked.append("once") or 7)
    assert launcher.main(arguments) == 7
    assert asked == [expected]


def test_a_second_start_hands_its_files_over(
    started: Callable[..., int], first: Claim, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(first) as process:
        process.send_signal(signal.SIGSTOP)
        reader = os.open(f"/proc/{process.pid}/fd/0", os.O_RDONLY)
        assert started("exit 7", ["/a b", "/\n'\"", "/\udcff"]) == 0
        assert os.read(reader, 100) == b"/a b\0/\n'\"\0/\xff\0\n"
        os.close(reader)
    assert "takes what you named" in capsys.readouterr().err


def test_too_many_files_to_hand_over_are_a_sentence(
    started: Callable[..., int], first: Claim, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(first):
        assert started("exit 7", [f"/{'x' * 200}"] * 1000) == 1
    said = capsys.readouterr().err
    assert "too many names to hand over at once" in said
    assert said.count("\n") == 1
