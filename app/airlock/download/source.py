"""Where a model in the models folder came from, and whether it is still as it was fetched.

For: the library and its page. `job` writes it into the model's folder when every byte was
compared with the hub's record. Knows no network.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from app.airlock.download.errors import DiskError
from app.airlock.download.names import is_commit, is_file_name, is_sha256
from app.library.bundles.files import chunks, opened, read_small
from inference.sentence import said, system_words

SOURCE_NAME = "source.json"
_VERSION = 1
_MOST_BYTES = 4 << 20
_MOST_CHARACTERS = 300
_MOST_FILES = 5_000
_HASH_KEY = "record_sha256"
_ENOUGH_KEYS = 3


@dataclass(frozen=True)
class SourceFile:
    """A file of the model, as it was fetched."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Source:
    """A repository at a commit of a hub, and when it was fetched (seconds since 1970)."""

    repository: str
    revision: str
    commit: str
    hub: str
    fetched_at_s: int
    files: tuple[SourceFile, ...]


_KEYS = {"version", *(field.name for field in fields(Source))}


def as_json(source: Source) -> bytes:
    """As it lies in the model's folder; with its own hash, so that a changed letter is found."""
    facts = {"version": _VERSION, **asdict(source)}
    return json.dumps({**facts, _HASH_KEY: _hash(facts)}, indent=1).encode()


def read_source(folder: Path) -> Source | None:
    """What is written there; None for a model that did not come by a download, or where what is
    written makes no sense or was changed.
    """
    try:
        written = read_small(folder / SOURCE_NAME, _MOST_BYTES)
        facts = json.loads(written)
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(facts, dict):
        return None
    source, has_hash = _source(facts), _HASH_KEY in facts
    # Earlier versions of this program wrote no hash, and the same keys.
    is_as_written = source is not None and (
        written == as_json(source) if has_hash else set(facts) == _KEYS
    )
    return source if is_as_written else None


def has_record(folder: Path) -> bool:
    """Whether a model came by a download, by what is left of what was written: it may make no sense
    any more. Other programs' files of that name are none.
    """
    try:
        written = read_small(folder / SOURCE_NAME, _MOST_BYTES)
    except OSError:
        return False
    return sum(f'"{key}":'.encode() in written for key in _KEYS) >= _ENOUGH_KEYS


def verify_source(
    folder: Path, source: Source, count: Callable[[int], None] = lambda read: None
) -> tuple[str, ...]:
    """The names of files that are missing or not as fetched. `count` is told of bytes that were
    read, and may raise to stop. Raises DiskError where a file can't be read.
    """
    return tuple(file.name for file in source.files if not _is_as_fetched(folder, file, count))


def _is_as_fetched(folder: Path, file: SourceFile, count: Callable[[int], None]) -> bool:
    digest = hashlib.sha256()
    try:
        with opened(folder / file.name) as stream:
            for chunk in chunks(stream, file.size + 1):
                digest.update(chunk)
                count(len(chunk))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise DiskError(
            said("{file} can’t be read: {why}.", file=file.name, why=system_words(error))
        ) from error
    return digest.hexdigest() == file.sha256


def _source(facts: dict[str, object]) -> Source | None:
    if facts.get("version") != _VERSION:
        return None
    files = _files(facts.get("files"))
    texts = [facts.get(name) for name in ("repository", "revision", "hub")]
    at_s = facts.get("fetched_at_s")
    if files is None or not all(_is_text(text) for text in texts):
        return None
    if not is_commit(facts.get("commit")) or type(at_s) is not int:
        return None
    repository, revision, hub = (str(text) for text in texts)
    return Source(repository, revision, str(facts["commit"]), hub, at_s, files)


def _hash(facts: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _files(told: object) -> tuple[SourceFile, ...] | None:
    if not isinstance(told, list) or not 0 < len(told) <= _MOST_FILES:
        return None
    found = []
    for each in told:
        if not isinstance(each, dict):
            return None
        name, size, sha256 = each.get("name"), each.get("size"), each.get("sha256")
        if not isinstance(name, str) or not is_file_name(name) or not is_sha256(sha256):
            return None
        if type(size) is not int or size < 0:
            return None
        found.append(SourceFile(name, size, str(sha256)))
    return tuple(found)


def _is_text(text: object) -> bool:
    return isinstance(text, str) and len(text) <= _MOST_CHARACTERS and text.isprintable()
