"""What a search reads of a message is read once for all its kinds, and read right."""

from __future__ import annotations

import json
from collections.abc import Iterator

import apsw
import pytest

from app.chats import words
from app.chats.database import Database


@pytest.fixture
def connection() -> Iterator[apsw.Connection]:
    made = apsw.Connection(":memory:")
    words.register(made)
    yield made
    made.close()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The JSON that was read."""
    seen: list[str] = []
    real = words.loads_in_pieces

    def reading(source: str) -> object:
        seen.append(source)
        return real(source)

    monkeypatch.setattr(words, "loads_in_pieces", reading)
    return seen


def told(**texts: str) -> str:
    return json.dumps([{"kind": kind, "text": text} for kind, text in texts.items()])


def asked(connection: apsw.Connection, source: str, kind: str) -> str:
    (row,) = connection.execute("SELECT part_words(?, ?)", (source, kind)).fetchall()
    return str(row[0])


def test_a_message_is_read_once_for_all_kinds(connection: apsw.Connection, read: list[str]) -> None:
    one, other = told(text="hello", reasoning="thought"), told(text="another")
    assert asked(connection, one, "text") == "hello"
    assert asked(connection, one, "reasoning") == "thought"
    assert asked(connection, one, "attachment") == ""
    assert asked(connection, other, "text") == "another"
    assert asked(connection, one, "text") == "hello"
    assert read == [one, other, one]


def test_a_message_too_long_to_keep_is_read_each_time(
    connection: apsw.Connection, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "_MOST_KEPT_CHARS", 20)
    one = told(text="hello", reasoning="thought")
    assert asked(connection, one, "text") == "hello"
    assert asked(connection, one, "reasoning") == "thought"
    assert read == [one, one]


@pytest.mark.parametrize("source", ["", "{", "[1]", '[{"kind": 1}, {}]', "null", "7"])
def test_what_is_damaged_has_no_words_and_spoils_none(
    connection: apsw.Connection, source: str
) -> None:
    good = told(text="hello")
    assert asked(connection, good, "text") == "hello"
    assert asked(connection, source, "text") == ""
    assert asked(connection, source, "text") == ""
    assert asked(connection, good, "text") == "hello"


def test_nothing_is_kept_when_a_statement_is_through() -> None:
    database = Database.in_memory()
    with database.write() as cursor:
        cursor.execute("CREATE TABLE message (parts TEXT)")
        cursor.execute("INSERT INTO message VALUES (?)", (told(text="hello"),))
    assert database.read("SELECT part_words(parts, 'text') FROM message") == [("hello",)]
    assert vars(database._part_words) == {"_source": "", "_parts": []}
    with database.write() as cursor:
        cursor.execute("SELECT part_words(parts, 'text') FROM message").fetchall()
    assert vars(database._part_words) == {"_source": "", "_parts": []}
    database.close()
