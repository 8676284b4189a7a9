"""`chats restore --salvage`: what can be read of a damaged history that has no backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.chats.history_states import CannotOpen, Choice, Ready
from app.chats.model import Role, TextPart
from app.chats.profile import Holder
from app.chats.upkeep.wal_mark import mark_path
from app.cli.opening import opened_for_chat
from app.cli.passphrases import Passphrases
from tests.app.cli.chats.chats_home import WORDS, new_door

PAGE_BYTES = 4096
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def history() -> Path:
    """A history of one chat under a passphrase: its database."""
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


@pytest.mark.parametrize("shows", [True, False])
def test_what_can_be_read_is_brought_back(history: Path, run: Run, shows: bool) -> None:
    damage(history, shows=shows)
    if shows:
        code, _, err = run("list")
        assert code == 1
        assert "“chats restore --salvage”" in err
    code, out, err = run("restore", "--salvage", "--yes")
    assert (code, out) == (0, "Brought back.\n")
    assert "1 chats with 2" in err
    assert "The damaged files lie in" in err
    code, out, _ = run("verify")
    assert code == 0
    assert "The sea" in run("list")[1]


def test_a_whole_history_stays_as_it_is(history: Path, run: Run) -> None:
    code, out, _ = run("restore", "--salvage", "--yes", "--json")
    assert (code, out) == (0, '{"type": "whole"}\n')
    assert run("restore", "--salvage", "--yes")[1].startswith("All of the history is as")
    assert not list(history.parent.glob("set-aside-*"))


def test_nothing_happens_without_a_yes(history: Path, run: Run) -> None:
    damage(history)
    code, _, err = run("restore", "--salvage")
    assert code == 1
    assert "--yes" in err
    assert not list(history.parent.glob("set-aside-*"))


def test_a_person_takes_it_by_one_key(
    history: Path, monkeypatch: pytest.MonkeyPatch, run: Run
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
