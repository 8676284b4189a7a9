"""The write-ahead log: a damaged end is noticed, and what is behind the damage comes back."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest

from app.chats.database import Database
from app.chats.errors import DamagedError, DiskFullError
from app.chats.upkeep import wal_watch
from app.chats.upkeep.damaged_log import go_on_after
from app.chats.upkeep.integrity import check_fully
from app.chats.upkeep.wal_file import mend_wal, read_wal
from app.chats.upkeep.wal_mark import (
    LastExit,
    Mark,
    WalLoss,
    examine,
    mark_path,
    pack,
    read_mark,
    wal_path,
)
from app.chats.upkeep.wal_watch import WalWatch

FRAME_BYTES = 24 + 4096
CLEAN = LastExit(was_clean=True, loss=WalLoss.NONE)
UNCLEAN = LastExit(was_clean=False, loss=WalLoss.NONE)


def flip(file: Path, bit: int) -> None:
    stored = bytearray(file.read_bytes())
    stored[bit // 8] ^= 1 << (bit % 8)
    # In place: another file of that name would be written later than the mark says.
    changed_ns = file.stat().st_mtime_ns
    file.write_bytes(stored)
    os.utime(file, ns=(changed_ns, changed_ns))


@pytest.fixture
def killed(house: Any, tmp_path: Path, text: Callable[[int], str]) -> Any:
    """Ten chats of which the last four are only in the log, in several transactions each."""
    for number in range(6):
        house.chat(f"early {number}", text(60))
    house.store.database.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    for number in range(4):
        house.chat(f"late {number}", text(300), text(20))
    killed = house.killed(tmp_path / "killed")
    killed.expected = house.texts()
    return killed


@pytest.fixture
def again(killed: Any, tmp_path: Path) -> Callable[[], Any]:
    """Fresh copies of the killed history."""

    def copy() -> Any:
        house = killed.killed(tmp_path / "again")
        for name in ("history.db", "history.db-wal", "history.mark"):
            shutil.copystat(killed.profile.folder / name, house.profile.folder / name)
        return house

    return copy


def test_leaving_in_order_is_seen(house: Any) -> None:
    house.chat("chat", "text")
    house.close()
    assert examine(house.profile.database) == CLEAN


def test_a_kill_is_seen_and_is_no_loss(killed: Any) -> None:
    assert examine(killed.profile.database) == UNCLEAN
    assert killed.look() == killed.expected
    assert examine(killed.profile.database) == CLEAN


def test_a_kill_right_after_a_kill_is_no_loss(killed: Any, tmp_path: Path) -> None:
    killed.open()
    twice = killed.killed(tmp_path / "twice")
    killed.close()
    assert examine(twice.profile.database) == UNCLEAN
    assert twice.look() == killed.expected


def bits_to_flip(file: Path, count: int, seed: int) -> list[int]:
    chosen = random.Random(seed)
    headers = [chosen.randrange(32 * 8) for _ in range(count // 10)]
    return headers + [
        chosen.randrange(file.stat().st_size * 8) for _ in range(count - len(headers))
    ]


def check_one_flip(house: Any, expected: dict[str, list[str]], bit: int) -> int:
    """Nothing that is there has changed, and what is missing was told; returns how much is."""
    flip(wal_path(house.profile.database), bit)
    found = examine(house.profile.database)
    if found.loss is not WalLoss.NONE:
        gone_on = go_on_after(house.profile, house.key, found.loss, house.clock)
        assert (gone_on.set_aside / "history.db-wal").exists()
    there = house.look()
    assert examine(house.profile.database) == CLEAN
    check_fully(house.profile.database, house.key.reveal())
    assert expected.items() >= {title: expected[title] for title in there}.items()
    for title, texts in there.items():
        assert expected[title][: len(texts)] == texts or set(texts) <= set(expected[title])
    missing = sum(map(len, expected.values())) - sum(map(len, there.values()))
    assert missing == 0 or found.loss is WalLoss.LOST
    return missing


def test_a_flipped_bit_in_the_log_is_noticed(killed: Any, again: Callable[[], Any]) -> None:
    bits = bits_to_flip(wal_path(killed.profile.database), 20, seed=1)
    missing = [check_one_flip(again(), killed.expected, bit) for bit in bits]
    # SQLite alone loses all that follows, half of the log in the middle.
    assert sum(missing) / len(missing) < 1.5


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_thousand_flipped_bits_in_the_log_are_noticed(
    killed: Any, again: Callable[[], Any]
) -> None:
    for bit in bits_to_flip(wal_path(killed.profile.database), 1000, seed=2):
        check_one_flip(again(), killed.expected, bit)


@pytest.mark.parametrize("left", [0, 20, 32, 32 + 100, 32 + FRAME_BYTES, -FRAME_BYTES, -1])
def test_a_log_cut_short_is_noticed(again: Callable[[], Any], left: int) -> None:
    house = again()
    log = wal_path(house.profile.database)
    os.truncate(log, left if left >= 0 else log.stat().st_size + left)
    assert examine(house.profile.database).loss is WalLoss.LOST
    go_on_after(house.profile, house.key, WalLoss.LOST, house.clock)
    there = house.look()
    assert there.keys() >= {f"early {number}" for number in range(6)}
    check_fully(house.profile.database, house.key.reveal())


def test_a_log_that_went_missing_is_noticed(again: Callable[[], Any]) -> None:
    house = again()
    wal_path(house.profile.database).unlink()
    assert examine(house.profile.database).loss is WalLoss.LOST
    gone_on = go_on_after(house.profile, house.key, WalLoss.LOST, house.clock)
    assert (gone_on.set_aside / "history.mark").exists()
    assert len(house.look()) == 6


def test_whole_transactions_behind_damage_need_no_mark(
    killed: Any, again: Callable[[], Any]
) -> None:
    house = again()
    mark_path(house.profile.database).unlink()
    assert examine(house.profile.database) == UNCLEAN
    log = wal_path(house.profile.database)
    flip(log, (32 + FRAME_BYTES + 500) * 8)
    assert read_wal(log).goes_on
    assert examine(house.profile.database).loss is WalLoss.LOST


def test_a_power_cut_within_the_last_transaction_is_no_damage(again: Callable[[], Any]) -> None:
    house = again()
    mark_path(house.profile.database).unlink()
    log = wal_path(house.profile.database)
    flip(log, (log.stat().st_size - 100) * 8)
    assert examine(house.profile.database) == UNCLEAN


def test_a_log_that_is_in_the_database_already_costs_nothing(
    house: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: Callable[[int], str]
) -> None:
    monkeypatch.setattr(wal_watch, "_CHECKPOINT_PAGES", 30)
    number = 0
    while (mark := read_mark(house.profile.database)) is None or mark.backfilled == 0:
        house.chat(f"chat {number}", text(300))
        number += 1
    assert mark.backfilled == mark.frames
    killed = house.killed(tmp_path / "killed")
    flip(wal_path(killed.profile.database), (32 + 5 * FRAME_BYTES + 77) * 8)
    assert examine(killed.profile.database).loss is WalLoss.REDUNDANT
    gone_on = go_on_after(killed.profile, killed.key, WalLoss.REDUNDANT, killed.clock)
    assert [file.name for file in gone_on.set_aside.iterdir()] == ["history.db-wal"]
    assert examine(killed.profile.database) == UNCLEAN
    assert killed.look() == house.texts()
    check_fully(killed.profile.database, killed.key.reveal())


def test_a_damaged_mark_raises_no_alarm(again: Callable[[], Any]) -> None:
    house = again()
    mark = mark_path(house.profile.database)
    for stored in (b"", mark.read_bytes()[:-1], b"x" * len(mark.read_bytes())):
        mark.write_bytes(stored)
        assert examine(house.profile.database) == UNCLEAN
    whole = pack(Mark(is_open=True))
    mark.write_bytes(b"PITMARK2" + whole[8:])
    assert read_mark(house.profile.database) is None


def test_closing_past_the_watch_raises_no_alarm(house: Any, tmp_path: Path) -> None:
    house.chat("chat", "text")
    house.store.database.close()
    assert examine(house.profile.database) == UNCLEAN
    assert house.killed(tmp_path / "killed").look() == {"chat": ["text"]}


def test_a_mark_of_an_earlier_round_raises_no_alarm(house: Any, tmp_path: Path) -> None:
    house.chat("chat", "text")
    older = mark_path(house.profile.database).read_bytes()
    house.store.database.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_RESTART)
    house.chat("another", "text")
    killed = house.killed(tmp_path / "killed")
    mark_path(killed.profile.database).write_bytes(older)
    assert examine(killed.profile.database) == UNCLEAN


def test_a_disk_too_full_for_the_mark_keeps_no_one_from_writing(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wal_watch, "pack", lambda mark: (_ for _ in ()).throw(OSError(28, "full")))
    house.chat("chat", "text")
    monkeypatch.undo()
    assert house.texts() == {"chat": ["text"]}


def test_a_log_that_can_not_be_written_back_keeps_no_one_from_writing(
    tmp_path: Path, key: bytes, disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wal_watch, "_CHECKPOINT_PAGES", 1)
    path = tmp_path / "history.db"
    Database.open(path, key, create=True).close()
    database = Database.open(path, key, vfs=disk.name)
    watch = WalWatch(database)
    with database.write() as cursor:
        cursor.execute("CREATE TABLE note (text)")
    disk.seen.clear()
    with database.write() as cursor:
        cursor.execute("INSERT INTO note VALUES ('first')")
    synced = disk.seen.count("sync")
    assert synced > 1
    # The commit's own flush passes; those of writing the log back do not.
    disk.breaks("sync", (apsw.IOError, apsw.SQLITE_IOERR_FSYNC), after=2)
    with database.write() as cursor:
        cursor.execute("INSERT INTO note VALUES ('kept')")
    disk.mend()
    assert database.read("SELECT count(*) FROM note") == [(2,)]
    watch.close()
    watch.close()
    assert examine(path) == CLEAN


def test_a_backup_that_still_reads_makes_no_clean_end(house: Any) -> None:
    house.chat("chat", "text")
    reader = Database.open(house.profile.database, house.key.reveal())
    house.close()
    assert examine(house.profile.database).was_clean is False
    reader.close()


def test_no_room_for_the_copies_leaves_all_as_it_was(
    again: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = again()
    flip(wal_path(house.profile.database), (32 + 500) * 8)
    before = sorted(house.profile.folder.iterdir())
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(DiskFullError, match="too little space"):
        go_on_after(house.profile, house.key, WalLoss.LOST, house.clock)
    assert sorted(house.profile.folder.iterdir()) == before


def test_a_database_damaged_as_well_is_left_to_a_backup(again: Callable[[], Any]) -> None:
    house = again()
    flip(house.profile.database, 3 * 4096 * 8 + 99)
    flip(wal_path(house.profile.database), (32 + 500) * 8)
    with pytest.raises(DamagedError):
        go_on_after(house.profile, house.key, WalLoss.LOST, house.clock)
    assert examine(house.profile.database).loss is WalLoss.LOST


def test_a_header_of_another_form_is_no_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for stored in (b"", b"short", b"x" * 40, b"\x37\x7f\x06\x82" + bytes(28)):
        log.write_bytes(stored)
        assert read_wal(log).salts is None
        mend_wal(log, tmp_path / "mended")
        assert (tmp_path / "mended").read_bytes() == b""
