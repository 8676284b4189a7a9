"""What a preparation has done, line by line, so that it goes on after a kill.

For: `writing`. A line is a JSON object; the first one names what is being prepared. Lines
are appended and synced; one that was cut off, and all behind it, count as not written.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import BinaryIO, Self

Entry = dict[str, str]

# Waiting for the disk after each small piece would cost more than making it: 5 to 10 ms.
# A kill loses nothing by it; a power cut loses what the hashes then show as missing.
_SYNC_EVERY_S = 0.5


class Journal:
    """An open journal; `entries` are those that were there."""

    def __init__(self, file: BinaryIO, entries: list[Entry]) -> None:
        self._file = file
        self.entries = entries
        self._synced_at = time.monotonic()

    @classmethod
    def open(cls, path: Path, fingerprint: str) -> Self | None:
        """Go on with the journal of the same fingerprint; None where there is none."""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        entries, length = _sound(data)
        if not entries or entries[0] != {"preparing": fingerprint}:
            return None
        file = path.open("r+b", buffering=0)
        file.truncate(length)
        file.seek(length)
        return cls(file, entries[1:])

    @classmethod
    def start(cls, path: Path, fingerprint: str) -> Self:
        """A new one."""
        journal = cls(path.open("wb", buffering=0), [])
        journal.append({"preparing": fingerprint})
        journal.sync()
        return journal

    def append(self, entry: Entry) -> None:
        """One line more; synced now and then."""
        self._file.write(json.dumps(entry).encode() + b"\n")
        if time.monotonic() - self._synced_at > _SYNC_EVERY_S:
            self.sync()

    def keep(self, entries: list[Entry], fingerprint: str) -> None:
        """Only these of the lines that were there."""
        self._file.seek(0)
        self._file.truncate(0)
        for entry in ({"preparing": fingerprint}, *entries):
            self._file.write(json.dumps(entry).encode() + b"\n")
        self.entries = entries
        self.sync()

    def sync(self) -> None:
        """Wait until it is on the disk."""
        os.fsync(self._file.fileno())
        self._synced_at = time.monotonic()

    def close(self) -> None:
        """No more lines."""
        self._file.close()


def _sound(data: bytes) -> tuple[list[Entry], int]:
    """The entries up to the first line that is none, and how many bytes they take."""
    entries: list[Entry] = []
    length = 0
    for line in data.split(b"\n")[:-1]:
        try:
            entry = json.loads(line)
        except ValueError:
            break
        if not isinstance(entry, dict) or not all(isinstance(v, str) for v in entry.values()):
            break
        entries.append(entry)
        length += len(line) + 1
    return entries, length
