"""Out of a history that is replaced: what is newer than what replaces it and can still be read.

For: restoring a backup, and bringing back what can be read into a new history; best effort. A
row is taken as it is or left. Chats and messages that the backup has stay as they are there, but
for answers that had not ended when it was made; titles, pins and drafts that were changed since
are the backup's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import apsw

from app.chats.database import Database, Row
from app.chats.errors import DiskFailedError, StoreError
from app.chats.rows import CONVERSATION_COLUMNS, MESSAGE_COLUMNS
from app.chats.schema import migrate, schema_version
from app.chats.upkeep.page_copy import empty_log, open_whole

_COLUMNS = {
    "preset": "id, name, settings",
    "conversation": CONVERSATION_COLUMNS,
    "message": MESSAGE_COLUMNS,
    "draft_file": "id, conversation_id, name, text",
}
_TABLES = tuple(_COLUMNS)
# Ids are never used again, also where no one can say how far they had come.
_IDS_SKIPPED = 1_000_000
# More rows than a damaged page can keep from being read.
_GIVES_UP_AFTER = 10_000

_READING = (apsw.SQLITE_IOERR_READ, apsw.SQLITE_IOERR_SHORT_READ, apsw.SQLITE_IOERR_CORRUPTFS)
_Answer = TypeVar("_Answer")

_INSERT_CHAT = (
    f"INSERT INTO conversation ({CONVERSATION_COLUMNS}) VALUES"
    " (?1, ?2, ?3, ?4, ?5, NULL, ?7, (SELECT id FROM preset WHERE id = ?8), ?9)"
)
_INSERT_PRESET = "INSERT INTO preset (id, name, settings) VALUES (?, ?, ?)"
_INSERT_DRAFT_FILE = "INSERT INTO draft_file (id, conversation_id, name, text) VALUES (?, ?, ?, ?)"
_INSERT_MESSAGE = f"INSERT INTO message ({MESSAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_END_ANSWER = (
    "UPDATE message SET parts = ?5, state = ?6, provenance = ?8"
    " WHERE id = ?1 AND conversation_id = ?2 AND created_at_ms = ?7"
)
_SHOW_NEWEST = (
    "UPDATE conversation SET updated_at_ms = max(updated_at_ms, ?2), leaf_id ="
    " coalesce((SELECT id FROM message WHERE id = ?3 AND conversation_id = ?1), ?4) WHERE id = ?1"
)


_RECOVERED = "Recovered chat"


@dataclass(frozen=True)
class Salvaged:
    """How much came along. `unreadable` counts places where something was lost at most.

    `was_readable` is false where the replaced history could not be opened at all, or there
    was none.
    """

    chats: int = 0
    messages: int = 0
    unreadable: int = 0
    was_readable: bool = False


NOTHING_SALVAGED = Salvaged()


def salvage(source: Path, target: Path, key: bytes, *, is_all: bool = False) -> Salvaged:
    """Add to the database `target` what `source` has beyond it; `source` is left as it is.

    `is_all`: there is no more of this history elsewhere. Then presets and the draft of no chat
    come too, and messages whose chat, or the message above them, was lost. Both under `key`; one
    file is all of `target` then. Raises StoreError when `target` can't be written, or when the
    disk refuses what opening `source` writes; what can't be read of `source` is only counted.
    """
    into = Database.open(target, key)
    try:
        salvaged = _salvaged(source, into, key, is_all)
        empty_log(into)
        return salvaged
    finally:
        into.close()


def _salvaged(source: Path, into: Database, key: bytes, is_all: bool) -> Salvaged:
    try:
        out_of = _twice(lambda: _open_untouched(source, key))
    except StoreError as error:
        if _is_no_fault_of_the_source(error):
            raise
        skip_ids(into)
        return NOTHING_SALVAGED
    try:
        return _Salvage(out_of, into, is_all).run()
    finally:
        out_of.close()


def _twice(read: Callable[[], _Answer]) -> _Answer:
    """What is read, at the second attempt where the disk refuses the first."""
    try:
        return read()
    except DiskFailedError:
        return read()


def _is_no_fault_of_the_source(error: StoreError) -> bool:
    """Whether it could be read if the disk took what reading writes: the log's index."""
    cause = error.__cause__
    if isinstance(cause, apsw.IOError):
        return getattr(cause, "extendedresult", 0) not in _READING
    return isinstance(cause, apsw.FullError | apsw.CantOpenError | apsw.BusyError)


def _open_untouched(source: Path, key: bytes) -> Database:
    database = open_whole(source, key)
    # Its log stays a file of its own: it may hold what is examined later.
    database.connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    return database


