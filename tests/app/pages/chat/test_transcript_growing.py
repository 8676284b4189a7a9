"""A conversation whose last answer grows, or is too long to be read at once."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTextEdit

from app.pages.chat import transcript_speech
from app.pages.chat.question_view import QuestionView
from app.pages.chat.reasoning_block import GrowingThoughts, ReasoningBar, ThoughtText
from app.pages.chat.turns import TurnState
from tests.app.pages.chat.turns_shown import of_kind, turn, wait_foot

# What the offscreen platform says of itself when a window is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LEFT = Qt.MouseButton.LeftButton
DONE = TurnState.DONE


def test_a_growing_answer_changes_only_its_last_block(qtbot, transcript):
    growing = turn(1, "", state=TurnState.READING)
    transcript.add(growing)
    transcript.show_prefill(1, 512, 2048)
    assert transcript.foot(1).words.text() == "Reading 512 of 2,048 tokens"
    growing = replace(growing, state=TurnState.ANSWERING, answer="First paragraph.\n\nSecond")
    transcript.change(growing)
    first, second = of_kind(transcript, 1, QTextEdit)
    foot = transcript.foot(1)
    growing = replace(growing, answer=growing.answer + " one.\n\n- item")
    transcript.change(growing)
    transcript.change(replace(growing, answer=growing.answer + "\n- other", state=DONE))
    views = of_kind(transcript, 1, QTextEdit)
    assert views[:2] == [first, second]
    assert second.toPlainText() == "Second one."
    assert transcript.foot(1) is foot
    assert transcript.answer_text(1).startswith("First paragraph.\n\nSecond one.\n\n")


def test_a_long_answer_is_read_elsewhere_and_arrives(qtbot, transcript):
    text = "\n\n".join(f"Paragraph {number} of many." for number in range(2000))
    transcript.show_all([turn(1, text)])
    wait_foot(qtbot, transcript, 1)
    assert transcript.answer_text(1) == text
    transcript.change(turn(1, text + "\n\nThe end."))
    qtbot.waitUntil(lambda: transcript.answer_text(1).endswith("The end."))
    transcript.show_all([turn(2, text)])
    transcript.clear()
    qtbot.wait(50)
    assert transcript.rows() == [], "what was read of a chat that was left is not shown"


def test_a_long_question_and_long_thoughts_are_cut_in_pieces(qtbot, transcript):
    question = "word " * 4000
    thoughts = "A thought.\n" * 800
    transcript.show_all([turn(1, question=question, reasoning=thoughts)])
    wait_foot(qtbot, transcript, 1)
    (bar,) = of_kind(transcript, 1, ReasoningBar)
    bar.head.click()
    transcript.select_all()
    copied = transcript.selected_text()
    assert copied.startswith(question)
    assert "\n\n" + thoughts.rstrip("\n")[:5000] in copied
    transcript.verticalScrollBar().setValue(0)
    (first, *_rest) = of_kind(transcript, 1, QuestionView)
    assert len(first.text.toPlainText()) <= 3000
    assert not first.copy.isVisible(), "what can be done stands beside the last piece"
    assert not first.grab().isNull()


def test_thoughts_that_come_open_whole_and_stay_so(qtbot, transcript):
    live = turn(1, "", state=TurnState.THINKING, reasoning="One\n\ntwo", thinking_since_s=0.0)
    live = replace(live, thinking_since_s=time.monotonic(), reasoning_tokens=1)
    told = []
    transcript.desk.answer_now_requested.connect(lambda: told.append(True))
    transcript.add(live)
    (lines,) = of_kind(transcript, 1, GrowingThoughts)
    assert not lines.grab().isNull()
    (bar,) = of_kind(transcript, 1, ReasoningBar)
    assert bar.head.tokens.text() == "1 token"
    QTest.mouseClick(bar.answer_now, LEFT)
    assert told == [True]
    QTest.mouseClick(lines.lines, LEFT)
    (text,) = of_kind(transcript, 1, ThoughtText)
    assert text.text.toPlainText() == "One\n\ntwo"
    transcript.change(replace(live, reasoning="One\n\ntwo three"))
    assert of_kind(transcript, 1, ThoughtText) == [text]
    assert text.text.toPlainText() == "One\n\ntwo three"
    assert not text.grab().isNull()


def test_a_growing_answer_is_said_in_sentences(transcript, monkeypatch):
    said = []
    monkeypatch.setattr(transcript_speech, "announce", lambda _widget, words: said.append(words))
    growing = turn(1, "", state=TurnState.ANSWERING)
    transcript.add(growing)
    for text in ("The", "The crow.", "The crow. It dri", "The crow. It drinks. And"):
        transcript.change(replace(growing, answer=text))
    assert said == ["The crow.", "It drinks."]
    transcript.change(replace(growing, answer="The crow. It drinks. And flies", state=DONE))
    assert said == ["The crow.", "It drinks.", "And flies"]
    transcript.change(turn(1, "The crow. It drinks. And flies", model_name="Other"))
    assert len(said) == 3


def test_much_that_comes_at_once_is_shown_by_and_by_to_its_end(qtbot, transcript, monkeypatch):
    said = []
    monkeypatch.setattr(transcript_speech, "announce", lambda _widget, words: said.append(words))
    paragraphs = [f"Paragraph {number} of many that came at once." for number in range(3000)]
    growing = turn(1, "", state=TurnState.ANSWERING)
    transcript.add(growing)
    transcript.change(replace(growing, answer="\n\n".join(paragraphs)))
    shown = len(transcript.rows())
    assert 10 < shown < 1500, "a step shows only some of it"
    qtbot.waitUntil(lambda: len(transcript.rows()) > 3000)
    transcript.select_all()
    assert transcript.selected_text().endswith("\n\n".join(paragraphs))
    assert said[-1].endswith(paragraphs[-2]), "what was caught up with is said as well"


def test_what_ends_or_goes_meanwhile_is_not_caught_up_with(qtbot, transcript):
    answer = "\n\n".join(f"Paragraph {number} of many." for number in range(4000))
    growing = turn(1, "", state=TurnState.ANSWERING)
    transcript.add(growing)
    transcript.change(replace(growing, answer=answer))
    transcript.show_all([turn(2)])
    qtbot.wait(50)
    assert transcript.turn_ids() == (2,)
    transcript.add(turn(3, "", state=TurnState.ANSWERING))
    transcript.change(turn(3, answer, state=TurnState.ANSWERING))
    transcript.change(turn(3, answer))
    assert transcript.answer_text(3) == answer, "what is copied is whole before it is all shown"
    assert len(transcript.rows()) < 4000
    qtbot.waitUntil(lambda: len(transcript.rows()) > 4000)
    assert transcript.answer_text(3) == answer
