"""What goes wrong, or happens at an unlucky moment, in the middle of a conversation."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt

from app.chats.errors import DiskFullError
from app.chats.history_states import Ready
from app.pages.chat.details_dialog import DetailsDialog
from app.pages.chat.turns import TurnState
from app.pages.settings.page import SettingsPage
from tests.flows.journeys import CTRL, Traveller

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
PARIS = "Paris is the capital."
FULL = "The disk is full. Nothing that was saved is lost."


@pytest.fixture
def slow(traveller, fake_engine):
    """Two chats; in the open one an answer has begun and does not go on."""
    traveller.ask_and_wait("other")
    traveller.press(Qt.Key.Key_N, CTRL)
    traveller.ask_and_wait("first")
    fake_engine.gate = threading.Event()
    traveller.ask("second")
    traveller.until(lambda: traveller.answer() == "Paris")
    return traveller


def states(traveller) -> list[TurnState]:
    return [turn.state for turn in traveller.application.chat.turns]


def test_a_lock_in_mid_stream_shows_nothing_and_keeps_what_came(slow):
    application = slow.application
    slow.write("typed")
    slow.press(Qt.Key.Key_L, CTRL)
    slow.until(lambda: application.window.page_now() is application.keeping.page)
    assert slow.titles() == []
    assert slow.said() == []
    # Over a locked history the settings are no way to its chats, by no name.
    slow.press(Qt.Key.Key_Comma, CTRL)
    assert isinstance(application.window.page_now(), SettingsPage)
    offered = {command.name for command in application.commands.offered()}
    assert (
        not {"New chat", "New temporary chat", "Settings of this chat", "Attach a file"} & offered
    )
    slow.press(Qt.Key.Key_Escape)
    application.history.open()
    slow.until(lambda: isinstance(application.history.state, Ready))
    slow.until_said("first", PARIS, "second", "Paris")
    assert states(slow)[-1] is TurnState.STOPPED
    slow.until(lambda: slow.edit.toPlainText() == "typed")


def test_the_chat_that_is_being_answered_is_deleted_and_brought_back(slow):
    slow.open_chat("first")
    slow.application.window.sidebar.chats.view.setFocus()
    slow.press(Qt.Key.Key_Delete)
    slow.until(lambda: slow.titles() == ["other"])
    assert slow.said() == []
    slow.until_idle()
    slow.press_toast("Undo")
    slow.until_said("first", PARIS, "second", "Paris")
    assert sorted(slow.titles()) == ["first", "other"]


def test_fifty_quick_changes_of_chats_while_an_answer_comes_lose_nothing(slow, fake_engine):
    for number in range(50):
        title = "other" if number % 2 == 0 else "first"
        slow.open_chat(title)
        if number % 7 == 0:  # else it may never have been left, and its answer goes on
            slow.until(lambda title=title: slow.said()[:1] == [title])
    slow.until_said("first", PARIS, "second", "Paris")
    fake_engine.gate = None
    slow.ask_and_wait("third")
    assert slow.answer() == PARIS
    slow.open_chat("other")
    slow.until_said("other", PARIS)
    assert slow.toasts() == []


def test_the_open_chat_is_chosen_over_the_settings(slow):
    slow.press(Qt.Key.Key_Comma, CTRL)
    assert slow.application.settings.is_open
    slow.open_chat("first")
    assert not slow.application.settings.is_open
    assert slow.edit.hasFocus()
    assert slow.answer() == "Paris", "it goes on"


def test_walking_while_an_answer_comes_keeps_what_came(slow, fake_engine):
    fake_engine.gate.set()
    slow.until_idle()
    slow.click(slow.foot(0).regenerate)
    slow.until_said("first", PARIS)
    fake_engine.gate = threading.Event()
    slow.ask("third")
    slow.until(lambda: slow.answer() == "Paris")
    slow.click(slow.foot(0).branch.previous)
    slow.until_said("first", PARIS, "second", PARIS)
    slow.click(slow.foot(0).branch.next)
    slow.until_said("first", PARIS, "third", "Paris")


def test_a_replay_while_an_answer_comes(slow, fake_engine):
    fake_engine.gate.set()
    slow.until_idle()
    fake_engine.gate = threading.Event()
    slow.ask("third")
    slow.until(lambda: slow.answer() == "Paris")
    slow.click(slow.foot(1).details)
    dialog = slow.page.findChild(DetailsDialog)
    fake_engine.gate.set()
    slow.click(dialog.replay)
    slow.until(lambda: "The same text again." in slow.toasts())
    slow.until_said("first", PARIS, "second", PARIS)


def test_a_question_that_waits_is_edited_until_it_is_being_answered(slow, fake_engine):
    slow.ask("third")
    view = slow.begin_edit(2, "changed")
    fake_engine.gate.set()
    slow.until_idle()
    slow.click(view.save)
    slow.until_said("first", PARIS, "second", PARIS, "changed", PARIS)
    assert slow.question(2).branch.words.text() == "2 of 2"


def test_an_answer_is_asked_for_again_while_the_model_rests(traveller, fake_opener):
    application = traveller.application
    traveller.ask_and_wait("first")
    application.worker.rest(0)
    traveller.until(lambda: "rests" in traveller.page.header.model.text())
    traveller.click(traveller.foot().regenerate)
    traveller.until_said("first", PARIS)
    assert traveller.foot().branch.words.text() == "2 of 2"
    assert traveller.page.header.model.text() == "Fake-135M"
    assert fake_opener.loads == 2


def test_a_model_that_does_not_come_back_gives_the_words_back_and_is_tried_again(
    traveller, fake_opener
):
    traveller.ask_and_wait("first")
    traveller.application.worker.rest(0)
    traveller.until(lambda: "rests" in traveller.page.header.model.text())
    fake_opener.failure = RuntimeError("There is not enough memory.")
    traveller.ask("second")
    traveller.until(lambda: "There is not enough memory." in traveller.toasts())
    traveller.until_idle()
    traveller.edit_question(0, "changed")
    assert traveller.said()[0] == "first"
    assert "changed" in traveller.edit.toPlainText(), "nothing that was written is lost"
    fake_opener.failure = None
    traveller.press_toast("Try again", "There is not enough")
    traveller.until(lambda: traveller.page.header.model.text() == "Fake-135M")
    traveller.edit.clear()
    traveller.ask_and_wait("third")
    assert traveller.answer() == PARIS


def test_a_full_disk_gives_the_words_back_and_takes_them_later(traveller, monkeypatch):
    traveller.ask_and_wait("first")
    with monkeypatch.context() as full:

        def refuse(*_arguments, **_named):
            raise DiskFullError(FULL)

        full.setattr("app.chats.messages.Messages.add", refuse)
        traveller.ask("second")
        traveller.until(lambda: traveller.edit.toPlainText() == "second")
        assert traveller.said() == ["first", PARIS]
        traveller.edit_question(0, "changed")
        traveller.until(lambda: len(traveller.toasts()) == 2)
        assert traveller.said() == ["first", PARIS]
    traveller.press_toast("Try again", f"{FULL} Nothing was sent")
    traveller.until_said("first", PARIS, "second", PARIS)
    traveller.press_toast("Try again", FULL)
    traveller.until_said("changed", PARIS)


def test_a_window_that_is_closed_in_mid_stream_shows_all_of_it_at_the_next_start(
    slow, open_window, qtbot, fake_engine
):
    slow.ask("third")
    slow.write("typed")
    slow.application.window.close()
    assert slow.application.close()
    fake_engine.gate = None
    again = Traveller(qtbot, open_window())
    again.until(lambda: again.titles() == ["first", "other"])
    again.open_chat("first")
    again.until_said("first", PARIS, "second", "Paris", "third", "")
    assert states(again) == [TurnState.DONE, TurnState.STOPPED, TurnState.STOPPED]
    again.until(lambda: again.edit.toPlainText() == "typed")
