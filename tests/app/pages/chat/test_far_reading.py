"""Long answers are read in another process: what it can't read stands there as it was written."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from app.airlock.markup_process import Growth, MarkupProcess, UnreadableError
from app.airlock.sealed_process import WorkerLostError, WorkerUnavailableError
from app.markup.blocks import Code, Rule
from app.markup.reading import as_source, read
from app.pages.chat.far_reading import FarRead, FarReader
from app.pages.chat.turns import TurnState
from tests.app.pages.chat.turns_shown import turn, wait_foot

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

PARAGRAPHS = [f"Paragraph *{number}* of many." for number in range(1000)]
LONG = "\n\n".join(PARAGRAPHS)
FAILURES = [
    WorkerLostError([], was_stopped=True),
    WorkerUnavailableError("It is closed."),
    UnreadableError(),
]


class Held:
    """A process whose jobs wait until it is told how they end."""

    def __init__(self):
        self.begun, self.going_on = threading.Event(), threading.Event()
        self.failure, self.interrupts = None, 0

    def read(self, _text):
        self.begun.set()
        assert self.going_on.wait(10.0)
        if self.failure is not None:
            raise self.failure
        return (Rule(),)

    def grow(self, growth, text, _steps):
        growth.blocks, growth.text = [*self.read(text)], text

    def interrupt(self):
        self.interrupts += 1
        self.failure = WorkerLostError([], was_stopped=False)
        self.going_on.set()

    def close(self):
        """Nothing is left."""


@pytest.fixture
def held():
    return Held()


def read_apart(far, epoch):
    found = []
    thread = threading.Thread(target=lambda: found.append(far.read("*a*", epoch)))
    thread.start()
    return thread, found


def test_what_was_read_is_handed_on(held):
    far = FarReader(held)
    held.going_on.set()
    assert far.read("*a*", 0) == FarRead((Rule(),))
    growth = Growth(1)
    assert far.grow(growth, "*a*", 1, 0) == FarRead((Rule(),))


@pytest.mark.parametrize("failure", FAILURES, ids=["lost", "unavailable", "unreadable"])
def test_what_fails_stands_as_it_was_written(held, failure):
    far = FarReader(held)
    held.failure = failure
    held.going_on.set()
    assert far.read("*a*", 0) == FarRead((Code("*a*", "text"),), is_source=True)
    assert far.grow(Growth(1), "*b*", 1, 0) == FarRead((Code("*b*", "text"),), is_source=True)


def test_what_is_dropped_is_ended_at_once_and_nobody_has_it(held):
    far = FarReader(held)
    thread, found = read_apart(far, far.epoch)
    assert held.begun.wait(10.0)
    far.drop()
    thread.join(10.0)
    assert found == [None]
    assert held.interrupts == 1
    assert far.read("*a*", 0) is None, "it was asked before"


def test_dropping_what_is_not_there_ends_no_process(held):
    far = FarReader(held)
    far.drop()
    assert held.interrupts == 0
    assert far.epoch == 1
    far.forget()
    assert held.interrupts == 1, "nothing is left in it"


def test_what_came_too_late_is_nobodys(held):
    far = FarReader(held)
    thread, found = read_apart(far, far.epoch)
    assert held.begun.wait(10.0)
    far.epoch += 1
    held.going_on.set()
    thread.join(10.0)
    assert found == [None]


# ---------------------------------------------------------------------- in a conversation


@pytest.fixture
def warned(transcript):
    told = []
    transcript._reader._notices.show_on(lambda notice: told.append(notice.text))
    return told


@pytest.fixture
def process(transcript):
    return transcript._reader._far._process


def live(answer):
    return turn(1, answer, state=TurnState.ANSWERING)


def test_an_ordinary_answer_needs_no_process(qtbot, transcript, process):
    transcript.show_all([turn(1, "An *answer*, of some words and some more of them.\n\n" * 190)])
    wait_foot(qtbot, transcript, 1)
    transcript.add(turn(2, "", state=TurnState.ANSWERING))
    answer = ""
    for number in range(200):
        answer += f"A sentence with words, number *{number}*." + (" " if number % 9 else "\n\n")
        transcript.change(turn(2, answer, state=TurnState.ANSWERING))
    transcript.change(turn(2, answer))
    qtbot.wait(20)
    assert process.worker.process_id() is None


def test_a_long_one_is_read_by_the_process(qtbot, transcript, process, warned):
    transcript.show_all([turn(1, LONG)])
    wait_foot(qtbot, transcript, 1)
    assert process.worker.process_id() is not None
    assert transcript._turns[1].blocks == read(LONG)
    assert warned == []


def test_one_that_grows_too_fast_is_read_on_there_and_keeps_its_rows(qtbot, transcript, process):
    transcript.add(live(""))
    transcript.change(live("\n\n".join(PARAGRAPHS[:5])))
    first = transcript.rows()[1]
    transcript.change(live("\n\n".join(PARAGRAPHS[:400])))
    made = transcript._turns[1]
    assert made.grows_elsewhere
    assert not made.is_whole
    transcript.change(live("\n\n".join(PARAGRAPHS[:410])))
    qtbot.waitUntil(lambda: made.is_whole)
    assert len(made.blocks) == 410
    assert transcript.rows()[1] is first, "what was shown stays"
    transcript.change(live("\n\n".join(PARAGRAPHS[:411])))
    qtbot.waitUntil(lambda: made.is_whole)
    assert len(made.blocks) == 411
    assert process.worker.process_id() is not None
    transcript.change(turn(1, LONG))
    qtbot.waitUntil(lambda: made.is_whole)
    assert made.blocks == read(LONG)


def test_what_brings_the_process_down_is_shown_as_it_was_written_and_that_is_said(
    qtbot, transcript, process, warned, monkeypatch
):
    def lost(*_job):
        raise WorkerLostError([], was_stopped=False)

    monkeypatch.setattr(process, "read", lost)
    monkeypatch.setattr(process, "grow", lost)
    transcript.add(live(""))
    transcript.change(live(LONG))
    made = transcript._turns[1]
    qtbot.waitUntil(lambda: made.is_whole)
    assert made.blocks == as_source(LONG)
    transcript.change(turn(1, LONG))
    qtbot.waitUntil(lambda: made.is_whole and bool(warned))
    assert made.blocks == as_source(LONG)
    assert warned == ["An answer could not be laid out: it is shown as it was written."]
    assert transcript.answer_text(1) == LONG


def test_another_chat_ends_what_is_being_read(qtbot, transcript, held):
    transcript._reader._far._process.close()
    transcript._reader._far._process = held
    transcript.show_all([turn(1, LONG)])
    qtbot.waitUntil(held.begun.is_set)
    transcript.show_all([turn(2)])
    assert held.interrupts == 1
    wait_foot(qtbot, transcript, 2)
    assert transcript.turn_ids() == (2,)


def test_what_is_forgotten_is_left_in_no_process(qtbot, transcript, process):
    transcript.show_all([turn(1, LONG)])
    wait_foot(qtbot, transcript, 1)
    transcript.clear()
    assert process.worker.process_id() is not None
    transcript.forget()
    assert process.worker.process_id() is None
    transcript.show_all([turn(1, LONG)])
    wait_foot(qtbot, transcript, 1)
    assert replace(turn(1, LONG)) == transcript._turns[1].turn


def test_the_window_that_goes_ends_it(qtbot, transcript, process):
    transcript.show_all([turn(1, LONG)])
    wait_foot(qtbot, transcript, 1)
    assert transcript.end_workers()
    assert process.worker.process_id() is None
    assert isinstance(process, MarkupProcess)
