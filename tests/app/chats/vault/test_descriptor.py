"""Passphrases from a descriptor: a line at a time, and what is no passphrase."""

from __future__ import annotations

import os

import pytest

from app.chats.errors import VaultError
from app.chats.vault import descriptor


def given(content: bytes) -> int:
    reader, writer = os.pipe()
    os.write(writer, content)
    os.close(writer)
    return reader


@pytest.mark.parametrize("content", [b"rain on the roof\n", b"rain on the roof\r\n"])
def test_a_line_is_read_without_its_end(content):
    number = given(content)
    assert descriptor.read_line(number) == "rain on the roof"
    descriptor.close(number)


def test_no_byte_of_the_next_line_is_taken():
    number = given("schön\nnext".encode())
    assert descriptor.read_line(number) == "schön"
    assert descriptor.read_line(number) == "next"
    assert descriptor.read_line(number) == ""
    descriptor.close(number)


def test_what_is_no_line_of_text_is_refused():
    number = given(b"\xff\n")
    with pytest.raises(VaultError, match="not UTF-8"):
        descriptor.read_line(number)
    descriptor.close(number)
    number = given(b"a" * 9000)
    with pytest.raises(VaultError, match="too long"):
        descriptor.read_line(number)
    descriptor.close(number)
    with pytest.raises(VaultError, match="could not be read"):
        descriptor.read_line(number)


def test_closing_twice_does_nothing_and_standard_input_stays_open():
    number = given(b"")
    descriptor.close(number)
    descriptor.close(number)
    descriptor.close(0)
    os.fstat(0)
