"""A backup in the place of the history: in one action, nothing deleted, wherever a kill cuts it."""

from __future__ import annotations

import errno
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.chats.database import Database
from app.chats.errors import (
    BackupError,
    DiskFailedError,
    DiskFullError,
    NewerSchemaError,
    WrongKeyError,
)
from app.chats.upkeep import disk, replacing
from app.chats.upkeep.backup_list import BackupKind, list_backups
from app.chats.upkeep.integrity import check_fully
from app.chats.upkeep.replacing import finish, set_aside_folders
from app.chats.upkeep.restore import restore, restore_newest
from app.chats.vault import envelope_file
from app.chats.vault.envelope import new_history_id
from app.chats.vault.key import HistoryKey


class Killed(BaseException):
    """The end of the process, as far as a test can stage it."""


@pytest.fixture
def backed_up(house: Any, text: Callable[[int], str]) -> Any:
    """A closed history with a backup; since then a chat was deleted, and its file damaged."""
    for number in range(5):
        house.chat(f"chat {number}", text(200))
    house.kept = house.texts()
    house.backup = house.backups.make(BackupKind.DAILY)
    house.store.delete([1])
    house.close()
    with open(house.profile.database, "r+b") as file:
        file.write(b"damage")
    house.damaged = house.profile.database.read_bytes()
    return house


def test_one_action_brings_the_backup_back_and_keeps_what_was_there(backed_up: Any) -> None:
    restored = restore(backed_up.profile, backed_up.backup, backed_up.key, backed_up.clock)
    assert restored.backup == backed_up.backup
    assert restored.set_aside.name == "set-aside-2023-11-14T22-13-20Z"
    assert set_aside_folders(backed_up.profile) == (restored.set_aside,)
    assert (restored.set_aside / "history.db").read_bytes() == backed_up.damaged
    assert not restored.salvaged.was_readable
    assert backed_up.look() == backed_up.kept
    assert list_backups(backed_up.profile) == (backed_up.backup,)
    assert not finish(backed_up.profile)


def test_a_second_restore_in_the_same_second_keeps_both(backed_up: Any) -> None:
    first = restore(backed_up.profile, backed_up.backup, backed_up.key, backed_up.clock)
    second = restore(backed_up.profile, backed_up.backup, backed_up.key, backed_up.clock)
    assert set_aside_folders(backed_up.profile) == (first.set_aside, second.set_aside)
    assert second.salvaged.was_readable
    assert backed_up.look() == backed_up.kept


def test_without_any_present_files_it_works_as_well(backed_up: Any) -> None:
    for name in ("history.db", "vault.json", "vault.copy.json", "history.mark"):
        (backed_up.profile.folder / name).unlink()
    restore(backed_up.profile, backed_up.backup, backed_up.key, backed_up.clock)
    assert backed_up.look() == backed_up.kept
    assert backed_up.key.matches(envelope_file.load(backed_up.profile.folder).envelope.check)


def test_the_newest_good_backup_is_found(house: Any, clock: Any) -> None:
    house.chat("first", "text")
    good = house.backups.make(BackupKind.DAILY)
    clock.now_ms += 86_400_000
    house.chat("second", "text")
    damaged = house.backups.make(BackupKind.DAILY)
    house.close()
    damaged.database.write_bytes(damaged.database.read_bytes()[:-9000])
    house.profile.database.write_bytes(b"damage")
    assert restore_newest(house.profile, house.key, clock).backup == good
    assert house.look() == {"first": ["text"]}


def test_without_a_good_backup_nothing_changes(backed_up: Any) -> None:
    backed_up.backup.database.write_bytes(b"x" * 8192)
    before = sorted(backed_up.profile.folder.rglob("*"))
    with pytest.raises(BackupError, match="No backup could be opened"):
        restore_newest(backed_up.profile, backed_up.key, backed_up.clock)
    with pytest.raises(WrongKeyError):
        restore(backed_up.profile, backed_up.backup, backed_up.key, backed_up.clock)
    finish(backed_up.profile)
    assert sorted(backed_up.profile.folder.rglob("*")) == before


