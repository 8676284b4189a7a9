"""What is typed and not sent: kept for each chat, shown again, gone once it was sent."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.bridge.history_states import Opening
from app.chats.history_states import Ready
from app.chats.profile_opening import HistoryDoor

CTRL = Qt.KeyboardModifier.ControlModifier
SET = "app.chats.store.ChatStore.set_draft"
SET_LOOSE = "app.chats.store.ChatStore.set_loose_draft"


@pytest.fixture(autouse=True)
def short_pause(monkeypatch):
    monkeypatch.setattr("app.pages.chat.drafts._PAUSE_MS", 20)


def composer_text(application) -> str:
    return application.page.composer.edit.toPlainText()


def test_a_new_chats_text_is_stored_while_it_is_typed(hand, qtbot, open_window, shelf):
    application = open_window()
    hand.type_in(application, "half a")
    qtbot.waitUntil(lambda: shelf.loose_draft(application) == "half a")
    hand.type_in(application, " question")
    qtbot.waitUntil(lambda: shelf.loose_draft(application) == "half a question")


def test_what_was_sent_is_no_draft_any_more(hand, qtbot, open_window, shelf):
    application = open_window()
    hand.type_in(application, "go")
    qtbot.waitUntil(lambda: shelf.loose_draft(application) == "go")
    hand.ask(application, "")
    hand.wait_idle(application)
    assert shelf.loose_draft(application) == ""
    (chat,) = shelf.chats(application)
    assert chat.draft == ""


def test_each_chat_has_its_own_text(hand, qtbot, open_window, shelf):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    first = application.chat.shown_id
    hand.type_in(application, "for one")
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    assert composer_text(application) == ""
    hand.type_in(application, "for a new one")
    application.chat.open_chat(first)
    qtbot.waitUntil(lambda: composer_text(application) == "for one")
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: composer_text(application) == "for a new one")
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    assert composer_text(application) == "for a new one", "it is a new chat already"


def test_what_was_typed_last_is_there_at_the_next_start(
    hand, qtbot, open_window, history_door: HistoryDoor
):
    first = open_window()
    hand.type_in(first, "to be continued")
    assert first.close()
    first.window.hide()
    again = HistoryDoor(
        history_door.profile, history_door._holder, history_door._keyrings, history_door._cost
    )
    second = open_window(door=again)
    qtbot.waitUntil(lambda: composer_text(second) == "to be continued")


def test_what_is_typed_before_the_history_is_open_stands_after_what_was_kept(
    hand, qtbot, open_window, shelf
):
    application = open_window()
    hand.type_in(application, "kept")
    qtbot.waitUntil(lambda: shelf.loose_draft(application) == "kept")
    application.history.open()
    assert isinstance(application.history.state, Opening)
    hand.type_in(application, "new")
    qtbot.waitUntil(lambda: isinstance(application.history.state, Ready))
    qtbot.waitUntil(lambda: composer_text(application) == "kept\n\nnew")
    qtbot.waitUntil(lambda: shelf.loose_draft(application) == "kept\n\nnew")


def test_a_draft_that_finds_no_room_is_told_once_and_stored_later(
    hand, qtbot, open_window, shelf, full_disk
):
    application = open_window()
    full_disk.fills(SET_LOOSE)
    hand.type_in(application, "words")
    qtbot.waitUntil(lambda: full_disk.tries >= 3)
    (sentence,) = hand.toast_texts(application)
    assert sentence.endswith("What you typed is not stored yet.")
    assert composer_text(application) == "words"
    full_disk.empties()
    qtbot.waitUntil(lambda: shelf.loose_draft(application) == "words")


def test_a_draft_of_a_chat_that_was_left_is_stored_when_there_is_room(
    hand, qtbot, open_window, shelf, full_disk
):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    full_disk.fills(SET)
    hand.type_in(application, "words")
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: full_disk.tries >= 2)
    full_disk.empties()
    qtbot.waitUntil(lambda: shelf.chats(application)[0].draft == "words")


def test_text_that_was_sent_on_a_full_disk_is_a_draft_again(
    hand, qtbot, open_window, shelf, full_disk
):
    application = open_window()
    full_disk.fills("app.chats.store.ChatStore.start")
    hand.ask(application, "words")
    qtbot.waitUntil(lambda: composer_text(application) == "words")
    qtbot.waitUntil(lambda: shelf.loose_draft(application) == "words")