class _Salvage:
    """One run."""

    def __init__(self, out_of: Database, into: Database, is_all: bool) -> None:
        self._out_of = out_of
        self._into = into
        self._is_all = is_all
        self._unreadable = 0

    def run(self) -> Salvaged:
        self._bring_up_to_date()
        if schema_version(self._into) != self._source_version():
            skip_ids(self._into)
            return NOTHING_SALVAGED
        with self._into.write() as cursor:
            reaches = {table: self._reach(table) for table in _TABLES}
            if self._is_all:
                self._add_presets_and_settings(reaches)
            new = {row[0] for row in self._newer("conversation", reaches) if self._add_chat(row)}
            self._add_draft_files(new, reaches)
            newest: dict[int, int] = {}
            messages = self._end_answers()
            for row in self._newer("message", reaches):
                if self._add_message(row):
                    messages += 1
                    newest[row[1]] = row[0]
            for chat_id, message_id in newest.items():
                self._show_newest(cursor, chat_id, message_id)
            for table, last_id in reaches.items():
                _raise_sequence(cursor, table, last_id)
        return Salvaged(len(new), messages, self._unreadable, was_readable=True)

    def _source_version(self) -> int | None:
        try:
            return _twice(lambda: schema_version(self._out_of))
        except StoreError:
            return None

    def _bring_up_to_date(self) -> None:
        if (self._source_version() or 0) > schema_version(self._into):
            migrate(self._into)

    def _reach(self, table: str) -> int:
        """The highest id that the source ever gave, or one that is surely above it."""
        try:
            return _twice(lambda: _last_id(self._out_of, table))
        except StoreError:
            return _last_id(self._into, table) + _IDS_SKIPPED

    def _newer(self, table: str, reaches: dict[str, int]) -> Iterator[Row]:
        sql = f"SELECT {_COLUMNS[table]} FROM {table} WHERE id >= ? ORDER BY id LIMIT 1"
        number, failures = _last_id(self._into, table) + 1, 0
        while number <= reaches[table] and failures < _GIVES_UP_AFTER:
            try:
                rows = self._read(sql, number)
            except StoreError:
                self._unreadable += 1
                number, failures = number + 1, failures + 1
                continue
            if not rows:
                return
            yield rows[0]
            number, failures = rows[0][0] + 1, 0

    def _end_answers(self) -> int:
        """Answers that the backup caught half way, as they went on."""
        ended = 0
        for (number,) in self._into.read("SELECT id FROM message WHERE state = 'streaming'"):
            try:
                sql = f"SELECT {MESSAGE_COLUMNS} FROM message WHERE id = ?"
                rows = self._read(sql, number)
            except StoreError:
                self._unreadable += 1
                continue
            ended += sum(self._add(_END_ANSWER, row) for row in rows)
        return ended

    def _read(self, sql: str, number: int) -> list[Row]:
        return _twice(lambda: self._out_of.read(sql, number))

    def _add_chat(self, row: Row) -> bool:
        return self._add(_INSERT_CHAT, row)

    def _add_presets_and_settings(self, reaches: dict[str, int]) -> None:
        for row in self._newer("preset", reaches):
            self._add(_INSERT_PRESET, row)
        try:
            rows = _twice(lambda: self._out_of.read("SELECT name, value FROM setting"))
        except StoreError:
            self._unreadable += 1
            return
        for row in rows:
            self._add("INSERT INTO setting VALUES (?, ?)", row)

    def _add_draft_files(self, chats: set[int], reaches: dict[str, int]) -> None:
        """Those beside the drafts that come: of other chats the backup has draft and files."""
        owners = chats | {None} if self._is_all else chats
        for row in self._newer("draft_file", reaches):
            if row[1] in owners:
                self._add(_INSERT_DRAFT_FILE, row)

    def _add_message(self, row: Row) -> bool:
        return self._add(_INSERT_MESSAGE, row) or (self._is_all and self._adopt(row))

    def _adopt(self, row: Row) -> bool:
        """Below the message before it where the one above it was lost, in a chat of its own where
        that was.
        """
        message_id, chat_id, _, role, parts, state, at_ms, provenance = row
        if not self._into.read("SELECT 1 FROM conversation WHERE id = ?", chat_id):
            self._add(_INSERT_CHAT, (chat_id, _RECOVERED, at_ms, at_ms, 0, None, "", None, "[]"))
        sql = "SELECT max(id) FROM message WHERE conversation_id = ? AND id < ?"
        ((above,),) = self._into.read(sql, chat_id, message_id)
        adopted = (message_id, chat_id, above, role, parts, state, at_ms, provenance)
        return self._add(_INSERT_MESSAGE, adopted)

    def _add(self, sql: str, row: Row) -> bool:
        """Whether it fits: its chat, or the message above it, may have been lost."""
        try:
            with self._into.write() as cursor:
                cursor.execute(sql, row)
        except StoreError as error:
            # Errors of a kind of their own are the target's disk.
            if type(error) is not StoreError:
                raise
            self._unreadable += 1
            return False
        return True

    def _show_newest(self, cursor: apsw.Cursor, chat_id: int, message_id: int) -> None:
        updated_at_ms, leaf_id = 0, None
        try:
            sql = "SELECT updated_at_ms, leaf_id FROM conversation WHERE id = ?"
            for row in self._read(sql, chat_id):
                updated_at_ms, leaf_id = row
        except StoreError:
            self._unreadable += 1
        cursor.execute(_SHOW_NEWEST, (chat_id, updated_at_ms, leaf_id, message_id))


def skip_ids(into: Database) -> None:
    """Let new ids begin far above all that may have been given. Raises StoreError."""
    with into.write() as cursor:
        for table in _TABLES:
            _raise_sequence(cursor, table, _last_id(into, table) + _IDS_SKIPPED)


def _raise_sequence(cursor: apsw.Cursor, table: str, last_id: int) -> None:
    cursor.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last_id, table))
    cursor.execute(
        "INSERT INTO sqlite_sequence SELECT ?1, ?2"
        " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
        (table, last_id),
    )


def _last_id(database: Database, table: str) -> int:
    rows = database.read("SELECT seq FROM sqlite_sequence WHERE name = ?", table)
    return int(rows[0][0]) if rows else 0
