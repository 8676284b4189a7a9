"""Backups while the history is in use: whole or not there, and never in a writer's way."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import apsw
import pytest

from app.chats.database import Database
from app.chats.errors import (
    BackupError,
    DamagedError,
    DiskFullError,
    EnvelopeError,
    StoreError,
    VaultError,
)
from app.chats.schema import MIGRATIONS, Migration, migrate
from app.chats.upkeep import backups as backups_module
from app.chats.upkeep import page_copy
from app.chats.upkeep.backup_list import BackupKind, list_backups
from app.chats.vault import envelope_file
from app.chats.vault.envelope import new_history_id
from app.chats.vault.key import HistoryKey

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def names(house: Any) -> list[str]:
    return sorted(path.name for path in house.profile.backups.iterdir())


def test_a_backup_holds_everything_and_opens_by_itself(house: Any) -> None:
    house.chat("chat", "first", "second")
    backup = house.backups.make(BackupKind.ASKED)
    assert list_backups(house.profile) == (backup,)
    assert sorted(file.name for file in backup.folder.iterdir()) == [
        "history.db",
        "vault.copy.json",
        "vault.json",
    ]
    assert envelope_file.load(backup.folder) == envelope_file.load(house.profile.folder)
    house.close()
    assert house.look_into(backup) == {"chat": ["first", "second"]}


def test_a_backup_is_its_owners_alone(house: Any) -> None:
    backup = house.backups.make(BackupKind.ASKED)
    assert stat.S_IMODE(backup.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(house.profile.backups.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in backup.folder.iterdir()} == {0o600}


def test_writers_go_on_while_a_backup_is_made(
    house: Any, text: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_copy, "_PAGES_AT_ONCE", 8)
    for number in range(20):
        house.chat(f"chat {number}", text(800))
    before = house.texts()
    asked = 0

    def write_meanwhile() -> bool:
        nonlocal asked
        house.chat(f"meanwhile {asked}", text(200))
        asked += 1
        return True

    backup = house.backups.make(BackupKind.DAILY, write_meanwhile)
    assert asked > 5
    assert house.look_into(backup) == before
    assert len(house.texts()) == len(before) + asked


def test_backups_of_two_threads_wait_for_each_other(house: Any) -> None:
    house.chat("chat", "text")
    threads = [
        threading.Thread(target=house.backups.make, args=(BackupKind.ASKED,)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list_backups(house.profile)) == 3


def test_a_backup_can_be_stopped(house: Any) -> None:
    with pytest.raises(BackupError, match="stopped"):
        house.backups.make(BackupKind.DAILY, lambda: False)
    assert names(house) == []


def test_one_is_due_a_day_whatever_the_clock_did(house: Any, clock: Any) -> None:
    assert house.backups.due()
    house.backups.make(BackupKind.ASKED)
    assert house.backups.due()
    house.backups.make(BackupKind.DAILY)
    assert not house.backups.due()
    clock.now_ms += 19 * HOUR_MS
    assert not house.backups.due()
    clock.now_ms += HOUR_MS
    assert house.backups.due()
    clock.now_ms -= 3 * DAY_MS
    assert house.backups.due()


def test_older_ones_go_when_a_new_one_is_there(house: Any, clock: Any) -> None:
    for _ in range(12):
        house.backups.make(BackupKind.DAILY)
        clock.now_ms += DAY_MS
    assert 3 < len(list_backups(house.profile)) <= 5
    assert len(names(house)) == len(list_backups(house.profile))


def test_the_backup_just_made_is_never_the_one_that_goes(house: Any) -> None:
    for _ in range(12):  # all in one second, by a clock that stands still
        backup = house.backups.make(BackupKind.BEFORE_MIGRATION)
        assert list_backups(house.profile)[0] == backup
    assert len(list_backups(house.profile)) == 2


def test_what_a_kill_left_half_made_goes_with_the_next_one(house: Any) -> None:
    for name in (".part-2024-01-01T00-00-00Z-daily", ".gone-2024-01-02T00-00-00Z-daily"):
        (house.profile.backups / name).mkdir(parents=True)
        (house.profile.backups / name / "history.db").write_bytes(b"half")
    assert list_backups(house.profile) == ()
    backup = house.backups.make(BackupKind.DAILY)
    assert names(house) == [backup.folder.name]


def test_a_damaged_history_pushes_no_good_backup_out(
    house: Any, clock: Any, text: Callable[[int], str]
) -> None:
    for number in range(10):
        house.chat(f"chat {number}", text(300))
    for _ in range(3):
        house.backups.make(BackupKind.DAILY)
        clock.now_ms += DAY_MS
    before = names(house)
    house.close()
    with open(house.profile.database, "r+b") as file:
        file.seek(5 * 4096 + 100)
        file.write(b"damage")
    for _ in range(5):
        clock.now_ms += DAY_MS
        with pytest.raises(DamagedError):
            house.backups.make(BackupKind.DAILY)
    assert names(house) == before


def test_without_the_margin_none_is_made(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil._ntuple_diskusage(10**12, 10**12 - 2**28, 2**28)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(DiskFullError, match="Free 1 MiB"):
        house.backups.make(BackupKind.DAILY)
    assert names(house) == []


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [(errno.ENOSPC, DiskFullError, "disk is full"), (errno.EIO, BackupError, "could not be made")],
)
@pytest.mark.parametrize("function", ["sync_file", "sync_folder", "move"])
def test_a_disk_that_fails_leaves_no_backup_and_the_history_as_it_was(
    house: Any,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    number: int,
    kind: type[Exception],
    words: str,
) -> None:
    house.chat("chat", "text")

    def fail(*paths: Path) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(backups_module, function, fail)
        with pytest.raises(kind, match=words):
            house.backups.make(BackupKind.DAILY)
    assert names(house) == []
    house.chat("goes on", "text")
    assert len(house.look_into(house.backups.make(BackupKind.DAILY))) == 2


def test_a_full_disk_under_the_copy_is_told_as_such(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyed = page_copy._keyed

    def keyed_and_small(path: Path, key: bytes, vfs: str | None) -> apsw.Connection:
        target = keyed(path, key, vfs)
        target.execute("PRAGMA max_page_count = 5").fetchall()
        return target

    with monkeypatch.context() as patched:
        patched.setattr(page_copy, "_keyed", keyed_and_small)
        with pytest.raises(DiskFullError):
            house.backups.make(BackupKind.DAILY)
    assert names(house) == []
    house.backups.make(BackupKind.DAILY)


def test_a_copy_never_replaces_a_file(house: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"someone's")
    with pytest.raises(StoreError):
        page_copy.copy_database(house.profile.database, tmp_path / "taken", house.key.reveal())
    assert (tmp_path / "taken").read_bytes() == b"someone's"


def test_without_the_envelope_there_is_no_backup_that_nobody_could_open(house: Any) -> None:
    envelope_file.remove(house.profile.folder)
    with pytest.raises(EnvelopeError):
        house.backups.make(BackupKind.DAILY)
    assert names(house) == []


def test_without_a_history_there_is_nothing_to_back_up(house: Any) -> None:
    house.close()
    house.profile.database.unlink()
    with pytest.raises(StoreError, match="no history"):
        house.backups.make(BackupKind.DAILY)


def test_after_locking_no_backup_is_made(house: Any) -> None:
    house.key.wipe()
    with pytest.raises(VaultError, match="locked"):
        house.backups.make(BackupKind.DAILY)


def test_a_migration_is_preceded_by_a_backup_of_the_old_form(house: Any) -> None:
    def add_colour(cursor: apsw.Cursor) -> None:
        cursor.execute("ALTER TABLE conversation ADD COLUMN colour TEXT")

    house.chat("chat", "text")
    migrations = [*MIGRATIONS, Migration(99, add_colour)]
    migrate(house.store.database, before=house.backups.before_migration, migrations=migrations)
    (backup,) = list_backups(house.profile)
    assert backup.kind is BackupKind.BEFORE_MIGRATION
    database = Database.open(backup.database, house.key.reveal())
    assert database.read("PRAGMA user_version") == [(MIGRATIONS[-1].version,)]
    database.close()


def test_an_old_passphrase_opens_no_backup_after_a_change(house: Any) -> None:
    ours = house.backups.make(BackupKind.ASKED)
    damaged = house.backups.make(BackupKind.ASKED)
    foreign = house.backups.make(BackupKind.ASKED)
    for name in ("vault.json", "vault.copy.json"):
        (damaged.folder / name).write_text("damaged")
    present = envelope_file.load(house.profile.folder).envelope
    other = replace(present, history_id=new_history_id(), check=HistoryKey(bytes(32)).check)
    envelope_file.save(foreign.folder, other)
    changed = replace(present, keyring=replace(present.keyring, name="f" * 32))
    envelope_file.save(house.profile.folder, changed)
    house.backups.renew_envelopes()
    for backup in (ours, damaged):
        assert envelope_file.load(backup.folder).envelope == changed
    assert envelope_file.load(foreign.folder).envelope == other


def test_a_damaged_backup_keeps_the_others_from_nothing(house: Any) -> None:
    damaged = house.backups.make(BackupKind.ASKED)
    ours = house.backups.make(BackupKind.ASKED)
    envelope_file.remove(damaged.folder)
    damaged.database.write_bytes(b"x" * 5000)
    house.backups.renew_envelopes()
    assert not envelope_file.is_there(damaged.folder)
    assert envelope_file.is_there(ours.folder)


def test_a_backup_is_removed_whole(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = house.backups.make(BackupKind.ASKED)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", lambda path, **options: None)
        patched.setattr(backups_module, "sync_folder", lambda folder: os.stat(folder / "none"))
        with pytest.raises(BackupError, match="could not be deleted"):
            house.backups.remove(backup)
    assert list_backups(house.profile) == ()
    house.backups.make(BackupKind.ASKED)
    assert len(names(house)) == 1
