"""A history in a folder of its own, as `history.py` opens it, and ways to look into its files."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import apsw
import pytest

from app.chats.database import Database
from app.chats.model import Role, TextPart
from app.chats.profile import Profile
from app.chats.schema import migrate
from app.chats.store import ChatStore
from app.chats.upkeep.backup_list import Backup
from app.chats.upkeep.backups import Backups
from app.chats.upkeep.wal_watch import WalWatch
from app.chats.vault import envelope_file
from app.chats.vault.backends import KeyringEntry, KeyringKind
from app.chats.vault.envelope import Envelope, new_history_id
from app.chats.vault.key import HistoryKey

WORDS = ("river", "stone", "lamp", "green", "seven", "paper", "cloud", "night", "grain", "salt")
DAY_MS = 86_400_000
ENTRY = "e" * 32


class House:
    """One profile with its history; `open` and `close` as a program does it."""

    def __init__(self, folder: Path, key: bytes, clock: Callable[[], int]) -> None:
        self.profile = Profile(folder)
        self.key = HistoryKey(key)
        self.clock = clock
        self.backups = Backups(self.profile, self.key, clock)
        self._watch: WalWatch | None = None
        self.store: ChatStore

    def found(self) -> None:
        """Begin a history."""
        self.profile.folder.mkdir(mode=0o700)
        entry = KeyringEntry(KeyringKind.SECRET_SERVICE, ENTRY)
        envelope = Envelope(new_history_id(), self.key.check, is_in_use=True, keyring=entry)
        envelope_file.save(self.profile.folder, envelope)
        Database.open(self.profile.database, self.key.reveal(), create=True).close()
        self.open()

    def open(self) -> ChatStore:
        database = Database.open(self.profile.database, self.key.reveal())
        self._watch = WalWatch(database)
        migrate(database, before=self.backups.before_migration)
        self.store = ChatStore(database, self.clock)
        return self.store

    def close(self) -> None:
        if self._watch is not None:
            self._watch.close()

    def killed(self, folder: Path) -> House:
        """What a kill at this moment leaves, in another folder."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.profile.folder, folder)
        return House(folder, self.key.reveal(), self.clock)

    def chat(self, title: str, *texts: str) -> int:
        """A chat whose messages stand one below the other; its number."""
        chat_id = self.store.create(title).id
        parent_id = None
        for text in texts:
            parts = [TextPart(text)]
            parent_id = self.store.messages.add(chat_id, parent_id, Role.USER, parts).id
        return chat_id

    def texts(self) -> dict[str, list[str]]:
        """Everything that is there, by title; opens the history where it is not open."""
        return texts_of(self.store)

    def look(self) -> dict[str, list[str]]:
        """`texts` of a history that is not open."""
        self.open()
        try:
            return self.texts()
        finally:
            self.close()

    def look_into(self, backup: Backup) -> dict[str, list[str]]:
        """`texts` of a backup."""
        database = Database.open(backup.database, self.key.reveal())
        try:
            return texts_of(ChatStore(database))
        finally:
            database.close()


def texts_of(store: ChatStore) -> dict[str, list[str]]:
    return {
        chat.title: [message.text for message in store.tree(chat.id).messages]
        for chat in store.conversations()
    }


@dataclass(frozen=True)
class Peek:
    """Reads what the cipher hides."""

    scratch: Path

    def pages(self, database: Path, key: bytes) -> bytes:
        """All pages of a closed database, decrypted, free ones too."""
        plain = self.scratch / "plain.db"
        shutil.copyfile(database, plain)
        connection = apsw.Connection(str(plain))
        connection.execute(f"PRAGMA cipher = 'chacha20'; PRAGMA key = 'raw:{key.hex()}'").fetchall()
        assert connection.execute("PRAGMA journal_mode = DELETE").fetchall() == [("delete",)]
        assert connection.execute("PRAGMA rekey = ''").fetchall() == [("ok",)]
        connection.close()
        return plain.read_bytes()


@pytest.fixture
def peek(tmp_path_factory: pytest.TempPathFactory) -> Peek:
    return Peek(tmp_path_factory.mktemp("peek"))


@pytest.fixture
def house(tmp_path: Path, key: bytes, clock: Callable[[], int]) -> Iterator[House]:
    house = House(tmp_path / "history", key, clock)
    house.found()
    yield house
    house.close()


@pytest.fixture
def text() -> Callable[[int], str]:
    """Texts of so many words, the same ones every time."""
    chosen = random.Random(7)
    return lambda count: " ".join(chosen.choices(WORDS, k=count))
