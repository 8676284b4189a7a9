"""What is done with a conversation, from the mouse and the keyboard to the encrypted history."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.pages.chat.regenerate_dialog import RegenerateDialog
from app.pages.chat.turns import TurnState
from inference.events import FinishReason, Overflow
from inference.request import OverflowChoice
from tests.flows.journeys import CTRL, SHIFT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
PARIS = "Paris is the capital."


def test_a_question_is_edited_answered_again_walked_deleted_and_brought_back(
    traveller, fake_engine
):
    fake_engine.words = ("**one**!",)
    traveller.ask_and_wait("first")
    fake_engine.words = ("two!",)
    traveller.ask_and_wait("second")
    fake_engine.words = ("other!",)
    traveller.edit_question(0, "changed")
    traveller.until_said("changed", "other!")
    branch = traveller.question(0).branch
    assert branch.words.text() == "2 of 2"
    traveller.click(branch.previous)
    traveller.until_said("first", "**one**!", "second", "two!")
    fake_engine.words = ("again!",)
    traveller.click(traveller.foot().regenerate)
    traveller.until_said("first", "**one**!", "second", "again!")
    traveller.click(traveller.foot().branch.previous)
    traveller.until_said("first", "**one**!", "second", "two!")
    traveller.choose_of(0, "Copy as Markdown")
    assert QGuiApplication.clipboard().text() == "**one**!"
    traveller.choose_of(0, "Copy as plain text")
    assert QGuiApplication.clipboard().text() == "one!"
    QGuiApplication.clipboard().clear()
    traveller.choose_of(0, "Delete from here on")
    traveller.until_said("changed", "other!")
    traveller.press_toast("Undo", "Deleted")
    traveller.until_said("first", "**one**!", "second", "two!")


def test_one_answer_is_made_with_other_settings(traveller, fake_engine):
    traveller.ask_and_wait("first")
    traveller.choose_of(0, "Answer again with other settings…")
    dialog = traveller.application.window.findChild(RegenerateDialog)
    field = dialog.numbers["temperature"].field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1.3")
    traveller.click(dialog.act)
    traveller.until(lambda: len(fake_engine.requests) == 2)
    traveller.until_idle()
    assert fake_engine.requests[1].sampler.temperature == 1.3
    traveller.ask_and_wait("second")
    assert fake_engine.requests[2].sampler == fake_engine.requests[0].sampler


def test_an_answer_is_stopped_goes_on_and_what_was_sent_meanwhile_waits(traveller, fake_engine):
    fake_engine.gate = threading.Event()
    traveller.ask("first")
    traveller.until(lambda: traveller.answer() == "Paris")
    traveller.ask("second")
    traveller.ask("third")
    assert [turn.state for turn in traveller.application.chat.turns[1:]] == 2 * [TurnState.WAITING]
    traveller.choose_of(2, "Delete from here on")
    assert traveller.edit.toPlainText() == "third"
    traveller.edit.clear()
    traveller.press(Qt.Key.Key_Escape)
    traveller.until(lambda: traveller.application.chat.turns[0].state is TurnState.STOPPED)
    fake_engine.gate.set()
    traveller.until_said("first", "Paris", "second", "Paris is the capital.")
    fake_engine.gate = threading.Event()
    traveller.ask("third")
    traveller.until(lambda: traveller.answer() == "Paris")
    traveller.click(traveller.page.composer.button)
    traveller.until_idle()
    assert traveller.foot().words.text() == "Stopped. The answer so far is kept."
    fake_engine.gate, fake_engine.words = None, (" is", " it.")
    traveller.choose_of(2, "Continue the answer")
    traveller.until(lambda: traveller.answer() == "Paris is it.")
    traveller.until_idle()
    assert fake_engine.requests[-1].continues_last


def test_an_answer_that_failed_half_way_goes_on(traveller, fake_engine):
    fake_engine.failure = RuntimeError("The template worker ended.")
    traveller.ask_and_wait("first")
    assert traveller.toasts() == ["The template worker ended."]
    fake_engine.failure, fake_engine.words = None, (" Yes.",)
    traveller.choose_of(0, "Continue the answer")
    traveller.until_said("first", "Paris is the capital. Yes.")


def drop(page, path) -> None:
    """A file let go over the page."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    where, action = QPointF(200, 200), Qt.DropAction.CopyAction
    for event in (
        QDragEnterEvent(
            where.toPoint(), action, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        ),
        QDropEvent(where, action, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier),
    ):
        QApplication.sendEvent(page, event)


def test_files_are_dropped_and_pasted_in_a_temporary_chat_that_leaves_nothing(
    traveller, fake_engine, tmp_path
):
    traveller.press(Qt.Key.Key_N, CTRL | SHIFT)
    assert traveller.page.header.temporary.isVisible()
    (tmp_path / "notes.txt").write_text("ten words of notes")
    drop(traveller.page, tmp_path / "notes.txt")
    composer = traveller.page.composer
    traveller.until(composer.files.isVisible)
    QGuiApplication.clipboard().setText("a line\n" * 2000)
    traveller.edit.setFocus()
    traveller.press(Qt.Key.Key_V, CTRL)
    QGuiApplication.clipboard().clear()
    assert len(traveller.application.chat.drafts.pile.files) == 2
    traveller.ask_and_wait("what do they say?")
    asked = fake_engine.requests[-1].messages[-1].content
    assert "ten words of notes" in asked
    assert asked.count("a line") == 2000
    traveller.press(Qt.Key.Key_N, CTRL)
    assert not traveller.page.header.temporary.isVisible()
    assert traveller.said() == []
    assert traveller.titles() == []


def test_a_full_context_asks_and_either_choice_is_done(traveller, fake_engine):
    traveller.ask_and_wait("first")
    fake_engine.overflow = Overflow(5210, 4096, (0, 1))
    panel = traveller.page.overflow
    traveller.ask("second")
    traveller.until(panel.isVisible)
    traveller.press(Qt.Key.Key_Escape)
    assert panel.isHidden()
    assert traveller.answer() == ""
    traveller.ask("third")
    traveller.until(panel.isVisible)
    traveller.click(panel.leave_out)
    traveller.until_said("first", "Paris is the capital.", "second", "", "third", PARIS)
    assert fake_engine.requests[-1].on_overflow is OverflowChoice.DROP_OLDEST


def test_an_answer_as_long_as_the_context_can_go_on_or_not(traveller, fake_engine):
    fake_engine.reason = FinishReason.LENGTH
    traveller.ask_and_wait("first")
    assert traveller.application.chat.turns[0].state is TurnState.FULL
    traveller.ask_and_wait("second")
    traveller.click(traveller.foot(0).more)
    menu = QApplication.activePopupWidget()
    assert "Continue the answer" not in [action.text() for action in menu.actions()]
    menu.close()
