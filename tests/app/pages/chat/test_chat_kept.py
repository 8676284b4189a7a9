"""What is said in a window is kept: before it is asked, as it is answered, on a full disk too."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.chats.model import MessageState, ReasoningPart, Role, TextPart
from inference.errors import CardFailedError, TemplateError
from inference.events import FinishReason, Overflow

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
ASK = "app.chats.store.ChatStore.start"
ASK_MORE = "app.chats.store.ChatStore.send"
GROW = "app.chats.messages.Messages.grow"
FINISH = "app.chats.messages.Messages.finish"
ADD = "app.chats.messages.Messages.add"


def composer_text(application) -> str:
    return application.page.composer.edit.toPlainText()


def test_a_question_is_stored_before_it_is_asked(hand, qtbot, open_window, fake_engine, shelf):
    seen: list[list] = []
    began = fake_engine.generate

    def generate(request):
        # In the engine's thread: what the disk has at this moment.
        store = application.history.state.history.store
        (chat,) = store.conversations()
        seen.append([m.state for m in store.messages.path(chat.leaf_id)])
        yield from began(request)

    fake_engine.generate = generate
    application = open_window()
    hand.ask(application, "What is the capital of France?")
    hand.wait_idle(application)
    assert seen == [[MessageState.DONE, MessageState.STREAMING]]
    question, answer = shelf.path(application)
    assert (question.role, question.text) == (Role.USER, "What is the capital of France?")
    assert (answer.state, answer.text) == (MessageState.DONE, "Paris is the capital.")
    assert dict(answer.provenance.details)["model"] == "fake"
    (chat,) = shelf.chats(application)
    assert chat.title == "What is the capital of France?"


def test_thoughts_are_kept_with_their_time_and_their_tokens(hand, open_window, fake_engine, shelf):
    fake_engine.reasoning = ("Hmm,", " France.")
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    thoughts, text = shelf.path(application)[-1].parts
    assert isinstance(thoughts, ReasoningPart)
    assert (thoughts.text, thoughts.tokens) == ("Hmm, France.", 2)
    assert thoughts.elapsed_ms >= 0
    assert text == TextPart("Paris is the capital.")


def test_an_answer_is_written_down_as_it_grows(hand, qtbot, open_window, fake_engine, shelf):
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "go")
    # It pauses after its first word: the clock alone can write that down.
    qtbot.waitUntil(lambda: bool(shelf.chats(application)))
    qtbot.waitUntil(lambda: shelf.path(application)[-1].text == "Paris")
    assert shelf.path(application)[-1].state is MessageState.STREAMING
    fake_engine.gate.set()
    hand.wait_idle(application)
    assert shelf.path(application)[-1].text == "Paris is the capital."


def test_a_stopped_answer_is_kept_as_stopped(hand, qtbot, open_window, fake_engine, shelf):
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "go")
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Paris")
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    hand.wait_idle(application)
    answer = shelf.path(application)[-1]
    assert (answer.state, answer.text) == (MessageState.STOPPED, "Paris")


@pytest.mark.parametrize("how", ["fails", "overflows"])
def test_an_answer_that_did_not_come_is_kept_as_failed(hand, open_window, fake_engine, shelf, how):
    if how == "fails":
        fake_engine.failure = TemplateError("The chat template failed.")
    else:
        fake_engine.overflow = Overflow(5210, 4096)
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    assert shelf.path(application)[-1].state is MessageState.FAILED


def test_after_a_graphics_card_failed_the_processor_is_offered_and_goes_on_when_told_to(
    hand, qtbot, open_window, fake_engine, shelf
):
    fake_engine.failure = CardFailedError("The graphics card stopped answering (X).")
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    kept = shelf.path(application)[-1]
    assert (kept.state, kept.text) == (MessageState.FAILED, "Paris is the capital.")
    (toast,) = hand.toast_texts(application)
    assert toast.startswith("The graphics card stopped answering (X). The chat is kept as it is")
    assert fake_engine.failure is not None, "nothing goes on by itself"
    hand.press_toast(application, "Continue on the processor")
    qtbot.waitUntil(lambda: fake_engine.failure is None)
    QTest.mouseClick(hand.views(application)[0].foot.regenerate, LEFT)
    qtbot.waitUntil(lambda: shelf.path(application)[-1].state is MessageState.DONE)
    hand.wait_idle(application)
    assert shelf.path(application)[-1].text == "Paris is the capital."


def test_the_reason_of_a_full_context_is_kept(hand, open_window, fake_engine, shelf):
    fake_engine.reason = FinishReason.LENGTH
    application = open_window()
    hand.ask(application, "go")
    hand.wait_idle(application)
    answer = shelf.path(application)[-1]
    assert answer.state is MessageState.DONE
    assert dict(answer.provenance.details)["finish_reason"] == "length"


def test_another_answer_stands_beside_the_first_and_the_chat_goes_on_from_it(
    hand, qtbot, open_window, fake_engine, shelf
):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    fake_engine.words = ("Madrid",)
    QTest.mouseClick(hand.views(application)[0].foot.regenerate, LEFT)
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Madrid")
    hand.wait_idle(application)
    hand.ask(application, "two")
    hand.wait_idle(application)
    assert [m.text for m in shelf.path(application)] == ["one", "Madrid", "two", "Madrid"]
    question, first, second = shelf.all(application)[:3]
    assert first.text == "Paris is the capital."
    assert first.parent_id == second.parent_id == question.id


def test_what_waits_is_stored_already_and_follows_the_answer_before_it(
    hand, qtbot, open_window, fake_engine, shelf
):
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "first")
    qtbot.waitUntil(lambda: hand.answer_text(application, 0) == "Paris")
    hand.ask(application, "second")
    assert [m.text for m in shelf.path(application)][::2] == ["first", "second"]
    fake_engine.gate.set()
    hand.wait_idle(application)
    texts = [m.text for m in shelf.path(application)]
    assert texts == ["first", "Paris is the capital.", "second", "Paris is the capital."]


def test_what_is_taken_back_leaves_the_history_and_is_kept_as_typed(
    hand, qtbot, open_window, fake_opener, shelf
):
    fake_opener.gate = threading.Event()
    application = open_window(waits=False)
    hand.ask(application, "early")
    qtbot.waitUntil(lambda: len(shelf.chats(application)) == 1)
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    assert composer_text(application) == "early"
    qtbot.waitUntil(lambda: shelf.chats(application) == ())
    assert shelf.loose_draft(application) == "early"
    assert application.window.sidebar.chats.model.rowCount() == 0


def test_a_question_that_finds_no_room_is_not_asked_and_comes_back(
    hand, qtbot, open_window, fake_engine, shelf, full_disk
):
    application = open_window()
    full_disk.fills(ASK, ASK_MORE)
    hand.ask(application, "first")
    hand.ask(application, "second")
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    (sentence,) = hand.toast_texts(application)
    assert "disk is full" in sentence
    assert "your text is kept" in sentence
    assert composer_text(application) == "first\n\nsecond"
    assert hand.views(application) == ()
    assert fake_engine.requests == []
    assert application.window.windowTitle() == "Pitcher"
    full_disk.empties()
    hand.press_toast(application, "Try again")
    hand.wait_idle(application)
    assert shelf.path(application)[0].text == "first\n\nsecond"
    assert composer_text(application) == ""


def test_an_answer_that_finds_no_room_goes_on_and_says_so_once(
    hand, qtbot, open_window, fake_engine, shelf, full_disk
):
    fake_engine.gate = threading.Event()
    application = open_window()
    full_disk.fills(GROW)
    hand.ask(application, "go")
    qtbot.waitUntil(lambda: full_disk.tries >= 2)
    full_disk.empties()
    fake_engine.gate.set()
    hand.wait_idle(application)
    (sentence,) = hand.toast_texts(application)
    assert sentence.endswith("The answer goes on.")
    assert shelf.path(application)[-1].text == "Paris is the capital."


def test_an_end_that_finds_no_room_is_stored_when_there_is_some(
    hand, qtbot, open_window, shelf, full_disk
):
    application = open_window()
    full_disk.fills(FINISH)
    hand.ask(application, "go")
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    (sentence,) = hand.toast_texts(application)
    assert sentence.endswith("The answer is stored when that is possible again.")
    assert shelf.path(application)[-1].state is MessageState.STREAMING
    full_disk.empties()
    hand.press_toast(application, "Try again")
    qtbot.waitUntil(lambda: shelf.path(application)[-1].state is MessageState.DONE)
    qtbot.waitUntil(lambda: "The answer is stored now." in hand.toast_texts(application))


@pytest.mark.parametrize("when", ["next question", "by and by"])
def test_an_unfinished_answer_is_tried_again_without_being_asked(
    hand, qtbot, open_window, shelf, full_disk, monkeypatch, when
):
    if when == "by and by":
        monkeypatch.setattr("app.pages.chat.keeping._AGAIN_MS", 50)
    application = open_window()
    full_disk.fills(FINISH)
    hand.ask(application, "one")
    qtbot.waitUntil(lambda: full_disk.tries >= (1 if when == "next question" else 3))
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    assert len(hand.toast_texts(application)) == 1, "told once"
    full_disk.empties()
    if when == "next question":
        hand.ask(application, "two")
        hand.wait_idle(application)
    qtbot.waitUntil(lambda: shelf.path(application)[1].state is MessageState.DONE)
    assert shelf.path(application)[1].text == "Paris is the capital."


def test_an_answer_to_a_chat_that_was_deleted_elsewhere_is_given_up_and_told(
    hand, qtbot, open_window, fake_engine, shelf
):
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "go")
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Paris")
    shelf.do(application, lambda h: h.store.delete([c.id for c in h.store.conversations()]))
    fake_engine.gate.set()
    hand.wait_idle(application)
    qtbot.waitUntil(lambda: any("was not stored" in text for text in hand.toast_texts(application)))
    hand.ask(application, "more")
    qtbot.waitUntil(lambda: composer_text(application) == "more")


def test_another_answer_that_finds_no_room_leaves_the_first(
    hand, qtbot, open_window, fake_engine, shelf, full_disk
):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    full_disk.fills(ADD)
    fake_engine.words = ("Madrid",)
    QTest.mouseClick(hand.views(application)[0].foot.regenerate, LEFT)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    assert hand.answer_text(application) == "Paris is the capital."
    assert hand.toast_texts(application)[0].endswith("What was there before is still there.")
    full_disk.empties()
    hand.press_toast(application, "Try again")
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Madrid")
    hand.wait_idle(application)
    assert len(shelf.all(application)) == 3


def test_closing_the_window_keeps_the_answer_so_far_and_what_is_typed(
    hand, qtbot, open_window, fake_engine, history_door
):
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "go")
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Paris")
    hand.type_in(application, "and then")
    assert application.close()
    state = history_door.open()
    try:
        store = state.history.store
        (chat,) = store.conversations()
        answer = store.messages.path(chat.leaf_id)[-1]
        assert (answer.state, answer.text) == (MessageState.STOPPED, "Paris")
        assert answer.provenance is not None
        details = dict(answer.provenance.details)
        assert (details["model"], details["temperature"]) == ("Fake-135M", 0.7)
        assert "seed" not in details, "the engine had not told it yet"
        assert chat.draft == "and then"
    finally:
        history_door.close()


def test_leaving_a_chat_keeps_its_answer_and_what_waits_in_it(
    hand, qtbot, open_window, fake_engine, shelf
):
    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "first")
    qtbot.waitUntil(lambda: hand.answer_text(application) == "Paris")
    hand.ask(application, "second")
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    kept = [(m.text, m.state.value) for m in shelf.path(application)]
    assert kept == [("first", "done"), ("Paris", "stopped"), ("second", "done"), ("", "stopped")]
