"""Files that were attached and not sent: kept with what is typed, encrypted as all else is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.bridge.history_states import Opening
from app.chats.history_states import Ready
from app.chats.model import AttachmentPart, TextPart
from app.chats.profile_opening import HistoryDoor
from app.pages.chat.turns import Attached

CTRL = Qt.KeyboardModifier.ControlModifier
ONE, OTHER = Attached("one.txt", "first words", 11), Attached("two.csv", "a;b", 3)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(autouse=True)
def short_pause(monkeypatch):
    monkeypatch.setattr("app.pages.chat.drafts._PAUSE_MS", 20)


def chip_names(application):
    return [chip.name.text() for chip in application.page.composer.files.chips()]


def stored(shelf, application, chat_id=None, **place):
    files = shelf.do(application, lambda history: history.store.draft_files.of(chat_id), **place)
    return [(file.name, file.text) for file in files]


@pytest.fixture
def start_again(open_window, history_door: HistoryDoor):
    """Closes a window and opens another one on the same history."""

    def close_and_open(application, qtbot):
        assert application.close()
        application.window.hide()
        again = HistoryDoor(
            history_door.profile, history_door._holder, history_door._keyrings, history_door._cost
        )
        second = open_window(door=again)
        qtbot.waitUntil(lambda: second.chat.drafts.is_settled)
        return second

    return close_and_open


def test_they_are_there_at_the_next_start_with_what_was_typed(
    hand, qtbot, open_window, start_again, fake_engine, tmp_path
):
    file = tmp_path / "ü.txt"
    file.write_text("größe 世界")
    first = open_window()
    first.page.desk.attaching.attach_files([file])
    qtbot.waitUntil(lambda: chip_names(first) == ["ü.txt"])
    first.chat.drafts.attach(OTHER)
    hand.type_in(first, "compare")
    file.unlink()
    second = start_again(first, qtbot)
    qtbot.waitUntil(lambda: chip_names(second) == ["ü.txt", "two.csv"])
    assert second.page.composer.edit.toPlainText() == "compare"
    hand.ask(second, "")
    hand.wait_idle(second)
    assert "größe 世界" in fake_engine.requests[-1].messages[-1].content
    third = start_again(second, qtbot)
    assert chip_names(third) == []


def test_what_was_taken_away_is_not_kept(qtbot, open_window, start_again, shelf):
    application = open_window()
    key = application.chat.drafts.attach(ONE).key
    application.chat.drafts.attach(OTHER)
    qtbot.waitUntil(lambda: len(stored(shelf, application)) == 2)
    application.chat.drafts.detach(key)
    qtbot.waitUntil(lambda: stored(shelf, application) == [("two.csv", "a;b")])


def test_they_are_not_written_again_while_one_types(hand, qtbot, open_window, shelf, monkeypatch):
    application = open_window()
    application.chat.drafts.attach(ONE)
    qtbot.waitUntil(lambda: len(stored(shelf, application)) == 1)
    written = []
    put = application.history._kept.store.draft_files.put
    monkeypatch.setattr(
        "app.chats.draft_files.DraftFiles.put",
        lambda _self, *what: written.append(what) or put(*what),
    )
    hand.type_in(application, "words")
    qtbot.waitUntil(lambda: shelf.loose_draft(application) == "words")
    assert written == []
    application.chat.drafts.attach(OTHER)
    qtbot.waitUntil(lambda: len(stored(shelf, application)) == 2)
    assert len(written) == 1


def test_each_chat_keeps_its_own_and_takes_them_along(hand, qtbot, open_window, shelf):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    chat_id = application.chat.shown_id
    application.chat.drafts.attach(ONE)
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    assert chip_names(application) == []
    application.chat.drafts.attach(OTHER)
    qtbot.waitUntil(lambda: stored(shelf, application) == [("two.csv", "a;b")])
    assert stored(shelf, application, chat_id) == [("one.txt", "first words")]
    shelf.do(application, lambda history: history.store.delete([chat_id]))
    assert stored(shelf, application, chat_id) == []
    assert stored(shelf, application) == [("two.csv", "a;b")]


def test_nothing_of_a_temporary_chat_is_kept(qtbot, open_window, shelf, start_again):
    application = open_window()
    application.page.new_temporary_chat()
    qtbot.waitUntil(lambda: application.chat.drafts.is_settled)
    application.chat.drafts.attach(ONE)
    application.chat.drafts.flush()
    assert stored(shelf, application) == []
    assert len(stored(shelf, application, is_temporary=True)) == 1
    pile = application.chat.drafts.pile
    application.page.new_chat()
    application.chat.drafts.arrive(OTHER, pile)
    assert chip_names(application) == []
    assert stored(shelf, application, is_temporary=True) == []
    application.page.new_temporary_chat()
    qtbot.waitUntil(lambda: application.chat.drafts.is_settled)
    assert chip_names(application) == []
    second = start_again(application, qtbot)
    assert chip_names(second) == []


def test_behind_a_lock_nothing_of_them_is_left_and_after_it_they_are_there(
    hand, qtbot, open_window, shelf
):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    application.chat.drafts.attach(ONE)
    pile = application.chat.drafts.pile
    application.keeping.lock()
    qtbot.waitUntil(lambda: application.window.page_now() is application.keeping.page)
    assert pile.files == ()
    assert chip_names(application) == []
    application.chat.drafts.arrive(OTHER, pile)
    qtbot.waitUntil(lambda: bool(hand.toast_texts(application)))
    (sentence,) = hand.toast_texts(application)
    assert sentence.startswith("A file that was still being read is not attached.")
    application.history.open()
    qtbot.waitUntil(lambda: chip_names(application) == ["one.txt"])


def test_those_that_find_no_room_are_told_once_and_kept_later(
    hand, qtbot, open_window, shelf, full_disk
):
    application = open_window()
    full_disk.fills("app.chats.draft_files.DraftFiles.put")
    application.chat.drafts.attach(ONE)
    qtbot.waitUntil(lambda: full_disk.tries >= 3)
    (sentence,) = hand.toast_texts(application)
    assert sentence.endswith("What you typed and attached is not stored yet.")
    assert chip_names(application) == ["one.txt"]
    full_disk.empties()
    qtbot.waitUntil(lambda: stored(shelf, application) == [("one.txt", "first words")])


def test_one_that_is_read_after_its_chat_was_left_is_kept_there(hand, qtbot, open_window, shelf):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    chat_id, pile = application.chat.shown_id, application.chat.drafts.pile
    QTest.keyClick(application.window, Qt.Key.Key_N, CTRL)
    application.chat.drafts.arrive(ONE, pile)
    qtbot.waitUntil(lambda: len(stored(shelf, application, chat_id)) == 1)
    application.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: chip_names(application) == ["one.txt"])
    application.chat.drafts.arrive(OTHER, pile)
    assert chip_names(application) == ["one.txt", "two.csv"]
    qtbot.waitUntil(lambda: len(stored(shelf, application, chat_id)) == 2)


def test_those_attached_before_the_history_is_open_stand_after_what_was_kept(
    qtbot, open_window, shelf
):
    application = open_window()
    application.chat.drafts.attach(ONE)
    qtbot.waitUntil(lambda: len(stored(shelf, application)) == 1)
    application.history.open()
    assert isinstance(application.history.state, Opening)
    application.chat.drafts.attach(OTHER)
    qtbot.waitUntil(lambda: isinstance(application.history.state, Ready))
    qtbot.waitUntil(lambda: chip_names(application) == ["one.txt", "two.csv"])
    qtbot.waitUntil(lambda: len(stored(shelf, application)) == 2)


def test_those_of_a_question_that_is_taken_back_are_kept_again(
    hand, qtbot, open_window, shelf, fake_engine
):
    import threading

    fake_engine.gate = threading.Event()
    application = open_window()
    hand.ask(application, "first")
    qtbot.waitUntil(lambda: application.chat.turns[0].answer == "Paris")
    assert application.chat.send("second", (ONE,))
    chat_id = application.chat.shown_id
    qtbot.waitUntil(lambda: len(shelf.all(application)) == 4)
    application.chat._asking.take_back_waiting()
    qtbot.waitUntil(lambda: len(shelf.all(application)) == 2)
    assert stored(shelf, application, chat_id) == [("one.txt", "first words")]
    assert chip_names(application) == ["one.txt"]
    fake_engine.gate.set()
    hand.wait_idle(application)


def test_an_older_histories_long_draft_is_still_a_file(qtbot, open_window, shelf, start_again):
    application = open_window()
    text = "0123456789 " * 100_000
    shelf.do(application, lambda history: history.store.set_loose_draft(f"{text}\n\nand this?"))
    second = start_again(application, qtbot)
    qtbot.waitUntil(lambda: second.page.composer.edit.toPlainText() == "and this?")
    assert chip_names(second) == ["Draft.txt"]
    qtbot.waitUntil(lambda: stored(shelf, second) == [("Draft.txt", text)])
    assert shelf.loose_draft(second) == "and this?"


def test_a_question_keeps_its_own_files_apart(hand, qtbot, open_window, shelf):
    application = open_window()
    application.chat.drafts.attach(ONE)
    hand.ask(application, "look")
    hand.wait_idle(application)
    (question, _answer) = shelf.path(application)
    assert question.parts == (TextPart("look"), AttachmentPart("one.txt", "first words"))
    assert stored(shelf, application) == []


def test_what_is_written_while_a_chat_is_read_anew_stays(hand, qtbot, open_window, shelf):
    application = open_window()
    hand.ask(application, "one")
    hand.wait_idle(application)
    chat_id, turn_id = application.chat.shown_id, application.chat.turns[0].turn_id
    first_answer = shelf.path(application)[1].id
    application.chat.branching.regenerate(turn_id)
    hand.wait_idle(application)
    application.chat.open_chat(chat_id, first_answer)  # on the branch that is not shown
    hand.type_in(application, "meanwhile")
    application.chat.drafts.attach(ONE)
    qtbot.waitUntil(lambda: shelf.path(application)[1].id == first_answer)
    qtbot.waitUntil(lambda: application.chat.turns[0].answer_branch.number == 1)
    assert application.page.composer.edit.toPlainText() == "meanwhile"
    assert chip_names(application) == ["one.txt"]
    qtbot.waitUntil(lambda: shelf.chats(application)[0].draft == "meanwhile")
    assert stored(shelf, application, chat_id) == [("one.txt", "first words")]
