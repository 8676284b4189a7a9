"""A key, a database, and a disk that fails on demand."""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from app.chats.database import Database
from app.chats.schema import migrate
from app.chats.store import ChatStore
from tests.app.chats.history_home import LIMIT_S, WORDS, Home, ready, say

_numbers = itertools.count()


class BreakableDisk(apsw.VFS):
    """Stands below the cipher, so that it sees what a disk does; `breaks` says what fails from
    now on, `mend` ends it.

    Operations are "write", "short write", "sync" and "read"; a fault is the error's class and
    its extended code; `after` lets that many through.
    """

    def __init__(self) -> None:
        own = f"breakable-{next(_numbers)}"
        # What a database is opened with. Above the cipher a VFS would leave the log in clear.
        self.name = f"multipleciphers-{own}"
        self.base = next(name for name in apsw.vfs_names() if name in ("unix", "win32"))
        self.seen: list[str] = []
        self._fault: tuple[type[apsw.Error], int] | None = None
        self._operation = ""
        self._after = 0
        super().__init__(own, self.base)

    def breaks(self, operation: str, fault: tuple[type[apsw.Error], int], after: int = 0) -> None:
        self._operation, self._fault, self._after = operation, fault, after

    def mend(self) -> None:
        self._fault = None

    def check(self, operation: str) -> None:
        self.seen.append(operation)
        if self._fault is None or operation != self._operation:
            return
        if self._after > 0:
            self._after -= 1
            return
        kind, code = self._fault
        error = kind("made to fail")
        error.extendedresult, error.result = code, code & 0xFF
        raise error

    def xOpen(self, name: object, flags: list[int]) -> "BreakableFile":
        return BreakableFile(self, name, flags)


class BreakableFile(apsw.VFSFile):
    def __init__(self, disk: BreakableDisk, name: object, flags: list[int]) -> None:
        self._disk = disk
        super().__init__(disk.base, name, flags)  # type: ignore[arg-type]

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.check("write")
        try:
            self._disk.check("short write")
        except apsw.Error:
            super().xWrite(bytes(data)[: len(data) // 2], offset)
            raise
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self._disk.check("sync")
        super().xSync(flags)

    def xRead(self, amount: int, offset: int) -> bytes:
        self._disk.check("read")
        return super().xRead(amount, offset)


@pytest.fixture
def key() -> bytes:
    return bytes(range(32))


@pytest.fixture
def database(tmp_path: Path, key: bytes) -> Iterator[Database]:
    database = Database.open(tmp_path / "history.db", key, create=True)
    yield database
    database.close()


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now_ms = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: Database, clock: Clock) -> ChatStore:
    migrate(database)
    return ChatStore(database, clock)


@pytest.fixture
def disk() -> Iterator[BreakableDisk]:
    disk = BreakableDisk()
    yield disk
    disk.mend()
    disk.unregister()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "history")
    yield home
    for door in home.doors:
        door.close()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(60)


@pytest.fixture
def without_keyring(home: Home) -> Home:
    home.keyring.is_here = False
    return home


@pytest.fixture
def under_passphrase(without_keyring: Home) -> Home:
    door = without_keyring.door()
    door.open(LIMIT_S)
    history = ready(door.begin_under_passphrase(WORDS))
    say(history, "hello")
    history.close()
    return without_keyring


@pytest.fixture
def small_margin(monkeypatch: pytest.MonkeyPatch) -> None:
    """However full the machine's disk is."""
    monkeypatch.setattr("app.chats.upkeep.disk.MARGIN_BYTES", 0)
