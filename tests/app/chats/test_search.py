"""The search: any text may be asked for, the best comes first, and the match is marked."""

import pytest

from app.chats import search as search_module
from app.chats import words as words_module
from app.chats.errors import DamagedError
from app.chats.model import AttachmentPart, ReasoningPart, Role, TextPart
from app.chats.search import fts_query
from app.chats.search_index import check_index
from app.chats.store import ChatStore
from app.chats.words import plain_text, word_text


def note(store: ChatStore, text: str, title: str = "untitled") -> int:
    return store.start(title, [TextPart(text)]).id


def found(store: ChatStore, asked: str) -> set[int | None]:
    return {hit.message_id for hit in store.search(asked)}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("The quick brown fox", "quick"),
        ("The quick brown fox", "FOX the"),
        ("The quick brown fox", "bro"),
        ("a naïve café in Łódź", "naive cafe"),
        ("plain cafe", "café"),
        ("Ёлка стоит", "ёлка"),
        ("snake_case_name here", "case_na"),
        ("say hello-world now", "hello-world"),
        ("x = foo(bar)", "foo(bar)"),
        ("我想了解世界历史", "世界"),
        ("我想了解世界历史", "解世界历"),
        ("mixed 世界history", "世界his"),
        ("今日は良い天気ですね", "天気"),
        ("สวัสดีชาวโลก", "ชาวโลก"),
        ("안녕하세요 세계", "안녕"),
        ("a party 🎉🎂 today", "🎉"),
        ("a party🎂", "🎂"),
        ("family 👨‍👩‍👧 here", "👨‍👩‍👧"),
        ("𠀀𠀁 rare", "𠀁"),
        ("1,234.5 apples", "234.5"),
        ("nul\0inside", "inside"),
        ("x", "x"),
    ],
)
def test_words_are_found(store: ChatStore, text: str, asked: str) -> None:
    other = note(store, "something else entirely")
    message = note(store, text)
    assert found(store, asked) == {message}
    check_index(store.database)
    assert other != message


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("The quick brown fox", "quick wolf"),
        ("The quick brown fox", "bro fox"),
        ("The quick brown fox", "rown"),
        ("我想了解世界历史", "界世"),
        ("exact", "e"),
    ],
)
def test_other_words_are_not(store: ChatStore, text: str, asked: str) -> None:
    note(store, text)
    assert found(store, asked) == set()


SYNTAX = r"""
    * a* ^a OR ( ) ' \ -- ; %_ { [a] a:b:c ?1 … 🎉 NEAR( (a rowid " "" "a a"b text:a a AND
"""


@pytest.mark.parametrize(
    "asked",
    [
        *SYNTAX.split(),
        *(
            "",
            " ",
            "a *",
            "a AND",
            "NOT a",
            "NEAR(a b)",
            "text:a",
            "text : a",
            "a + b",
            "- text : a",
        ),
        *(
            "{text reasoning} : a",
            "\0",
            "a\0b",
            "\u200b",
            "\ud83d",
            "\ufdd0",
            "\u0301",
            "a" * 100_000,
        ),
        *("word " * 5_000, "世" * 2_000),
    ],
    ids=lambda asked: ascii(asked[:20]),
)
def test_nothing_asked_for_is_syntax(store: ChatStore, asked: str) -> None:
    note(store, "quiet")
    assert found(store, asked) == set()


def test_operators_are_words_like_others(store: ChatStore) -> None:
    message = note(store, "this AND that OR nothing NEAR here")
    note(store, "this that nothing here")
    assert found(store, "and or near") == {message}


def test_every_kind_of_part_is_searched(store: ChatStore) -> None:
    chat = store.create("container").id
    parts = [
        ReasoningPart("pondering"),
        TextPart("answering"),
        AttachmentPart("notes.txt", "filed"),
    ]
    message = store.messages.add(chat, None, Role.ASSISTANT, parts).id
    for asked in ("pondering", "answering", "notes.txt", "filed", "filed pondering answering"):
        assert found(store, asked) == {message}, asked
    (hit,) = store.search("pondering")
    assert (hit.conversation_id, hit.title, hit.role) == (chat, "container", Role.ASSISTANT)


