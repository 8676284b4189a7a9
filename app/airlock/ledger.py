"""The ledger: every connection that was tried for a download, and what the user said before.

For: the launcher, which alone writes it (`Ledger`), and the privacy page and terminal, which read
it (`read_ledger`, `export_csv`, `export_json`). It says nothing about chats: no process that knows
one can write here anything but what it may ask of a courier.

One JSON object a line, in `ledger.jsonl`; when that is full it becomes `ledger.1.jsonl`, and so
on, the oldest going. Each row is on the disk before the next is taken. A connection stands there
twice, when it begins and when it has ended, so that one that a power cut ended is there too; the
reader makes one row of both.
"""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from app import owner_file, paths
from inference.sentence import said

FILE_BYTES = 4 << 20
FILES_KEPT = 5
MOST_ROWS = 10_000
_NAME = "ledger.jsonl"
_MOST_LINE_BYTES = 8192
_VERSION = 1
_MOST_TEXT = 1200
UNFINISHED = said("It was cut off before its end was recorded.")


class RowKind(StrEnum):
    """What a row records."""

    CONSENT = "consent"  # the user was asked, and answered
    EXCHANGE = "exchange"  # a connection was tried
    ENDED = "ended"  # the courier ended


@dataclass(frozen=True)
class LedgerRow:
    """One row. `run` is one courier's life; `consent` what it was tried under: `list` or `fetch`.

    Of an exchange: `status` 0 is no answer, `refusal` says what was not allowed or went wrong,
    `number` counts within the run. `answer` is `yes` or `no` of a consent, and how a run ended.
    """

    at: datetime
    kind: RowKind
    run: str
    repository: str
    consent: str = ""
    number: int = 0
    has_ended: bool = True
    purpose: str = ""
    host: str = ""
    method: str = ""
    path: str = ""
    status: int = 0
    refusal: str = ""
    sent_bytes: int = 0
    received_bytes: int = 0
    had_token: bool = False
    answer: str = ""
    files: int = 0
    total_bytes: int = 0


_TEXTS = (
    *("run", "repository", "consent", "purpose", "host"),
    *("method", "path", "refusal", "answer"),
)
_NUMBERS = ("number", "status", "sent_bytes", "received_bytes", "files", "total_bytes")
_FLAGS = ("has_ended", "had_token")
COLUMNS = ("at", "kind", *_TEXTS, *_NUMBERS, *_FLAGS)


# ----------------------------------------------------------------------- writing


class Ledger:
    """Appends rows, each of them onto the disk. Owner-only; bounded. Raises OSError."""

    def __init__(
        self, folder: Path | None = None, file_bytes: int = FILE_BYTES, files_kept: int = FILES_KEPT
    ) -> None:
        self._folder = folder or paths.ledger_dir()
        self._file_bytes = file_bytes
        self._files_kept = files_kept

    def append(self, row: LedgerRow) -> None:
        """Write a row and see it onto the disk."""
        line = _encoded(row)
        handle = self._opened()
        try:
            if os.fstat(handle).st_size + len(line) > self._file_bytes:
                os.close(handle)
                self._rotate()
                handle = self._opened()
            os.write(handle, self._after_torn(handle) + line)
            os.fsync(handle)
        finally:
            os.close(handle)

    def _opened(self) -> int:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / _NAME
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        flags |= getattr(os, "O_NONBLOCK", 0)
        handle = os.open(file, flags, 0o600)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise FileExistsError(17, "no ordinary file", str(file))
        return handle

    def _after_torn(self, handle: int) -> bytes:
        """An end of line, where a power cut tore the last row."""
        size = os.fstat(handle).st_size
        return b"\n" if size and os.pread(handle, 1, size - 1) != b"\n" else b""

    def _rotate(self) -> None:
        for number in range(self._files_kept - 1, 0, -1):
            newer = self._folder / _named(number - 1)
            with suppress(FileNotFoundError):
                os.replace(newer, self._folder / _named(number))
        owner_file.sync_folder(self._folder)


