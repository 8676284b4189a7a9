"""Flipped bits and cut files: always noticed, and one action brings the newest backup back."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest

from app.chats.database import Database
from app.chats.errors import BackupError, DamagedError, StoreError, WrongKeyError
from app.chats.upkeep.backup_list import BackupKind, list_backups
from app.chats.upkeep.integrity import check_file, check_fully, check_quickly, opens
from app.chats.upkeep.restore import restore_newest
from app.chats.upkeep.wal_mark import examine

PAGE_BYTES = 4096


@pytest.fixture
def kept(house: Any, text: Callable[[int], str]) -> Any:
    """A closed history with a backup, messages that are newer than it, and free pages."""
    for number in range(12):
        house.chat(f"chat {number}", text(150), text(700))
    house.store.delete([house.chat("gone", *(text(900) for _ in range(4)))])
    house.backups.make(BackupKind.DAILY)
    house.backed_up = house.texts()
    house.chat("newer", text(30))
    house.expected = house.texts()
    house.close()
    return house


def test_a_whole_history_passes(kept: Any) -> None:
    path, key = kept.profile.database, kept.key.reveal()
    before = path.read_bytes()
    check_fully(path, key)
    check_file(path, key)
    assert opens(path, key)
    assert path.read_bytes() == before
    assert not list(kept.profile.folder.glob(".reading*"))


def test_a_history_in_use_is_checked_beside_it(house: Any) -> None:
    house.chat("chat", "text")
    check_fully(house.profile.database, house.key.reveal())
    check_quickly(house.store.database)
    house.chat("another", "text")


def damages(file: Path, count: int, seed: int) -> list[Callable[[bytes], bytes]]:
    """Single flipped bits, every tenth in the first page; every eighth is a cut instead."""
    chosen = random.Random(seed)
    size_bytes = file.stat().st_size

    def flipped(bit: int) -> Callable[[bytes], bytes]:
        def flip(stored: bytes) -> bytes:
            changed = bytearray(stored)
            changed[bit // 8] ^= 1 << (bit % 8)
            return bytes(changed)

        return flip

    def cut(left: int) -> Callable[[bytes], bytes]:
        return lambda stored: stored[:left]

    found: list[Callable[[bytes], bytes]] = []
    for number in range(count):
        if number % 8 == 0:
            found.append(cut(chosen.randrange(size_bytes)))
        elif number % 10 == 1:
            found.append(flipped(chosen.randrange(PAGE_BYTES * 8)))
        else:
            found.append(flipped(chosen.randrange(size_bytes * 8)))
    return found


def check_damage(
    kept: Any, folder: Path, damage: Callable[[bytes], bytes], *, restores: bool
) -> None:
    house = kept.killed(folder)
    path, key = house.profile.database, house.key.reveal()
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises((DamagedError, WrongKeyError)):
        check_fully(path, key)
    try:
        there = house.look()
    except StoreError:
        there = {}
    # What can still be read without a check is what was written.
    for title, texts in there.items():
        assert kept.expected[title] == texts
    if restores:
        restored = restore_newest(house.profile, house.key, house.clock)
        assert restored.set_aside.joinpath("history.db").exists()
        check_fully(path, key)
        assert house.look().items() >= kept.backed_up.items()


def test_damage_is_noticed_and_a_backup_brings_all_back(kept: Any, tmp_path: Path) -> None:
    for number, damage in enumerate(damages(kept.profile.database, 20, seed=3)):
        check_damage(kept, tmp_path / "damaged", damage, restores=number % 4 == 0)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_thousand_damages_are_noticed(kept: Any, tmp_path: Path) -> None:
    for damage in damages(kept.profile.database, 1000, seed=4):
        check_damage(kept, tmp_path / "damaged", damage, restores=True)


def test_every_byte_of_the_first_page_counts(kept: Any, tmp_path: Path) -> None:
    house = kept.killed(tmp_path / "damaged")
    path, key = house.profile.database, house.key.reveal()
    stored = path.read_bytes()
    for byte in (*range(0, 120, 3), PAGE_BYTES - 1):
        path.write_bytes(stored[:byte] + bytes([stored[byte] ^ 1]) + stored[byte + 1 :])
        with pytest.raises((DamagedError, WrongKeyError)):
            check_fully(path, key)
        assert not opens(path, key)


@pytest.mark.parametrize("left", [0, 1, 15, 16, 99, 100, 511, 512, 4095])
def test_what_is_left_of_a_file_is_never_taken_for_a_new_history(
    kept: Any, tmp_path: Path, left: int
) -> None:
    house = kept.killed(tmp_path / "damaged")
    path, key = house.profile.database, house.key.reveal()
    os.truncate(path, left)
    for look in (check_file, check_fully):
        with pytest.raises((DamagedError, WrongKeyError)):
            look(path, key)
    assert not opens(path, key)
    if left < 512:
        with pytest.raises(DamagedError, match="cut off"):
            examine(path)
    with pytest.raises((DamagedError, WrongKeyError)):
        house.backups.make(BackupKind.DAILY)
    (backup,) = list_backups(house.profile)
    os.truncate(backup.database, left)
    with pytest.raises(BackupError):
        restore_newest(house.profile, house.key, house.clock)
    assert path.stat().st_size == left


def free_pages(house: Any) -> list[int]:
    """Pages that no table and no index has, and that no list of free pages is read from."""
    database = Database.open(house.profile.database, house.key.reveal())
    used = {row[0] for row in database.read("SELECT pageno FROM dbstat")}
    (pages,) = database.read("PRAGMA page_count")[0]
    database.close()
    return [page for page in range(1, pages + 1) if page not in used]


def test_damage_in_a_free_page_is_noticed_by_the_full_check(kept: Any) -> None:
    path, key = kept.profile.database, kept.key.reveal()
    pages = free_pages(kept)
    assert len(pages) > 2
    stored = bytearray(path.read_bytes())
    stored[(pages[-1] - 1) * PAGE_BYTES + 50] ^= 8
    path.write_bytes(stored)
    check_file(path, key)
    with pytest.raises(DamagedError):
        check_fully(path, key)
    assert kept.look() == kept.expected


def test_words_that_differ_from_the_messages_are_noticed(house: Any) -> None:
    house.chat("chat", "text")
    with house.store.database.write() as cursor:
        cursor.execute("INSERT INTO message_index (rowid, text) VALUES (999, 'stray')")
    with pytest.raises(DamagedError):
        check_fully(house.profile.database, house.key.reveal())


def test_a_row_that_points_nowhere_is_noticed(house: Any) -> None:
    chat_id = house.chat("chat", "text")
    connection = house.store.database.connection
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM conversation WHERE id = ?", (chat_id,))
    with pytest.raises(DamagedError, match="backup can be restored"):
        check_fully(house.profile.database, house.key.reveal())


def test_a_disk_that_fails_while_it_is_checked_is_no_damage(
    tmp_path: Path, key: bytes, disk: Any
) -> None:
    path = tmp_path / "history.db"
    database = Database.open(path, key, create=True, vfs=disk.name)
    with database.write() as cursor:
        cursor.execute("CREATE TABLE note (text)")
        cursor.executemany("INSERT INTO note VALUES (?)", [("x" * 900,) for _ in range(50)])
    database.close()
    database = Database.open(path, key, vfs=disk.name)
    disk.breaks("read", (apsw.IOError, apsw.SQLITE_IOERR_READ))
    with pytest.raises(StoreError, match="disk refused"):
        check_quickly(database)
    disk.mend()
    check_quickly(database)
    database.close()


def test_a_folder_that_can_not_be_written_says_so(kept: Any) -> None:
    (kept.profile.folder / ".reading").mkdir()
    try:
        with pytest.raises(StoreError):
            check_fully(kept.profile.database, kept.key.reveal())
    finally:
        os.rmdir(kept.profile.folder / ".reading")
