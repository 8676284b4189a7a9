"""The conversation by itself: rows of turns, what is done in them, what is read when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QTextEdit, QWidget

from app.markup.visible import visible
from app.pages.chat.foot import AnswerFoot
from app.pages.chat.question_edit import QuestionEdit
from app.pages.chat.question_row import QuestionRow
from app.pages.chat.question_view import QuestionView
from app.pages.chat.reasoning_rows import ThoughtRow
from app.pages.chat.turns import Attached, Branch, TurnState
from tests.app.pages.chat.turns_shown import of_kind, shown_texts, turn, wait_foot

# What the offscreen platform says of itself when a menu opens.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
DONE = TurnState.DONE


def choose(qtbot, menu, words):
    action = next(each for each in menu.actions() if each.text() == words)
    QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(action).center())


def of_rows(transcript, kind):
    return [row for row in transcript.rows() if isinstance(row, kind)]


def popup(qtbot):
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    return QApplication.activePopupWidget()


def test_a_long_conversation_shows_its_end_and_reads_only_that(qtbot, transcript):
    transcript.show_all([turn(number) for number in range(3000)])
    wait_foot(qtbot, transcript, 2999)
    assert len(transcript.turn_ids()) == 3000
    assert transcript.views_of(0) == ()
    assert len(transcript.rows()) < 3200, "what isn't near is one row a turn"
    assert shown_texts(transcript, 2999) == ["An answer."]
    transcript.verticalScrollBar().setValue(0)
    wait_foot(qtbot, transcript, 0)
    assert shown_texts(transcript, 0) == ["An answer."]


def test_what_stands_under_an_answer_ends_where_its_text_does(qtbot, transcript):
    for state in (TurnState.FAILED, DONE):
        made = turn(1, state=state, model_name="Fake", answer="" if state is not DONE else "Yes.")
        transcript.show_all([replace(made, tokens_per_s=13.6)])
        foot = wait_foot(qtbot, transcript, 1)
        qtbot.waitUntil(lambda foot=foot: foot.speed.width() > 0)
        edge = transcript.viewport().width() / 2 + 360
        corner = foot.speed.mapTo(transcript.viewport(), foot.speed.rect().topRight())
        assert corner.x() < edge
    assert foot.copy.mapTo(transcript.viewport(), QPoint(8, 0)).x() == edge - 720


def test_files_stand_above_the_words_and_alone(qtbot, transcript):
    files = (Attached("notes.txt", "x", 12_034), Attached("data.csv", "y", 10))
    transcript.show_all([turn(1, attached=files), turn(2, question="", attached=files)])
    wait_foot(qtbot, transcript, 2)
    for number, has_words in ((1, True), (2, False)):
        (view,) = of_kind(transcript, number, QuestionView)
        assert [chip.name.text() for chip in view.files] == ["notes.txt", "data.csv"]
        assert view.text.isVisible() == has_words
        assert view.files[1].geometry().bottom() < view.height()


def test_a_question_is_edited_in_its_place(qtbot, transcript):
    told = []
    transcript.desk.edit_requested.connect(lambda *args: told.append(args))
    transcript.show_all([turn(1), turn(2)])
    wait_foot(qtbot, transcript, 2)
    (view,) = of_kind(transcript, 1, QuestionView)
    QTest.mouseClick(view.edit, LEFT)
    (edit,) = of_kind(transcript, 1, QuestionEdit)
    qtbot.waitUntil(edit.field.hasFocus)
    QTest.keyClicks(edit.field, " Really?")
    assert not edit.grab().isNull()
    QTest.keyClick(edit.field, Qt.Key.Key_Escape)
    assert not of_kind(transcript, 1, QuestionEdit)
    assert told == []
    QTest.mouseClick(of_kind(transcript, 1, QuestionView)[0].edit, LEFT)
    (edit,) = of_kind(transcript, 1, QuestionEdit)
    qtbot.waitUntil(edit.field.hasFocus)
    assert edit.field.toPlainText() == "Question 1?"
    QTest.keyClicks(edit.field, " Now?")
    QTest.keyClick(edit.field, Qt.Key.Key_Return, CTRL)
    assert told == [(1, "Question 1? Now?", ())]
    assert not of_kind(transcript, 1, QuestionEdit)


def test_an_empty_question_is_not_sent_and_cancel_leaves(qtbot, transcript):
    told = []
    transcript.desk.edit_requested.connect(lambda *args: told.append(args))
    transcript.show_all([turn(1)])
    wait_foot(qtbot, transcript, 1)
    transcript.edit_last()
    (edit,) = of_kind(transcript, 1, QuestionEdit)
    edit.field.selectAll()
    QTest.keyClick(edit.field, Qt.Key.Key_Backspace)
    assert not edit.save.isEnabled()
    QTest.keyClick(edit.field, Qt.Key.Key_Return, CTRL)
    assert of_kind(transcript, 1, QuestionEdit)
    transcript.change(turn(1, model_name="Other"))
    assert of_kind(transcript, 1, QuestionEdit) == [edit], "what is typed stays"
    QTest.mouseClick(edit.cancel, LEFT)
    assert told == []
    assert not of_kind(transcript, 1, QuestionEdit)


def test_versions_are_walked_under_question_and_answer(qtbot, transcript):
    told = []
    transcript.desk.branch_requested.connect(lambda *args: told.append(args))
    transcript.show_all([turn(1, question_branch=Branch(1, 3), answer_branch=Branch(2, 2))])
    foot = wait_foot(qtbot, transcript, 1)
    (question,) = of_kind(transcript, 1, QuestionView)
    assert foot.branch.words.text() == "2 of 2"
    assert question.branch.words.text() == "1 of 3"
    assert question.branch.accessibleName() == "Version 1 of 3"
    assert not foot.branch.next.isEnabled()
    assert not question.branch.previous.isEnabled()
    QTest.mouseClick(foot.branch.previous, LEFT)
    QTest.mouseClick(question.branch.next, LEFT)
    assert told == [(1, "answer", -1), (1, "question", 1)]


def test_another_version_takes_the_place_of_what_followed(qtbot, transcript):
    transcript.show_all([turn(1), turn(2), turn(3)])
    foot = wait_foot(qtbot, transcript, 2)
    foot.regenerate.setFocus(Qt.FocusReason.TabFocusReason)
    other = turn(2, "Other.", answer_branch=Branch(2, 2))
    transcript.show_from(2, (other, turn(7)))
    assert transcript.turn_ids() == (1, 2, 7)
    assert transcript.answer_text(2) == "Other."
    assert QApplication.focusWidget() is foot.regenerate
    assert not transcript.follows_end()
    transcript.show_from(99, (turn(8),))
    assert transcript.turn_ids() == (1, 2, 7, 8)
    wait_foot(qtbot, transcript, 8)
    transcript.show_from(1, ())
    assert transcript.turn_ids() == ()
    assert transcript.rows() == []


def test_turns_are_removed_and_the_last_shows_its_foot(qtbot, transcript):
    transcript.show_all([turn(1), turn(2)])
    foot = wait_foot(qtbot, transcript, 1)
    assert not foot.copy.is_revealed()
    transcript.remove(2)
    transcript.remove(99)
    assert foot.copy.is_revealed()
    assert transcript.turn_ids() == (1,)


def test_what_can_be_done_shows_where_the_focus_is(qtbot, transcript):
    transcript.show_all([turn(1), turn(2)])
    foot = wait_foot(qtbot, transcript, 1)
    (question,) = of_kind(transcript, 1, QuestionView)
    assert not foot.model.isVisible()
    question.edit.setFocus(Qt.FocusReason.TabFocusReason)
    assert foot.copy.is_revealed()
    assert question.copy.is_revealed()
    transcript.setFocus()
    assert not foot.copy.is_revealed()


def test_the_menu_offers_what_fits_the_state(qtbot, transcript):
    def words(shown):
        transcript.show_all([shown])
        menu = wait_foot(qtbot, transcript, 1).menu()
        found = [action.text() for action in menu.actions() if action.text()]
        menu.deleteLater()
        return found

    whole = words(turn(1, reasoning="Hm."))
    assert whole == [
        "Copy as Markdown",
        "Copy as plain text",
        "Copy thoughts",
        "Answer again with other settings…",
        "Edit question",
        "Delete from here on",
        "How this answer was made…",
    ]
    assert "Continue the answer" in words(turn(1, state=TurnState.STOPPED))
    assert "Continue the answer" in words(turn(1, state=TurnState.FULL))
    assert "Continue the answer" in words(turn(1, state=TurnState.FAILED))
    assert "Continue the answer" in words(turn(1, "", state=TurnState.STOPPED, reasoning="Hm."))
    assert "Continue the answer" not in words(turn(1, "", state=TurnState.STOPPED))
    assert words(turn(1, "", state=TurnState.WAITING)) == ["Delete from here on"]


def test_what_the_menu_offers_is_told_or_done(qtbot, transcript):
    told = []
    for name in (
        "regenerate_requested",
        "regenerate_otherwise_requested",
        "delete_requested",
        "continue_requested",
        "details_requested",
    ):
        getattr(transcript.desk, name).connect(lambda *args, name=name: told.append((name, *args)))
    transcript.show_all([turn(1, "A *word*.", state=TurnState.STOPPED, reasoning="Hm.")])
    foot = wait_foot(qtbot, transcript, 1)
    for words in (
        "Answer again with other settings…",
        "Delete from here on",
        "Continue the answer",
        "How this answer was made…",
    ):
        QTest.mouseClick(foot.more, LEFT)
        choose(qtbot, popup(qtbot), words)
    QTest.mouseClick(foot.regenerate, LEFT)
    QTest.mouseClick(foot.details, LEFT)
    assert told == [
        ("regenerate_otherwise_requested", 1),
        ("delete_requested", 1),
        ("continue_requested", 1),
        ("details_requested", 1),
        ("regenerate_requested", 1),
        ("details_requested", 1),
    ]
    for words, copied in (
        ("Copy as Markdown", "A *word*."),
        ("Copy as plain text", "A word."),
        ("Copy thoughts", "Hm."),
    ):
        QTest.mouseClick(foot.more, LEFT)
        choose(qtbot, popup(qtbot), words)
        assert QGuiApplication.clipboard().text() == copied


def test_a_rows_menu_has_what_its_turn_offers(qtbot, transcript):
    transcript.show_all([turn(1)])
    wait_foot(qtbot, transcript, 1)
    view = of_kind(transcript, 1, QTextEdit)[0]
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, QPoint(5, 5), view.mapToGlobal(QPoint(5, 5))
    )
    QApplication.sendEvent(view.viewport(), event)
    menu = popup(qtbot)
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions()]
    assert words[:2] == ["Copy", "Select all"]
    choose(qtbot, menu, "Edit question")
    assert of_kind(transcript, 1, QuestionEdit)


def test_a_last_question_out_of_sight_is_brought_there_to_be_edited(qtbot, transcript):
    transcript.show_all([turn(1, answer="A line.\n\n" * 60)])
    wait_foot(qtbot, transcript, 1)
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    transcript.edit_last()
    (edit,) = of_kind(transcript, 1, QuestionEdit)
    qtbot.waitUntil(lambda: edit.visibleRegion().boundingRect() == edit.rect())
    qtbot.waitUntil(edit.field.hasFocus)
    assert edit.visibleRegion().boundingRect() == edit.rect()


def test_questions_and_the_last_answer_are_copied(qtbot, transcript, monkeypatch):
    from app.pages.chat import question_view

    class Quick:
        copied_shown_ms = 20

    monkeypatch.setattr(question_view, "MOTION", Quick())
    transcript.copy_last_answer()
    transcript.show_all([turn(1, "First."), turn(2, "**Second.**")])
    wait_foot(qtbot, transcript, 2)
    (view,) = of_kind(transcript, 1, QuestionView)
    QTest.mouseClick(view.copy, LEFT)
    assert QGuiApplication.clipboard().text() == "Question 1?"
    assert view.copy.accessibleName() == "Copied"
    qtbot.waitUntil(lambda: view.copy.accessibleName() == "Copy message")
    QTest.keyClick(transcript, Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert QGuiApplication.clipboard().text() == "**Second.**"


def test_a_turn_is_brought_into_sight_and_marked(qtbot, transcript):
    from app.widgets.row_list_mark import RowMark

    transcript.show_all([turn(number) for number in range(400)])
    transcript.show_turn_at(40)
    transcript.show_turn_at(9999)
    (view,) = of_kind(transcript, 40, QuestionView)
    assert 0 <= view.mapTo(transcript.viewport(), QPoint(0, 0)).y() < 300
    (mark,) = view.findChildren(RowMark)
    assert mark.geometry() == view.marked_area()


def test_everything_has_a_name(qtbot, transcript):
    transcript.show_all([turn(1, reasoning="Hm."), turn(2, state=TurnState.STOPPED)])
    wait_foot(qtbot, transcript, 2)
    assert transcript.accessibleName() == "Conversation"
    (question,) = of_kind(transcript, 1, QuestionView)
    assert question.accessibleName() == "You wrote"
    assert of_kind(transcript, 1, QTextEdit)[0].accessibleName() == "Answer"
    for view in transcript.views_of(1):
        for part in view.findChildren(QWidget):
            takes_tab = part.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
            assert not takes_tab or part.accessibleName() or part.property("text"), part
    assert of_kind(transcript, 2, AnswerFoot)[0].more.accessibleName() == "More for this answer"


def test_a_question_and_thoughts_of_a_megabyte_come_in_steps_and_whole(qtbot, transcript):
    text = "\u202ea" * 60_000 + " lastword"
    made = turn(1, question=text, reasoning=text, answer="Short.", state=DONE)
    transcript.show_all([made])
    wait_foot(qtbot, transcript, 1)

    def said(kind):
        return "".join(row.text_between(0, None) for row in of_rows(transcript, kind))

    assert "lastword" not in said(QuestionRow), "not all of it at once"
    qtbot.waitUntil(lambda: said(QuestionRow) == visible(text))
    transcript.desk.thoughts_toggled.emit(1)
    assert "lastword" not in said(ThoughtRow)
    qtbot.waitUntil(lambda: said(ThoughtRow) == visible(text))


def test_a_turn_that_goes_is_not_gone_on_with(qtbot, transcript):
    text = "words " * 20_000
    transcript.add(turn(1, question=text, answer="", state=TurnState.WAITING))
    transcript.add(turn(2, question="Short?", answer="", state=TurnState.WAITING))
    transcript.remove(1)
    qtbot.wait(40)
    assert transcript.turn_ids() == (2,)
    assert [row.text for row in of_rows(transcript, QuestionRow)] == ["Short?"]
