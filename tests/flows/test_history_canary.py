"""What is typed is found nowhere in clear: real process trees, with a home of their own below one
folder, of which every file is searched while they run, when they were killed, and afterwards.
"""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.airlock.syscalls import this_architecture
from tests.flows.commands import MAIN, ROOT, chats, passphrase_pipe
from tests.flows.terminal import read_until
from tests.traces import Searcher

HAND = [sys.executable, str(ROOT / "tests" / "flows" / "native" / "window_hand.py")]
# Of this run alone: common places such as /tmp are searched too.
CANARY = f"Xylophonquaste{os.getpid():x}y"
DRAFT, TITLE = f"Entwurf{CANARY}", f"Titel{CANARY}"
COMMON = (Path("/dev/shm"), Path("/tmp"), Path("/var/tmp"))
# A bound against hanging, not a measurement.
LIMIT_S = 60

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux")


class Cage:
    """A folder in which all lies that the program can write, and what is open in its processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.searcher = Searcher([CANARY], folder)
        self._since_s = time.time()
        # Models are no chats, and are prepared once for all tests.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        self.environment = kept | {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": self._made("run"),
            "TMPDIR": self._made("tmp"),
            "SQLITE_TMPDIR": self._made("tmp"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder / 'no-bus'}",
            "QT_QPA_PLATFORM": "offscreen",
        }

    @property
    def history(self) -> Path:
        return self.folder / ".local" / "share" / "pitcher" / "history"

    def traces(self, process: int | None = None) -> list[str]:
        """Where the canary stands in clear; `process` is the first one of a tree that runs."""
        found = self.searcher.traces() + self._in_common_places()
        if process is not None:
            for one in tree(process):
                found += self.searcher.nameless(one.pid)
        return found

    def _in_common_places(self) -> list[str]:
        """Files that were made meanwhile where a program may put some without being asked."""
        found = []
        for folder in filter(Path.is_dir, COMMON):
            for entry in os.scandir(folder):
                try:
                    is_new = entry.is_file(follow_symlinks=False) and (
                        entry.stat().st_mtime >= self._since_s - 1
                    )
                    if is_new and self.searcher.holds(Path(entry.path).read_bytes()):
                        found.append(entry.path)
                except OSError:  # another program's, or gone
                    continue
        return found

    def _made(self, name: str) -> str:
        path = self.folder / name
        path.mkdir(mode=0o700, exist_ok=True)
        return str(path)


@pytest.fixture
def cage(tmp_path: Path) -> Cage:
    folder = tmp_path / "cage"
    folder.mkdir()
    return Cage(folder)


def tree(process: int) -> list[psutil.Process]:
    first = psutil.Process(process)
    return [first, *first.children(recursive=True)]


def chat_process(launcher: int) -> psutil.Process:
    (process,) = psutil.Process(launcher).children()
    return process


def done(cage: Cage, *arguments: str) -> str:
    """What such a command prints when it succeeds."""
    ended = chats(cage.environment, *arguments, limit_s=LIMIT_S, folder=cage.folder)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


class Terminal:
    """`main.py chat` on a pseudo-terminal; what it says on standard error goes to a log."""

    def __init__(self, cage: Cage, model: Path) -> None:
        reader = passphrase_pipe()
        command = [*MAIN, "chat", "--passphrase-fd", str(reader), "--model", str(model)]
        command += ["--temperature", "0", "--max-tokens", "400"]
        self.child, self._terminal = pty.fork()
        if self.child == 0:
            os.set_inheritable(reader, True)
            os.chdir(cage.folder)
            hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
            resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
            os.execve(command[0], command, cage.environment)
        os.close(reader)

    def type(self, text: str) -> None:
        os.write(self._terminal, text.encode())

    def until(self, word: str) -> str:
        return read_until(self._terminal, LIMIT_S, word)

    def end(self) -> int:
        _, status = os.waitpid(self.child, 0)
        os.close(self._terminal)
        return os.waitstatus_to_exitcode(status)


def test_the_search_would_find_it(cage: Cage) -> None:
    """A plain file, a name, Base64 in a log, UTF-16 in settings, and a file without a name."""
    assert cage.traces() == []
    share = cage.folder / ".local" / "share"
    share.mkdir(parents=True)
    (share / "recently-used.xbel").write_text(f'<bookmark href="file:///{CANARY}.md"/>')
    (cage.folder / "settings.ini").write_text(f"last={CANARY}", encoding="utf-16-be")
    (cage.folder / "tmp" / CANARY).touch()
    program = "import sys, tempfile, time; f = tempfile.TemporaryFile(); f.write(sys.stdin.buffer"
    program += ".readline()); f.flush(); print(1, flush=True); time.sleep(600)"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", program], env=cage.environment, **pipes) as one:
        assert one.stdin is not None
        assert one.stdout is not None
        one.stdin.write(f"{CANARY}\n".encode())
        one.stdin.flush()
        one.stdout.readline()
        found = sorted(cage.traces(one.pid))
        one.kill()
    names = [Path(path).name.removesuffix(" (deleted)") for path in found]
    nameless = [name for name in names if name.startswith(("#", "tmp"))]
    assert len(nameless) == 1
    assert set(names) == {"recently-used.xbel", "settings.ini", CANARY, *nameless}
    with tempfile.NamedTemporaryFile(dir="/tmp", prefix="pitcher-canary-") as planted:
        planted.write(CANARY.encode())
        planted.flush()
        assert planted.name in cage.traces()


def exported(folder: Path) -> Path:
    """Chats with the canary in every place that has text, as another Pitcher would export them."""
    message = {"id": 1, "parent_id": None, "role": "user", "state": "done", "created_at_ms": 1}
    parts = [
        {"kind": "text", "text": CANARY},
        {"kind": "reasoning", "text": CANARY},
        {"kind": "attachment", "name": CANARY, "text": CANARY},
    ]
    chat = {"id": 1, "title": TITLE, "created_at_ms": 1, "updated_at_ms": 1, "draft": DRAFT}
    whole = {"format": "pitcher-chats", "version": 1, "draft": DRAFT}
    whole |= {"presets": [{"id": 1, "name": CANARY, "settings": {CANARY: CANARY}}]}
    whole |= {"chats": [chat | {"preset_id": 1, "messages": [message | {"parts": parts}]}]}
    file = folder / "brought.json"
    file.write_text(json.dumps(whole))
    return file


def test_a_chat_in_the_terminal_is_found_nowhere(
    cage: Cage, tmp_path: Path, starter_path: Path
) -> None:
    terminal = Terminal(cage, starter_path)
    assert "This chat is kept, encrypted" in terminal.until("\n> ")
    terminal.type(f"What is a {CANARY}? Tell me a very long story about it.\n")
    terminal.until("about it.\r\n")  # the echo
    terminal.until(" ")
    assert cage.traces(terminal.child) == []
    chat_process(terminal.child).kill()
    assert terminal.end() == 128 + signal.SIGKILL
    assert (cage.history / "history.db-wal").stat().st_size > 0
    assert cage.traces() == []

    done(cage, "import", str(exported(tmp_path)))
    hits = [json.loads(line) for line in done(cage, "search", CANARY, "--json").splitlines()]
    assert len(hits) >= 2  # a question that was killed in, and what was brought
    for command in (("backup",), ("verify",), ("restore", "--yes"), ("search", TITLE)):
        done(cage, *command)
        assert cage.traces() == []
    assert list(cage.history.glob("set-aside-*/history.db"))
    taken = cage.folder / "taken.json"
    done(cage, "export", "--to", str(taken))
    assert cage.traces() == [str(taken)]
    assert DRAFT in taken.read_text()
    assert cage.searcher.searched_bytes > 1_000_000


@contextmanager
def window(cage: Cage, model: Path) -> Iterator[Callable[..., int]]:
    """A window that types what it is told and tells when it has; what it says goes to a log.

    Given no words: the process id.
    """
    reader = passphrase_pipe()
    command = [*HAND, "--passphrase-fd", str(reader), "--model", str(model)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with (
        open(cage.folder / "window.log", "w") as log,
        subprocess.Popen(
            command, env=cage.environment, cwd=cage.folder, pass_fds=[reader], stderr=log, **pipes
        ) as process,
    ):
        os.close(reader)
        assert process.stdin is not None
        assert process.stdout is not None

        def tell(line: str = "", until: str = "") -> int:
            if line:
                process.stdin.write(f"{line}\n")
                process.stdin.flush()
            if until:
                said = process.stdout.readline()
                assert said == f"{until}\n", (cage.folder / "window.log").read_text()
            return process.pid

        try:
            yield tell
        finally:
            with suppress(psutil.NoSuchProcess):
                for one in tree(process.pid):
                    one.kill()


def diagnosed(cage: Cage, tell: Callable[..., int]) -> dict[str, Any]:
    """The diagnostics of the window, in the cage, where they are searched as all else is."""
    file = cage.folder / "diagnostics.json"
    tell(f"diagnose {file}", until="diagnosed")
    assert cage.traces(tell()) == []
    told = json.loads(file.read_text())
    assert isinstance(told, dict)
    return told


def test_a_chat_in_the_window_is_found_nowhere(cage: Cage, starter_path: Path) -> None:
    with window(cage, starter_path) as tell:
        tell(until="ready")
        tell(f"type What is a {CANARY}? Tell me a very long story about it.", until="typed")
        tell("send", until="answering")
        assert cage.traces(tell()) == []
        tell("stop", until="stopped")
        tell(f"type {DRAFT}", until="typed")
        tell(f"drafted {DRAFT}", until="drafted")
        assert cage.traces(tell()) == []
        told = diagnosed(cage, tell)
        assert (told["history"]["state"], told["history"]["chats"]) == ("Ready", 1)
        assert [model["is_in_use"] for model in told["models"]] == [True]
        lock = told["lock"]
        assert (lock["now"], lock["not_refused"], lock["seccomp_mode"]) == ("enforced", [], 2)
        assert lock["children"] == lock["children_filtered"] > 0
        assert told["withheld"] == 0
        chat_process(tell()).kill()
    assert cage.traces() == []
    with window(cage, starter_path) as tell:
        process = psutil.Process(tell(until="ready"))
        tell("close")
        process.wait(LIMIT_S)
    assert cage.traces() == []
    assert CANARY in done(cage, "search", CANARY)
    taken = cage.folder / "taken.json"
    done(cage, "export", "--to", str(taken))
    assert cage.traces() == [str(taken)]
    assert DRAFT in taken.read_text()


def cores(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and "core" in file.name]


def leaves_a_core(folder: Path) -> bool:
    """Whether a crash of an ordinary process leaves one on this system."""
    program = "import os, resource, signal; hard = resource.getrlimit(resource.RLIMIT_CORE)[1];"
    program += "resource.setrlimit(resource.RLIMIT_CORE, (hard, hard));"
    program += "os.kill(os.getpid(), signal.SIGSEGV)"
    subprocess.run([sys.executable, "-c", program], cwd=folder)
    return bool(cores(folder))


def test_a_crash_of_the_process_that_has_the_history_leaves_no_core(
    cage: Cage, tmp_path: Path, starter_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    terminal = Terminal(cage, starter_path)
    assert "This chat is kept, encrypted" in terminal.until("\n> ")
    for process in tree(terminal.child)[1:]:
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        (limit,) = (line for line in limits.splitlines() if line.startswith("Max core file size"))
        # 1 byte: no file fits, and no handler program is asked; 0 where it was so already.
        assert limit.split()[4:6] in (["1", "1"], ["0", "0"])
    os.kill(chat_process(terminal.child).pid, signal.SIGSEGV)
    assert terminal.end() == 128 + signal.SIGSEGV
    assert cores(cage.folder) == []
    if not leaves_a_core(elsewhere):
        pytest.skip("no crash leaves a core file on this system; the limits held")
