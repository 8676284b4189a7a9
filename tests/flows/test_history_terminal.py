"""The terminal chat and its history, as real processes on a pseudo-terminal: what is typed is
kept under a passphrase, survives a kill, and is found nowhere in clear.
"""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.airlock.syscalls import this_architecture
from tests.flows.commands import MAIN, WORDS, chats
from tests.flows.terminal import read_until

CANARY = "Xylophonquaste"
# A bound against hanging, not a measurement.
LIMIT_S = 30

pytestmark = pytest.mark.skipif(this_architecture() is None, reason="the lock needs Linux")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home of its own, on a desktop without any keyring."""
    bus = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'no-bus'}"}
    home = {"PITCHER_HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path)}
    return dict(os.environ) | bus | home


class Terminal:
    """A chat on a pseudo-terminal."""

    def __init__(self, environment: dict[str, str], model: Path) -> None:
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            command = [*MAIN, "chat", "--model", str(model), "--temperature", "0"]
            os.execve(command[0], [*command, "--max-tokens", "24"], environment)
        self.code: int | None = None

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def until(self, word: str) -> str:
        return read_until(self.terminal, LIMIT_S, word)

    def end(self) -> int:
        if self.code is None:
            _, status = os.waitpid(self.child, 0)
            self.code = os.waitstatus_to_exitcode(status)
            os.close(self.terminal)
        return self.code


@pytest.fixture
def chat(environment: dict[str, str], starter_path: Path) -> Iterator[Terminal]:
    chat = Terminal(environment, starter_path)
    yield chat
    if chat.code is None:
        os.kill(chat.child, signal.SIGKILL)
        chat.end()


def test_a_first_chat_is_kept_under_a_passphrase_and_nowhere_in_clear(
    chat: Terminal, environment: dict[str, str], tmp_path: Path
) -> None:
    assert "No keyring answers here" in chat.until("Press one of these keys.")
    chat.type("p")
    chat.until("New passphrase")
    chat.type(f"{WORDS}\n")
    chat.until("Once more")
    chat.type(f"{WORDS}\n")
    seen = chat.until("\n> ")
    assert "This chat is kept, encrypted" in seen
    assert WORDS not in seen, "no echo"
    chat.type(f"What is a {CANARY}?\n")
    chat.until("\n> ")
    chat.type("\x04")
    assert chat.end() == 0

    found = chats(environment, "search", CANARY.lower(), "--json")
    assert found.returncode == 0, found.stderr
    hits = [json.loads(line) for line in found.stdout.splitlines()]
    assert {"title", "user"} <= {hit["role"] or "title" for hit in hits}
    wrong = chats(environment, "list", words="sun on the roof")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "That passphrase does not open this history." in wrong.stderr
    in_clear = [CANARY.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert not any(word in file.read_bytes() for word in in_clear), file


def test_a_killed_chat_keeps_its_question_and_is_opened_again(
    chat: Terminal, environment: dict[str, str]
) -> None:
    chat.until("q  leave")
    chat.type("p")
    chat.until("New passphrase")
    chat.type(f"{WORDS}\n")
    chat.until("Once more")
    chat.type(f"{WORDS}\n")
    chat.until("\n> ")
    chat.type("Tell me a very long story about the sea.\n")
    chat.until("sea.\r\n")  # the echo
    chat.until(" ")
    (process,) = psutil.Process(chat.child).children()
    process.kill()
    chat.until("was ended by signal 9")
    assert chat.end() == 128 + signal.SIGKILL

    listed = chats(environment, "verify")
    assert listed.returncode == 0, listed.stderr
    assert "Tell me a very long story" in chats(environment, "list").stdout


def test_a_temporary_chat_is_one_key_and_leaves_no_file(
    chat: Terminal, environment: dict[str, str]
) -> None:
    chat.until("q  leave")
    chat.type("t")
    assert "This chat is temporary" in chat.until("\n> ")
    chat.type("\x04")
    assert chat.end() == 0
    listed = chats(environment, "list")
    assert listed.stderr == "pitcher: There is no history yet. A chat begins one.\n"


@pytest.mark.parametrize("number", ["973", "3"])
def test_a_descriptor_that_is_no_pipe_is_refused_before_anything_starts(
    environment: dict[str, str], number: str
) -> None:
    command = [*MAIN, "chats", "list", "--passphrase-fd", number]
    ended = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        f"pitcher: Descriptor {number} is not open. Open it for the passphrase: {number}<FILE.\n"
    )
