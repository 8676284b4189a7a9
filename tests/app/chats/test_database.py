"""The encrypted file: what it refuses to make, what it hides, and how it outlives a bad disk."""

import sqlite3
import stat
import threading
from contextlib import ExitStack
from pathlib import Path

import apsw
import pytest

from app.chats.database import Database
from app.chats.database_errors import files_translated, translated
from app.chats.errors import (
    DamagedError,
    DiskFailedError,
    DiskFullError,
    StoreBusyError,
    StoreError,
    WrongKeyError,
)

CANARY = "canary-7f3a says nothing to anyone"
FULL = (apsw.FullError, apsw.SQLITE_FULL)
WRITE_FAILS = (apsw.IOError, apsw.SQLITE_IOERR_WRITE)
SYNC_FAILS = (apsw.IOError, apsw.SQLITE_IOERR_FSYNC)
READ_FAILS = (apsw.IOError, apsw.SQLITE_IOERR_READ)


def notes(database: Database) -> list[object]:
    return [row[0] for row in database.read("SELECT text FROM note ORDER BY rowid")]


def add_note(database: Database, text: str) -> None:
    with database.write() as cursor:
        cursor.execute("INSERT INTO note VALUES (?)", (text,))


def add_note_and_fail(database: Database, text: str, inner: str | None = None) -> None:
    with database.write() as cursor:
        cursor.execute("INSERT INTO note VALUES (?)", (text,))
        if inner is not None:
            add_note(database, inner)
        raise RuntimeError


def add_notes_until_it_fails(database: Database, acknowledged: list[object]) -> None:
    for number in range(10):
        text = f"{number} " + "x" * 9000
        add_note(database, text)
        acknowledged.append(text)


@pytest.fixture
def noted(database: Database) -> Database:
    with database.write() as cursor:
        cursor.execute("CREATE TABLE note (text TEXT)")
    return database


def test_what_is_written_is_there_after_reopening(noted: Database, key: bytes) -> None:
    add_note(noted, "kept")
    noted.close()
    again = Database.open(noted.path, key)
    assert notes(again) == ["kept"]
    again.close()


def test_neither_file_nor_wal_holds_a_readable_word(noted: Database, tmp_path: Path) -> None:
    add_note(noted, CANARY)
    assert (tmp_path / "history.db-wal").stat().st_size > 0
    for encoding in ("utf-8", "utf-16-le"):
        for file in tmp_path.iterdir():
            assert CANARY.encode(encoding) not in file.read_bytes()
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(noted.path).execute("SELECT * FROM note")


def test_files_are_the_owners_alone(noted: Database, tmp_path: Path) -> None:
    add_note(noted, "mine")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("history.db", "history.db-wal", "history.db-shm"), 0o600)


def test_settings_that_safety_rests_on_are_in_force(database: Database) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "mmap_size": 0,
        "cipher": "chacha20",
    }
    found = {name: database.read(f"PRAGMA {name}")[0][0] for name in expected}
    assert found == expected


def test_a_missing_file_is_not_made(tmp_path: Path, key: bytes) -> None:
    with pytest.raises(StoreError, match="no history"):
        Database.open(tmp_path / "history.db", key)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_damage_and_no_new_history(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "history.db"
    path.touch()
    with pytest.raises(DamagedError, match="empty"):
        Database.open(path, key)
    assert path.stat().st_size == 0


@pytest.mark.parametrize("name", ["history.db", "history.db-wal"])
def test_nothing_is_made_over_what_exists(tmp_path: Path, key: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(b"someone's")
    with pytest.raises(StoreError, match="exists already"):
        Database.open(tmp_path / "history.db", key, create=True)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"someone's"]


def test_what_an_interrupted_creation_left_is_in_nobodys_way(tmp_path: Path, key: bytes) -> None:
    (tmp_path / "history.db.new").write_bytes(b"half a page")
    (tmp_path / "history.db.new-wal").write_bytes(b"half a frame")
    Database.open(tmp_path / "history.db", key, create=True).close()
    assert [file.name for file in tmp_path.iterdir()] == ["history.db"]
    Database.open(tmp_path / "history.db", key).close()


def test_a_disk_that_fails_while_creating_leaves_no_history(
    tmp_path: Path, key: bytes, disk: apsw.VFS
) -> None:
    disk.breaks("sync", SYNC_FAILS)
    with pytest.raises(DiskFailedError):
        Database.open(tmp_path / "history.db", key, create=True, vfs=disk.name)
    assert not (tmp_path / "history.db").exists()
    disk.mend()
    Database.open(tmp_path / "history.db", key, create=True, vfs=disk.name).close()


def test_another_key_opens_nothing_and_changes_nothing(noted: Database) -> None:
    add_note(noted, "kept")
    noted.close()
    before = noted.path.read_bytes()
    with pytest.raises(WrongKeyError, match="key"):
        Database.open(noted.path, bytes(32))
    assert noted.path.read_bytes() == before


def test_another_key_harms_no_wal_that_a_crash_left(
    noted: Database, key: bytes, tmp_path: Path
) -> None:
    add_note(noted, "kept")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in ("history.db", "history.db-wal"):
        (crashed / name).write_bytes((tmp_path / name).read_bytes())
    with pytest.raises(WrongKeyError):
        Database.open(crashed / "history.db", bytes(32))
    for name in ("history.db", "history.db-wal"):
        assert (crashed / name).read_bytes() == (tmp_path / name).read_bytes()
    again = Database.open(crashed / "history.db", key)
    assert notes(again) == ["kept"]
    again.close()


def test_a_key_of_another_length_is_our_own_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="31 bytes"):
        Database.open(tmp_path / "history.db", bytes(31), create=True)


