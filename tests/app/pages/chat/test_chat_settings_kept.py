"""A chat's own settings, what made its answers, and files that go with its questions."""

from __future__ import annotations

import pytest

from app.chats.chat_settings import ChatSettings
from app.chats.model import AttachmentPart, MessageState, Role, TextPart
from app.pages.chat.think_button import ThinkingChoice
from app.pages.chat.turns import Attached
from inference.events import FinishReason, Overflow
from inference.request import Message, OverflowChoice

PARIS = "Paris is the capital."
COOL = ChatSettings(system_prompt="Be brief.", temperature=0.0, top_k=1, max_tokens=9)


def first_id(application) -> int:
    return application.chat.turns[0].turn_id


@pytest.fixture
def asked(hand, open_window):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    return application


def test_settings_hold_for_this_chat_and_are_kept_with_it(asked, hand, qtbot, fake_engine, shelf):
    told: list[ChatSettings] = []
    asked.chat.settings_changed.connect(told.append)
    asked.chat.change_settings(COOL)
    asked.chat.change_settings(COOL)
    assert told == [COOL]
    hand.ask(asked, "two")
    hand.wait_idle(asked)
    request = fake_engine.requests[-1]
    assert request.messages[0] == Message("system", "Be brief.")
    assert (request.sampler.temperature, request.sampler.top_k) == (0.0, 1)
    assert request.sampler.seed == 3, "what is not set is as recommended"
    assert request.max_tokens == 9
    chat_id = asked.chat.shown_id
    asked.page.new_chat()
    assert asked.chat.settings == ChatSettings()
    asked.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: asked.chat.shown_id == chat_id)
    assert asked.chat.settings == COOL
    assert asked.chat.messages[0] == Message("system", "Be brief.")
    assert [chat.settings for chat in shelf.chats(asked)] == [COOL.pairs()]


def test_what_is_set_before_the_first_question_is_kept_with_it(hand, open_window, shelf):
    application = open_window()
    application.chat.change_settings(COOL)
    hand.ask(application, "one")
    hand.wait_idle(application)
    assert [chat.settings for chat in shelf.chats(application)] == [COOL.pairs()]


def test_new_chats_begin_with_what_is_chosen_for_them(asked, hand, fake_engine, shelf):
    asked.chat.begin_chats_with(COOL)
    assert asked.chat.settings == ChatSettings(), "not the one that has begun"
    asked.page.new_chat()
    assert asked.chat.settings == COOL
    warm = ChatSettings(temperature=2.0)
    asked.chat.begin_chats_with(warm)
    hand.ask(asked, "two")
    hand.wait_idle(asked)
    assert fake_engine.requests[-1].sampler.temperature == 2.0


def test_how_it_thinks_is_kept_with_the_chat_and_holds_for_new_ones(asked, qtbot, fake_engine):
    asked.chat.choose_thinking(ThinkingChoice(False, 256, True))
    chat_id = asked.chat.shown_id
    asked.page.new_chat()
    assert asked.chat.settings == ChatSettings(
        thinking=False, thinking_budget_tokens=256, keep_thoughts=True
    )
    asked.chat.choose_thinking(ThinkingChoice())
    asked.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: asked.chat.shown_id == chat_id)
    assert asked.chat.settings.thinking is False


def test_an_answer_is_asked_for_again_with_other_settings_for_once(asked, hand, fake_engine):
    asked.chat.branching.regenerate(
        first_id(asked), ChatSettings(temperature=1.5, system_prompt="Rhyme.")
    )
    hand.wait_idle(asked)
    assert fake_engine.requests[-1].sampler.temperature == 1.5
    assert fake_engine.requests[-1].messages[0] == Message("system", "Rhyme.")
    hand.ask(asked, "two")
    hand.wait_idle(asked)
    assert fake_engine.requests[-1].sampler.temperature == 0.7
    assert fake_engine.requests[-1].messages[0] == Message("user", "one")


