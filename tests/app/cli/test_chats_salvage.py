"""`chats restore --salvage`: what can be read of a damaged history that has no backup."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from app.chats.history_states import CannotOpen, Choice, Ready
from app.chats.model import Role, TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.upkeep.wal_mark import mark_path
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from app.cli.opening import opened_for_chat
from app.cli.passphrases import Passphrases

LOCK = LockReport(LockState.NOT_TESTED, "a test")
WORDS = "rain on the roof"
CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
PAGE_BYTES = 4096


def new_door(holder: Holder) -> HistoryDoor:
    return HistoryDoor(Profile(), holder, Keyrings({}), CHEAP)


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history of one chat under a passphrase: its database."""
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("app.cli.chats.new_door", new_door)
    monkeypatch.setattr("app.chats.upkeep.disk.MARGIN_BYTES", 0)
    door = new_door(Holder.COMMAND)
    door.open()
    state = door.begin_under_passphrase(WORDS)
    assert isinstance(state, Ready)
    store, parent_id = state.history.store, None
    chat = store.create("The sea")
    for number in range(30):
        parts = [TextPart(f"{number} " + "word " * 100)]
        parent_id = store.messages.add(chat.id, parent_id, Role.USER, parts).id
    state.history.close()
    return door.profile.database


def damage(database: Path, *, shows: bool = True) -> None:
    """A page of messages; it shows at the next opening where the last exit was a kill."""
    door = new_door(Holder.COMMAND)
    door.open()
    state = door.try_passphrase(WORDS)
    assert isinstance(state, Ready)
    rows = state.history.store.database.read(
        "SELECT pageno FROM dbstat WHERE name = 'message' AND pagetype = 'leaf' ORDER BY path"
    )
    state.history.close()
    with open(database, "r+b") as file:
        file.seek((rows[-1][0] - 1) * PAGE_BYTES + 50)
        file.write(b"other bytes")
    if shows:
        mark_path(database).unlink()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    reader, writer = os.pipe()
    os.write(writer, f"{WORDS}\n".encode())
    os.close(writer)
    code = cli.main(["chats", *arguments, f"--passphrase-fd={reader}"], LOCK)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("shows", [True, False])
def test_what_can_be_read_is_brought_back(
    history: Path, capsys: pytest.CaptureFixture[str], shows: bool
) -> None:
    damage(history, shows=shows)
    if shows:
        code, _, err = run(capsys, "list")
        assert code == 1
        assert "“chats restore --salvage”" in err
    code, out, err = run(capsys, "restore", "--salvage", "--yes")
    assert (code, out) == (0, "Brought back.\n")
    assert "1 chats with 2" in err
    assert "The damaged files lie in" in err
    code, out, _ = run(capsys, "verify")
    assert code == 0
    assert "The sea" in run(capsys, "list")[1]


def test_a_whole_history_stays_as_it_is(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "restore", "--salvage", "--yes", "--json")
    assert (code, out) == (0, '{"type": "whole"}\n')
    assert run(capsys, "restore", "--salvage", "--yes")[1].startswith("All of the history is as")
    assert not list(history.parent.glob("set-aside-*"))


def test_nothing_happens_without_a_yes(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damage(history)
    code, _, err = run(capsys, "restore", "--salvage")
    assert code == 1
    assert "--yes" in err
    assert not list(history.parent.glob("set-aside-*"))


def test_a_person_takes_it_by_one_key(
    history: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(history)
    monkeypatch.setattr("app.cli.opening.is_terminal", lambda: True)
    monkeypatch.setattr("app.cli.passphrases.is_terminal", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: WORDS)
    offers: list[str] = []

    def press(offer: str, keys: str) -> str:
        offers.append(offer)
        return "s"

    monkeypatch.setattr("app.cli.opening.one_key", press)
    door = new_door(Holder.TERMINAL)
    opened = opened_for_chat(door, Passphrases(None))
    assert [chat.title for chat in opened.store.conversations()] == ["The sea"]
    door.close()
    (offer,) = offers
    assert "s  bring back what can be read" in offer
    assert "there is no backup" in offer


def test_the_choice_is_the_doors(history: Path) -> None:
    damage(history)
    door = new_door(Holder.COMMAND)
    door.open()
    state = door.try_passphrase(WORDS)
    assert isinstance(state, CannotOpen)
    assert Choice.SALVAGE in state.choices
    door.close()
