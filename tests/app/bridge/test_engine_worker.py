"""The engine's thread: order, merging, cancelling, failing, ending."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator

import pytest

from app.bridge.engine_port import AnswerUpdate, Failed, ModelCard, Withdrawn
from app.bridge.engine_worker import EngineWorker
from app.bridge.update_merger import UPDATES_PER_S, UpdateMerger, merge
from inference.errors import CheckpointError
from inference.events import (
    Channel,
    ContextUse,
    Finished,
    FinishReason,
    PrefillProgress,
    Recast,
    Token,
)
from inference.request import GenerateRequest, Message

ASK = GenerateRequest((Message("user", "go"),))


@pytest.fixture
def worker(qtbot) -> Iterator[EngineWorker]:
    made = EngineWorker()
    yield made
    assert made.close()


def collect(worker: EngineWorker) -> list[AnswerUpdate]:
    updates: list[AnswerUpdate] = []
    worker.answer_updated.connect(updates.append)
    return updates


def ended(updates: list[AnswerUpdate]) -> bool:
    return bool(updates) and updates[-1].end is not None


def test_the_facts_of_a_loaded_model_reach_the_window(qtbot, worker, fake_opener):
    with qtbot.waitSignal(worker.loaded) as loaded:
        worker.load(fake_opener)
    card = loaded.args[0]
    assert isinstance(card, ModelCard)
    assert (card.name, card.context_tokens, card.is_starter) == ("Fake-135M", 4096, True)


def test_a_failed_load_is_told_in_its_own_words(qtbot, worker, fake_opener):
    fake_opener.failure = CheckpointError("a.gguf", "magic", "this is not a GGUF file")
    with qtbot.waitSignal(worker.load_failed) as failed:
        worker.load(fake_opener)
    assert failed.args == ["a.gguf: magic: this is not a GGUF file"]


def test_an_error_without_words_is_named(qtbot, worker, fake_opener):
    fake_opener.failure = MemoryError()
    with qtbot.waitSignal(worker.load_failed) as failed:
        worker.load(fake_opener)
    assert failed.args == ["MemoryError"]


def test_answering_without_a_model_fails_in_words(qtbot, worker, fake_opener):
    fake_opener.failure = CheckpointError("a.gguf", "", "gone")
    updates = collect(worker)
    worker.load(fake_opener)
    worker.generate(1, ASK)
    qtbot.waitUntil(lambda: ended(updates))
    assert updates[-1].end == Failed("No model is loaded.")


def test_thousands_of_tokens_come_merged_complete_and_in_order(
    qtbot, worker, fake_engine, fake_opener
):
    fake_engine.words = tuple(f"{number} " for number in range(20_000))
    updates = collect(worker)
    worker.load(fake_opener)
    start = time.monotonic()
    worker.generate(1, ASK)
    qtbot.waitUntil(lambda: ended(updates), timeout=30_000)
    seconds = time.monotonic() - start
    assert "".join(u.answer_text for u in updates) == "".join(fake_engine.words)
    assert sum(u.new_tokens for u in updates) == 20_000
    assert len(updates) <= seconds * UPDATES_PER_S + 2
    assert all(u.end is None for u in updates[:-1])


def test_updates_are_never_closer_than_a_thirtieth_of_a_second(
    qtbot, worker, fake_engine, fake_opener
):
    fake_engine.words = ("x",) * 300_000
    times: list[float] = []
    updates = collect(worker)
    worker.answer_updated.connect(lambda _update: times.append(time.monotonic()))
    worker.load(fake_opener)
    worker.generate(1, ASK)
    qtbot.waitUntil(lambda: len(updates) >= 6 or ended(updates), timeout=30_000)
    worker.cancel(1)
    assert len(times) >= 3
    assert all(late - soon >= 0.9 / UPDATES_PER_S for soon, late in itertools.pairwise(times))


def test_cancel_ends_a_running_answer(qtbot, worker, fake_engine, fake_opener):
    fake_engine.gate = threading.Event()
    updates = collect(worker)
    worker.load(fake_opener)
    worker.generate(1, ASK)
    qtbot.waitUntil(lambda: any(u.answer_text for u in updates))
    worker.cancel(1)
    qtbot.waitUntil(lambda: ended(updates))
    end = updates[-1].end
    assert isinstance(end, Finished)
    assert end.reason is FinishReason.CANCELLED


def test_cancel_before_the_engine_began_withdraws_the_answer(
    qtbot, worker, fake_engine, fake_opener
):
    fake_opener.gate = threading.Event()
    updates = collect(worker)
    worker.load(fake_opener)
    worker.generate(1, ASK)
    worker.cancel(1)
    fake_opener.gate.set()
    qtbot.waitUntil(lambda: ended(updates))
    assert updates[-1].end == Withdrawn()
    assert fake_engine.requests == []


def test_a_cancel_that_the_engine_forgets_at_its_start_still_counts(
    qtbot, worker, fake_engine, fake_opener
):
    """The engine clears its flag when it begins; a cancel may come just before."""
    fake_engine.gate = threading.Event()
    updates = collect(worker)
    worker.load(fake_opener)
    began = fake_engine.generate

    def generate(request):
        worker.cancel(1)
        yield from began(request)

    fake_engine.generate = generate
    worker.generate(1, ASK)
    qtbot.waitUntil(lambda: ended(updates))
    assert updates[-1].end.reason is FinishReason.CANCELLED


def test_a_cancelled_id_does_not_stop_the_next_answer(qtbot, worker, fake_opener):
    updates = collect(worker)
    worker.load(fake_opener)
    worker.cancel(7)
    worker.generate(8, ASK)
    qtbot.waitUntil(lambda: ended(updates))
    assert updates[-1].end.reason is FinishReason.STOP


def test_loading_another_model_lets_go_of_the_first(qtbot, worker, fake_engine, fake_opener):
    for _ in range(2):
        with qtbot.waitSignal(worker.loaded):
            worker.load(fake_opener)
    assert fake_engine.is_unloaded
    assert fake_opener.is_closed


def test_closing_what_was_never_started_is_fine(qtbot):
    assert EngineWorker().close()


def test_updates_of_two_answers_are_not_mixed():
    token = Token(1, "a", Channel.ANSWER)
    thought = Token(2, "b", Channel.REASONING)
    updates = merge(
        [(1, token), (1, thought), (2, token), (2, PrefillProgress(1, 2, 0)), (1, token)]
    )
    assert [(u.answer_id, u.answer_text, u.reasoning_text) for u in updates] == [
        (1, "a", "b"),
        (2, "a", ""),
        (1, "a", ""),
    ]
    assert updates[1].prefill == PrefillProgress(1, 2, 0)


def test_an_event_is_not_kept_waiting_for_the_next_one(qtbot):
    merger = UpdateMerger()
    updates: list[AnswerUpdate] = []
    merger.merged.connect(updates.append)
    for _ in range(2):  # the second comes within the interval of the first
        merger.put(1, Token(1, "a", Channel.ANSWER))
        qtbot.wait(1)
    qtbot.waitUntil(lambda: len(updates) == 2)


def test_a_recast_moves_what_came_before_it_and_nothing_behind_it():
    def token(text, channel=Channel.ANSWER, token_id=1):
        return Token(token_id, text, channel)

    tag = token("</think>", Channel.MARKER)
    (update,) = merge([(1, e) for e in (token("a"), token("b"), Recast(), tag, token("c"))])
    assert (update.recast, update.reasoning_text, update.answer_text) == (True, "ab", "c")
    assert (update.new_tokens, update.new_reasoning_tokens) == (4, 2)
    (update,) = merge([(1, Recast()), (1, token("c"))])
    assert (update.recast, update.reasoning_text, update.answer_text) == (True, "", "c")
    (update,) = merge([(1, token("c")), (1, token("d", Channel.REASONING, None))])
    assert (update.new_tokens, update.new_reasoning_tokens) == (1, 0)


def test_the_use_of_the_context_reaches_the_window():
    use = ContextUse(4096, 1, 2, 3, 4, 512)
    assert merge([(1, use)])[0].context == use


def test_answer_now_reaches_the_engine(qtbot, worker, fake_engine, fake_opener):
    fake_engine.reasoning = ("Hmm",)
    fake_engine.thinking_gate = threading.Event()
    updates = collect(worker)
    worker.load(fake_opener)
    worker.generate(1, ASK)
    qtbot.waitUntil(lambda: any(u.reasoning_text for u in updates))
    worker.answer_now(1)
    qtbot.waitUntil(lambda: ended(updates))
    assert "".join(u.answer_text for u in updates) == "Paris is the capital."


def test_answer_now_before_the_engine_begins_still_counts(qtbot, worker, fake_engine, fake_opener):
    fake_engine.reasoning = ("Hmm",)
    fake_engine.thinking_gate = threading.Event()
    fake_opener.gate = threading.Event()
    updates = collect(worker)
    worker.load(fake_opener)
    worker.generate(1, ASK)
    worker.answer_now(1)
    fake_opener.gate.set()
    qtbot.waitUntil(lambda: ended(updates))
    assert updates[-1].end.reason is FinishReason.STOP


def test_what_was_asked_is_forgotten_once_its_answer_has_ended(
    qtbot, worker, fake_engine, fake_opener
):
    fake_engine.gate = threading.Event()
    updates = collect(worker)
    worker.load(fake_opener)
    worker.generate(1, ASK)
    qtbot.waitUntil(lambda: bool(fake_engine.requests))
    worker.forget()
    assert fake_engine.forgotten == 0
    fake_engine.gate.set()
    qtbot.waitUntil(lambda: ended(updates))
    qtbot.waitUntil(lambda: fake_engine.forgotten == 1)


def test_without_a_model_there_is_nothing_to_forget(qtbot, worker, fake_engine, fake_opener):
    worker.forget()
    with qtbot.waitSignal(worker.loaded):
        worker.load(fake_opener)
    assert fake_engine.forgotten == 0
