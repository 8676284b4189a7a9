"""The help's texts: whole in each language, and true to the words on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence

from app.cli.parser import parse
from app.markup.blocks import Line, Prose, Style
from app.pages.help import topics
from app.pages.help.text import LICENCES, SHORTCUTS
from app.pages.help.topics import TOPIC_NAMES, Topic, read_topics
from app.theme import assets
from app.theme.assets import MissingAssetError
from app.translations import languages
from app.window_palette import PALETTE_KEYS
from tools.translation_rules import read_messages

LANGUAGES = [one.value for one in languages() if one.value != "auto"]
OTHERS = [language for language in LANGUAGES if language != "en"]
HELP = Path("assets/help")
# What moves the keyboard in any window, and is listed as no command's.
WALKING = {"Tab", "Shift+Tab", "Shift", "Enter", "Shift+Enter", "Ctrl+Enter", "Up", "Down", "Esc"}
_HOLE = re.compile(r"\\\{\w*\\\}")
_FILES = {"config.json", "~/.local/share/pitcher-models", "main.py", ".venv/bin/python main.py"}


@lru_cache
def topics_in(language: str) -> tuple[Topic, ...]:
    return read_topics(language)


def lines_of(topic: Topic) -> Iterator[Line]:
    for block in topic.blocks:
        assert isinstance(block, Prose), f"{topic.name}: the search marks only text"
        yield from block.lines


def spans_of(language: str, style: Style) -> list[tuple[str, str]]:
    return [
        (topic.name, span.text)
        for topic in topics_in(language)
        for line in lines_of(topic)
        for span in line.spans
        if style in span.style
    ]


def bare(words: str) -> str:
    """As it is read: without a menu's shortcut and a button's underlined letter."""
    return words.partition("\t")[0].replace("&", "").removesuffix(" (Esc)")


@lru_cache
def words_of_window(language: str) -> dict[str, set[str]]:
    """Every English text of the window, and what stands for it in a language."""
    known: dict[str, set[str]] = {}
    for message in read_messages(Path("assets/translations/pitcher_de.ts")):
        shown = message.source if language == "en" else message.translation
        known.setdefault(bare(message.source), set()).add(bare(shown))
    return known


def test_every_topic_is_there_in_every_language_and_nothing_else():
    assert {"en", "de"} <= set(LANGUAGES)
    assert {folder.name for folder in HELP.iterdir()} == set(LANGUAGES)
    for language in LANGUAGES:
        files = {file.name for file in (HELP / language).iterdir()}
        assert files == {f"{name}.md" for name in TOPIC_NAMES}, language


@pytest.mark.parametrize("language", OTHERS)
def test_headings_lists_and_links_are_the_same_in_all_languages(language):
    def shape(topic: Topic) -> list[tuple[int, str, int]]:
        return [(line.heading, line.marker, line.indent) for line in lines_of(topic)]

    def links(topic: Topic) -> list[str]:
        return [span.target for line in lines_of(topic) for span in line.spans if span.target]

    for ours, theirs in zip(topics_in("en"), topics_in(language), strict=True):
        assert shape(ours) == shape(theirs), ours.name
        assert links(ours) == links(theirs), ours.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_to_a_topic_and_every_section_has_a_text(language):
    places = {f"#{name}" for name in TOPIC_NAMES} | {SHORTCUTS, LICENCES}
    for topic in topics_in(language):
        lines = list(lines_of(topic))
        assert [line.heading for line in lines].count(1) == 1, topic.name
        targets = {span.target for line in lines for span in line.spans if span.target}
        assert targets <= places - {f"#{topic.name}"}, topic.name
        for line, after in zip(lines, [*lines[1:], lines[0]], strict=True):
            assert not (line.heading > 1 and after.heading), f"{topic.name}: an empty section"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_bold_stands_on_the_screen(language):
    known = set().union(*words_of_window(language).values())
    forms = [_HOLE.sub(".+", re.escape(words)) for words in known if "{" in words]
    for topic, words in spans_of(language, Style.STRONG):
        is_known = words in known or any(re.fullmatch(form, words) for form in forms)
        assert is_known, f"{language}/{topic}: “{words}” is no text of the window"


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_bold_is_the_same_thing_in_all_languages(language):
    window = words_of_window(language)
    for ours, theirs in zip(
        spans_of("en", Style.STRONG), spans_of(language, Style.STRONG), strict=True
    ):
        assert theirs[1] in window.get(ours[1], ()), f"{ours} is not {theirs}"


def is_command(code: str) -> bool:
    return code.startswith("main.py ")


def keys_in(language: str) -> list[tuple[str, str]]:
    codes = spans_of(language, Style.CODE)
    return [(t, code) for t, code in codes if code not in _FILES and not is_command(code)]


def test_keys_are_those_of_the_window(open_window):
    hints = open_window().commands.shortcuts()
    told = {key for hint in hints for key in hint.keys.split(", ")} | {PALETTE_KEYS.toString()}
    for topic, key in keys_in("en"):
        assert key in told | WALKING, f"{topic}: {key}"


def test_german_keys_are_called_as_on_german_screens(speak_german):
    for ours, theirs in zip(keys_in("en"), keys_in("de"), strict=True):
        named = QKeySequence(ours[1]).toString(QKeySequence.SequenceFormat.NativeText)
        # The window's own words for it, which Qt leaves in English.
        assert theirs[1] == named.replace("Enter", "Eingabe"), ours[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_of_the_terminal_are_commands(language):
    commands = [code for _topic, code in spans_of(language, Style.CODE) if is_command(code)]
    assert len(commands) > 5
    for command in commands:
        arguments = command.split()[1:]
        if arguments[0] == "--model":
            from app.window_options import parse as parse_window

            assert parse_window(arguments).model == "NAME"
        else:
            parse(arguments)  # leaves by SystemExit where it is none


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_short_and_speak_as_the_window_does(language):
    for name in TOPIC_NAMES:
        text = (HELP / language / f"{name}.md").read_text(encoding="utf-8")
        assert len(text) < 3_600, name
        assert not re.search(r"['\"!]|\b(?:please|bitte)\b|[a-zäöüß,] (?:Sie|Ihr|Du)\b|  ", text), (
            name
        )
        assert "http" not in text, name


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The English texts, to be damaged."""
    folder = tmp_path / "help" / "en"
    folder.mkdir(parents=True)
    for name in TOPIC_NAMES:
        (folder / f"{name}.md").write_text(f"# {name}\n\nText.\n")
    monkeypatch.setattr(assets, "ASSETS", tmp_path)
    return folder


def test_topics_come_in_their_order_with_their_titles(copied):
    assert tuple(topic.title for topic in read_topics("en")) == TOPIC_NAMES


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "is missing"),
        (b"\xff\xfe\x00", "can’t be read"),
        (b"", "has no title"),
        (b"Text without a heading.", "has no title"),
        (b"## Too low", "has no title"),
        (b"```\ncode\n```", "has no title"),
    ],
)
def test_a_text_that_is_damaged_is_named(copied, content, why):
    file = copied / "history.md"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(MissingAssetError, match=why) as caught:
        topics.read_topics("en")
    assert str(file) in str(caught.value)
    assert "Install Pitcher again." in str(caught.value)
