"""A question that is edited: its files with it, and texts that are too long for a field."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.notices import Notice
from app.pages.chat.attach_reading import LIMIT_BYTES
from app.pages.chat.attach_words import MOST_FILES
from app.pages.chat.question_edit import QuestionEdit
from app.pages.chat.turns import Attached, TurnState
from tests.app.pages.chat.turns_shown import of_kind, turn, wait_foot

# What the offscreen platform says of itself when a window opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
CTRL = Qt.KeyboardModifier.ControlModifier
FILES = (Attached("notes.txt", "x", 1), Attached("data.csv", "y", 1))


@pytest.fixture
def edited(qtbot, transcript):
    """edited(question, files): the question being edited, and what is asked for by it."""

    def begin(question: str, files: tuple[Attached, ...] = ()) -> tuple[QuestionEdit, list]:
        told: list[tuple] = []
        transcript.desk.edit_requested.connect(lambda *args: told.append(args))
        transcript.show_all([turn(1, question=question, attached=files)])
        wait_foot(qtbot, transcript, 1)
        transcript.edit_last()
        (edit,) = of_kind(transcript, 1, QuestionEdit)
        qtbot.waitUntil(edit.field.hasFocus)
        return edit, told

    return begin


def paste(edit: QuestionEdit, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    edit.field.insertFromMimeData(data)


def names(edit: QuestionEdit) -> list[str]:
    return [chip.name.text() for chip in edit.files.chips()]


@pytest.mark.parametrize("question", ["x" * 1_000_000, "line\n" * 100_000, "🐦" * 250_000])
def test_a_question_that_is_too_long_for_a_field_is_edited_as_a_file(edited, question):
    edit, told = edited(question)
    assert edit.field.toPlainText() == ""
    assert names(edit) == ["Message.txt"]
    QTest.keyClicks(edit.field, "What is it?")
    QTest.keyClick(edit.field, Qt.Key.Key_Return, CTRL)
    ((number, text, (file,)),) = told
    assert (number, text, file.text) == (1, "What is it?", question)
    assert file.size_bytes == len(question.encode())


def test_its_last_paragraph_stays_to_be_typed_on(edited):
    edit, _told = edited("x" * 1_000_000 + "\n\nWhat is it?")
    assert edit.field.toPlainText() == "What is it?"
    assert names(edit) == ["Message.txt"]


def test_files_are_taken_away_and_words_need_not_be(edited):
    edit, told = edited("", FILES)
    assert edit.save.isEnabled()
    assert names(edit) == ["notes.txt", "data.csv"]
    first, second = edit.files.chips()
    QTest.mouseClick(first.remove, Qt.MouseButton.LeftButton)
    assert edit.save.isEnabled()
    QTest.keyClick(second.remove, Qt.Key.Key_Delete)
    assert not edit.save.isEnabled(), "nothing is left to ask"
    assert edit.field.hasFocus()
    QTest.keyClicks(edit.field, "So?")
    QTest.keyClick(edit.field, Qt.Key.Key_Return, CTRL)
    assert told == [(1, "So?", ())]


def test_a_long_text_that_is_pasted_goes_as_a_file_of_this_question(edited):
    edit, told = edited("So?", FILES[:1])
    paste(edit, " short")
    paste(edit, "word " * 200_000)
    assert names(edit) == ["notes.txt", "Pasted text.txt"]
    QTest.keyClick(edit.field, Qt.Key.Key_Return, CTRL)
    ((_number, text, files),) = told
    assert text == "So? short"
    assert files[0] == FILES[0]
    assert files[1].text == "word " * 200_000


def test_more_than_a_message_takes_is_refused_in_a_sentence(edited, transcript):
    heard: list[Notice] = []
    transcript.desk.notices.show_on(heard.append)
    edit, _told = edited("So?", FILES[:1] * MOST_FILES)
    paste(edit, "x" * (LIMIT_BYTES + 1))
    paste(edit, "x" * 100_000)
    assert names(edit) == ["notes.txt"] * MOST_FILES
    assert ["large" in notice.text for notice in heard] == [True, False]


def test_files_of_this_computer_are_told_and_no_words(edited, transcript, tmp_path: Path):
    given: list[tuple[Path, ...]] = []
    transcript.desk.files_given.connect(given.append)
    edit, _told = edited("So?")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "notes.txt"))])
    edit.field.insertFromMimeData(data)
    assert given == [(tmp_path / "notes.txt",)]
    entering = QDragEnterEvent(
        QPoint(2, 2),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    edit.field.dragEnterEvent(entering)
    assert not entering.isAccepted(), "the page takes them"
    assert edit.field.toPlainText() == "So?"


def test_its_buttons_stand_where_the_field_ends(edited):
    edit, _told = edited("So?")
    assert edit.save.geometry().right() == edit.field.geometry().right()
    assert edit.cancel.geometry().right() < edit.save.x()


@pytest.mark.parametrize("tabs", [0, 1, 2])
def test_esc_in_the_window_leaves_the_question_and_stops_no_answer(told, qtbot, tabs, fake_engine):
    fake_engine.gate = threading.Event()
    told.chat.send("four")
    told.chat.send("five")
    qtbot.waitUntil(lambda: told.chat.turns[-1].state is TurnState.WAITING)
    transcript = told.page.transcript
    transcript.edit_last()
    last = transcript.turn_ids()[-1]
    (edit,) = of_kind(transcript, last, QuestionEdit)
    qtbot.waitUntil(edit.field.hasFocus)
    for _ in range(tabs):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not of_kind(transcript, last, QuestionEdit)
    assert transcript.isAncestorOf(QApplication.focusWidget()) or transcript.hasFocus()
    fake_engine.gate.set()
    qtbot.waitUntil(lambda: not told.chat.is_busy())
    assert [turn.state for turn in told.chat.turns[-2:]] == [TurnState.DONE, TurnState.DONE]
