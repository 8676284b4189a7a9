"""What a download that is under way is to bring, written into its folder at the start.

For: `job`, and `unfinished`, which lists it later. Read as strictly as anybody's file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from app.airlock.download.choices import Choice, Kind
from app.airlock.download.listing import HubFile, Listing
from app.airlock.download.names import is_blob, is_commit, is_file_name, is_sha256
from app.library.bundles.files import read_small, write_small

PLAN_NAME = "plan.json"
_VERSION = 1
_MOST_BYTES = 8 << 20
_MOST_FILES = 5_000
_MOST_CHARACTERS = 300


@dataclass(frozen=True)
class Plan:
    """A choice of a repository at a commit."""

    repository: str
    revision: str
    commit: str
    kind: Kind
    label: str
    files: tuple[HubFile, ...]

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return sum(file.size for file in self.files)


def plan_of(listing: Listing, choice: Choice) -> Plan:
    """What fetching `choice` of `listing` is to bring."""
    return Plan(
        str(listing.repository),
        listing.revision,
        listing.commit,
        choice.kind,
        choice.label,
        choice.files,
    )


def write_plan(folder: Path, plan: Plan) -> None:
    """Whole or not at all; raises OSError."""
    facts = {
        "version": _VERSION,
        "repository": plan.repository,
        "revision": plan.revision,
        "commit": plan.commit,
        "kind": plan.kind.value,
        "label": plan.label,
        "files": [[file.path, file.size, file.sha256, file.blob] for file in plan.files],
    }
    write_small(folder / PLAN_NAME, json.dumps(facts, indent=1).encode())


def read_plan(folder: Path) -> Plan | None:
    """What is written there; None where nothing is, or nothing that makes sense."""
    try:
        facts = json.loads(read_small(folder / PLAN_NAME, _MOST_BYTES))
        if not isinstance(facts, dict) or facts.get("version") != _VERSION:
            return None
        told = facts["files"]
        if not isinstance(told, list) or not 0 < len(told) <= _MOST_FILES:
            return None
        files = tuple(_file(*each) for each in told)
        texts = [_text(facts[name]) for name in ("repository", "revision", "label")]
        kind, commit = Kind(facts["kind"]), facts["commit"]
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return None
    if not is_commit(commit):
        return None
    return Plan(texts[0], texts[1], commit, kind, texts[2], files)


def _text(told: object) -> str:
    if not isinstance(told, str) or len(told) > _MOST_CHARACTERS or not told.isprintable():
        raise ValueError("no text of ours")
    return told


def _file(path: object, size: object, sha256: object, blob: object) -> HubFile:
    is_known = is_sha256(sha256) if sha256 is not None else is_blob(blob)
    if type(size) is not int or size < 0 or not is_known:
        raise ValueError("no file of ours")
    file = HubFile(_text(path), size, sha256, None if sha256 else blob)  # type: ignore[arg-type]
    if not is_file_name(file.name):
        raise ValueError("no name of ours")
    return file