def test_a_flipped_bit_is_damage(noted: Database, key: bytes) -> None:
    with noted.write() as cursor:
        cursor.executemany("INSERT INTO note VALUES (?)", [("x" * 900,)] * 50)
    noted.close()
    content = bytearray(noted.path.read_bytes())
    content[5 * 4096 + 77] ^= 4
    noted.path.write_bytes(content)
    damaged = Database.open(noted.path, key)
    with pytest.raises(DamagedError, match="backup"):
        notes(damaged)
    damaged.close()


def test_a_flipped_bit_in_the_first_page_stops_the_opening(noted: Database, key: bytes) -> None:
    noted.close()
    content = bytearray(noted.path.read_bytes())
    content[1000] ^= 1
    noted.path.write_bytes(content)
    with pytest.raises((DamagedError, WrongKeyError)):
        Database.open(noted.path, key)


def test_a_failed_block_leaves_nothing_behind(noted: Database) -> None:
    with pytest.raises(RuntimeError):
        add_note_and_fail(noted, "half")
    assert notes(noted) == []
    add_note(noted, "whole")
    assert notes(noted) == ["whole"]


def test_an_inner_block_fails_alone(noted: Database) -> None:
    with noted.write() as cursor:
        cursor.execute("INSERT INTO note VALUES ('outer')")
        with pytest.raises(RuntimeError):
            add_note_and_fail(noted, "inner")
        add_note(noted, "second")
    assert notes(noted) == ["outer", "second"]


def test_an_outer_block_takes_its_inner_ones_along(noted: Database) -> None:
    with pytest.raises(RuntimeError):
        add_note_and_fail(noted, "outer", "inner")
    assert notes(noted) == []


@pytest.mark.parametrize(
    ("operation", "fault", "expected"),
    [
        ("write", FULL, DiskFullError),
        ("short write", FULL, DiskFullError),
        ("write", WRITE_FAILS, DiskFailedError),
        ("short write", WRITE_FAILS, DiskFailedError),
        ("sync", SYNC_FAILS, DiskFailedError),
    ],
)
@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_failing_disk_costs_only_what_was_not_acknowledged(
    tmp_path: Path,
    key: bytes,
    disk: apsw.VFS,
    operation: str,
    fault: object,
    expected: type,
    after: int,
) -> None:
    database = Database.open(tmp_path / "history.db", key, create=True, vfs=disk.name)
    with database.write() as cursor:
        cursor.execute("CREATE TABLE note (text TEXT)")
    add_note(database, "before")
    disk.breaks(operation, fault, after)
    acknowledged: list[object] = ["before"]
    with pytest.raises(expected):
        add_notes_until_it_fails(database, acknowledged)
    assert notes(database) == acknowledged
    disk.mend()
    add_note(database, "after")
    acknowledged.append("after")
    assert notes(database) == acknowledged
    database.close()
    again = Database.open(tmp_path / "history.db", key)
    assert notes(again) == acknowledged
    assert again.read("PRAGMA integrity_check") == [("ok",)]
    again.close()


def test_an_unreadable_disk_is_a_sentence(tmp_path: Path, key: bytes, disk: apsw.VFS) -> None:
    path = tmp_path / "history.db"
    Database.open(path, key, create=True).close()
    disk.breaks("read", READ_FAILS)
    with pytest.raises(DiskFailedError, match="check the disk"):
        Database.open(path, key, vfs=disk.name)
    disk.mend()
    Database.open(path, key, vfs=disk.name).close()


