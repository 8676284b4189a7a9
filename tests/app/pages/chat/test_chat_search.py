"""Searching over everything from the sidebar, and opening what was found."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.chats.errors import DiskFullError
from app.chats.model import Role, TextPart

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
# What the offscreen platform says of itself when a dialog or a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def search_for(application, words: str) -> None:
    QTest.keyClick(application.window, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), words)


def found(application) -> list[str]:
    results = application.window.sidebar.results
    model = results.model
    rows = [model.index(row) for row in range(model.rowCount())]
    if not results.isVisible():
        return ["the chats"]
    return [index.data(Qt.ItemDataRole.AccessibleTextRole).partition(".")[0] for index in rows]


def title(application) -> str:
    return application.page.header.title.text()


def test_what_is_typed_is_found_and_enter_opens_it(hand, qtbot, two_chats):
    search_for(two_chats, "crow")
    qtbot.waitUntil(lambda: found(two_chats) == ["apples"])
    assert not two_chats.window.sidebar.chats.isVisible()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: title(two_chats) == "apples")
    assert two_chats.page.composer.edit.hasFocus()
    assert found(two_chats) == ["apples"], "the next one may be wanted too"


def test_esc_goes_back_to_the_list_and_the_composer_and_stops_nothing(
    qtbot, two_chats, hand, fake_engine
):
    fake_engine.gate = threading.Event()
    hand.ask(two_chats, "more")
    qtbot.waitUntil(lambda: hand.answer_text(two_chats) == "Nobody")
    search_for(two_chats, "crow")
    qtbot.waitUntil(lambda: found(two_chats) == ["apples"])
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert found(two_chats) == ["the chats"]
    assert two_chats.page.composer.edit.hasFocus()
    assert two_chats.chat.is_busy(), "the answer goes on"
    fake_engine.gate.set()
    hand.wait_idle(two_chats)


def test_words_that_nothing_has_are_told(qtbot, two_chats):
    search_for(two_chats, "zebra")
    words = two_chats.window.sidebar.results.words
    qtbot.waitUntil(lambda: words.text() == "No message and no title has these words.")


def test_only_the_latest_words_are_told_and_one_search_is_made_at_a_time(
    qtbot, two_chats, monkeypatch
):
    from app.chats.store import ChatStore

    asked: list[str] = []
    first, gate = threading.Event(), threading.Event()
    search = ChatStore.search

    def slow(store, words, limit, is_wanted):
        asked.append(words)
        first.set()
        gate.wait(60)
        return search(store, words, limit, is_wanted)

    monkeypatch.setattr(ChatStore, "search", slow)
    told: list[str] = []
    two_chats.finding.searching.found.connect(lambda words, _hits: told.append(words))
    search_for(two_chats, "crow")
    qtbot.waitUntil(first.is_set)
    box = two_chats.window.sidebar.search
    for words in ("pea", "pear", "pears"):
        box.field.setText(words)
        qtbot.wait(150)
    assert asked == ["crow"]
    gate.set()
    qtbot.waitUntil(lambda: found(two_chats) == ["pears", "pears"])
    assert asked == ["crow", "pears"]
    assert told == ["pears"]


def test_a_search_that_fails_says_why(qtbot, two_chats, monkeypatch):
    from app.chats.store import ChatStore

    def full(*_arguments: object) -> None:
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr(ChatStore, "search", full)
    search_for(two_chats, "crow")
    qtbot.waitUntil(lambda: two_chats.window.sidebar.results.words.text() == "The disk is full.")


def test_what_is_found_of_a_chat_goes_with_it_and_comes_back_with_it(hand, qtbot, two_chats):
    search_for(two_chats, "crow")
    qtbot.waitUntil(lambda: found(two_chats) == ["apples"])
    chats = two_chats.window.sidebar.chats.model.chats
    two_chats.chats.delete(tuple(chat.id for chat in chats if chat.title == "apples"))
    qtbot.waitUntil(lambda: found(two_chats) == [])
    toast = two_chats.page.toasts.toasts()[0]
    toast.notice.action.run()
    qtbot.waitUntil(lambda: found(two_chats) == ["apples"])


def test_a_lock_takes_what_was_found_and_what_was_typed_off_the_screen(qtbot, two_chats):
    search_for(two_chats, "crow")
    qtbot.waitUntil(lambda: found(two_chats) == ["apples"])
    two_chats.history.lock()
    qtbot.waitUntil(lambda: not two_chats.window.sidebar.search.isVisible())
    assert two_chats.window.sidebar.search.words == ""
    assert two_chats.window.sidebar.results.model.rowCount() == 0
    QTest.keyClick(two_chats.window, Qt.Key.Key_F, CTRL)
    assert not two_chats.window.sidebar.search.field.isVisible()
    two_chats.history.open()
    qtbot.waitUntil(two_chats.window.sidebar.search.isVisible)


def test_the_sidebar_is_shown_for_a_search(qtbot, open_window):
    application = open_window(width=700)
    assert not application.window.sidebar.isVisible()
    QTest.keyClick(application.window, Qt.Key.Key_F, CTRL)
    assert application.window.sidebar.search.field.hasFocus()
    QTest.keyClick(application.window.sidebar.search.field, Qt.Key.Key_Escape)
    assert application.window.sidebar.search.row.hasFocus(), "it lies over the page still"
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    assert not application.window.sidebar.isVisible()


def test_a_hit_on_another_branch_is_shown_there(hand, qtbot, two_chats, shelf):
    """The first answer to the apples is on a branch that is not shown any more."""

    def branch(history):
        store = history.store
        chat = next(each for each in store.conversations() if each.title == "apples")
        question = store.messages.children(chat.id, None)[0]
        store.messages.add(chat.id, question.id, Role.ASSISTANT, [TextPart("Worms eat them.")])

    shelf.do(two_chats, branch)
    shown: list[int] = []
    two_chats.chat.message_shown.connect(shown.append)
    for words, answer in (("crow", "Crows eat them."), ("worms", "Worms eat them.")):
        shown.clear()
        search_for(two_chats, words)
        qtbot.waitUntil(lambda: found(two_chats) == ["apples"])
        qtbot.waitUntil(lambda words=words: two_chats.window.sidebar.search.words == words)
        qtbot.wait(150)
        QTest.keyClick(two_chats.window.sidebar.search.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda answer=answer: hand.answer_text(two_chats) == answer)
        qtbot.waitUntil(lambda: len(shown) == 1)


def test_a_hit_in_a_long_chat_is_scrolled_to(hand, qtbot, two_chats, shelf):
    def fill(history):
        store = history.store
        message = store.start("long", [TextPart("the kingfisher")])
        for number in range(60):
            message = store.messages.add(
                message.conversation_id, message.id, Role.ASSISTANT, [TextPart("word " * 200)]
            )
            message = store.messages.add(
                message.conversation_id, message.id, Role.USER, [TextPart(f"question {number}")]
            )

    shelf.do(two_chats, fill)
    two_chats.chats.reload()
    search_for(two_chats, "kingfisher")
    qtbot.waitUntil(lambda: found(two_chats) == ["long"])
    QTest.keyClick(two_chats.window.sidebar.search.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: title(two_chats) == "long")
    transcript = two_chats.page.transcript
    first = transcript.turn_ids()[0]
    qtbot.waitUntil(lambda: any(view.isVisible() for view in transcript.views_of(first)))
    bar = transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() < bar.maximum() // 4)


def test_a_hit_in_the_chat_that_is_being_answered_leaves_the_answer_alone(
    hand, qtbot, two_chats, fake_engine
):
    fake_engine.gate = threading.Event()
    hand.ask(two_chats, "more about pears")
    qtbot.waitUntil(lambda: hand.answer_text(two_chats) == "Nobody")
    search_for(two_chats, "nobody")
    qtbot.waitUntil(lambda: "pears" in found(two_chats))
    QTest.keyClick(two_chats.window.sidebar.search.field, Qt.Key.Key_Return)
    qtbot.wait(100)
    assert two_chats.chat.is_busy()
    fake_engine.gate.set()
    hand.wait_idle(two_chats)
    assert hand.answer_text(two_chats) == "Nobody does."
