"""What holds for every opened database whatever is in it: it is encrypted or refused, and a long
session is as quick as a short one.
"""

import gc
from pathlib import Path

import apsw
import pytest

from app.chats.database import Database
from app.chats.errors import StoreError


def _is_of(cursor: apsw.Cursor, database: Database) -> bool:
    try:
        return cursor.connection is database.connection
    except apsw.Error:  # what another test closed
        return False


def test_transactions_leave_nothing_in_memory(database: Database) -> None:
    """Each statement would become slower than the one before it, and a long session slow."""

    def live() -> int:
        gc.collect()
        # Not isinstance(): it would ask objects of torch for their class, which warn of that.
        cursors = [one for one in gc.get_objects() if type(one) is apsw.Cursor]
        return sum(_is_of(one, database) for one in cursors)

    with database.write() as cursor:
        cursor.execute("CREATE TABLE note (text TEXT)")
    before = live()
    for number in range(50):
        with database.write() as cursor:
            cursor.execute("INSERT INTO note VALUES (?)", (str(number),))
        with database.write() as cursor, database.write():
            assert len(database.read("SELECT * FROM note")) == number + 1
            cursor.execute("UPDATE note SET text = text")
    del cursor
    assert live() <= before


def test_a_cursor_that_outlives_its_database_is_refused(tmp_path: Path, key: bytes) -> None:
    database = Database.open(tmp_path / "history.db", key, create=True)
    with database.write() as cursor:
        cursor.execute("CREATE TABLE note (text TEXT)")
    database.close()
    with pytest.raises(apsw.Error):
        cursor.execute("SELECT * FROM note")


@pytest.mark.parametrize("create", [True, False])
def test_a_sqlite_that_does_not_encrypt_is_refused(
    tmp_path: Path, key: bytes, create: bool
) -> None:
    """What an installed plain apsw looks like: it would write all in clear without a word."""
    path = tmp_path / "history.db"
    if not create:
        Database.open(path, key, create=True).close()
    with pytest.raises(StoreError, match="can't encrypt") as refused:
        Database.open(path, key, create=create, vfs="unix-excl")
    assert "apsw-sqlite3mc" in str(refused.value)
    assert path.exists() is not create


def test_a_disk_above_the_cipher_is_refused_for_its_log_would_be_plain(
    tmp_path: Path, key: bytes
) -> None:
    above = apsw.VFS("above", "multipleciphers-unix")
    try:
        with pytest.raises(StoreError, match="can't encrypt"):
            Database.open(tmp_path / "history.db", key, create=True, vfs="above")
    finally:
        above.unregister()