def test_an_empty_system_prompt_takes_the_place_of_the_one_that_came_with_a_chat(
    hand, qtbot, open_window, fake_engine, shelf
):
    def begin(history) -> int:
        chat = history.store.create("imported")
        add = history.store.messages.add
        system = add(chat.id, None, Role.SYSTEM, [TextPart("Be brief.")])
        question = add(chat.id, system.id, Role.USER, [TextPart("one")])
        add(chat.id, question.id, Role.ASSISTANT, [TextPart("1")])
        return chat.id

    application = open_window()
    chat_id = shelf.do(application, begin)
    application.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: application.chat.shown_id == chat_id)
    assert application.chat.messages[0].role == "system"
    application.chat.change_settings(ChatSettings(system_prompt=""))
    assert application.chat.messages[0] == Message("user", "one")


def test_an_answer_says_what_made_it(asked, qtbot):
    chat_id = asked.chat.shown_id
    made_by = dict(asked.chat.replaying.provenance(first_id(asked)).details)
    expected = {
        "model": "fake",
        "quantization": "Q4_1",
        "compute": "fast",
        "seed": 7,
        "temperature": 0.7,
        "top_k": 40,
        "prompt_tokens": 10,
        "cached_tokens": 0,
        "finish_reason": "stop",
    }
    assert expected.items() <= made_by.items()
    asked.page.new_chat()
    asked.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: asked.chat.shown_id == chat_id)
    assert dict(asked.chat.replaying.provenance(first_id(asked)).details) == made_by
    assert asked.chat.replaying.provenance(4711) is None


def test_a_replay_asks_the_same_once_more_and_says_that_it_came_out_again(
    asked, hand, qtbot, fake_engine, shelf
):
    asked.chat.change_settings(ChatSettings(temperature=2.0, max_tokens=5, thinking=False))
    asked.chat.replaying.replay(first_id(asked))
    hand.wait_idle(asked)
    first, again = fake_engine.requests
    assert again.messages == first.messages
    assert again.sampler.temperature == first.sampler.temperature
    assert again.sampler.seed == 7, "the one that was drawn"
    assert (again.max_tokens, again.thinking) == (None, None)
    assert hand.toast_texts(asked) == ["The same text again."]
    assert asked.chat.turns[0].answer_branch.count == 2
    assert len(shelf.all(asked)) == 3


@pytest.mark.parametrize(
    ("words", "reason", "said"),
    [
        (("Paris", " was."), FinishReason.STOP, "differs from character 7 on."),
        (("Paris", " is"), FinishReason.CANCELLED, "up to where it was stopped."),
    ],
)
def test_a_replay_that_comes_out_otherwise_says_where(
    asked, hand, fake_engine, words, reason, said
):
    fake_engine.words, fake_engine.reason = words, reason
    asked.chat.replaying.replay(first_id(asked))
    hand.wait_idle(asked)
    (text,) = hand.toast_texts(asked)
    assert text.endswith(said)


def test_a_replay_of_a_stopped_answer_goes_on_behind_it(hand, open_window, fake_engine):
    fake_engine.words, fake_engine.reason = ("Paris",), FinishReason.CANCELLED
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    fake_engine.words, fake_engine.reason = ("Paris", " is"), FinishReason.STOP
    application.chat.replaying.replay(first_id(application))
    hand.wait_idle(application)
    assert hand.toast_texts(application) == [
        "The same text again, up to where the first answer was stopped."
    ]


def test_a_replay_names_what_is_other_than_then(asked, hand, qtbot, fake_engine, monkeypatch):
    chat = asked.chat.stage.chat
    known = dict(chat.made_by[first_id(asked)].details) | {"quantization": "Q8_0"}
    monkeypatch.setitem(
        chat.made_by, first_id(asked), type(chat.made_by[first_id(asked)])(tuple(known.items()))
    )
    fake_engine.words = ("London",)
    asked.chat.replaying.replay(first_id(asked))
    hand.wait_idle(asked)
    (text,) = hand.toast_texts(asked)
    assert text.endswith("Other than then: Quantization.")


def test_what_is_not_known_in_full_is_not_replayed(asked, hand, fake_engine):
    asked.chat.replaying.replay(4711)
    assert "not recorded in full" in hand.toast_texts(asked)[0]
    asked.chat.change_settings(COOL)
    asked.chat.replaying.replay(first_id(asked))
    assert "system prompt was changed" in hand.toast_texts(asked)[1]
    assert len(fake_engine.requests) == 1


