"""A model rests when nobody uses it or memory is short, and comes back at the next question."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

from app.bridge.engine_port import Failed, Withdrawn
from app.bridge.engine_worker import EngineWorker
from app.bridge.memory_watch import available_share, memory_is_short, stalled_percent
from app.bridge.model_keeper import ModelKeeper
from app.bridge.power import ThreadRule, on_battery
from inference.errors import CheckpointError
from inference.events import FinishReason, LoadProgress
from inference.request import GenerateRequest, Message

ASK = GenerateRequest((Message("user", "go"),))
MINUTE_MS = 60_000


class Clock:
    now_ms = 0

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def worker(qtbot, clock, fake_opener):
    made = EngineWorker(now=clock)
    with qtbot.waitSignal(made.loaded):
        made.load(fake_opener)
    yield made
    assert made.close()


@pytest.fixture
def keep(qtbot, worker):
    """Makes keepers, and ends them here: not in whichever thread collects the garbage."""
    made, parent = [], QObject()

    def make(is_memory_short=lambda: False):
        made.append(ModelKeeper(worker, parent, is_memory_short))
        return made[-1]

    yield make
    for keeper in made:
        keeper.stop()
        keeper.deleteLater()
    qtbot.wait(1)


def updates_of(worker):
    updates = []
    worker.answer_updated.connect(updates.append)
    return updates


def ended(updates):
    return bool(updates) and updates[-1].end is not None


def put_to_rest(qtbot, worker):
    with qtbot.waitSignal(worker.resting_changed) as told:
        worker.rest(0)
    assert told.args == [True]


def test_after_so_many_minutes_it_rests(qtbot, keep, worker, clock, fake_engine, fake_opener):
    keeper = keep()
    keeper.start(30)
    clock.now_ms += 30 * MINUTE_MS - 1
    keeper.look()
    assert worker.idle_ms() == 30 * MINUTE_MS - 1
    clock.now_ms += 1
    with qtbot.waitSignal(worker.resting_changed) as told:
        keeper.look()
    assert told.args == [True]
    assert fake_engine.is_unloaded
    assert fake_opener.is_closed
    assert worker.idle_ms() is None
    keeper.look()  # there is nothing left to put to rest


def test_it_looks_by_itself(qtbot, keep, worker, clock):
    keeper = keep()
    keeper._timer.setInterval(1)
    clock.now_ms += MINUTE_MS
    with qtbot.waitSignal(worker.resting_changed):
        keeper.start(1)


def test_never_is_never(keep, worker, clock, fake_engine):
    keeper = keep()
    keeper.start(0)
    clock.now_ms += 10_000 * MINUTE_MS
    keeper.look()
    assert not fake_engine.is_unloaded


def test_short_memory_does_not_wait_for_the_minutes(qtbot, keep, worker, clock):
    is_short = False
    keeper = keep(lambda: is_short)
    keeper.start(0)
    clock.now_ms += MINUTE_MS
    keeper.look()
    assert worker.idle_ms() == MINUTE_MS
    is_short = True
    with qtbot.waitSignal(worker.resting_changed):
        keeper.look()


def test_an_answer_that_has_just_ended_is_not_followed_by_rest(keep, worker, clock):
    asked = []
    keeper = keep(lambda: asked.append(1) or True)
    keeper.start(1)
    clock.now_ms += 5_000
    keeper.look()
    assert worker.idle_ms() == 5_000
    assert not asked


def test_it_never_rests_in_the_middle_of_an_answer(qtbot, keep, worker, clock, fake_engine):
    fake_engine.gate = threading.Event()
    updates = updates_of(worker)
    keeper = keep(lambda: True)
    keeper.start(1)
    worker.generate(1, ASK)
    qtbot.waitUntil(lambda: any(u.answer_text for u in updates))
    clock.now_ms += 100 * MINUTE_MS
    assert worker.idle_ms() is None
    keeper.look()
    worker.rest(0)  # comes to it right behind the answer, and there it is idle
    worker.generate(2, ASK)
    fake_engine.gate.set()
    qtbot.waitUntil(lambda: sum(u.end is not None for u in updates) == 2)
    assert [u.end.reason for u in updates if u.end] == [FinishReason.STOP] * 2
    assert not fake_engine.is_unloaded, "a question was waiting"


def test_the_next_question_waits_for_it_and_is_answered(qtbot, worker, fake_opener):
    put_to_rest(qtbot, worker)
    updates, steps, told, cards = updates_of(worker), [], [], []
    worker.load_progressed.connect(steps.append)
    worker.resting_changed.connect(told.append)
    worker.loaded.connect(cards.append)
    worker.generate(1, ASK)
    qtbot.waitUntil(lambda: ended(updates))
    assert updates[-1].end.reason is FinishReason.STOP
    assert fake_opener.loads == 2
    assert isinstance(steps[0], LoadProgress)
    assert told == [False]
    assert cards == [], "it is the model that the window knows"


def test_a_question_that_was_taken_back_wakes_nobody(qtbot, worker, fake_opener):
    put_to_rest(qtbot, worker)
    updates = updates_of(worker)
    worker.cancel(1)
    worker.generate(1, ASK)
    qtbot.waitUntil(lambda: ended(updates))
    assert updates[-1].end == Withdrawn()
    assert fake_opener.loads == 1


def test_who_begins_to_write_wakes_it_once(qtbot, worker, fake_opener):
    worker.wake()  # it is awake
    put_to_rest(qtbot, worker)
    with qtbot.waitSignal(worker.resting_changed) as told:
        for _ in range(3):
            worker.wake()
    assert told.args == [False]
    put_to_rest(qtbot, worker)
    assert fake_opener.loads == 2


def test_a_model_that_does_not_come_back_is_said(qtbot, worker, fake_opener):
    put_to_rest(qtbot, worker)
    fake_opener.failure = CheckpointError("a.gguf", "", "the file is gone")
    updates = updates_of(worker)
    with qtbot.waitSignal(worker.load_failed) as failed:
        worker.generate(1, ASK)
    assert failed.args == ["a.gguf: the file is gone"]
    qtbot.waitUntil(lambda: ended(updates))
    assert updates[-1].end == Failed("No model is loaded.")
    fake_opener.failure = None
    with qtbot.waitSignal(worker.loaded):
        worker.load(fake_opener)


def test_texts_are_counted_under_the_callers_key(qtbot, worker):
    found = []
    worker.counted.connect(lambda key, tokens: found.append((key, tokens)))
    worker.tokens_counted.connect(lambda key, counts: found.append((key, counts)))
    worker.count("draft", "one two three")
    worker.count_tokens(7, ["one", "one two"])
    qtbot.waitUntil(lambda: found == [("draft", 3), (7, (1, 2))])


def test_while_it_rests_nothing_is_counted_and_then_it_is(qtbot, worker):
    put_to_rest(qtbot, worker)
    found = []
    worker.counted.connect(lambda key, tokens: found.append((key, tokens)))
    worker.count("draft", "one two")
    qtbot.wait(20)
    assert found == []
    worker.wake()
    qtbot.waitUntil(lambda: found == [("draft", 2)])


@pytest.mark.parametrize(
    ("wanted", "is_on_battery", "threads"),
    [(0, False, 4), (0, True, 2), (6, False, 6), (6, True, 3), (1, True, 1)],
)
def test_an_answer_on_battery_is_computed_with_half_the_threads(
    qtbot, fake_engine, fake_opener, wanted, is_on_battery, threads
):
    worker = EngineWorker(threads=ThreadRule(lambda: is_on_battery))
    worker.use_threads(wanted)
    updates = updates_of(worker)
    worker.load(fake_opener)
    worker.generate(1, ASK)
    qtbot.waitUntil(lambda: ended(updates))
    assert fake_engine.used_threads == [threads]
    assert worker.close()


class Battery:
    def __init__(self, plugged):
        self.power_plugged = plugged


@pytest.mark.parametrize(
    ("battery", "is_on"), [(None, False), (Battery(True), False), (Battery(None), False),
                           (Battery(False), True)],
)  # fmt: skip
def test_a_battery_counts_only_where_nothing_charges_it(monkeypatch, battery, is_on):
    monkeypatch.setattr("psutil.sensors_battery", lambda: battery, raising=False)
    assert on_battery() is is_on


def test_a_battery_that_can_not_be_read_is_none(monkeypatch):
    def fail():
        raise OSError("gone")

    monkeypatch.setattr("psutil.sensors_battery", fail, raising=False)
    assert on_battery() is False


def test_pressure_is_read_as_linux_writes_it(tmp_path):
    file = tmp_path / "memory"
    assert stalled_percent(file) == 0.0
    file.write_text("some avg10=31.50 avg60=2.00 avg300=0.10 total=9\nfull avg10=1.00 avg60=0\n")
    assert stalled_percent(file) == 31.5
    file.write_text("nonsense")
    assert stalled_percent(file) == 0.0


@pytest.mark.parametrize(
    ("stalled", "share", "is_short"),
    [(0.0, 0.5, False), (20.0, 0.5, True), (0.0, 0.04, True), (19.9, 0.05, False)],
)
def test_memory_is_short_where_tasks_wait_for_it_or_little_is_left(stalled, share, is_short):
    assert memory_is_short(lambda: stalled, lambda: share) is is_short


def test_this_machine_has_some_memory():
    assert 0.0 < available_share() <= 1.0