def _named(number: int) -> str:
    return f"ledger.{number}.jsonl" if number else _NAME


def _encoded(row: LedgerRow) -> bytes:
    fields = {name: getattr(row, name) for name in COLUMNS}
    made = {"v": _VERSION, **fields, "at": row.at.isoformat(timespec="milliseconds")}
    return json.dumps(made, separators=(",", ":")).encode("ascii") + b"\n"


# ----------------------------------------------------------------------- reading


@dataclass(frozen=True)
class LedgerPage:
    """What was read, the newest first. `damaged` lines were no rows; `left_out` rows are older."""

    rows: tuple[LedgerRow, ...] = ()
    damaged: int = 0
    left_out: int = 0


def read_ledger(folder: Path | None = None, most_rows: int = MOST_ROWS) -> LedgerPage:
    """The newest rows; none where nothing was ever tried. Raises OSError."""
    where = folder or paths.ledger_dir()
    rows: dict[tuple[object, ...], LedgerRow] = {}
    damaged = 0
    for number in reversed(range(FILES_KEPT)):
        for line in _lines(where / _named(number)):
            row = _decoded(line)
            if row is None:
                damaged += 1
                continue
            key = (row.run, row.number) if row.kind is RowKind.EXCHANGE else (len(rows), "")
            begun = rows.get(key)
            rows[key] = replace(row, at=begun.at) if begun is not None else row
    newest = tuple(_told(row) for row in reversed(rows.values()))
    return LedgerPage(newest[:most_rows], damaged, max(0, len(newest) - most_rows))


def _told(row: LedgerRow) -> LedgerRow:
    return row if row.has_ended else replace(row, refusal=UNFINISHED)


def _lines(file: Path) -> Iterator[bytes]:
    """Whole lines of an ordinary file, however it is; never waits."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        handle = os.open(file, flags)
    except FileNotFoundError:
        return
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            yield b""
            return
        left_bytes = 2 * FILE_BYTES
        while left_bytes > 0 and (line := stream.readline(_MOST_LINE_BYTES)):
            left_bytes -= len(line)
            if line != b"\n":
                yield line


def _decoded(line: bytes) -> LedgerRow | None:
    """The row of a line; None for what is none: anybody may have written into the file."""
    try:
        found = json.loads(line)
        if not isinstance(found, dict) or found.pop("v") != _VERSION or set(found) != set(COLUMNS):
            return None
        at = datetime.fromisoformat(found["at"]).astimezone(UTC)
        kind = RowKind(found["kind"])
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None
    texts = [found[name] for name in _TEXTS]
    numbers = [found[name] for name in _NUMBERS]
    if not all(isinstance(text, str) and len(text) <= _MOST_TEXT for text in texts):
        return None
    if not all(type(number) is int and 0 <= number < 1 << 63 for number in numbers):
        return None
    if not all(isinstance(found[name], bool) for name in _FLAGS):
        return None
    return LedgerRow(**{**found, "at": at, "kind": kind})


# --------------------------------------------------------------------- exporting


def export_csv(page: LedgerPage, file: Path) -> None:
    """Write the rows as a table, readable by its owner alone. Raises OSError."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in page.rows:
        writer.writerow(_harmless(value) for value in _plain(row).values())
    owner_file.replace(file, text.getvalue().encode())


def export_json(page: LedgerPage, file: Path) -> None:
    """Write the rows as JSON, readable by its owner alone. Raises OSError."""
    made = {
        "rows": [_plain(row) for row in page.rows],
        "damaged_lines": page.damaged,
        "older_rows_left_out": page.left_out,
    }
    owner_file.replace(file, json.dumps(made, indent=1, ensure_ascii=False).encode() + b"\n")


def _plain(row: LedgerRow) -> dict[str, str | int | bool]:
    return {name: getattr(row, name) for name in COLUMNS} | {
        "at": row.at.isoformat(timespec="milliseconds"),
        "kind": row.kind.value,
    }


def _harmless(value: str | int | bool) -> str | int | bool:
    """A spreadsheet would compute what begins like a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
