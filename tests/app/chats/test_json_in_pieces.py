"""Long texts in JSON are read as Python reads them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chats import json_in_pieces
from app.chats.json_in_pieces import dumps_in_pieces, loads_in_pieces

LONG = 17_000
UNITS = [
    *("a", '"', "\\", "\t", "\0", "\x1f", "é", "\u2028", "\U0001f469", "\ud83d", "\ude00", "\x7f"),
    *("\\u", "\\ud83d", "/", "\ud83d\ude00"),
]


@pytest.mark.parametrize("is_ascii", [False, True])
@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_a_text_of_one_sign_comes_out_as_it_was(unit: str, is_ascii: bool) -> None:
    for count in range(LONG, LONG + 13):
        told = json.dumps([{"kind": "text", "text": unit * count}], ensure_ascii=is_ascii)
        assert loads_in_pieces(told) == json.loads(told)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(UNITS), max_size=60), st.booleans(), st.integers(0, 5_000))
def test_any_mixture_comes_out_as_it_was(units: list[str], is_ascii: bool, before: int) -> None:
    text = "x" * before + "".join(units) * 40
    told = json.dumps({"one": text, "two": [text, 1.5, None, True, {}]}, ensure_ascii=is_ascii)
    told += " " * LONG
    assert loads_in_pieces(told) == json.loads(told)


@pytest.mark.parametrize(
    "told",
    [
        '["' + "x" * LONG,
        '["' + "x" * LONG + '\\"]',
        '["' + "x" * LONG + '\\u12"]',
        '["' + "x" * LONG + '\\q"]',
        '["' + "x" * LONG + '\n"]',
        '["' + "x" * LONG + '"',
        '["' + "x" * LONG + '"]]',
        " " * LONG,
        "nothing" * LONG,
    ],
)
def test_what_is_no_json_is_refused(told: str) -> None:
    with pytest.raises(ValueError):
        json.loads(told)
    with pytest.raises(ValueError):
        loads_in_pieces(told)


@pytest.mark.parametrize(
    "document",
    [
        ["", "a" * 16_383 + '\\\n"\ud83d\udc69\u2028' + "\0" * 40_000, "ä水" * 20_000],
        {"kind": "text", "text": "\\" * 50_000, "tokens": 7, "of": None, "is": True, "at": -0.5},
        (("a", 1), ("b", 1e300), ('"', "c"), (), {}, []),
        "\ud83d" * 20_000,
    ],
)
def test_what_is_written_is_what_python_writes(document: object) -> None:
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    assert dumps_in_pieces(document) == written


def test_no_more_than_a_piece_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    real = json_in_pieces.dumps

    def noted(value: object, **how: bool) -> str:
        sizes.append(len(str(value)))
        return real(value, **how)

    monkeypatch.setattr(json_in_pieces, "dumps", noted)
    dumps_in_pieces([{"text": "a" * 100_000}])
    assert sum(sizes) >= 100_000
    assert max(sizes) <= 16_384
