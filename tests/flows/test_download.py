"""A model is downloaded: the real processes, a terminal, and a scripted hub on loopback."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.airlock.ledger import LedgerRow, RowKind, read_ledger
from app.airlock.syscalls import this_architecture
from tests.app.airlock.download.scripted_hub import ScriptedHub
from tests.flows.terminal import read_until

ROOT = Path(__file__).resolve().parents[2]
NATIVE = ROOT / "tests" / "flows" / "native"
LIMIT_S = 60
SECRET = "what-was-said-in-confidence"  # of hostile_chat.py
WEIGHTS = os.urandom(300_000)
FILES = {"config.json": b"{}", "model.safetensors": WEIGHTS, "README.md": b"words"}
HEADERS = {"host", "user-agent", "accept", "accept-encoding", "range", "if-range"}

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="a courier needs Linux")


class Terminal:
    """The program on a pseudo-terminal, with its own home and a policy that names the hub."""

    def __init__(self, home: Path, policy: Path, port: str) -> None:
        self.home, self.policy, self.port = home, policy, port
        self.log = home.with_name("log")
        self.seen = ""

    def start(self, *chat: str) -> None:
        """The launcher, with this chat process."""
        self.process_id, self.descriptor = pty.fork()
        if self.process_id == 0:
            os.environ.update(PITCHER_HOME=str(self.home), TEST_HUB_PORT=self.port)
            for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
                os.environ.pop(name, None)
            for name in [one for one in os.environ if one.startswith("COVERAGE")]:
                del os.environ[name]
            stand_in = str(NATIVE / "download_stand_in.py")
            command = [sys.executable, stand_in, str(self.policy), "terminal", *chat]
            os.execv(command[0], command)
        self.seen = ""

    def download(self, *more: str) -> None:
        """`models download`, as it is."""
        main = str(ROOT / "main.py")
        words = ("--role", "chat", "models", "download", "owner/name", "--no-prepare", *more)
        self.start(sys.executable, main, *words)

    def propose(self, action: str = "proposes") -> None:
        """A small program in the chat process's place."""
        self.start(sys.executable, str(NATIVE / "hostile_chat.py"), str(self.log), action)

    def without_terminal(self, asks: str) -> subprocess.CompletedProcess[str]:
        """The same to its end, in a session that has none; a window is drawn nowhere."""
        without = ("DISPLAY", "WAYLAND_DISPLAY")
        kept = {n: value for n, value in os.environ.items() if n not in without}
        kept = {n: value for n, value in kept.items() if not n.startswith("COVERAGE")}
        stand_in = [sys.executable, str(NATIVE / "download_stand_in.py"), str(self.policy)]
        chat = [sys.executable, str(NATIVE / "hostile_chat.py"), str(self.log), "proposes"]
        more = {"PITCHER_HOME": str(self.home), "QT_QPA_PLATFORM": "offscreen"}
        return subprocess.run(
            [*stand_in, asks, *chat],
            env={**kept, **more, "TEST_HUB_PORT": self.port},
            start_new_session=True,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
        )

    @property
    def told(self) -> str:
        """What the launcher told that."""
        return self.log.read_text() if self.log.exists() else ""

    def until(self, word: str) -> None:
        """Until the terminal shows it."""
        self.seen += read_until(self.descriptor, LIMIT_S, word)

    def answer(self, question: str, words: str) -> None:
        """When it is asked."""
        self.until(question)
        time.sleep(0.1)  # what is typed before the question stands there is thrown away
        os.write(self.descriptor, f"{words}\n".encode())

    def end(self) -> int:
        """Everything until it ends; its exit code."""
        while True:
            try:
                piece = os.read(self.descriptor, 4096)
            except OSError:
                break
            if not piece:
                break
            self.seen += piece.decode(errors="replace")
        _, status = os.waitpid(self.process_id, 0)
        os.close(self.descriptor)
        return os.waitstatus_to_exitcode(status)

    def rows(self, kind: RowKind) -> list[LedgerRow]:
        """Of the ledger, the oldest first."""
        found = read_ledger(self.home / "ledger").rows
        return [row for row in reversed(found) if row.kind is kind]

    def courier(self) -> int:
        """Its process id."""
        until_s = time.monotonic() + LIMIT_S
        while time.monotonic() < until_s:
            found = [one for one in children(self.process_id) if "--courier" in words_of(one)]
            if found:
                return found[0]
            time.sleep(0.02)
        raise AssertionError("there is no courier")

    @property
    def model(self) -> Path:
        return self.home / "models" / "name"


