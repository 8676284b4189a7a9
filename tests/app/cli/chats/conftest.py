"""Commands of `chats`, run in this process on a history under a passphrase."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app import cli
from app.chats.history_states import FirstTime, Ready
from app.chats.profile import Holder
from tests.app.cli.chats.chats_home import LOCK, WORDS, add, new_door


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("app.cli.chats.new_door", new_door)
    monkeypatch.setattr("app.chats.upkeep.disk.MARGIN_BYTES", 0)
    return tmp_path


@pytest.fixture
def chats() -> dict[str, int]:
    """Two chats: their ids by title."""
    door = new_door(Holder.COMMAND)
    assert isinstance(door.open(), FirstTime)
    state = door.begin_under_passphrase(WORDS)
    assert isinstance(state, Ready)
    ids = {title: add(state.history, title) for title in ("The roof", "The sea")}
    state.history.close()
    return ids


@pytest.fixture
def run(capsys):
    """run(*argv, words=…) → (exit code, stdout, stderr); the passphrase comes by a pipe."""

    def call(*argv, words=WORDS):
        flags = []
        if words is not None:
            reader, writer = os.pipe()
            os.write(writer, f"{words}\nnot for it\n".encode())
            os.close(writer)
            flags = [f"--passphrase-fd={reader}"]
        try:
            code = cli.main(["chats", *(str(word) for word in argv), *flags], LOCK)
        except SystemExit as leaving:
            code = leaving.code
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def run_lines(capsys):
    """run_lines(lines, *argv): as `run`, with several lines on the descriptor."""

    def call(lines, *argv):
        reader, writer = os.pipe()
        os.write(writer, "".join(f"{line}\n" for line in lines).encode())
        os.close(writer)
        code = cli.main(["chats", *argv, f"--passphrase-fd={reader}"], LOCK)
        out, err = capsys.readouterr()
        return code, out, err

    return call
