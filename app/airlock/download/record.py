"""What has arrived of a file: the hash of each part as it was received, kept beside it.

For: `arrival`. A record is written after the bytes that it speaks of are on the disk, whole or
not at all. It is believed no more than that: what it says is compared with the disk at every
start, and one that can't be read, or is of another file, counts as none.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from app.airlock.download.listing import HubFile
from app.airlock.download.names import is_sha256
from app.library.bundles.files import read_small, write_small

_VERSION = 1
_MOST_BYTES = 32 << 20
_MOST_HOSTS = 32
_MOST_ETAG_CHARACTERS = 220


@dataclass
class Part:
    """`size` bytes from `first` on. `arrived` of them were written in this run or an earlier one,
    and `running` has hashed these; `kept` and `sha256` are what the record says.
    """

    first: int
    size: int
    kept: int = 0
    sha256: str = ""
    arrived: int = 0
    running: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is missing."""
        return self.arrived == self.size

    def keep(self) -> None:
        """What has arrived is on the disk."""
        self.kept, self.sha256 = self.arrived, self.running.hexdigest()

    def drop(self) -> None:
        """Nothing of it counts."""
        self.kept, self.sha256, self.arrived, self.running = 0, "", 0, hashlib.sha256()


@dataclass
class Record:
    """Of one file. `etags`: by host, the mark of the version that it sends. `is_second`: all of it
    is being fetched for the second and last time.
    """

    identity: str
    size: int
    part_bytes: int
    parts: list[Part]
    etags: dict[str, str] = field(default_factory=dict)
    is_second: bool = False


def new_record(file: HubFile, part_bytes: int) -> Record:
    """Of a file of which nothing is there."""
    firsts = range(0, file.size, part_bytes)
    parts = [Part(first, min(part_bytes, file.size - first)) for first in firsts]
    return Record(file.identity, file.size, part_bytes, parts)


def save_record(path: Path, record: Record) -> None:
    """Whole or not at all; raises OSError."""
    facts = {
        "version": _VERSION,
        "identity": record.identity,
        "size": record.size,
        "part_bytes": record.part_bytes,
        "parts": [[part.kept, part.sha256] for part in record.parts],
        "etags": record.etags,
        "is_second": record.is_second,
    }
    write_small(path, json.dumps(facts).encode())


def load_record(path: Path, file: HubFile, part_bytes: int) -> Record:
    """What is kept of this very file; a new record where nothing is."""
    try:
        facts: object = json.loads(read_small(path, _MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return new_record(file, part_bytes)
    if not isinstance(facts, dict) or facts.get("version") != _VERSION:
        return new_record(file, part_bytes)
    if (facts.get("identity"), facts.get("size")) != (file.identity, file.size):
        return new_record(file, part_bytes)
    return _read(facts, file, part_bytes) or new_record(file, part_bytes)


def kept_bytes(path: Path) -> int:
    """How much a record says is there, without a look at the disk."""
    try:
        facts = json.loads(read_small(path, _MOST_BYTES))
        return sum(max(0, int(kept)) for kept, _hash in facts["parts"])
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return 0


def _read(facts: dict[str, object], file: HubFile, part_bytes: int) -> Record | None:
    """The size of a part is asked for in each Range: it is ours to say, not the record's."""
    told, parts, etags = facts.get("part_bytes"), facts.get("parts"), facts.get("etags")
    if type(told) is not int or told != part_bytes or not isinstance(parts, list):
        return None
    record = new_record(file, part_bytes)
    if len(parts) != len(record.parts):
        return None
    for part, kept in zip(record.parts, parts, strict=True):
        if not isinstance(kept, list) or len(kept) != 2 or not _is_kept(part, *kept):
            return None
        part.kept, part.sha256 = kept
    if isinstance(etags, dict) and len(etags) <= _MOST_HOSTS:
        record.etags = {str(host): mark for host, mark in etags.items() if _is_etag(mark)}
    record.is_second = facts.get("is_second") is True
    return record


def _is_kept(part: Part, kept: object, sha256: object) -> bool:
    if type(kept) is not int or not 0 <= kept <= part.size:
        return False
    return is_sha256(sha256) or (kept == 0 and sha256 == "")


def _is_etag(mark: object) -> bool:
    return isinstance(mark, str) and len(mark) <= _MOST_ETAG_CHARACTERS and mark.isascii()
