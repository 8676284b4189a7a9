"""Facts about the history: counts, sizes, the ways to its key, its backups. Never a word of it.

For: `gathering`. Asks for no key and opens nothing: what is not open is told by its files alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.chats.counts import counts
from app.chats.errors import ChatsError, EnvelopeError
from app.chats.history import AnyHistory
from app.chats.profile import Profile
from app.chats.schema import MIGRATIONS, schema_version
from app.chats.upkeep.backup_list import Backup, BackupKind, list_backups
from app.chats.upkeep.disk import size_bytes
from app.chats.vault import envelope_file
from app.diagnostics.about_machine import Facts
from app.diagnostics.form import Backups
from app.diagnostics.own_code import class_word

NOT_OPENED = "not opened"


def history(profile: Profile, state: str = NOT_OPENED, opened: AnyHistory | None = None) -> Facts:
    """`state` is the name of the state's class; `opened` what is behind it, if it is open."""
    return {
        "state": state,
        "newest_schema_version": MIGRATIONS[-1].version,
        "database_is_there": profile.database.is_file(),
        "size_bytes": size_bytes(profile.database),
        **_key(profile),
        **_backups(profile),
        **(_inside(opened) if opened is not None else {}),
    }


def _inside(opened: AnyHistory) -> Facts:
    """What only an open database tells; it may be locked or found damaged meanwhile."""
    try:
        found = counts(opened.store.database)
        version = schema_version(opened.store.database)
    except ChatsError as error:
        return {"unavailable": class_word(type(error))}
    return {
        "schema_version": version,
        "chats": found.chats,
        "messages": found.messages,
        "presets": found.presets,
    }


def _key(profile: Profile) -> Facts:
    """The ways to the key, by the envelope, which holds no secret in clear."""
    if not envelope_file.is_there(profile.folder):
        return {}
    try:
        envelope = envelope_file.read(profile.folder)
    except EnvelopeError as error:
        return {"envelope": error.reason}
    return {
        "keyring": None if envelope.keyring is None else envelope.keyring.kind,
        "has_passphrase": envelope.passphrase is not None,
        "has_recovery": envelope.recovery is not None,
    }


def _backups(profile: Profile) -> Facts:
    try:
        found = list_backups(profile)
    except ChatsError as error:
        return {"backups_unavailable": class_word(type(error))}
    kinds = [kind for kind in BackupKind if any(backup.kind is kind for backup in found)]
    return {"backups": [_of_kind(kind, found) for kind in kinds]}


def _of_kind(kind: BackupKind, found: Iterable[Backup]) -> Backups:
    of_kind = [backup for backup in found if backup.kind is kind]
    return Backups(
        {
            "kind": kind,
            "count": len(of_kind),
            "size_bytes": sum(backup.size_bytes for backup in of_kind),
            "newest": max(backup.created_at_ms for backup in of_kind),
        }
    )