def test_another_key_restores_nothing(backed_up: Any) -> None:
    with pytest.raises(WrongKeyError):
        restore(backed_up.profile, backed_up.backup, HistoryKey(bytes(32)), backed_up.clock)
    assert backed_up.profile.database.read_bytes() == backed_up.damaged


def test_a_later_programs_backup_is_refused(house: Any) -> None:
    house.chat("chat", "text")
    house.backups.make(BackupKind.ASKED)
    (backup,) = list_backups(house.profile)
    database = Database.open(backup.database, house.key.reveal())
    database.connection.execute("PRAGMA user_version = 99")
    database.close()
    house.close()
    restored = restore(house.profile, backup, house.key, house.clock)
    assert not restored.salvaged.was_readable
    with pytest.raises(NewerSchemaError):
        house.open()
    house.close()


def test_the_present_envelope_stays_if_it_is_this_keys(backed_up: Any) -> None:
    present = envelope_file.load(backed_up.profile.folder).envelope
    changed = replace(present, keyring=replace(present.keyring, name="f" * 32))
    envelope_file.save(backed_up.profile.folder, changed)
    restored = restore(backed_up.profile, backed_up.backup, backed_up.key, backed_up.clock)
    assert envelope_file.load(backed_up.profile.folder).envelope == changed
    assert not envelope_file.is_there(restored.set_aside)


@pytest.mark.parametrize("case", ["foreign", "damaged"])
def test_another_envelope_is_set_aside_for_the_backups(backed_up: Any, case: str) -> None:
    folder = backed_up.profile.folder
    ours = envelope_file.load(folder).envelope
    if case == "foreign":
        check = HistoryKey(bytes(32)).check
        envelope_file.save(folder, replace(ours, history_id=new_history_id(), check=check))
    else:
        for name in ("vault.json", "vault.copy.json"):
            (folder / name).write_text("damaged")
    theirs = (folder / "vault.json").read_bytes()
    restored = restore(backed_up.profile, backed_up.backup, backed_up.key, backed_up.clock)
    assert envelope_file.load(folder).envelope == ours
    assert (restored.set_aside / "vault.json").read_bytes() == theirs


def test_a_log_that_a_killed_wipe_left_beside_a_backup_is_part_of_it(
    backed_up: Any, tmp_path: Path
) -> None:
    database = Database.open(backed_up.backup.database, backed_up.key.reveal())
    with database.write() as cursor:
        cursor.execute("UPDATE conversation SET title = 'changed' WHERE id = 2")
    shutil.copytree(backed_up.backup.folder, tmp_path / "copy")
    database.close()
    for file in (tmp_path / "copy").iterdir():
        shutil.copy(file, backed_up.backup.folder / file.name)
    restore(backed_up.profile, backed_up.backup, backed_up.key, backed_up.clock)
    assert "changed" in backed_up.look()


