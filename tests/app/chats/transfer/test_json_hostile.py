"""A file from outside is taken as it should be, or refused in a sentence; never a crash."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.chats.errors import TransferError
from app.chats.transfer import json_import, json_stream
from app.chats.transfer.json_export import render
from app.chats.transfer.json_import import read
from app.chats.transfer.message_tree import parents_first

Document = dict[str, Any]


def message(number: int, parent: int | None, **changes: object) -> Document:
    return {
        "id": number,
        "parent_id": parent,
        "role": "user",
        "state": "done",
        "created_at_ms": 5,
        "parts": [{"kind": "text", "text": f"message {number}"}],
        **changes,
    }


@pytest.fixture
def document() -> Document:
    messages = [message(1, None), message(2, 1), message(3, 1), message(4, 3)]
    chat = {"id": 1, "title": "t", "created_at_ms": 5, "updated_at_ms": 6, "leaf_id": 4}
    return {
        "format": "pitcher-chats",
        "version": 1,
        "presets": [{"id": 1, "name": "p", "settings": {"temperature": 0.5}}],
        "chats": [{**chat, "messages": messages}],
    }


@pytest.fixture
def reading(tmp_path: Path) -> Callable[[object], Any]:
    """Reads a document, or a text or bytes as they are."""

    def read_it(content: object) -> json_import.ImportedChats:
        file = tmp_path / "chats.json"
        if not isinstance(content, (str, bytes)):
            content = json.dumps(content)
        file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return read(file)

    return read_it


def test_the_smallest_allowed_file_is_read(document: Document, reading: Callable[[object], Any]):
    found = reading(document)
    assert [m.id for m in found.chats[0].messages] == [1, 2, 3, 4]
    assert {m.conversation_id for m in found.chats[0].messages} == {1}
    assert found.presets[0].settings == (("temperature", 0.5),)


def test_members_that_are_not_known_are_passed_over(
    document: Document, reading: Callable[[object], Any]
):
    plain = reading(document)
    extra = {"deep": [{"er": [1, "x", None, True, {}, []]}], "text": "y" * 200_000}
    chat = document["chats"][0]
    for place in (document, chat, chat["messages"][0], chat["messages"][0]["parts"][0]):
        place["unknown"] = extra
    document["presets"][0]["unknown"] = extra
    assert reading(document) == plain


PATHS: list[tuple[tuple[Any, ...], object, str]] = [
    (("format",), "other", "does not hold chats of Pitcher"),
    (("version",), 2, "later version of Pitcher.*Update"),
    (("version",), "1", "version is not a number"),
    (("version",), 0, "version is not a number"),
    (("version",), True, "version is not a number"),
    (("draft",), 5, "“draft” is not a text"),
    (("presets", 0, "id"), -1, "Preset 1: “id” is not a whole number"),
    (("presets", 0, "id"), 1 << 63, "“id” is not a whole number"),
    (("presets", 0, "name"), "x" * 65_537, "more than 65,536 characters"),
    (("presets", 0, "settings"), [], "no object where one must be"),
    (("presets", 0, "settings"), {"a": None}, "neither a text nor a number"),
    (("presets", 0, "settings"), {"a": {"number": "x"}}, "neither a text nor a number"),
    (("presets", 0, "settings"), {"a": {}}, "“number” is missing"),
    (("presets", 0, "settings"), {"a": 1 << 64}, "in bounds"),
    (("presets", 0, "settings"), {"a" * 1001: 1}, "“a name” has more than"),
    (("presets", 0), "preset", "no object where one must be"),
    (("chats", 0, "title"), None, "“title” is not a text"),
    (("chats", 0, "title"), "\ud83d", "half a character"),
    (("chats", 0, "created_at_ms"), 1.5, "“created_at_ms” is not a whole number"),
    (("chats", 0, "created_at_ms"), 1 << 60, "“created_at_ms” is not a whole number"),
    (("chats", 0, "is_pinned"), 1, "neither true nor false"),
    (("chats", 0, "preset_id"), 7, "Chat 1: Its preset is not in the file"),
    (("chats", 0, "settings"), [], "no object where one must be"),
    (("chats", 0, "settings"), {"a": None}, "neither a text nor a number"),
    (("chats", 0, "draft_files"), {}, "“draft_files” is not an array"),
    (("chats", 0, "draft_files"), [{"name": "a"}], "Chat 1, file 1: “text” is missing"),
    (("draft_files",), ["a"], "The file, file 1: There is no object"),
    (("chats", 0, "leaf_id"), 9, "Chat 1: The end of its branch is not there"),
    (("chats", 0, "leaf_id"), True, "“leaf_id” is not a whole number"),
    (("chats", 0, "messages", 1, "id"), 1, "Two messages have the number 1"),
    (("chats", 0, "messages", 1, "parent_id"), 9, "Message 2 answers one that is not there"),
    (("chats", 0, "messages", 2, "parent_id"), 4, "in a ring"),
    (("chats", 0, "messages", 2, "parent_id"), 3, "in a ring"),
    (("chats", 0, "messages", 3, "role"), "tool", "message 4: “role” is none of system, user"),
    (("chats", 0, "messages", 3, "role"), ["user"], "“role” is none of"),
    (("chats", 0, "messages", 3, "state"), "gone", "“state” is none of streaming"),
    (("chats", 0, "messages", 3, "parts"), {}, "“parts” is not an array"),
    (("chats", 0, "messages", 3, "parts"), [[]] * 10_001, "more than 10,000 items"),
    (("chats", 0, "messages", 3, "parts"), ["text"], "part 1: There is no object"),
    (("chats", 0, "messages", 3, "parts", 0, "kind"), "image", "“kind” is none of text"),
    (("chats", 0, "messages", 3, "parts", 0, "text"), ["x"], "part 1: “text” is not a text"),
    (("chats", 0, "messages", 3, "provenance"), 5, "no object where one must be"),
    (("chats", 0, "messages", 3, "provenance"), {"version": 1}, "“details” is missing"),
    (("chats", 0, "messages", 3), None, "no object where one must be"),
    (("chats", 0, "messages"), {}, "“.” is missing"),
    (("chats", 0), 5, "“.” is missing"),
    (("chats",), None, "“.” is missing"),
]


@pytest.mark.parametrize(("path", "value", "words"), PATHS)
def test_a_value_that_is_wrong_is_said_with_its_place(
    path: tuple[Any, ...],
    value: object,
    words: str,
    document: Document,
    reading: Callable[[object], Any],
):
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(TransferError, match=words) as raised:
        reading(document)
    assert "Nothing was imported." in str(raised.value)


@pytest.mark.parametrize("what", ["chats", "presets"])
def test_a_number_used_twice_is_refused(
    what: str, document: Document, reading: Callable[[object], Any]
):
    document[what].append(copy.deepcopy(document[what][0]))
    with pytest.raises(TransferError, match=f"Two {what} have one number"):
        reading(document)


@pytest.mark.parametrize("name", ["id", "title", "created_at_ms", "updated_at_ms"])
def test_what_a_chat_must_have_is_missed(
    name: str, document: Document, reading: Callable[[object], Any]
):
    del document["chats"][0][name]
    with pytest.raises(TransferError, match=f"Chat 1: “{name}” is missing"):
        reading(document)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"format": "pitcher-chats"}',
        '{"format": "pitcher-chats", "version": 1} x',
        '{"format": "pitcher-chats", "version": 1, "version": 1}',
        '{"format": "pitcher-chats", "version": 1, "presets": [{"id": 1, "id": 2}]}',
        '{"format": "pitcher-chats", "version": 1,}',
        '{"format": "pitcher-chats", "version": 1, 5: 6}',
        '{"format" "pitcher-chats"}',
        '{"format": "pitcher-chats", "version": NaN}',
        '{"format": "pitcher-chats", "version": 1, "draft": "a\nb"}',
        '{"format": "pitcher-chats", "version": 1, "draft": "\\x"}',
        '{"format": "pitcher-chats", "version": 1, "draft": "no end',
        '{"format": "pitcher-chats", "version": 1, "chats": [',
        '{"format": "pitcher-chats", "version": 1, "x": ' + "9" * 70_000 + "}",
        '{"format": "pitcher-chats", "version": 1, "x": ' + "[" * 100_000,
        '{"format": "pitcher-chats", "version": 1, "presets": [' + '{"a":' * 100_000,
        '{"format": "pitcher-chats", "version": 1, "presets": [' + "[" * 900 + "]" * 900 + "]}",
        b"\xff\xfe\x00",
        b'{"format": "pitcher-chats", "version": 1, "draft": "\xed\xa0\xbd"}',
        os.urandom(1000),
    ],
)
def test_what_is_not_such_json_is_refused(content: str | bytes, reading: Callable[[object], Any]):
    with pytest.raises(TransferError, match=r"can't be imported.*Nothing was imported\."):
        reading(content)


def test_a_float_beyond_all_numbers_is_refused(
    document: Document, reading: Callable[[object], Any]
):
    with pytest.raises(TransferError, match="in bounds"):
        reading(json.dumps(document).replace("0.5", "1e999"))


@pytest.mark.parametrize(
    ("module", "limit", "words"),
    [
        (json_import, "MAX_CHATS", "more than 0 chats"),
        (json_import, "MAX_PRESETS", "more than 0 presets"),
        (json_import, "MAX_MESSAGES", "more than 0 messages"),
        (json_import, "MAX_VALUES", "more than 0 parts and values"),
        (json_import, "MAX_FILE_BYTES", "larger than"),
    ],
)
def test_more_than_is_allowed_is_refused(
    module: Any,
    limit: str,
    words: str,
    document: Document,
    reading: Callable[[object], Any],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(module, limit, 0)
    with pytest.raises(TransferError, match=words):
        reading(document)


def test_a_text_or_a_value_beyond_its_limit_is_refused(
    document: Document, reading: Callable[[object], Any], monkeypatch: pytest.MonkeyPatch
):
    document["draft"] = "x" * 300_000
    monkeypatch.setattr(json_stream, "MAX_TEXT_CHARS", 200_000)
    with pytest.raises(TransferError, match="a text is too long"):
        reading(document)
    document["draft"] = [[]] * 200_000
    with pytest.raises(TransferError, match="too many parts"):
        reading(document)
    document["draft"] = ""
    monkeypatch.setattr(json_stream, "MAX_SKIPPED", 100)
    with pytest.raises(TransferError, match="too much of it is unknown"):
        reading({**document, "unknown": [0] * 101})
    monkeypatch.undo()
    document["chats"][0].update({f"x{number}": 1 for number in range(110_000)})
    with pytest.raises(TransferError, match="too many parts"):
        reading(document)


def test_a_bomb_of_empty_lists_takes_no_memory(
    reading: Callable[[object], Any], monkeypatch: pytest.MonkeyPatch
):
    """50,000 lists would be 4 MB: unknown members are not kept, known ones are bounded."""
    monkeypatch.setattr(json_stream, "MAX_NODES", 1_000)
    monkeypatch.setattr(json_stream, "WINDOW_CHARS", 4_096)
    bomb = "[" + "[]," * 50_000 + "[]]"
    passed = '{"x": ' + bomb + ', "format": "pitcher-chats", "version": 1}'
    refused = '{"draft": ' + bomb + "}"
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        assert reading(passed).chats == ()
        with pytest.raises(TransferError, match="too many parts"):
            reading(refused)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < 2_000_000


def test_only_a_plain_file_is_read(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    for name, words in (("pipe", "plain file"), ("nowhere", "opened"), (".", "plain file")):
        with pytest.raises(TransferError, match=words):
            read(tmp_path / name)


def test_a_disk_that_fails_while_reading_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    file = tmp_path / "chats.json"
    file.write_text("{}")
    monkeypatch.setattr(json_import.JsonStream, "members", fail)
    with pytest.raises(TransferError, match="could not be read to its end"):
        read(file)


def test_messages_in_any_order_are_put_parents_first(
    document: Document, reading: Callable[[object], Any]
):
    document["chats"][0]["messages"].reverse()
    found = reading(document).chats[0].messages
    assert [m.id for m in found] == [1, 3, 4, 2]


def test_a_long_chain_backwards_is_no_recursion(
    document: Document, reading: Callable[[object], Any]
):
    chain = [message(number, number - 1 or None) for number in range(1, 20_001)]
    document["chats"][0]["messages"] = chain[::-1]
    found = reading(document).chats[0].messages
    assert [m.id for m in found] == list(range(1, 20_001))
    assert parents_first(found, "") == found


def test_no_damage_of_a_file_escapes_as_another_error(
    document: Document, reading: Callable[[object], Any]
):
    chance = random.Random(5)
    whole = bytearray(json.dumps(document, ensure_ascii=False).encode("utf-8"))
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        del damaged[chance.randint(len(damaged) // 2, 3 * len(damaged)) :]
        with contextlib.suppress(TransferError):
            reading(bytes(damaged))


def test_an_empty_export_is_an_import_of_nothing(reading: Callable[[object], Any]):
    found = reading("".join(render([], exported_at_ms=1)))
    assert (found.chats, found.presets, found.draft) == ((), (), "")
