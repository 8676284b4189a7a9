"""What is typed into a chat is found nowhere in plain: no file, no log, no backup, no temporary.

Each place where text can be has a word of its own, which is looked for at every write to the disk
and after every action, also in files that have no name any more.
"""

from __future__ import annotations

import base64
import itertools
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from app.chats.database import Database
from app.chats.model import AttachmentPart, MessageState, ReasoningPart, Role, TextPart
from app.chats.profile import Profile
from app.chats.recorder import AnswerRecorder
from app.chats.schema import MIGRATIONS, Migration, migrate
from app.chats.store import ChatStore
from app.chats.upkeep.backup_list import BackupKind
from app.chats.upkeep.backups import Backups
from app.chats.upkeep.integrity import check_fully
from app.chats.upkeep.restore import restore
from app.chats.upkeep.wal_watch import WalWatch
from app.chats.upkeep.wipe import wipe_chats
from app.chats.vault import envelope_file
from app.chats.vault.backends import KeyringEntry, KeyringKind
from app.chats.vault.envelope import Envelope, new_history_id
from app.chats.vault.key import HistoryKey
from tests.traces import Searcher

PLACES = (
    "message", "title", "draft", "loose", "attachment", "reasoning", "answer", "query", "preset",
    "file",
)  # fmt: skip
# The index folds its words and leaves out how the one before began: both ends are looked for.
BEGINS, ENDS = "kanarienv", "7f3a9c"
CANARIES = {place: f"{BEGINS}ögel{place}{ENDS}" for place in PLACES}
ROOT = Path(__file__).parents[3]
_numbers = itertools.count()


class Cage:
    """A history all of whose files, and all temporary ones, lie below one folder."""

    def __init__(self, folder: Path, key: bytes, clock: Callable[[], int]) -> None:
        self.profile = Profile(folder / "history")
        self.key = HistoryKey(key)
        self.clock = clock
        self.backups = Backups(self.profile, self.key, clock)
        self.store: ChatStore
        self._watch: WalWatch | None = None

    def found(self) -> None:
        self.profile.folder.mkdir(mode=0o700)
        entry = KeyringEntry(KeyringKind.SECRET_SERVICE, "e" * 32)
        envelope = Envelope(new_history_id(), self.key.check, is_in_use=True, keyring=entry)
        envelope_file.save(self.profile.folder, envelope)
        Database.open(self.profile.database, self.key.reveal(), create=True).close()

    def open(self) -> ChatStore:
        database = Database.open(self.profile.database, self.key.reveal())
        self._watch = WalWatch(database)
        migrate(database)
        self.store = ChatStore(database, self.clock)
        return self.store

    def close(self) -> None:
        if self._watch is not None:
            self._watch.close()


@pytest.fixture
def searcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Searcher:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for variable in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(variable, str(temporary))
    return Searcher((BEGINS, ENDS), tmp_path, Path(os.environ["HOME"]))


@pytest.fixture
def cage(
    tmp_path: Path, key: bytes, clock: Callable[[], int], searcher: Searcher
) -> Iterator[Cage]:
    cage = Cage(tmp_path, key, clock)
    cage.found()
    yield cage
    cage.close()


def tell_everything(store: ChatStore, clock: Any, words: int = 1) -> int:
    """Put each canary into its place, `words` times; the chat's number."""
    repeated = {place: " ".join([canary] * words) for place, canary in CANARIES.items()}
    store.set_loose_draft(repeated["loose"])
    chat = store.create(repeated["title"]).id
    parts = [TextPart(repeated["message"]), AttachmentPart("a.txt", repeated["attachment"])]
    question = store.messages.add(chat, None, Role.USER, parts)
    recorder = AnswerRecorder(store.messages, chat, question.id, clock)
    for length in range(1, 4):
        clock.now_ms += 1000
        thought = ReasoningPart(" ".join([repeated["reasoning"]] * length))
        recorder.grow([thought, TextPart(repeated["answer"])], length)
    recorder.finish(MessageState.DONE)
    store.set_draft(chat, repeated["draft"])
    for owner in (None, chat):
        store.draft_files.put(owner, [AttachmentPart("b.txt", repeated["file"])])
    store.set_loose_draft(repeated["loose"])
    store.presets.create(f"{repeated['preset']} {chat}", ((repeated["preset"], words),))
    store.search(CANARIES["query"])
    assert store.search(BEGINS)
    return chat


