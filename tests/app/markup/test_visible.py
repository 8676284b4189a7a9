from __future__ import annotations

from random import Random

import pytest

from app.markup.visible import GrowingVisible, normalised, visible, visible_pieces


@pytest.mark.parametrize(
    "sign",
    [
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
        *"\x00\x07\x1b\x7f\x85\u200b\u2060",
        *"\ufeff\u00ad\u2028\u2029\u115f\u3164\ufffc\ud800\udfff\U000e0041\ufe0f\u200d\u200e",
    ],
)
def test_what_cannot_be_seen_is_spelled(sign: str) -> None:
    assert visible(f"a{sign}b") == f"a‹U+{ord(sign):04X}›b"


def test_a_run_of_one_sign_is_counted() -> None:
    assert visible("a" + "\u200b" * 1234 + "b") == "a‹U+200B ×1,234›b"


def test_unlike_neighbours_are_spelled_each() -> None:
    assert visible("\u202e\u2066x") == "‹U+202E›‹U+2066›x"


@pytest.mark.parametrize(
    "text",
    [
        "👩‍💻 👁️‍🗨️ ❤️ 1️⃣ ©️",
        "می‌خواهم",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "שלום\u200f!",
        "กข\u200bคง",
        "葛\U000e0100城",
        "tab\tand\nline",
        "q̄ é ñ",
    ],
)
def test_what_a_script_needs_stays(text: str) -> None:
    assert visible(text) == text


def test_a_flag_that_hides_words_is_spelled() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")
    assert visible("🏴" + hidden).count("‹U+E00") == len(hidden)


def test_marks_stacked_over_other_lines_are_spelled() -> None:
    assert visible("a" + "\u0301" * 100) == "a" + "\u0301" * 8 + "‹U+0301 ×92›"


def test_a_joiner_at_the_end_of_a_growing_text_waits_for_its_partner() -> None:
    assert visible("👩\u200d") == "👩\u200d"
    assert visible("a\u200d") == "a‹U+200D›"


def test_lines_end_in_one_way() -> None:
    assert normalised("a\r\nb\rc\n") == "a\nb\nc\n"


SIGNS = [
    *"ab \n\t\r\u202e\u200b\u200d\u200c\ufe0f\u200e\u0301\u05d0\u4e2d\u0e01\ud800",
    "\U0001f469",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "\u0301" * 9,
    "ordinary words",
]


@pytest.mark.parametrize("seed", range(40))
def test_a_text_that_grows_is_spelled_as_the_whole_of_it(seed: int) -> None:
    random, growing, text = Random(seed), GrowingVisible(), ""
    for _ in range(60):
        text += "".join(random.choice(SIGNS) for _ in range(random.randint(0, 30)))
        assert growing.show(text) == visible(text)
    other = text[3:] + "x"
    assert growing.show(other) == visible(other)


def test_what_is_settled_is_not_spelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    spelled: list[int] = []
    real = visible
    monkeypatch.setattr(
        "app.markup.visible.visible", lambda text: spelled.append(len(text)) or real(text)
    )
    growing, text = GrowingVisible(), ""
    for _ in range(200):
        text += "some words\u202e and more. "
        growing.show(text)
    assert sum(spelled) < 3 * len(text)


@pytest.mark.parametrize("sign", ["\u202ea", "水", "\U0001f469\u200d\U0001f4bb", "\u200b\u2060"])
def test_nor_is_it_where_no_words_stand_in_it(sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spelled: list[int] = []
    real = visible
    monkeypatch.setattr(
        "app.markup.visible.visible", lambda text: spelled.append(len(text)) or real(text)
    )
    growing, text = GrowingVisible(), ""
    for _ in range(100):
        text += sign * 200
        shown = growing.show(text)
    assert sum(spelled) < 12 * len(text)
    assert shown == real(text)


@pytest.mark.parametrize("text", ["", "a", "word \u202e" * 5_000, "x" * 3_000])
def test_pieces_of_a_long_text_are_what_it_is(text: str) -> None:
    pieces = list(visible_pieces(text, 1_000))
    assert "".join(pieces) == visible(text)
    assert len(pieces) >= len(text) // 1_500


def test_a_run_is_parted_late_for_want_of_a_seam() -> None:
    pieces = list(visible_pieces("\0" * 3_000 + "words", 100))
    assert pieces == ["‹U+0000 ×1,600›", "‹U+0000 ×1,400›w", "ords"]


@pytest.mark.parametrize("sign", ["\U0001f469\u200d\U0001f4bb", "水\ufe0f石", "e\u0301\u0302é"])
def test_pieces_part_no_sign(sign: str) -> None:
    text = sign * 3_000
    assert "".join(visible_pieces(text, 1_000)) == visible(text)