def test_what_the_answer_says_ranks_above_what_was_thought(store: ChatStore) -> None:
    chat = store.create("chat").id
    add = store.messages.add
    thought = add(chat, None, Role.ASSISTANT, [ReasoningPart("wheat"), TextPart("other")]).id
    said = add(chat, None, Role.ASSISTANT, [ReasoningPart("other"), TextPart("wheat")]).id
    assert [hit.message_id for hit in store.search("wheat")] == [said, thought]


def test_the_message_that_is_most_about_it_comes_first(store: ChatStore) -> None:
    passing = note(store, "wheat " + "and many other words " * 30)
    about = note(store, "wheat wheat wheat")
    assert [hit.message_id for hit in store.search("wheat")] == [about, passing]


def test_of_equals_the_newest_comes_first(store: ChatStore) -> None:
    ids = [note(store, "same words") for _ in range(3)]
    assert [hit.message_id for hit in store.search("same")] == ids[::-1]


def test_titles_come_before_messages_and_name_no_message(store: ChatStore) -> None:
    message = note(store, "rye bread", title="My Bread recipe")
    title, text = store.search("bread")
    assert (title.message_id, title.role, title.title) == (None, None, "My Bread recipe")
    assert title.excerpt == (("My ", False), ("Bread", True), (" recipe", False))
    assert text.message_id == message


def test_a_renamed_chat_is_found_by_its_new_title_alone(store: ChatStore) -> None:
    chat = store.create("old name").id
    store.rename(chat, "new name")
    assert store.search("old") == ()
    assert len(store.search("new")) == 1
    check_index(store.database)


def test_an_excerpt_is_pieces_that_say_what_matched(store: ChatStore) -> None:
    note(store, "far " * 100 + "the quick\n\nbrown  fox " + "away " * 100)
    (hit,) = store.search("quick fox")
    text = "".join(piece for piece, _ in hit.excerpt)
    assert "the quick brown fox away" in text
    assert text.startswith("…")
    assert text.endswith("…")
    assert [piece for piece, matched in hit.excerpt if matched] == ["quick", "fox"]


def test_an_excerpt_is_what_was_written_whatever_the_script(store: ChatStore) -> None:
    note(store, "我想了解世界历史🎉")
    (hit,) = store.search("世界")
    assert hit.excerpt == (("我想了解", False), ("世界", True), ("历史🎉", False))


def test_text_can_not_forge_a_match(store: ChatStore) -> None:
    note(store, "wheat \ufdd0not found\ufdd1 é")
    (hit,) = store.search("wheat")
    assert [piece for piece, matched in hit.excerpt if matched] == ["wheat"]


def test_a_word_as_long_as_a_page_does_not_hide_the_match(store: ChatStore) -> None:
    note(store, "x" * 20_000 + " wheat " + "y" * 20_000)
    (hit,) = store.search("wheat")
    before, match, after = (piece for piece, _ in hit.excerpt)
    assert match == "wheat"
    assert len(before) < 300
    assert before.endswith("x ")
    assert len(after) < 300


@pytest.mark.parametrize(
    ("text", "asked", "excerpt"),
    [
        ("spaced words " * 40_000, "word", "spaced words spaced words"),
        ("filler " * 2_000 + "needle in hay", "needle", "…filler filler"),
        ("needle " + "filler " * 2_000, "needle", "needle filler filler"),
        ("水落石出" * 5_000, "落石", "水落石出"),
        ("x" * 9_000 + " needle " + "y" * 9_000, "needle", "needle"),
    ],
)
def test_a_long_message_of_one_word_again_and_again_is_found_at_once(
    store: ChatStore, text: str, asked: str, excerpt: str
) -> None:
    message = note(store, text)
    (hit,) = store.search(asked)
    assert hit.message_id == message
    assert any(is_match for _, is_match in hit.excerpt)
    shown = "".join(piece for piece, _ in hit.excerpt)
    assert excerpt in shown
    assert len(shown) < 500


def test_a_word_a_hundred_thousand_times_is_found_without_counting_them_all(
    store: ChatStore,
) -> None:
    many = "**a* " * 100_000
    store.start(many, [TextPart(many), ReasoningPart(many)])
    title, message = store.search("**a* a " * 20)
    assert title.excerpt[1] == message.excerpt[1] == ("a", True)
    assert len("".join(piece for piece, _ in title.excerpt)) < 300