def test_the_search_would_find_it(tmp_path: Path, searcher: Searcher) -> None:
    assert searcher.traces() == []
    plain = sqlite3.connect(tmp_path / "plain.db")
    plain.execute("CREATE TABLE note (text)")
    plain.execute("INSERT INTO note VALUES (?)", (CANARIES["draft"],))
    plain.commit()
    plain.close()
    (tmp_path / "wide").write_text(CANARIES["title"], encoding="utf-16")
    for before in range(3):
        coded = base64.urlsafe_b64encode(b"~" * before + CANARIES["answer"].encode())
        (tmp_path / f"coded{before}").write_bytes(coded)
    (tmp_path / f"{CANARIES['message']}.txt").touch()
    nameless = (tmp_path / "temporary" / "nameless").open("w+")
    nameless.write(CANARIES["query"])
    nameless.flush()
    (tmp_path / "temporary" / "nameless").unlink()
    found = searcher.traces()
    nameless.close()
    assert [Path(name).name.split(" ")[0] for name in sorted(found)] == [
        "coded0",
        "coded1",
        "coded2",
        f"{CANARIES['message']}.txt",
        "plain.db",
        "nameless",
        "wide",
    ]


class WatchedDisk(apsw.VFS):
    """Below the cipher, under every database that is opened meanwhile: sees what SQLite hands to
    the system, each write by itself.
    """

    def __init__(self, searcher: Searcher) -> None:
        own = f"watched-{next(_numbers)}"
        self.name = f"multipleciphers-{own}"
        self.base = next(name for name in apsw.vfs_names() if name in ("unix", "win32"))
        self.searcher = searcher
        self.written: set[str] = set()
        self.found: set[str] = set()
        self.nameless = 0
        super().__init__(own, self.base)

    def xOpen(self, name: Any, flags: list[int]) -> WatchedFile:
        self.nameless += name is None
        return WatchedFile(self, name, flags)


