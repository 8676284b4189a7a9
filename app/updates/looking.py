"""What an update is, and what stands against it here: for whoever asks before it is applied."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from app.installation import BUILD_FILE, Installation
from app.library.bundles.files import read_small
from app.policy import Policy
from app.updates.admission import (
    is_older,
    refuse_other_signer,
    refuse_unfit,
    refuse_unless_later,
    unreadable_history,
    updatable,
)
from app.updates.errors import UpdateError
from app.updates.manifest import UpdateManifest
from app.updates.prefix import Prefix
from app.updates.update_file import open_update
from inference.sentence import Sentence

_MOST_BUILD_BYTES = 1 << 20


@dataclass(frozen=True)
class Looked:
    """`refusal`: why it is not taken, whoever asks; None where it is. `is_older`: only when asked
    for. `lost`: what of the chats it could not read. `current`: what starts now.
    """

    file: Path
    manifest: UpdateManifest
    fingerprint: str
    is_own_signer: bool
    current: str | None
    refusal: UpdateError | None
    is_older: bool
    lost: Sentence | None


def look(file: Path, installation: Installation, policy: Policy) -> Looked:
    """What a file is; raises UpdateFileError for what is no sound update."""
    with open_update(file) as update:
        manifest, signer = update.manifest, update.signer
    refusal = None
    prefix = None if installation.prefix is None else Prefix(installation.prefix)
    try:
        prefix = updatable(installation, policy)
        refuse_other_signer(signer, installation)
        refuse_unfit(manifest)
        refuse_unless_later(manifest, prefix, allow_downgrade=True)
    except UpdateError as error:
        refusal = error
    return Looked(
        file,
        manifest,
        signer.fingerprint,
        signer.raw == installation.build.release_key,
        prefix.current if prefix else installation.build.version,
        refusal,
        prefix is not None and is_older(manifest, prefix),
        unreadable_history(manifest.version, manifest.history_schema),
    )


def lost_by_going_back(prefix: Prefix, version: str) -> Sentence | None:
    """What of the chats a version that is installed can't read; None if all of it can be."""
    return unreadable_history(version, _schema_of(prefix.versions / version))


def _schema_of(program: Path) -> int | None:
    """The newest form of a history that a program reads, as its build says."""
    try:
        told = json.loads(read_small(program / BUILD_FILE, _MOST_BUILD_BYTES))
        schema = told["history_schema"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return schema if isinstance(schema, int) and not isinstance(schema, bool) else None