def children(process_id: int) -> list[int]:
    text = Path(f"/proc/{process_id}/task/{process_id}/children").read_text()
    return [int(word) for word in text.split()]


def words_of(process_id: int) -> list[str]:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return []


def wait_for_end(process_id: int) -> None:
    until_s = time.monotonic() + LIMIT_S
    while words_of(process_id):
        assert time.monotonic() < until_s, "still running"
        time.sleep(0.02)


@pytest.fixture
def hub() -> Iterator[ScriptedHub]:
    with ScriptedHub({"owner/name": FILES}) as started:
        yield started


@pytest.fixture
def terminal(tmp_path: Path, hub: ScriptedHub) -> Terminal:
    policy = tmp_path / "policy.toml"
    policy.write_text(f'[downloads]\nmirror = "{hub.url}"\nhosts = ["{hub.content_url}"]\n')
    return Terminal(tmp_path / "home", policy, hub.url.rpartition(":")[2])


def test_a_model_arrives_after_two_consents_and_the_ledger_says_what_the_hub_saw(
    terminal: Terminal, hub: ScriptedHub
) -> None:
    terminal.download()
    terminal.until("[y/N]")
    assert hub.requests == []
    for shown in ("owner/name", hub.url, hub.content_url):
        assert shown in terminal.seen
    os.write(terminal.descriptor, b"y\n")
    terminal.answer("Download 300.0 KB? [y/N]", "y")
    asked_before = len(hub.file_requests("hub")) + len(hub.file_requests())
    for shown in (*FILES, hub.commit("owner/name"), str(terminal.model), "300.0 KB in 3 files"):
        assert shown in terminal.seen
    assert terminal.end() == 0
    assert asked_before <= len(hub.requests)
    assert (terminal.model / "model.safetensors").read_bytes() == WEIGHTS
    recorded = sorted((row.host, row.path) for row in terminal.rows(RowKind.EXCHANGE))
    urls = {"hub": hub.url, "content": hub.content_url}
    seen = sorted((urls[one.server], one.path.partition("?")[0]) for one in hub.requests)
    assert recorded == seen
    assert [row.answer for row in terminal.rows(RowKind.CONSENT)] == ["yes", "yes"]
    assert [row.answer for row in terminal.rows(RowKind.ENDED)] == ["complete"]


def test_the_courier_asks_in_its_own_window_under_its_lock(
    terminal: Terminal, hub: ScriptedHub
) -> None:
    ended = terminal.without_terminal("window")
    assert '"outcome":"complete"' in terminal.told, ended.stderr
    assert (terminal.model / "model.safetensors").read_bytes() == WEIGHTS
    assert [row.answer for row in terminal.rows(RowKind.CONSENT)] == ["yes", "yes"]


def test_no_is_no_and_the_hub_hears_nothing(terminal: Terminal, hub: ScriptedHub) -> None:
    terminal.propose()
    terminal.answer("[y/N]", "n")
    terminal.end()
    assert "not confirmed" in terminal.told
    assert hub.requests == []
    assert not terminal.model.exists()
    assert [row.answer for row in terminal.rows(RowKind.CONSENT)] == ["no"]


def test_a_no_to_the_files_fetches_none(terminal: Terminal, hub: ScriptedHub) -> None:
    terminal.propose()
    terminal.answer("[y/N]", "y")
    terminal.answer("Download 300.0 KB? [y/N]", "")
    terminal.end()
    assert "not confirmed" in terminal.told
    assert not any(request.is_file for request in hub.requests)


def test_with_neither_display_nor_terminal_nobody_is_asked_and_nothing_sent(
    terminal: Terminal, hub: ScriptedHub
) -> None:
    ended = terminal.without_terminal("terminal")
    assert "neither a display nor a terminal" in terminal.told, ended.stderr
    assert hub.requests == []


def test_an_air_gapped_machine_starts_no_courier(terminal: Terminal, hub: ScriptedHub) -> None:
    with terminal.policy.open("a") as policy:
        policy.write("[restrictions]\nair_gapped = true\n")
    terminal.propose()
    terminal.end()
    assert "Nothing is downloaded on this computer" in terminal.told
    assert hub.requests == []
    assert not (terminal.home / "ledger").exists()
    assert not (terminal.home / "models").exists()


