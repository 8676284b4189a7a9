"""How the chats of a profile are kept: where they lie, and what keeps their key.

For: the privacy page and its report. It opens nothing and asks for no key: `vault.json`, which
holds no secret, says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.chats.errors import EnvelopeError
from app.chats.profile import Profile
from app.chats.vault import envelope_file
from app.chats.vault.backends import KeyringKind


@dataclass(frozen=True)
class Kept:
    """`exists`: something was kept there. Without a keyring and a passphrase nobody knows how."""

    folder: Path
    exists: bool
    keyring: KeyringKind | None = None
    has_passphrase: bool = False
    has_recovery: bool = False


def how_kept(profile: Profile) -> Kept:
    """By the files alone; those of a damaged `vault.json` say that there is something."""
    if not envelope_file.is_there(profile.folder):
        return Kept(profile.folder, profile.database.exists())
    try:
        found = envelope_file.read(profile.folder)
    except EnvelopeError:
        return Kept(profile.folder, exists=True)
    return Kept(
        profile.folder,
        found.is_in_use,
        None if found.keyring is None else found.keyring.kind,
        found.passphrase is not None,
        found.recovery is not None,
    )
