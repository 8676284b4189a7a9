"""What Qt-free code says, in the window's language: every template, with every kind of value."""

import logging
import re
from pathlib import Path

import pytest

from app import error_words, translations
from app.chats.model import Provenance
from app.error_words import is_translated, words_of
from app.notices import Notice, NoticeKind, Notices
from app.pages.chat.details_words import detail_rows
from app.settings import Language
from inference.errors import CheckpointError, ContextOverflowError, InferenceError
from inference.events import FinishReason, ThinkingEnd
from inference.request import Compute
from inference.sentence import filled, said
from kernels.sentence import SYSTEM_WORDS
from tools.translation_rules import Message, read_messages

HOLE = re.compile(r"\{(\w+)(:[^{}]*)?\}")
HOSTILE = (
    "The disk is full. Nothing that was saved is lost; free some space and try again.",
    "{file} can't be read: {why}.",
    "{path} {0} {} {{}} %1 %n",
    "Ä\u202e\u0000\n„“",
)
MESSAGES = [
    message
    for message in read_messages(Path("assets/translations/pitcher_de.ts"))
    if message.context == "Errors"
]


def values_for(template: str, text: str) -> dict[str, object]:
    """A number where one is grouped or rounded, the hostile text elsewhere."""
    return {name: 1234567 if spec else text for name, spec in HOLE.findall(template)}


def expected(message: Message, text: str) -> str:
    """The German template filled by hand: split at its holes, never formatted."""
    pieces, at = [], 0
    for hole in HOLE.finditer(message.translation):
        spec = hole[2]
        value = format(1234567, spec[1:]) if spec else text
        if spec and ("," in spec or "." in spec):
            value = value.translate({ord(","): ".", ord("."): ","})
        pieces += [message.translation[at : hole.start()], value]
        at = hole.end()
    return "".join([*pieces, message.translation[at:]])


@pytest.mark.parametrize("text", HOSTILE)
def test_every_template_takes_hostile_values_as_they_are(german, text):
    assert len(MESSAGES) > 600
    for message in MESSAGES:
        sentence = filled(message.source, values_for(message.source, text))
        assert words_of(sentence) == expected(message, text)


def test_every_template_in_another_is_translated_too(german):
    for message in MESSAGES:
        inner = filled(message.source, values_for(message.source, HOSTILE[0]))
        outer = said("{file} can't be read: {why}.", file=HOSTILE[1], why=inner)
        assert words_of(outer) == f"{HOSTILE[1]} ist nicht lesbar: {expected(message, HOSTILE[0])}."


def test_an_error_of_the_engine(german):
    assert words_of(ContextOverflowError(12345, 8192)) == (
        "Die Eingabe hat 12.345 Tokens, und der Kontext fasst 8.192. Sie kürzen oder einen neuen "
        "Chat beginnen."
    )
    error = CheckpointError("{field}.gguf", "a b", "it is not UTF-8")
    assert words_of(error) == "{field}.gguf: a b: es ist kein UTF-8"


def test_a_hostile_quotation_steers_nothing_in_german_either(german):
    error = InferenceError(said("The chat template failed: {why}.", why="a\n\x1b[2Jb" + "x" * 900))
    words = words_of(error)
    assert words.startswith("Die Chat-Vorlage ist gescheitert: a \ufffd[2Jb")
    assert words.isprintable()
    assert len(words) < 600


def test_every_translation_is_another_text_so_that_one_without_is_known():
    assert [message.source for message in MESSAGES if message.source == message.translation] == []


def test_what_the_system_says(german):
    assert all(words_of(sentence) != sentence for sentence in SYSTEM_WORDS)


def test_in_english_nothing_changes_and_nothing_is_counted(application, caplog):
    translations.install(application, Language.ENGLISH)
    assert not is_translated()
    with caplog.at_level(logging.INFO):
        assert words_of(ContextOverflowError(12345, 8192)).startswith("The prompt has 12,345")
    assert caplog.text == ""


def test_an_unknown_sentence_is_shown_whole_and_counted_by_its_kind(german, caplog):
    error_words._untranslated.clear()
    with caplog.at_level(logging.INFO, "app.error_words"):
        assert words_of(KeyError("what a user wrote")) == "'what a user wrote'"
        assert words_of(KeyError("and more")) == "'and more'"
        assert words_of(said("{file} is odd", file="a")) == "a is odd"
    assert [record.getMessage() for record in caplog.records] == [
        "1 times without a translation: KeyError",
        "2 times without a translation: KeyError",
        "1 times without a translation: Sentence",
    ]


def test_notices_translate_errors_and_sentences_and_leave_their_own_words(german):
    posted: list[Notice] = []
    notices = Notices()
    notices.show_on(posted.append)
    notices.error(ContextOverflowError(1, 2))
    notices.error(InferenceError("The model is answering already. Stop that answer first."))
    notices.warning(said("The settings could not be read ({reason}). Defaults apply.", reason="x"))
    notices.news("Permission denied")  # words of the window's, whatever they look like
    assert [notice.text for notice in posted] == [
        "Die Eingabe hat 1 Tokens, und der Kontext fasst 2. Sie kürzen oder einen neuen Chat "
        "beginnen.",
        "Das Modell antwortet schon. Zuerst jene Antwort anhalten.",
        "Die Einstellungen ließen sich nicht lesen (x). Es gelten die Standardwerte.",
        "Permission denied",
    ]
    assert posted[2].kind is NoticeKind.WARNING


def test_the_engines_own_words_among_what_made_an_answer(german):
    every = [("finish_reason", each.value) for each in FinishReason]
    every += [("thinking_ended", each.value) for each in ThinkingEnd]
    every += [("compute", each.value) for each in Compute]
    for pair in every:
        ((_, words),) = detail_rows(Provenance((pair,)))
        assert words != pair[1]
    rows = detail_rows(Provenance((("model", "stop"), ("temperature", 0.7))))
    assert [words for _, words in rows] == ["stop", "0,7"]


@pytest.mark.parametrize("text", ["before\0behind", "caf\udce9 closed", "\ud800", "\0"])
def test_a_text_that_is_no_words_of_ours_is_shown_whole(german, text):
    assert words_of(text) == text
    assert words_of(OSError(text)) == text