def test_too_little_space_leaves_everything(
    backed_up: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(backed_up.profile.folder.rglob("*"))
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(DiskFullError, match="could not be restored"):
        restore(backed_up.profile, backed_up.backup, backed_up.key, backed_up.clock)
    assert sorted(backed_up.profile.folder.rglob("*")) == before


STEPS = ("replace", "fsync", "mkdir", "rmdir", "unlink")


class Steps:
    """Counts what changes files; at one of them the process ends, or the disk fails."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, ends_at: int, ending: BaseException
    ) -> None:
        self.count = 0
        self._ends_at = ends_at
        self._ending = ending
        for name in STEPS:
            monkeypatch.setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any, **options: Any) -> Any:
            self.count += 1
            # Dead is dead: cleaning up does not happen either.
            if self.count == self._ends_at or (
                self.count > self._ends_at and isinstance(self._ending, Killed)
            ):
                raise self._ending
            return function(*values, **options)

        return call


def all_steps(house: Any, folder: Path) -> int:
    """How many steps a restore takes."""
    copy = house.killed(folder)
    (backup,) = list_backups(copy.profile)
    with pytest.MonkeyPatch.context() as patched:
        steps = Steps(patched, 10**9, Killed())
        restore(copy.profile, backup, copy.key, copy.clock)
    return steps.count


def check_state(house: Any, kept: dict[str, list[str]], damaged: bytes) -> bool:
    """Either all is as it was or the backup is in place, after `finish`; whether it is."""
    finish(house.profile)
    assert not finish(house.profile)
    assert not list(house.profile.folder.glob("restoring-*"))
    assert not (house.profile.folder / replacing.DRAFT_NAME).exists()
    aside = [folder for folder in set_aside_folders(house.profile) if any(folder.iterdir())]
    if not aside:
        assert house.profile.database.read_bytes() == damaged
        return False
    assert (aside[0] / "history.db").read_bytes() == damaged
    assert house.look() == kept
    check_fully(house.profile.database, house.key.reveal())
    return True


@pytest.mark.parametrize("takes_envelope", [False, True])
def test_a_kill_at_any_step_leaves_the_old_or_the_new(
    backed_up: Any, tmp_path: Path, takes_envelope: bool
) -> None:
    if takes_envelope:
        (backed_up.profile.folder / "vault.json").write_text("damaged")
        (backed_up.profile.folder / "vault.copy.json").write_text("damaged")
    outcomes = []
    for ends_at in range(1, all_steps(backed_up, tmp_path / "whole") + 1):
        copy = backed_up.killed(tmp_path / "copy")
        (backup,) = list_backups(copy.profile)
        with pytest.MonkeyPatch.context() as patched:
            Steps(patched, ends_at, Killed())
            with pytest.raises(Killed):
                restore(copy.profile, backup, copy.key, copy.clock)
        outcomes.append(check_state(copy, backed_up.kept, backed_up.damaged))
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {False, True}


def test_a_kill_while_a_kill_is_mended_is_mended_too(backed_up: Any, tmp_path: Path) -> None:
    chosen = random.Random(5)
    whole = all_steps(backed_up, tmp_path / "whole")
    for _ in range(10):
        copy = backed_up.killed(tmp_path / "copy")
        (backup,) = list_backups(copy.profile)
        with pytest.MonkeyPatch.context() as patched:
            Steps(patched, chosen.randrange(whole // 2, whole), Killed())
            with pytest.raises(Killed):
                restore(copy.profile, backup, copy.key, copy.clock)
        for ends_at in (1, 2, 3):
            with pytest.MonkeyPatch.context() as patched:
                Steps(patched, ends_at, Killed())
                try:
                    finish(copy.profile)
                except Killed:
                    continue
        check_state(copy, backed_up.kept, backed_up.damaged)


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, DiskFullError), (errno.EIO, BackupError)]
)
def test_a_disk_that_fails_at_any_step_is_told_and_can_be_tried_again(
    backed_up: Any, tmp_path: Path, number: int, kind: type[Exception]
) -> None:
    for ends_at in range(1, all_steps(backed_up, tmp_path / "whole") + 1, 3):
        copy = backed_up.killed(tmp_path / "copy")
        (backup,) = list_backups(copy.profile)
        with pytest.MonkeyPatch.context() as patched:
            Steps(patched, ends_at, OSError(number, os.strerror(number)))
            with pytest.raises((kind, DiskFullError, DiskFailedError), match="safe"):
                restore(copy.profile, backup, copy.key, copy.clock)
        check_state(copy, backed_up.kept, backed_up.damaged)
        (backup,) = list_backups(copy.profile)
        restore(copy.profile, backup, copy.key, copy.clock)
        assert copy.look() == backed_up.kept


def test_what_can_not_be_completed_is_told_before_opening(
    backed_up: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (backed_up.profile.folder / "restoring-2024-01-01T00-00-00Z").mkdir()

    def fail(folder: Path) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(replacing, "sync_folder", fail)
    with pytest.raises(BackupError, match="could not be completed"):
        finish(backed_up.profile)


def test_a_stamp_sorts_as_time_goes() -> None:
    stamps = [disk.stamp(at_ms) for at_ms in (0, 1_700_000_000_000, 4_000_000_000_000)]
    assert stamps == sorted(stamps)
    assert stamps[0] == "1970-01-01T00-00-00Z"


def test_what_was_set_aside_stays_encrypted(backed_up: Any) -> None:
    restored = restore(backed_up.profile, backed_up.backup, backed_up.key, backed_up.clock)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(restored.set_aside / "history.db").execute("SELECT * FROM message")