def test_a_database_held_by_another_is_busy(
    noted: Database, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.chats.database._BUSY_TIMEOUT_MS", 1)
    other = Database.open(noted.path, key)
    with noted.write() as cursor:
        cursor.execute("INSERT INTO note VALUES ('first')")
        with pytest.raises(StoreBusyError, match="Another program"):
            add_note(other, "second")
    add_note(other, "second")
    assert notes(noted) == ["first", "second"]
    other.close()


def test_a_check_of_a_million_messages_beside_it_is_waited_for(noted: Database) -> None:
    ((wait_ms,),) = noted.read("PRAGMA busy_timeout")
    assert wait_ms >= 1_000_000 * 0.017  # as was measured for each of 80 words


def test_threads_write_in_turn(noted: Database) -> None:
    def write_many(name: str) -> None:
        for number in range(20):
            with noted.write() as cursor:
                cursor.execute("INSERT INTO note VALUES (?)", (f"{name}{number}",))
                cursor.execute("INSERT INTO note VALUES (?)", (f"{name}{number}",))

    threads = [threading.Thread(target=write_many, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = notes(noted)
    assert len(found) == 120
    assert found[::2] == found[1::2]


def test_several_reads_see_the_same_state(noted: Database) -> None:
    writer = threading.Thread(target=add_note, args=(noted, "late"))
    with noted.held():
        writer.start()
        assert notes(noted) == notes(noted) == []
    writer.join()
    assert notes(noted) == ["late"]


def test_a_closed_database_says_so(noted: Database) -> None:
    noted.close()
    noted.close()
    with pytest.raises(StoreError, match="closed"):
        noted.read("SELECT 1")
    with pytest.raises(StoreError, match="closed"), noted.write():
        pass


def test_closing_leaves_one_file(noted: Database, tmp_path: Path) -> None:
    add_note(noted, "kept")
    noted.close()
    assert [file.name for file in tmp_path.iterdir()] == ["history.db"]


def test_a_read_only_database_is_a_sentence(noted: Database) -> None:
    noted.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="only be read"):
        add_note(noted, "no")


def test_a_database_in_memory_has_no_file(tmp_path: Path) -> None:
    database = Database.in_memory()
    with pytest.raises(StoreError, match="no file"):
        _ = database.path
    database.close()


def test_what_sqlite_refuses_is_a_sentence_too(noted: Database) -> None:
    with pytest.raises(StoreError, match="refused this"):
        noted.read("SELECT nothing FROM nowhere")


@pytest.mark.parametrize("kind", ["ENOSPC", "EDQUOT"])
def test_a_used_up_quota_is_a_full_disk(kind: str) -> None:
    import errno

    class Connection:
        system_errno = getattr(errno, kind)

    with pytest.raises(DiskFullError), translated(Connection()):
        raise apsw.IOError


@pytest.mark.parametrize(
    ("number", "expected"), [(28, DiskFullError), (5, DiskFailedError), (13, StoreError)]
)
def test_the_file_systems_own_errors_are_sentences(number: int, expected: type) -> None:
    with pytest.raises(expected) as raised, files_translated():
        raise OSError(number, "words of the system")
    assert type(raised.value) is expected


@pytest.mark.parametrize("kind", [apsw.NoMemError, apsw.TooBigError, apsw.CantOpenError])
def test_rare_errors_have_sentences(kind: type[apsw.Error]) -> None:
    with pytest.raises(StoreError, match=r"[Nn]othing") as raised, translated():
        raise kind
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize("depth", [1, 2])
def test_a_transaction_that_sqlite_ended_by_itself_is_never_called_stored(database, depth):
    with database.write() as cursor:
        cursor.execute("CREATE TABLE kept (text TEXT) STRICT")
    writes = ExitStack()
    for _ in range(depth):
        cursor = writes.enter_context(database.write())
    cursor.execute("INSERT INTO kept VALUES ('first')")
    cursor.execute("ROLLBACK")  # as a full disk makes SQLite do, and the block goes on
    with pytest.raises(DiskFailedError, match="undone as a whole"):
        writes.close()
    assert database.read("SELECT * FROM kept") == []
    with database.write() as cursor:
        cursor.execute("INSERT INTO kept VALUES ('second')")
    assert database.read("SELECT * FROM kept") == [("second",)]
