"""A file that is arriving: where its parts lie, what of them is sound, and whether all of it is.

For: `fetching`, which writes parts from several threads, and `job`. Only bytes that were read
back from the disk and hashed count as arrived from an earlier run.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from app.airlock.download.listing import HubFile
from app.airlock.download.record import Part, Record, load_record, save_record
from app.library.bundles.files import chunks, opened, write_all

# Where a part goes on after a new start is asked for in a Range, and other programs may write what
# it is read from: of the places in a part there are so few that they spell nothing.
_STEPS_IN_PART = 16

# Told of bytes that were read; may raise to stop.
Count = Callable[[int], None]


class Verdict(Enum):
    """What reading a whole file once more found."""

    SOUND = "sound"
    DAMAGED = "damaged"  # the disk has other bytes than came: those parts are dropped
    WRONG = "wrong"  # these are the bytes that came, and not the file's


class Arrival:
    """One file of a download. `path` is where it grows, `record_path` what is kept of it."""

    def __init__(self, file: HubFile, path: Path, record_path: Path, part_bytes: int) -> None:
        self.file, self.path = file, path
        self.sha256 = ""
        self._record_path = record_path
        self._record: Record = load_record(record_path, file, part_bytes)
        self._lock = threading.Lock()
        self._told: dict[str, str] = {}  # in this run, by the hosts themselves

    @property
    def parts(self) -> list[Part]:
        """In order."""
        return self._record.parts

    @property
    def is_second(self) -> bool:
        """Whether all of it was fetched before, and was wrong."""
        return self._record.is_second

    @property
    def arrived_bytes(self) -> int:
        """What need not be fetched."""
        return sum(part.arrived for part in self.parts)

    @property
    def kept_bytes(self) -> int:
        """What the record says is there."""
        return sum(part.kept for part in self.parts)

    @property
    def marks(self) -> dict[str, str]:
        """By host, the mark that it gave the version in this run.

        What the record on the disk says is compared with answers and never sent: other programs may
        write there, and nobody was asked about their words.
        """
        with self._lock:
            return dict(self._told)

    def note_mark(self, host: str, mark: str) -> bool:
        """Remember it; False where the host sent another one before."""
        with self._lock:
            self._told[host] = mark
            return self._record.etags.setdefault(host, mark) == mark

    def open(self, count: Count) -> None:
        """Make the file, or read what is kept of it: what the disk no longer has, part by part, is
        dropped. Raises OSError, and what `count` does.
        """
        with opened(self.path, os.O_RDWR | os.O_CREAT) as stream:
            if os.fstat(stream.fileno()).st_size > self.file.size:
                os.ftruncate(stream.fileno(), self.file.size)
            for part in self.parts:
                self._compare(part, stream, count)

    def write(self, part: Part, stream: BinaryIO, chunk: bytes) -> None:
        """Bytes that follow those that arrived, where the stream stands."""
        write_all(stream, chunk)
        part.running.update(chunk)
        part.arrived += len(chunk)

    def keep(self, part: Part, stream: BinaryIO) -> None:
        """What arrived of a part stays, whatever happens now. Raises OSError."""
        if part.kept == part.arrived:
            return
        os.fsync(stream.fileno())
        with self._lock:
            part.keep()
            save_record(self._record_path, self._record)

    def start_over(self, *, is_second: bool) -> None:
        """Nothing of it counts any more. Raises OSError."""
        with self._lock:
            for part in self.parts:
                part.drop()
            self._record.etags.clear()
            self._told.clear()
            self._record.is_second = is_second
            save_record(self._record_path, self._record)

    def verify(self, count: Count) -> Verdict:
        """Read all of it from the disk and compare it with the hub's record; `sha256` is known
        then. Raises OSError, and what `count` does.
        """
        whole, blob = hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
        blob.update(b"blob %d\0" % self.file.size)
        with opened(self.path) as stream:
            is_size = os.fstat(stream.fileno()).st_size == self.file.size
            for chunk in chunks(stream, self.file.size):
                whole.update(chunk)
                if self.file.sha256 is None:
                    blob.update(chunk)
                count(len(chunk))
        self.sha256 = whole.hexdigest()
        found = self.sha256 if self.file.sha256 else blob.hexdigest()
        if is_size and found == (self.file.sha256 or self.file.blob):
            return Verdict.SOUND
        return self._blame(count)

    def _blame(self, count: Count) -> Verdict:
        before = self.arrived_bytes
        with opened(self.path) as stream:
            for part in self.parts:
                self._compare(part, stream, lambda read: count(0))
        return Verdict.WRONG if self.arrived_bytes == before else Verdict.DAMAGED

    def _compare(self, part: Part, stream: BinaryIO, count: Count) -> None:
        """Hash what is kept of a part; it has arrived, down to a whole step, only if that is what
        the record says.
        """
        step = max(1, self._record.part_bytes // _STEPS_IN_PART)
        steps = part.kept if part.kept == part.size else part.kept - part.kept % step
        running = hashlib.sha256()
        stream.seek(part.first)
        _hash(running, stream, steps, count)
        arrived = running.copy()
        _hash(running, stream, part.kept - steps, count)
        if part.kept and running.hexdigest() == part.sha256:
            part.arrived, part.running = steps, arrived
        else:
            part.drop()


def _hash(running: hashlib._Hash, stream: BinaryIO, size: int, count: Count) -> None:
    for chunk in chunks(stream, size):
        running.update(chunk)
        count(len(chunk))
