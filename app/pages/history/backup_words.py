"""How a backup is spoken of on the screen: when, why, how large."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from app.chats.upkeep.backup_list import Backup, BackupKind
from app.dates import day_words
from app.numbers import decimal

_MIB = 1 << 20


def when_words(at_ms: int) -> str:
    """A moment in this computer's time."""
    moment = QDateTime.fromMSecsSinceEpoch(at_ms)
    time = QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)
    return f"{day_words(moment.date())}, {time}"


def backup_words(backup: Backup) -> str:
    """When it was made, and its size."""
    return f"{when_words(backup.created_at_ms)}, {size_words(backup.size_bytes)}"


def size_words(size_bytes: int) -> str:
    """A size in MiB."""
    return f"{decimal(size_bytes / _MIB, 1)} MiB"


def kind_words(kind: BackupKind) -> str:
    """Why it was made."""
    match kind:
        case BackupKind.DAILY:
            return QCoreApplication.translate("backups", "Daily")
        case BackupKind.ASKED:
            return QCoreApplication.translate("backups", "By hand")
    return QCoreApplication.translate("backups", "Before an upgrade")