class WatchedFile(apsw.VFSFile):
    def __init__(self, disk: WatchedDisk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = "nameless" if path is None else Path(path).name
        super().__init__(disk.base, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.written.add(self._name)
        if self._disk.searcher.holds(bytes(data)):
            self._disk.found.add(self._name)
        super().xWrite(data, offset)


@pytest.fixture
def watched(searcher: Searcher) -> Iterator[WatchedDisk]:
    disk, before = WatchedDisk(searcher), apsw.vfs_names()[0]
    # The first use of its name puts the cipher above it.
    apsw.Connection(":memory:", vfs=disk.name).close()
    apsw.set_default_vfs(disk.name)
    yield disk
    apsw.set_default_vfs(before)
    disk.unregister()


def test_the_watch_would_find_it(tmp_path: Path, watched: WatchedDisk) -> None:
    plain = apsw.Connection(str(tmp_path / "plain.db"))
    plain.execute("PRAGMA temp_store = FILE; CREATE TABLE note (text)").fetchall()
    many = [(f"{number} {CANARIES['message'] * 50}",) for number in range(3000)]
    with plain:
        plain.executemany("INSERT INTO note VALUES (?)", many)
    assert (watched.found, watched.nameless) == ({"plain.db"}, 0)
    # What is too much to be sorted in memory goes to files that have no name.
    plain.execute("PRAGMA cache_size = 10; SELECT text FROM note ORDER BY text").fetchall()
    plain.close()
    assert watched.found == {"plain.db", "nameless"}
    assert watched.nameless > 0


def rewrite(cursor: apsw.Cursor) -> None:
    """A step that sorts, indexes and copies all there is."""
    cursor.execute("CREATE TABLE copy AS SELECT * FROM message ORDER BY parts DESC")
    cursor.execute("CREATE INDEX copy_parts ON copy (parts)")
    cursor.execute("ALTER TABLE conversation ADD COLUMN colour TEXT")


def rewrite_in_vain(store: ChatStore) -> None:
    """Much to undo, for a part of a transaction and for all of it."""
    with store.database.write() as cursor:
        cursor.execute("UPDATE message SET parts = parts || ' '")
        with store.database.write():
            cursor.execute("UPDATE message SET parts = trim(parts)")
            raise KeyError


def test_no_write_of_a_whole_life_ever_holds_it(
    watched: WatchedDisk, cage: Cage, clock: Any, searcher: Searcher
) -> None:
    """Also what SQLite keeps to undo with, and what it does only when a disk is short of room."""
    store = cage.open()
    chats = [tell_everything(store, clock, words=300) for _ in range(4)]
    backup = cage.backups.make(BackupKind.DAILY)
    with pytest.raises(KeyError):
        rewrite_in_vain(store)
    wipe_chats(store, cage.backups, chats[:1])
    migrations = [*MIGRATIONS, Migration(99, rewrite)]
    migrate(store.database, before=cage.backups.before_migration, migrations=migrations)
    store.database.connection.execute("VACUUM")
    check_fully(cage.profile.database, cage.key.reveal())
    cage.close()
    restore(cage.profile, backup, cage.key, clock)
    cage.open()
    cage.close()
    assert watched.found == set()
    assert watched.written >= {"history.db", "history.db-wal", "history.db.new-journal"}
    assert watched.nameless == 0
    assert searcher.searched_bytes > 1_000_000


def test_neither_a_backup_nor_its_making_holds_it(
    cage: Cage, clock: Any, searcher: Searcher
) -> None:
    store = cage.open()
    for _ in range(3):
        tell_everything(store, clock, words=1000)
    found: list[str] = []

    def look() -> bool:
        found.extend(searcher.traces())
        return True

    cage.backups.make(BackupKind.DAILY, look)
    assert found == []
    assert searcher.traces() == []
    assert searcher.searched_bytes > 1_000_000


def test_neither_a_restore_nor_what_it_set_aside_holds_it(
    cage: Cage, clock: Any, searcher: Searcher
) -> None:
    store = cage.open()
    tell_everything(store, clock)
    backup = cage.backups.make(BackupKind.DAILY)
    tell_everything(store, clock, words=50)
    cage.close()
    restored = restore(cage.profile, backup, cage.key, clock)
    assert restored.salvaged.messages == 2
    cage.open()
    assert searcher.traces() == []


def test_a_migration_that_rewrites_everything_leaves_it_nowhere(
    cage: Cage, clock: Any, searcher: Searcher
) -> None:
    def rewrite_and_look(cursor: apsw.Cursor) -> None:
        rewrite(cursor)
        found.extend(searcher.traces())

    found: list[str] = []
    store = cage.open()
    for _ in range(5):
        tell_everything(store, clock, words=300)
    migrations = [*MIGRATIONS, Migration(99, rewrite_and_look)]
    migrate(store.database, before=cage.backups.before_migration, migrations=migrations)
    store.database.connection.execute("VACUUM")
    assert found == []
    assert searcher.traces() == []


def test_wiping_spreads_it_nowhere(cage: Cage, clock: Any, searcher: Searcher) -> None:
    store = cage.open()
    chats = [tell_everything(store, clock, words=100) for _ in range(3)]
    cage.backups.make(BackupKind.DAILY)
    wipe_chats(store, cage.backups, chats)
    assert store.search(CANARIES["message"]) == ()
    assert searcher.traces() == []


# In a process of its own: what to tell comes by its standard input, in no argument and no file.
WRITER = """
import sys
from pathlib import Path
from app.chats.database import Database
from app.chats.model import Role, TextPart
from app.chats.store import ChatStore

words = [sys.stdin.readline().strip() for _ in range(9)]
store = ChatStore(Database.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])))
while True:
    chat = store.create(words[1]).id
    message = store.messages.add(chat, None, Role.USER, [TextPart(" ".join(words * 100))])
    store.set_draft(chat, words[2])
    store.search(words[7])
    print("told", flush=True)
"""


def test_a_kill_in_the_middle_of_writing_leaves_it_nowhere(cage: Cage, searcher: Searcher) -> None:
    cage.open()
    cage.close()
    for acknowledged in (1, 3, 8):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(cage.profile.database), cage.key.to_text()],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n".join(CANARIES.values()) + "\n")
        process.stdin.flush()
        for _ in range(acknowledged):
            assert process.stdout.readline() == "told\n"
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert cage.profile.database.with_name("history.db-wal").stat().st_size > 0
        assert searcher.traces() == []
    store = cage.open()
    assert len(store.conversations()) >= 12
    assert searcher.traces() == []
