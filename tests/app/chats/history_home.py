"""A profile and a desktop of a test, and what is said in its history."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.chats.history import History
from app.chats.history_states import (
    CannotOpen,
    DoorState,
    Ready,
)
from app.chats.model import Role, TextPart
from app.chats.profile import Holder, Profile
from app.chats.profile_opening import HistoryDoor
from app.chats.vault.backends import KeyringKind
from app.chats.vault.keyrings import Keyrings
from app.chats.vault.passphrase import Argon2Cost
from tests.app.chats.vault.conftest import FakeKeyring

LIMIT_S = 30.0
CHEAP = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
WORDS = "rain on the roof"


@dataclass
class Home:
    """A profile and a desktop; `door` is a program that starts."""

    folder: Path
    keyring: FakeKeyring = field(default_factory=FakeKeyring)
    doors: list[HistoryDoor] = field(default_factory=list)

    def door(self, holder: Holder = Holder.WINDOW) -> HistoryDoor:
        keyrings = Keyrings({KeyringKind.SECRET_SERVICE: self.keyring})
        door = HistoryDoor(Profile(self.folder), holder, keyrings, CHEAP)
        self.doors.append(door)
        return door

    def open(self) -> History:
        return ready(self.door().open(LIMIT_S))

    def begin(self, text: str = "hello") -> None:
        history = self.open()
        say(history, text)
        history.close()


def ready(state: DoorState) -> History:
    assert isinstance(state, Ready), state
    return state.history


def cannot(state: DoorState) -> CannotOpen:
    assert isinstance(state, CannotOpen), state
    return state


def say(history: History, text: str) -> int:
    chat = history.store.create(text)
    return history.store.messages.add(chat.id, None, Role.USER, (TextPart(text),)).id


def said(history: History) -> list[str]:
    return sorted(chat.title for chat in history.store.conversations())


def damage(file: Path, offset: int = 5000) -> None:
    with open(file, "r+b") as stream:
        stream.seek(offset)
        byte = stream.read(1)[0]
        stream.seek(offset)
        stream.write(bytes([byte ^ 0x10]))


def crash(home: Home) -> None:
    """The program is gone, and nothing of it was closed: its files are as they are now."""
    door = home.doors[-1]
    files = {file: file.read_bytes() for file in home.folder.glob("history.*") if file.is_file()}
    door.close()
    for file, stored in files.items():
        file.write_bytes(stored)
