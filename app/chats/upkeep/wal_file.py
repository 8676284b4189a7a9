"""A write-ahead log as bytes: how much of it SQLite will take, whether more was once there, and
a copy that gives SQLite the rest.

For: `wal_mark` and `damaged_log`. SQLite ends its reading at the first frame whose sum is wrong
and says nothing: right after a power cut, where that frame never was whole, but the same happens
when a bit of it flips years later, and then every later transaction is gone unnoticed. The
format is that of https://sqlite.org/fileformat2.html#the_write_ahead_log, which the cipher
leaves as it is: its frames hold encrypted pages.

Only while SQLite has the database closed: see `wal_mark.examine`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.chats.upkeep.disk import open_plain

_HEADER = struct.Struct(">4s3I8s2I")
_FRAME = struct.Struct(">8s8s2I")
_COMMIT_SIZE = struct.Struct(">4xI")
_SUM = struct.Struct(">2I")
# The header's first bytes say in which order words are summed.
_ORDERS = {b"\x37\x7f\x06\x82": struct.Struct("<2I"), b"\x37\x7f\x06\x83": struct.Struct(">2I")}
_FORMAT_VERSION = 3_007_000
_PAGE_BYTES = 4096
_SUMMED_HEADER_BYTES = 24
_MASK = 0xFFFFFFFF

_Sum = tuple[int, int]


@dataclass(frozen=True)
class WalContent:
    """`salts` name the log's present round, None where its header is missing or damaged.

    `committed_frames` is what SQLite takes. `goes_on` says that whole transactions follow
    behind a frame that is damaged: they were on the disk once, so this is no power cut.
    """

    size_bytes: int
    salts: bytes | None = None
    committed_frames: int = 0
    goes_on: bool = False


@dataclass(frozen=True)
class _Round:
    """What the header says of all frames."""

    magic: bytes
    page_bytes: int
    number: int
    salts: bytes

    @property
    def header(self) -> bytes:
        words = self.magic, _FORMAT_VERSION, self.page_bytes, self.number, self.salts, 0, 0
        summed = _HEADER.pack(*words)[:_SUMMED_HEADER_BYTES]
        return summed + _SUM.pack(*self.added(summed, (0, 0)))

    def added(self, data: bytes, total: _Sum) -> _Sum:
        """SQLite's running sum over pairs of 32-bit words: 0.1 ms for a page."""
        first, second = total
        for one, other in _ORDERS[self.magic].iter_unpack(data):
            first = (first + one + second) & _MASK
            second = (second + other + first) & _MASK
        return first, second


@dataclass(frozen=True)
class _Frame:
    """`place` is the page's number and, at the end of a transaction, the database's size."""

    place: bytes
    salts: bytes
    told: _Sum
    page: bytes

    @property
    def is_commit(self) -> bool:
        (size_pages,) = _COMMIT_SIZE.unpack(self.place)
        return bool(size_pages)

    def follows(self, total: _Sum, of: _Round) -> bool:
        """Whether it is whole, behind frames that sum up to `total`."""
        return self.salts == of.salts and self.told == of.added(self.place + self.page, total)


def read_wal(file: Path) -> WalContent:
    """What the log holds; an empty one where there is no file. Raises OSError."""
    try:
        with open_plain(file) as log:
            size_bytes = file.stat().st_size
            this_round = _read_header(log)
            if this_round is None:
                return WalContent(size_bytes)
            return _content(size_bytes, this_round, _frames(log, this_round.page_bytes))
    except FileNotFoundError:
        return WalContent(0)


def read_salts(file: Path) -> bytes | None:
    """The log's present round, unchecked; None where there is none. Raises OSError."""
    try:
        with open_plain(file) as log:
            header = log.read(_HEADER.size)
    except FileNotFoundError:
        return None
    return header[16:24] if len(header) == _HEADER.size else None


def mend_wal(file: Path, mended: Path) -> None:
    """Write a log in which SQLite finds every frame of `file`, up to the last whole one.

    A damaged page among them stays damaged: reading it fails by its signature. Raises OSError.
    """
    with open_plain(file) as log:
        this_round = _read_header(log)
        log.seek(_HEADER.size)
        frames = list(_frames(log, this_round.page_bytes if this_round else _PAGE_BYTES))
    mended.touch(mode=0o600)
    with open(mended, "wb") as target:
        if frames:
            this_round = this_round or _guessed_round(frames)
            target.writelines(_summed_anew(this_round, frames))


def _content(size_bytes: int, this_round: _Round, frames: Iterator[_Frame]) -> WalContent:
    committed, total = 0, _SUM.unpack(this_round.header[_SUMMED_HEADER_BYTES:])
    for number, frame in enumerate(frames, start=1):
        if not frame.follows(total, this_round):
            goes_on = _goes_on(frame, frames, this_round)
            return WalContent(size_bytes, this_round.salts, committed, goes_on)
        total = frame.told
        committed = number if frame.is_commit else committed
    return WalContent(size_bytes, this_round.salts, committed)


def _goes_on(broken: _Frame, frames: Iterable[_Frame], this_round: _Round) -> bool:
    """Whether a whole frame follows a commit at or behind the broken one.

    A transaction begins only when the one before it is on the disk, so such a frame proves
    that what is broken was whole. Each frame is summed from what the one before it tells.
    """
    before = broken
    is_past_commit = broken.salts == this_round.salts and broken.is_commit
    for frame in frames:
        is_whole = frame.follows(before.told, this_round)
        if is_whole and is_past_commit:
            return True
        is_past_commit = is_past_commit or (is_whole and frame.is_commit)
        before = frame
    return False


def _read_header(log: BinaryIO) -> _Round | None:
    stored = log.read(_HEADER.size)
    if len(stored) < _HEADER.size:
        return None
    magic, _, page_bytes, number, salts, *_ = _HEADER.unpack(stored)
    is_page = 512 <= page_bytes <= 65536 and page_bytes.bit_count() == 1
    if magic not in _ORDERS or not is_page:
        return None
    this_round = _Round(magic, page_bytes, number, salts)
    return this_round if this_round.header == stored else None


def _frames(log: BinaryIO, page_bytes: int) -> Iterator[_Frame]:
    length = _FRAME.size + page_bytes
    while len(stored := log.read(length)) == length:
        place, salts, *told = _FRAME.unpack_from(stored)
        yield _Frame(place, salts, (told[0], told[1]), stored[_FRAME.size :])


def _guessed_round(frames: list[_Frame]) -> _Round:
    """What a damaged header said: the first frames repeat its salts, and sum in its order."""
    salts = max({frame.salts for frame in frames[:3]}, key=[f.salts for f in frames[:3]].count)
    rounds = [_Round(magic, _PAGE_BYTES, 0, salts) for magic in _ORDERS]
    return max(rounds, key=lambda guess: _last_whole(guess, frames))


def _last_whole(this_round: _Round, frames: list[_Frame]) -> int:
    """How many frames there are up to the last one that follows the one before it."""
    for number in range(len(frames) - 1, 0, -1):
        if frames[number].follows(frames[number - 1].told, this_round):
            return number + 1
    return 1


def _summed_anew(this_round: _Round, frames: list[_Frame]) -> Iterator[bytes]:
    yield this_round.header
    total = _SUM.unpack(this_round.header[_SUMMED_HEADER_BYTES:])
    for frame in frames[: _last_whole(this_round, frames)]:
        total = this_round.added(frame.place + frame.page, total)
        yield _FRAME.pack(frame.place, this_round.salts, *total) + frame.page
