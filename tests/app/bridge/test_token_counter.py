"""Counting tokens beside an answer: order, newest first, nothing after the end."""

from __future__ import annotations

import threading

import pytest

from app.bridge.token_counter import TokenCounter
from inference.errors import TokenizerError


class Words:
    """Counts words; with a gate, not before it opens."""

    def __init__(self, gate: threading.Event | None = None) -> None:
        self.gate = gate
        self.begun = threading.Event()
        self.asked: list[tuple[str, ...]] = []

    def count_tokens(self, texts):
        self.asked.append(tuple(texts))
        self.begun.set()
        if self.gate is not None:
            assert self.gate.wait(60)
        if "bad" in texts:
            raise TokenizerError("It can't be counted.")
        return tuple(len(text.split()) for text in texts)


@pytest.fixture
def counter(qtbot):
    made = TokenCounter()
    yield made
    made.close()


def told(counter):
    found: list[tuple[object, tuple[int, ...]]] = []
    counter.counted.connect(lambda key, counts: found.append((key, counts)))
    return found


def test_texts_are_counted(qtbot, counter):
    found = told(counter)
    counter.use(Words())
    counter.count("a", ("one two", ""))
    qtbot.waitUntil(lambda: found == [("a", (2, 0))])


def test_what_is_asked_before_there_is_a_model_is_counted_then(qtbot, counter):
    found = told(counter)
    counter.count("a", ("one",))
    counter.count("b", ("one two",))
    counter.use(Words())
    qtbot.waitUntil(lambda: found == [("a", (1,)), ("b", (2,))])


def test_of_one_key_only_the_newest_text_counts(qtbot, counter):
    found, words = told(counter), Words(threading.Event())
    counter.use(words)
    counter.count("draft", ("a",))
    assert words.begun.wait(60)
    for text in ("a b", "a b c", "a b c d"):
        counter.count("draft", (text,))
    words.gate.set()
    qtbot.waitUntil(lambda: bool(found))
    qtbot.waitUntil(lambda: len(words.asked) == 2)
    assert found == [("draft", (4,))]


def test_what_can_not_be_counted_holds_nothing_up(qtbot, counter):
    found = told(counter)
    counter.use(Words())
    counter.count("a", ("bad",))
    counter.count("b", ("good",))
    qtbot.waitUntil(lambda: found == [("b", (1,))])


def test_nothing_is_told_after_the_end(qtbot, counter):
    found, words = told(counter), Words(threading.Event())
    counter.use(words)
    counter.count("a", ("one",))
    assert words.begun.wait(60)
    counter.count("b", ("one",))
    threading.Timer(0.05, words.gate.set).start()
    counter.close()
    qtbot.wait(1)
    assert found == []
    assert words.asked == [("one",)]


def test_what_waits_is_forgotten_and_what_is_being_counted_is_not_told(qtbot, counter):
    found, words = told(counter), Words(threading.Event())
    counter.use(words)
    counter.count("a", ("one",))
    assert words.begun.wait(60)
    counter.count("b", ("secret",))
    counter.forget()
    assert counter._pending == {}
    counter.count("c", ("after it",))
    words.gate.set()
    qtbot.waitUntil(lambda: found == [("c", (2,))])
    assert words.asked == [("one",), ("after it",)]


def test_without_a_model_nothing_waits_for_ever(counter):
    counter.count("a", ("secret",))
    counter.forget()
    assert counter._pending == {}
