"""Blocks travel between processes and are the same; what is no block is not taken for one."""

from __future__ import annotations

import json

import pytest

from app.markup.block_wire import PIECE_CHARACTERS, MalformedError, blocks_in, pieces_of
from app.markup.blocks import (
    Align,
    Block,
    Code,
    Formula,
    Line,
    Place,
    Prose,
    Rule,
    Span,
    Style,
    Table,
)
from app.markup.markup_wire import End, Job, decode_end, decode_job, encode_end, encode_job

STYLED = Span("a\nb", Style.STRONG | Style.RAISED, "file:///c?d#e")
BLOCKS: tuple[Block, ...] = (
    Prose((Line((STYLED, Span("\ud800\u202e水")), 3, "•", 2), Line(()))),
    Prose((Line((Span(""),)),), Place(2, 1), is_joined=True, is_mid_line=True),
    Prose((Line((Span("x^2", Style.FORMULA),)),), is_joined=True),
    Code('x = "\\u"\n\0', "py", Place(0, 3), is_joined=True),
    Code("", is_mid_line=True),
    Formula(r"\frac{a}{b}", Place(1)),
    Table(
        ((STYLED,), ()),
        (((Span("c"),), (Span("d"), Span("e"))),),
        (Align.LEFT, Align.RIGHT),
        Place(1, 1),
        is_joined=True,
    ),
    Table(((),), (), (Align.CENTER,)),
    Rule(Place(9, 9)),
)
SPANS = ["a", 0, ""]
MALFORMED = [
    "{",
    "7",
    "[7]",
    "[[]]",
    '[["q",0,0]]',
    '[["r",0]]',
    '[["r",0,-1]]',
    '[["r",0,1.5]]',
    '[["r",true,0]]',
    '[["r",0,10001]]',
    '[["r",0,0,0]]',
    '[["p",0,0,0,[]]]',
    '[["p",0,0,0,[[7,"",0,[]]]]]',
    '[["p",0,0,0,[["1","",0,[]]]]]',
    '[["p",0,0,0,[[0,1,0,[]]]]]',
    '[["p",0,0,0,[[0,"",0,["a",0]]]]]',
    '[["p",0,0,0,[[0,"",0,[1,0,""]]]]]',
    '[["p",0,0,0,[[0,"",0,["a",64,""]]]]]',
    '[["p",0,0,0,[[0,"",0,["a",[],""]]]]]',
    '[["p",0,0,"x",[[0,"",0,[]]]]]',
    '[["c",0,0,0,"a",null]]',
    '[["f",0,0,["a"]]]',
    '[["t",0,0,0,[],[[]]]]',
    '[["t",0,0,0,["left"],[[[]],[[],[]]]]]',
    '[["t",0,0,0,["up"],[[[]]]]]',
    '[["t",0,0,0,["left"],[]]]',
    "[" * 100_000,
]


def test_blocks_are_the_same_when_they_arrive() -> None:
    (piece,) = pieces_of(BLOCKS)
    assert tuple(blocks_in(piece)) == BLOCKS


def test_many_come_in_pieces_and_in_their_order() -> None:
    many = [Code(f"{number} " + "x" * 1_000) for number in range(100)]
    pieces = list(pieces_of(many))
    assert len(pieces) > 4
    assert max(map(len, pieces)) < PIECE_CHARACTERS + 1_100
    assert [block for piece in pieces for block in blocks_in(piece)] == many
    assert list(pieces_of([])) == []


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_no_block_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        blocks_in(text.encode())


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(MalformedError):
        blocks_in(b'["\xff"]')


def test_jobs_and_ends_travel() -> None:
    job = Job("a\nb\ud800\r\n", 3, 17, 5)
    assert decode_job(encode_job(job)) == job
    assert decode_job(encode_job(Job(""))) == Job("")
    assert decode_end(encode_end(End(4, is_behind=True))) == End(4, is_behind=True)


@pytest.mark.parametrize(
    "ending", [[], [1], [-1, True], [True, True], [1, 1], {"a": 1}, "x", [1, True, 2]]
)
def test_what_is_no_end_is_refused(ending: object) -> None:
    with pytest.raises(MalformedError):
        decode_end(b"E" + json.dumps(ending).encode())


@pytest.mark.parametrize("frame", [b"", b"A", b"B[]", b"E{"])
def test_neither_is_another_frame(frame: bytes) -> None:
    with pytest.raises(MalformedError):
        decode_end(frame)
