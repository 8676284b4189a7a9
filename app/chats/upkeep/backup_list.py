"""Which backups there are, and which of them are worth their space.

For: the screens, which list them before any key is known, and `backups`, which makes them. A
backup is a folder that holds what a history's folder does: database and envelope.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from app.chats.profile import Profile
from app.chats.upkeep.disk import failures_said, stamp
from inference.sentence import said

DATABASE_NAME = "history.db"
_KEPT_DAILY = 3
_KEPT_WEEKLY = 2
_NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)-([a-z-]+?)(?:-(\d{1,9}))?")


class BackupKind(StrEnum):
    """Why a backup was made."""

    DAILY = "daily"
    ASKED = "asked"
    BEFORE_MIGRATION = "before-migration"


_KEPT_OTHERS = {BackupKind.ASKED: 3, BackupKind.BEFORE_MIGRATION: 2}


@dataclass(frozen=True)
class Backup:
    """One backup, whole when it was made."""

    folder: Path
    created_at_ms: int
    kind: BackupKind
    size_bytes: int

    @property
    def database(self) -> Path:
        """Its encrypted database."""
        return self.folder / DATABASE_NAME


def backup_name(created_at_ms: int, kind: BackupKind, number: int) -> str:
    """The folder's name; `number` tells backups of the same second apart."""
    return f"{stamp(created_at_ms)}-{kind.value}" + (f"-{number}" if number > 1 else "")


def next_number(backups: Iterable[Backup], created_at_ms: int, kind: BackupKind) -> int:
    """The `number` of one that is made now: above those of its second, so that it is the newest."""
    twins = (b for b in backups if (b.created_at_ms, b.kind) == (created_at_ms, kind))
    return 1 + max((_order(twin)[1] for twin in twins), default=0)


def list_backups(profile: Profile) -> tuple[Backup, ...]:
    """All backups, the newest first, whether or not they open. Raises BackupError."""
    with failures_said(said("The backups can't be listed")):
        try:
            folders = list(profile.backups.iterdir())
        except FileNotFoundError:
            return ()
        found = [backup for folder in folders if (backup := _backup(folder)) is not None]
    return tuple(sorted(found, key=_order))[::-1]


def by_trust(backups: Iterable[Backup], now_ms: int) -> list[Backup]:
    """The same, the newest first, but those that a clock ahead of time dated come last: they would
    count as the newest for years.
    """
    return sorted(
        backups, key=lambda backup: (backup.created_at_ms > now_ms, -backup.created_at_ms)
    )


def outdated(backups: Iterable[Backup], now_ms: int) -> list[Backup]:
    """Those that rotation lets go: kept are the last 3 daily ones, the last of each of the 2
    weeks before them, 3 that were asked for and 2 from before a migration.

    Backups from the future, made while a clock was wrong, take no other's place; they get
    old in their time.
    """
    past = [backup for backup in backups if backup.created_at_ms <= now_ms]
    past.sort(key=_order, reverse=True)
    daily = [backup for backup in past if backup.kind is BackupKind.DAILY]
    kept = daily[:_KEPT_DAILY] + _newest_of_weeks(daily[_KEPT_DAILY:])
    for kind, count in _KEPT_OTHERS.items():
        kept += [backup for backup in past if backup.kind is kind][:count]
    return [backup for backup in past if backup not in kept]


def _order(backup: Backup) -> tuple[int, int, str]:
    """As they were made: those of one second by their numbers."""
    name = _NAME.fullmatch(backup.folder.name)
    number = int(name[3] or 1) if name is not None else 1
    return backup.created_at_ms, number, backup.folder.name


def _newest_of_weeks(newest_first: list[Backup]) -> list[Backup]:
    weeks: dict[tuple[int, int], Backup] = {}
    for backup in newest_first:
        date = datetime.fromtimestamp(backup.created_at_ms / 1000, UTC).isocalendar()
        weeks.setdefault((date.year, date.week), backup)
    return list(weeks.values())[:_KEPT_WEEKLY]


def _backup(folder: Path) -> Backup | None:
    """None for what is no backup: parts of one, and what a user put there."""
    name = _NAME.fullmatch(folder.name)
    if name is None or name[2] not in set(BackupKind):
        return None
    try:
        moment = datetime.strptime(name[1], "%Y-%m-%dT%H-%M-%SZ").replace(tzinfo=UTC)
        size_bytes = (folder / DATABASE_NAME).stat().st_size
    except (ValueError, FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        # One that can't be reached hides no other; whoever opens it is told.
        size_bytes = 0
    return Backup(folder, int(moment.timestamp() * 1000), BackupKind(name[2]), size_bytes)
