"""A sentence remembers its template and its values, and a value is never read as words of ours."""

import copy
import pickle

import pytest

from kernels.sentence import (
    Sentence,
    changed_values,
    filled,
    has_words,
    in_language,
    joined,
    noted,
    ours,
    said,
    sentence_of,
    system_words,
)

GERMAN = {
    "{file} can't be read: {why}.": "{file} ist nicht lesbar: {why}.",
    "it has {count:,} bytes": "es hat {count:,} Bytes",
    "Permission denied": "Keine Berechtigung",
    "{one} beside {other}": "neben {other}: {one}",
}
HOSTILE = (
    "it has {count:,} bytes",
    "Permission denied",
    "{file} {0} {} {{}} {why!r}",
    "%1 %s %n",
    "{file.__class__.__mro__}",
    "a can't be read: b.",
    "\u202egpj.exe\n\x00",
    "",
)


def german(sentence) -> str:
    return in_language(
        sentence,
        lambda template: GERMAN.get(template, template),
        lambda number: number.translate({ord(","): ".", ord("."): ","}),
    )


def test_it_is_its_english_text():
    sentence = said("{file} can't be read: {why}.", file="a.gguf", why="it is a pipe")
    assert sentence == "a.gguf can't be read: it is a pipe."
    assert isinstance(sentence, str)


def test_sentences_in_sentences_are_translated_and_numbers_written_as_there():
    inner = said("it has {count:,} bytes", count=1234567)
    assert german(said("{file} can't be read: {why}.", file="a", why=inner)) == (
        "a ist nicht lesbar: es hat 1.234.567 Bytes."
    )


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_stays_what_it_is_whatever_it_looks_like(value):
    sentence = said("{file} can't be read: {why}.", file=value, why=value)
    assert sentence == f"{value} can't be read: {value}."
    assert german(sentence) == f"{value} ist nicht lesbar: {value}."


def test_values_may_change_places():
    assert german(said("{one} beside {other}", one="{other}", other="{one}")) == (
        "neben {one}: {other}"
    )


def test_an_error_gives_the_sentence_that_it_was_raised_with():
    error = ValueError(said("it has {count:,} bytes", count=1000))
    assert german(str(error)) == "es hat 1.000 Bytes"
    assert german(said("{file} can't be read: {why}.", file="a", why=error)) == (
        "a ist nicht lesbar: es hat 1.000 Bytes."
    )


def test_an_error_raised_with_a_plain_text_is_looked_up_by_it():
    error = ValueError("Permission denied")
    assert german(said("{file} can't be read: {why}.", file="a", why=error)) == (
        "a ist nicht lesbar: Keine Berechtigung."
    )


def test_a_plain_text_may_hold_any_sign():
    assert german(ours("a {hole} and 100 %")) == "a {hole} and 100 %"
    assert ours(said("it has {count:,} bytes", count=1)).template == "it has {count:,} bytes"


def test_what_the_system_said():
    assert german(system_words(PermissionError(13, "Permission denied"))) == "Keine Berechtigung"
    assert german(system_words(OSError("odd"))) == "odd"


@pytest.mark.parametrize(
    ("error", "german_words"),
    [
        (PermissionError(13, "Permission denied"), "[Errno 13] Keine Berechtigung"),
        (
            PermissionError(13, "Permission denied", "{why}'"),
            """[Errno 13] Keine Berechtigung: "{why}'\"""",
        ),
        (
            OSError(13, "Permission denied", "a", None, "b"),
            "[Errno 13] Permission denied: 'a' -> 'b'",
        ),
        (OSError("Permission denied"), "Keine Berechtigung"),
        (OSError(13, said("it has {count:,} bytes", count=1)), "[Errno 13] es hat 1 Bytes"),
        (KeyError("Permission denied"), "'Permission denied'"),
    ],
)
def test_an_error_of_the_system_keeps_its_form(error, german_words):
    assert sentence_of(error) == str(error)
    assert german(sentence_of(error)) == german_words
    assert german(said("{file} can't be read: {why}.", file="a", why=error)) == (
        f"a ist nicht lesbar: {german_words}."
    )


def test_a_template_that_stands_elsewhere():
    assert german(filled(noted("it has {count:,} bytes"), {"count": 5})) == "es hat 5 Bytes"


def test_joined_texts_are_translated_each():
    both = joined("; ", [ours("Permission denied"), "Permission denied"])
    assert both == "Permission denied; Permission denied"
    assert german(both) == "Keine Berechtigung; Permission denied"
    assert joined("; ", []) == ""


def test_an_unknown_template_is_shown_in_english_and_what_is_known_within_is_not():
    assert german(said("Odd: {why}", why=said("Permission denied"))) == "Odd: Keine Berechtigung"


def test_values_can_be_made_safe_and_the_rest_stays():
    inner = said("it has {count:,} bytes", count=1000)
    sentence = said("{file} can't be read: {why}.", file="a\nb", why=inner)
    safe = changed_values(sentence, sentence.replace("\n", " "), lambda text: text[:1])
    assert safe == "a b can't be read: it has 1,000 bytes."
    assert german(safe) == "a ist nicht lesbar: es hat 1.000 Bytes."


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_it_survives_being_copied(copied):
    sentence = copied(said("it has {count:,} bytes", count=1000))
    assert isinstance(sentence, Sentence)
    assert german(sentence) == "es hat 1.000 Bytes"


def test_stripping_nothing_keeps_it():
    sentence = said("it has {count:,} bytes", count=1)
    assert sentence.strip() is sentence
    assert type(said(" {file}", file="a").strip()) is str


def test_a_translation_with_another_hole_is_a_mistake_that_shows():
    with pytest.raises(KeyError):
        in_language(said("it has {count:,} bytes", count=1), lambda _: "{other}", str)


def test_a_template_never_reaches_into_a_value():
    with pytest.raises(KeyError):
        in_language(said("{count}", count=1), str, str) and in_language(
            said("a {count}", count=1), lambda _: "{count.__class__}", str
        )


@pytest.mark.parametrize(
    ("template", "says"), [("{file}: {why}", False), ("{a} – {b:,}", False), ("{a} of {b}", True)]
)
def test_holes_and_signs_need_no_translation(template, says):
    assert has_words(template) is says
