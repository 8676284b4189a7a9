"""Which backups are listed, and which are kept as days and weeks go by."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.chats.errors import BackupError
from app.chats.profile import Profile
from app.chats.upkeep.backup_list import (
    Backup,
    BackupKind,
    backup_name,
    list_backups,
    next_number,
    outdated,
)

DAY_MS = 86_400_000
START_MS = 1_700_000_000_000  # a Tuesday


def put(profile: Profile, created_at_ms: int, kind: BackupKind, number: int = 1) -> Path:
    folder = profile.backups / backup_name(created_at_ms, kind, number)
    folder.mkdir(parents=True)
    (folder / "history.db").write_bytes(b"pages")
    return folder


def made(day: int, kind: BackupKind = BackupKind.DAILY) -> Backup:
    return Backup(Path(f"{day}-{kind}"), START_MS + day * DAY_MS, kind, 1)


def days(backups: list[Backup]) -> list[int]:
    return sorted((backup.created_at_ms - START_MS) // DAY_MS for backup in backups)


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert list_backups(Profile(tmp_path)) == ()


def test_the_newest_comes_first_and_strangers_are_passed_over(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    older = put(profile, START_MS, BackupKind.BEFORE_MIGRATION)
    twin = put(profile, START_MS + DAY_MS, BackupKind.ASKED, 2)
    newer = put(profile, START_MS + DAY_MS, BackupKind.ASKED)
    for name in (".part-2024-01-01T00-00-00Z-daily", "2024-99-01T00-00-00Z-daily", "notes"):
        (profile.backups / name).mkdir()
    (profile.backups / "2024-01-01T00-00-00Z-hourly").mkdir()
    (profile.backups / "2024-01-01T00-00-00Z-daily").mkdir()
    (profile.backups / "2024-01-02T00-00-00Z-daily").write_text("a file")
    found = list_backups(profile)
    assert [backup.folder for backup in found] == [twin, newer, older]
    assert found[2] == Backup(older, START_MS, BackupKind.BEFORE_MIGRATION, 5)
    assert found[2].database == older / "history.db"


def test_a_folder_that_can_not_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("a file")
    with pytest.raises(BackupError, match="can't be listed"):
        list_backups(Profile(tmp_path))


def test_three_days_and_two_weeks_are_kept() -> None:
    kept: list[Backup] = []
    for day in range(40):
        kept.append(made(day))
        gone = outdated(kept, START_MS + day * DAY_MS)
        kept = [backup for backup in kept if backup not in gone]
    # Day 39 is a Saturday: the last three, then the last of its own week and of the one before.
    assert days(kept) == [33, 36, 37, 38, 39]


def test_a_history_that_rests_keeps_its_backups() -> None:
    backups = [made(day) for day in (0, 1, 2)]
    assert outdated(backups, START_MS + 900 * DAY_MS) == []


def test_other_kinds_have_places_of_their_own() -> None:
    daily = [made(day) for day in range(3)]
    asked = [made(day, BackupKind.ASKED) for day in range(5)]
    before = [made(day, BackupKind.BEFORE_MIGRATION) for day in range(4)]
    gone = outdated([*daily, *asked, *before], START_MS + 5 * DAY_MS)
    assert {(days([backup])[0], backup.kind) for backup in gone} == {
        (0, BackupKind.ASKED),
        (1, BackupKind.ASKED),
        (0, BackupKind.BEFORE_MIGRATION),
        (1, BackupKind.BEFORE_MIGRATION),
    }


def test_a_clock_that_was_wrong_takes_no_ones_place() -> None:
    future = [made(day) for day in (5000, 5001, 5002)]
    present = [made(day) for day in (0, 1, 2)]
    assert outdated([*future, *present], START_MS + 2 * DAY_MS) == []


def test_of_one_second_the_last_made_are_kept_whatever_their_folders_are_called(
    tmp_path: Path,
) -> None:
    profile = Profile(tmp_path)
    numbers = list(range(2, 13))
    for number in numbers:
        put(profile, START_MS, BackupKind.ASKED, number)
    listed = list_backups(profile)
    newest_first = [backup_name(START_MS, BackupKind.ASKED, number) for number in numbers[::-1]]
    assert [backup.folder.name for backup in listed] == newest_first
    gone = {backup.folder.name for backup in outdated(listed, START_MS)}
    assert gone == set(newest_first[3:])
    assert next_number(listed, START_MS, BackupKind.ASKED) == 13
    assert next_number(listed, START_MS, BackupKind.DAILY) == 1
    assert next_number(listed, START_MS + 1000, BackupKind.ASKED) == 1
