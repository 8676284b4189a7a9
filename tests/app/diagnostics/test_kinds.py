"""A value is of a closed type or withheld, whatever it was made of."""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chats.errors import DamagedError
from app.diagnostics.kinds import (
    KINDS,
    WITHHELD,
    Decimal,
    Digest,
    Flag,
    Kind,
    Moment,
    OwnClass,
    OwnPlace,
    Version,
    Whole,
    Word,
)


class Colour(StrEnum):
    RED = "red"


class Liar(str):
    """A text that says that it is another one."""

    __slots__ = ()

    def __str__(self) -> str:
        return "red"

    def __eq__(self, _other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("red")


MADE: dict[type, Kind] = {
    Whole: Whole(0, 99),
    Decimal: Decimal(0, 99),
    Flag: Flag(),
    Moment: Moment(),
    Version: Version(),
    Digest: Digest(),
    Word: Word(Colour),
    OwnClass: OwnClass(),
    OwnPlace: OwnPlace(),
}


def test_every_kind_is_tried_here() -> None:
    assert set(MADE) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Whole(0, 99), 99, 99),
        (Whole(0, 99), 100, WITHHELD),
        (Whole(0, 99), -1, WITHHELD),
        (Whole(0, 99), True, WITHHELD),
        (Whole(0, 99), "7", WITHHELD),
        (Decimal(0, 9), 1.23456, 1.23),
        (Decimal(0, 9), 3, 3.0),
        (Decimal(0, 9), math.nan, WITHHELD),
        (Decimal(0, 9), math.inf, WITHHELD),
        (Decimal(0, 9), 9.5, WITHHELD),
        (Flag(), False, False),
        (Flag(), 0, WITHHELD),
        (Moment(), 1_795_919_717_999, "2026-11-29T02:35:17Z"),
        (Moment(), 0, WITHHELD),
        (Moment(), 1 << 60, WITHHELD),
        (Version(), "2.13.0+cpu", "2.13.0+cpu"),
        (Version(), "6.18.44", "6.18.44"),
        (Version(), "1.0rc1", "1.0rc1"),
        (Version(), "12", "12"),
        (Version(), "6.8.0-anna", WITHHELD),
        (Version(), "6.8\n", WITHHELD),
        (Version(), "٦.٨", WITHHELD),
        (Version(), "1.2+anna", WITHHELD),
        (Version(), "123456789", WITHHELD),
        (Word(Colour), "red", "red"),
        (Word(Colour), Colour.RED, "red"),
        (Word(Colour), "Red", WITHHELD),
        (Word(Colour), "withheld", WITHHELD),
        (OwnClass(), "app.chats.errors.DamagedError", "app.chats.errors.DamagedError"),
        (OwnClass(), "OSError", "OSError"),
        (OwnClass(), "app.chats.errors.AnnaError", WITHHELD),
        (OwnClass(), "print", WITHHELD),
        (OwnClass(), DamagedError, WITHHELD),
        (OwnPlace(), "app.chats.errors:1 anna", WITHHELD),
        (OwnPlace(), "os:1 getcwd", WITHHELD),
    ],
)
def test_a_value_fits_or_is_withheld(kind: Kind, raw: object, value: object) -> None:
    assert kind.read(raw) == value
    assert type(kind.read(raw)) in (int, float, bool, str)


def test_a_digest_is_made_here_and_never_copied() -> None:
    """Else 32 bytes of anything could stand in a file as 64 hexadecimal digits."""
    told = b"geheimnis".hex().ljust(64, "0")
    assert Digest().read(told) == hashlib.sha256(told.encode()).hexdigest()
    for wrong in (told[:-1], told.upper(), f"{told}0", "x" * 64, told.encode()):
        assert Digest().read(wrong) == WITHHELD


def test_what_is_written_is_the_declared_word_and_not_the_one_that_came() -> None:
    found = Word(Colour).read(Liar("geheimnis"))
    assert type(found) is str
    assert list(str(found)) == list("red")


@pytest.mark.parametrize("words", [["ümlaut"], [""], ["a" * 81], ['a"b'], ["a\nb"], ["withheld"]])
def test_a_vocabulary_has_short_plain_words(words: list[str]) -> None:
    with pytest.raises(TypeError):
        Word(words)


@pytest.mark.parametrize("kind", MADE.values(), ids=lambda kind: type(kind).__name__)
@given(raw=st.one_of(st.text(), st.binary(), st.lists(st.text()), st.floats(), st.integers()))
def test_whatever_comes_only_the_closed_alphabet_leaves(kind: Kind, raw: object) -> None:
    found = kind.read(raw)
    if isinstance(found, str) and found != WITHHELD:
        assert isinstance(kind, Moment | Digest | Word | Version | OwnClass)
        if isinstance(kind, Moment):
            datetime.strptime(found, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        else:
            assert isinstance(raw, str)
            assert isinstance(kind, Digest) or found == raw
