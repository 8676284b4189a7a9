"""What may go with a question: texts in usual encodings, and nothing else."""

from __future__ import annotations

import os
import socket

import pytest

from app.pages.chat import attach_reading
from app.pages.chat.attach_pile import Held, Pile, parted
from app.pages.chat.attach_reading import AttachError, Refusal, decoded, read_attached, shown_name
from app.pages.chat.attach_words import refusal_sentence, size_words
from app.pages.chat.turns import Attached
from app.widgets.field_room import fits_field

WORDS = "Größe: 5 µm\r\nzweite Zeile\n"
UNIX = "Größe: 5 µm\nzweite Zeile\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
        (b"", "cp1252"),
    ],
)
def test_a_text_is_read_in_each_usual_encoding(tmp_path, mark, encoding):
    file = tmp_path / "notes.txt"
    data = mark + WORDS.encode(encoding)
    file.write_bytes(data)
    assert read_attached(file) == Attached("notes.txt", UNIX, len(data))


def test_bytes_that_cp1252_leaves_open_are_read_as_latin_1():
    assert decoded(b"caf\xe9 \x81" + b"x" * 100) == "café \x81" + "x" * 100


@pytest.mark.parametrize(
    "data",
    [
        b"abc\0def",
        b"%PDF-1.7 all of it text",
        b"\x89PNG\r\n\x1a\n",
        bytes(range(1, 32)) * 20,
        b"\xff\xfe\x00\xd8",  # half a surrogate pair
    ],
)
def test_what_is_no_text_is_refused(tmp_path, data):
    file = tmp_path / "data.bin"
    file.write_bytes(data)
    assert refusal_of(file) is Refusal.NO_TEXT


def test_a_log_with_colours_is_a_text(tmp_path):
    file = tmp_path / "build.log"
    file.write_bytes(
        b"\x1b[32mok\x1b[0m all of the tests went well in this module, as they did\n" * 9
    )
    assert read_attached(file).text.startswith("\x1b[32mok")


def refusal_of(path):
    with pytest.raises(AttachError) as refused:
        read_attached(path)
    assert path.name in refusal_sentence(refused.value)
    return refused.value.refusal


def test_what_is_no_file_is_refused_without_waiting(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert refusal_of(pipe) is Refusal.NO_FILE
    link = tmp_path / "link"
    link.symlink_to(pipe)
    assert refusal_of(link) is Refusal.NO_FILE
    (tmp_path / "zero").symlink_to("/dev/zero")
    assert refusal_of(tmp_path / "zero") is Refusal.NO_FILE
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(tmp_path / "socket"))
        assert refusal_of(tmp_path / "socket") is Refusal.NO_FILE
    (tmp_path / "loop").symlink_to("loop")
    assert refusal_of(tmp_path / "loop") is Refusal.UNREADABLE
    assert refusal_of(tmp_path) is Refusal.FOLDER
    assert refusal_of(tmp_path / "gone.txt") is Refusal.MISSING


def test_a_link_to_a_text_is_that_text(tmp_path):
    (tmp_path / "real.txt").write_text("words")
    (tmp_path / "link.txt").symlink_to("real.txt")
    assert read_attached(tmp_path / "link.txt") == Attached("link.txt", "words", 5)


def test_an_empty_file_and_one_that_is_too_large_are_refused(tmp_path, monkeypatch):
    file = tmp_path / "file.txt"
    file.write_text("")
    assert refusal_of(file) is Refusal.EMPTY
    monkeypatch.setattr(attach_reading, "LIMIT_BYTES", 8)
    file.write_text("123456789")
    assert refusal_of(file) is Refusal.TOO_LARGE
    file.write_text("12345678")
    assert read_attached(file).size_bytes == 8


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "file.txt"
    file.write_text("123456789")
    monkeypatch.setattr(attach_reading, "LIMIT_BYTES", 8)
    monkeypatch.setattr(attach_reading, "_check_kind", lambda _name, _status: None)
    assert refusal_of(file) is Refusal.TOO_LARGE


def test_a_file_that_may_not_be_read_says_the_systems_words(tmp_path, monkeypatch):
    def refuse(*_args):
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "file.txt"
    file.write_text("words")
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(AttachError) as refused:
        read_attached(file)
    assert "Permission denied" in refusal_sentence(refused.value)


def test_names_stand_on_one_line_and_hide_nothing():
    error = AttachError("harmless\u202etxt.exe", Refusal.EMPTY)
    assert refusal_sentence(error).startswith("“harmless‹U+202E›txt.exe” is empty.")
    assert shown_name("two\nlines\u2028.txt") == "two\ufffdlines\ufffd.txt"
    assert shown_name(os.fsdecode(b"caf\xe9.txt")) == "caf\ufffd.txt"


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 B"), (999, "999 B"), (12_345, "12 kB"), (3_400_000, "3.4 MB")],
)
def test_sizes_are_short(size, words):
    assert size_words(size) == words


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("", True),
        ("x" * 8_000, True),
        ("x" * 8_001, False),
        ("words and\n" * 2_400, True),
        ("words and\n" * 2_401, False),
        ("\n" * 3_999, True),
        ("\n" * 4_000, False),
    ],
)
def test_a_field_takes_only_what_one_can_type_on_in(text, fits):
    assert fits_field(text) is fits


def test_what_was_typed_to_some_length_stays_text():
    assert fits_field("x" * 16_000, was_typed=True)
    assert not fits_field("x" * 16_001, was_typed=True)


def test_a_draft_that_is_too_long_parts_before_its_last_paragraph():
    assert parted("long" * 9000 + "\n\nand this?") == ("long" * 9000, "and this?")
    assert parted("long" * 9000 + "\n\n") == ("long" * 9000, "")
    assert parted("x" * 30_000) == ("x" * 30_000, "")
    assert parted("a\n\n" + "x" * 30_000) == ("a\n\n" + "x" * 30_000, "")


def test_a_pile_knows_its_files_by_their_keys_and_who_took_its_place():
    pile = Pile()
    pile.put([Held(1, Attached("a.txt", "file", 4)), Held(2, Attached("p", "pasted", 6))])
    assert pile.take(3) is None
    assert pile.take(2) == Held(2, Attached("p", "pasted", 6))
    assert pile.attached == (Attached("a.txt", "file", 4),)
    assert pile.newest() is pile
    pile.heir = Pile(heir=Pile())
    assert pile.newest() is pile.heir.heir
