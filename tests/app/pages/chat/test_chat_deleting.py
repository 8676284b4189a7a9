"""Questions that are deleted with all that follows, and brought back."""

from __future__ import annotations

import threading

from app.bridge.history_states import Locked
from app.chats.history_states import Ready
from app.pages.chat.turns import Branch
from tests.app.pages.chat.conversation import ids, shows, texts


def test_a_deleted_question_takes_what_follows_with_it_and_comes_back(told, qtbot, hand, shelf):
    before = shelf.all(told)
    told.chat.deleting.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    assert texts(shelf.all(told)) == ["one", "one!"]
    assert len(hand.views(told)) == 1
    hand.press_toast(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    assert shelf.all(told) == before
    assert texts(shelf.path(told)) == ["one", "one!", "two", "two!", "three", "three!"]


def test_what_was_asked_after_a_deletion_stays_as_a_branch_when_it_is_undone(
    told, qtbot, hand, shelf
):
    told.chat.deleting.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    hand.ask(told, "four")
    shows(qtbot, told, "one", "one!", "four", "again!")
    hand.press_toast(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    assert told.chat.turns[1].question_branch == Branch(1, 2)
    told.chat.branching.walk(ids(told)[1], "question", 1)
    shows(qtbot, told, "one", "one!", "four", "again!")


def test_after_a_deletion_the_version_beside_it_is_shown(told, qtbot, shelf, hand):
    second = ids(told)[1]
    told.chat.branching.edit(second, "deux")
    shows(qtbot, told, "one", "one!", "deux", "again!")
    told.chat.deleting.delete(second)
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    assert told.chat.turns[1].question_branch == Branch()
    hand.press_toast(told, "Undo")
    shows(qtbot, told, "one", "one!", "deux", "again!")
    assert told.chat.turns[1].question_branch == Branch(2, 2)


def test_a_chat_can_be_emptied_and_asked_again(told, qtbot, hand, shelf):
    told.chat.deleting.delete(ids(told)[0])
    shows(qtbot, told)
    assert told.page.empty.isVisible()
    assert shelf.all(told) == []
    hand.ask(told, "four")
    shows(qtbot, told, "four", "again!")
    hand.press_toast(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")


def test_a_deletion_can_be_undone_from_another_branch(told, qtbot, hand):
    first, _second, third = ids(told)
    told.chat.deleting.delete(third)
    shows(qtbot, told, "one", "one!", "two", "two!")
    told.chat.branching.edit(first, "uno")
    shows(qtbot, told, "uno", "again!")
    hand.press_toast(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")


def test_a_deletion_can_be_undone_when_its_chat_was_opened_anew(told, qtbot, hand):
    chat_id = told.chat.shown_id
    told.chat.deleting.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    told.page.new_chat()
    told.chat.open_chat(chat_id)
    shows(qtbot, told, "one", "one!")
    hand.press_toast(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")


def test_a_deletion_can_be_undone_while_an_answer_comes(told, qtbot, hand, fake_engine):
    told.chat.deleting.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    fake_engine.gate = threading.Event()
    hand.ask(told, "four")
    qtbot.waitUntil(lambda: told.chat.turns[-1].answer == "again!")
    hand.press_toast(told, "Undo")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")


def test_what_finds_no_room_to_come_back_can_be_brought_back_when_there_is_some(
    told, qtbot, hand, full_disk
):
    told.chat.deleting.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    full_disk.fills("app.chats.messages.Messages.add_copy")
    hand.press_toast(told, "Undo")
    sentence = "What was deleted was not brought back."
    qtbot.waitUntil(lambda: any(sentence in text for text in hand.toast_texts(told)))
    full_disk.empties()
    hand.press_toast(told, "Try again")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")


def test_after_a_lock_what_was_deleted_is_gone(told, qtbot, hand):
    told.chat.deleting.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
    told.history.lock()
    qtbot.waitUntil(lambda: isinstance(told.history.state, Locked))
    told.history.open()
    qtbot.waitUntil(lambda: isinstance(told.history.state, Ready))
    shows(qtbot, told, "one", "one!")
    hand.press_toast(told, "Undo")
    assert any("is gone" in text for text in hand.toast_texts(told))
    shows(qtbot, told, "one", "one!")


def test_a_deletion_that_fails_changes_nothing_and_says_so(told, qtbot, hand, full_disk):
    full_disk.fills("app.chats.messages.Messages.delete")
    told.chat.deleting.delete(ids(told)[1])
    qtbot.waitUntil(lambda: bool(hand.toast_texts(told)))
    assert hand.toast_texts(told)[0].endswith("Nothing was deleted.")
    shows(qtbot, told, "one", "one!", "two", "two!", "three", "three!")
    full_disk.empties()
    told.chat.deleting.delete(ids(told)[1])
    shows(qtbot, told, "one", "one!")