# Each is longer than a slice in which words are counted, and ends its words by other signs.
@pytest.mark.parametrize(
    ("before", "word"),
    [
        ("ä, ö; " * 30_000, "needle"),
        ("水" * 40_000 + " ", "落石"),
        ("x+" * 20_000, "needle"),
        ("\u202ea" * 20_000 + " ", "needle"),
        ("y\u2028" * 20_000, "needle"),
        ("é¡" * 20_000 + " ", "needle"),
        ("unbroken" * 5_000 + " ", "needle"),
        ("Z" + "\u0301" * 20_000 + " ", "needle"),
        ("\0\0a" * 20_000 + " ", "needle"),
        ("\U0001f469\u200d\U0001f4bb" * 5_000 + " ", "needle"),
        (("word " * 409 + "wo")[:2_047] + " ", "needle"),
        (("word " * 410)[:2_048], " needle"),
        ("w" * 2_049 + " ", "needle"),
    ],
)
def test_a_match_far_into_a_long_text_is_shown_with_what_is_around_it(
    store: ChatStore, before: str, word: str
) -> None:
    note(store, f"{before}{word} and after")
    (hit,) = store.search(word)
    around, match, after = hit.excerpt
    assert around[0].startswith("…")
    assert match == (word.strip(), True)
    assert after == (" and after", False)


@pytest.mark.parametrize("kind", [TextPart, ReasoningPart, lambda text: AttachmentPart("a", text)])
def test_a_match_is_shown_of_every_kind_of_long_part(store: ChatStore, kind) -> None:
    store.start("untitled", [TextPart("short"), kind("filler " * 2_000 + "needle")])
    (hit,) = store.search("needle")
    assert hit.excerpt[-1] == ("needle", True)


def test_a_search_that_nobody_waits_for_ends_between_two_messages(store: ChatStore) -> None:
    for _ in range(5):
        note(store, "filler " * 2_000 + "needle", title="needle")
    left = iter((True, True, False))
    assert store.search("needle", 5, lambda: next(left)) == ()
    assert next(left, None) is None
    assert len(store.search("needle", 5, lambda: True)) == 10


def test_no_more_than_asked_for_is_returned(store: ChatStore) -> None:
    for _ in range(5):
        note(store, "wheat", title="wheat")
    assert len(store.search("wheat", 2)) == 4


def test_words_that_are_everywhere_are_ranked_among_the_newest(
    store: ChatStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "_RANKED", 2)
    ids = [note(store, "wheat") for _ in range(5)]
    assert found(store, "wheat") == set(ids[-3:])


def test_a_query_is_phrases_and_a_beginning() -> None:
    assert fts_query('say "hi" 世界') == '"say" """hi""" "\x9f世\x9f\x9f界\x9f" *'
    assert fts_query("plan b") == '"plan" "b"'


@pytest.mark.parametrize("text", ["plain", "世界 and 🎉", "สวัสดี", "é"])
def test_cutting_words_loses_nothing(text: str) -> None:
    assert plain_text(word_text(text)) == text


def test_each_character_that_is_a_word_has_its_marks_in_a_text_of_any_length() -> None:
    assert word_text("ab世界c") == "ab\x9f世\x9f\x9f界\x9fc"
    assert word_text("世é" * 40_000) == "\x9f世\x9fé" * 40_000
    assert word_text("\ufdd0\x9f世") == "  \x9f世\x9f"


def test_an_index_that_lies_is_found_out(store: ChatStore) -> None:
    message = note(store, "wheat and rye")
    with store.database.write() as cursor:
        cursor.execute(
            "INSERT INTO message_index (message_index, rowid, text, reasoning, attachments)"
            " VALUES ('delete', ?, 'wheat and rye', '', '')",
            (message,),
        )
    assert found(store, "wheat") == set()
    with pytest.raises(DamagedError):
        check_index(store.database)


def test_the_words_of_a_long_message_are_cut_once(
    store: ChatStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(store, "世界" * 8_000 + " needle")
    cut = []
    monkeypatch.setattr(words_module, "word_text", lambda text: cut.append(text) or word_text(text))
    (hit,) = store.search("needle")
    assert ("needle", True) in hit.excerpt
    assert [len(text) for text in cut if text] == [16_007]