def test_ctrl_c_keeps_what_arrived_and_the_next_start_goes_on(
    terminal: Terminal, hub: ScriptedHub
) -> None:
    hub.chunk_s = 0.3
    terminal.download()
    begin(terminal, hub)
    os.write(terminal.descriptor, b"\x03")
    assert terminal.end() == 130
    assert "is kept" in terminal.seen
    assert not terminal.model.exists()
    hub.chunk_s = 0.0
    finish(terminal)


def test_a_killed_courier_is_told_of_and_the_next_one_goes_on(
    terminal: Terminal, hub: ScriptedHub
) -> None:
    hub.chunk_s = 0.3
    terminal.propose()
    begin(terminal, hub)
    os.kill(terminal.courier(), signal.SIGKILL)
    terminal.end()
    assert "ended without a word" in terminal.told
    cut = {row.path for row in terminal.rows(RowKind.EXCHANGE) if not row.has_ended}
    seen = {request.path.partition("?")[0] for request in hub.requests}
    assert hub.file_requests()[0].path.partition("?")[0] in cut
    assert cut <= seen
    hub.chunk_s = 0.0
    finish(terminal)


def test_the_courier_is_under_its_lock_and_goes_with_the_launcher(
    terminal: Terminal, hub: ScriptedHub
) -> None:
    hub.chunk_s = 0.3
    terminal.propose()
    begin(terminal, hub)
    courier = terminal.courier()
    lines = Path(f"/proc/{courier}/status").read_text().splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert status["Seccomp"] == "2"
    assert status["Seccomp_filters"] == "2"  # its own lock, and the seal
    assert status["NoNewPrivs"] == "1"
    os.kill(terminal.process_id, signal.SIGKILL)
    wait_for_end(courier)
    terminal.end()
    hub.chunk_s = 0.0
    finish(terminal)


@pytest.mark.parametrize("action", ["shouts", "smuggles"])
def test_a_subverted_chat_process_that_breaks_the_rules_is_not_heard(
    terminal: Terminal, hub: ScriptedHub, action: str
) -> None:
    terminal.propose(action)
    terminal.end()
    assert "refused" in terminal.told
    assert "silence" in terminal.told
    assert hub.requests == []
    assert not (terminal.home / "ledger").exists()


@pytest.mark.parametrize("action", ["floods", "connects"])
def test_a_subverted_chat_process_sends_nothing_without_a_yes(
    terminal: Terminal, hub: ScriptedHub, action: str
) -> None:
    terminal.propose(action)
    terminal.until("[y/N]")
    wait_for_words(terminal.log, "refused 1" if action == "connects" else "flooded")
    assert "connected" not in terminal.told
    os.write(terminal.descriptor, b"n\n")
    terminal.end()
    assert hub.requests == []


def test_with_a_yes_nothing_goes_out_but_what_the_questions_showed(
    terminal: Terminal, hub: ScriptedHub
) -> None:
    terminal.propose("floods")
    terminal.until("[y/N]")
    wait_for_words(terminal.log, "flooded")
    os.write(terminal.descriptor, b"y\n")
    terminal.answer("Download 300.0 KB? [y/N]", "y")
    terminal.end()
    commit = hub.commit("owner/name")
    allowed = {f"/owner/name/resolve/{commit}/{file}" for file in FILES}
    allowed |= {"/api/models/owner/name/revision/main", f"/api/models/owner/name/tree/{commit}"}
    for request in hub.requests:
        place = request.path.partition("?")[0]
        assert place in allowed or request.server == "content", place
        assert set(request.headers) <= HEADERS
        assert request.headers["user-agent"] == "pitcher"
        assert SECRET not in request.path + "".join(request.headers.values())
    assert (terminal.model / "model.safetensors").read_bytes() == WEIGHTS


def begin(terminal: Terminal, hub: ScriptedHub) -> None:
    """Until the weights are on their way."""
    terminal.answer("[y/N]", "y")
    terminal.answer("Download 300.0 KB? [y/N]", "y")
    until_s = time.monotonic() + LIMIT_S
    while not hub.file_requests():
        assert time.monotonic() < until_s, terminal.seen
        time.sleep(0.02)


def finish(terminal: Terminal) -> None:
    """Another start, which ends complete and right."""
    terminal.propose()
    terminal.answer("[y/N]", "y")
    terminal.answer("Download 300.0 KB? [y/N]", "y")
    terminal.end()
    assert (terminal.model / "model.safetensors").read_bytes() == WEIGHTS


def wait_for_words(file: Path, words: str) -> None:
    until_s = time.monotonic() + LIMIT_S
    while not file.exists() or words not in file.read_text():
        assert time.monotonic() < until_s
        time.sleep(0.02)