def test_an_answer_without_the_oldest_turns_is_replayed_without_them(asked, hand, fake_engine):
    fake_engine.overflow = Overflow(5000, 4096, (0, 1))
    hand.ask(asked, "two")
    hand.wait_idle(asked)
    asked.chat.leave_out_oldest(asked.chat.turns[1].turn_id)
    hand.wait_idle(asked)
    assert asked.chat.turns[1].left_out == 2
    asked.chat.change_settings(ChatSettings())
    asked.chat.replaying.replay(asked.chat.turns[1].turn_id)
    hand.wait_idle(asked)
    assert fake_engine.requests[-1].on_overflow is OverflowChoice.DROP_OLDEST
    assert asked.chat.settings == ChatSettings(), "a choice for this answer alone"


def test_a_replay_that_fails_is_not_compared(asked, hand, fake_engine):
    fake_engine.failure = RuntimeError("The template failed.")
    asked.chat.replaying.replay(first_id(asked))
    hand.wait_idle(asked)
    assert hand.toast_texts(asked) == ["The template failed."]


def test_files_go_with_a_question_and_come_back_with_it(
    hand, qtbot, open_window, fake_engine, shelf
):
    files = (Attached("notes.txt", "rain", 4), Attached("ü.txt", "größe", 7))
    application = open_window()
    assert not application.chat.send("")
    assert application.chat.send("what is in it?", files)
    hand.wait_idle(application)
    content = "notes.txt\nrain\n\nü.txt\ngröße\n\nwhat is in it?"
    read = Message("user", content, attached_characters=len(content) - len("what is in it?"))
    assert fake_engine.requests[-1].messages == (read,)
    question = shelf.path(application)[0]
    assert question.parts == (
        TextPart("what is in it?"),
        AttachmentPart("notes.txt", "rain"),
        AttachmentPart("ü.txt", "größe"),
    )
    chat_id = application.chat.shown_id
    application.page.new_chat()
    application.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: application.chat.shown_id == chat_id)
    assert application.chat.turns[0].attached == files
    application.chat.branching.edit(first_id(application), "and now?")
    qtbot.waitUntil(lambda: application.chat.turns[0].answer == PARIS)
    hand.wait_idle(application)
    assert application.chat.turns[0].attached == files
    assert shelf.path(application)[0].parts[1] == AttachmentPart("notes.txt", "rain")


def test_files_alone_are_a_question(hand, open_window, fake_engine, shelf):
    application = open_window()
    assert application.chat.send(" ", (Attached("notes.txt", "rain", 4),))
    hand.wait_idle(application)
    assert fake_engine.requests[-1].messages == (
        Message("user", "notes.txt\nrain", attached_characters=14),
    )
    assert [chat.title for chat in shelf.chats(application)] == ["notes.txt"]
    assert application.page.header.title.text() == "notes.txt"
    application.chat.branching.regenerate(first_id(application))
    hand.wait_idle(application)
    assert len(shelf.all(application)) == 3


def test_files_of_a_question_that_is_not_stored_come_back(
    hand, qtbot, open_window, full_disk, fake_engine
):
    application = open_window()
    full_disk.fills("app.chats.store.ChatStore.start")
    application.chat.send("look", (Attached("notes.txt", "rain", 4),))
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    held = application.chat.drafts.pile.files
    assert [each.attached.text for each in held] == ["rain"]
    assert application.page.composer.edit.toPlainText() == "look"
    full_disk.empties()
    assert fake_engine.requests == []


def test_settings_that_cannot_be_stored_hold_and_say_so(asked, hand, qtbot, full_disk):
    full_disk.fills("app.chats.store.ChatStore.set_settings")
    asked.chat.change_settings(COOL)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(asked)))
    assert "settings hold" in hand.toast_texts(asked)[0]
    assert asked.chat.settings == COOL
    full_disk.empties()


def test_a_temporary_chats_settings_are_its_own(hand, open_window, shelf):
    application = open_window()
    application.page.new_temporary_chat()
    hand.ask(application, "one")
    hand.wait_idle(application)
    application.chat.change_settings(COOL)
    kept = shelf.chats(application, is_temporary=True)
    assert [chat.settings for chat in kept] == [COOL.pairs()]
    states = [message.state for message in shelf.path(application, is_temporary=True)]
    assert states == [MessageState.DONE, MessageState.DONE]
