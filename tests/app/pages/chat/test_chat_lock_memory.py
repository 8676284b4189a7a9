"""Behind a lock no object of this process holds words of a chat, wherever they had been.

What Python holds is walked through, and all widgets are asked for their words, also for what an
undo would bring back. Memory that was given back is not looked at, nor is the clipboard.
"""

from __future__ import annotations

import gc
import threading
import types
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from app.bridge.history_states import Locked
from app.chats.chat_settings import ChatSettings
from app.pages.chat.turns import Attached
from inference.events import Overflow

CTRL = Qt.KeyboardModifier.ControlModifier
WORD = "".join(reversed("retlaflenortiz"))  # a constant of this module would be found itself
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def holders(ignored: object) -> list[str]:
    """Objects that hold a text with the word."""
    return [
        f"{type(holder).__name__} holds {held[:60]!r}"
        for holder in gc.get_objects()
        if holder is not ignored and type(holder) is not types.FrameType
        for held in gc.get_referents(holder)
        if held is not WORD and _has_word(held)
    ]


def _has_word(held: Any) -> bool:
    kind = type(held)  # some objects warn when they are asked for their class
    if kind is bytes:
        return WORD.encode() in held
    return issubclass(kind, str) and WORD in held


def widgets_with_it() -> list[str]:
    """Widgets that say the word, show it, or would bring it back."""
    widgets = [
        widget
        for widget in QApplication.allWidgets()
        if any(WORD in text for text in _words_of(widget))
    ]
    return [f"{type(widget).__name__} in {type(widget.parent()).__name__}" for widget in widgets]


def _words_of(widget: QWidget) -> Iterator[str]:
    yield from (widget.accessibleName(), widget.accessibleDescription())
    yield from (widget.toolTip(), widget.windowTitle())
    if isinstance(widget, QLabel | QLineEdit):
        yield widget.text()
    if isinstance(widget, QLineEdit):
        widget.undo()
        yield widget.text()
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        yield widget.toPlainText()
        widget.undo()
        yield widget.toPlainText()


def settle(qtbot) -> None:
    qtbot.wait(400)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def lock(application, qtbot) -> None:
    application.keeping.lock()
    qtbot.waitUntil(lambda: isinstance(application.history.state, Locked))
    settle(qtbot)


@pytest.fixture
def told(hand, qtbot, open_window, fake_engine):
    """A window in which the word was thought, answered, asked and set."""
    fake_engine.reasoning = (f"thinking {WORD}",)
    fake_engine.words = (
        f"# {WORD}\n\n",
        f"```python\n{WORD} = 1\n```\n",
        f"$${WORD}$$ and $x_{{{WORD}}}$\n\n",
        f"| {WORD} |\n|---|\n| {WORD} |\n",
    )
    application = open_window()
    application.chat.change_settings(ChatSettings(system_prompt=f"You are {WORD}."))
    for question in (f"question {WORD}", f"second {WORD}"):
        hand.ask(application, question)
        hand.wait_idle(application)
    qtbot.wait(200)
    qtbot.waitUntil(lambda: len(holders(None)) > 10)
    assert widgets_with_it()
    return application


def left(fake_engine) -> list[str]:
    """Who has the word yet."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return widgets_with_it() + holders(fake_engine.__dict__)


def is_gone(qtbot, fake_engine) -> bool:
    """Soon: threads let go of it when they come to it, toasts and their Undo last longer."""
    fake_engine.requests.clear()
    del fake_engine.words, fake_engine.reasoning
    for _look in range(30):
        if not left(fake_engine):  # a list that was kept would be found itself
            return True
        qtbot.wait(100)
    assert left(fake_engine) == []
    return True


def test_of_a_chat_that_was_read(told, qtbot, fake_engine):
    lock(told, qtbot)
    assert is_gone(qtbot, fake_engine)
    qtbot.waitUntil(lambda: fake_engine.forgotten == 1)


def test_of_what_was_edited_deleted_and_did_not_fit(told, hand, qtbot, fake_engine):
    told.chat.branching.edit(told.chat.turns[1].turn_id, f"edited {WORD}")
    hand.wait_idle(told)
    told.chat.deleting.delete(told.chat.turns[1].turn_id)
    qtbot.waitUntil(lambda: hand.toast_texts(told) == ["Deleted."])
    fake_engine.overflow = Overflow(5210, 4096, (0, 1))
    hand.ask(told, f"too long {WORD}")
    hand.wait_idle(told)
    assert told.page.overflow.isVisible()
    lock(told, qtbot)
    assert is_gone(qtbot, fake_engine)


def test_of_an_answer_that_grows_and_of_what_waits(told, hand, qtbot, fake_engine):
    fake_engine.gate = threading.Event()
    told.chat.branching.regenerate(told.chat.turns[0].turn_id)
    qtbot.waitUntil(lambda: len(fake_engine.requests) == 3)
    hand.ask(told, f"queued {WORD}")
    told.chat.drafts.attach(Attached(f"{WORD}.txt", f"a file {WORD}", 10))
    hand.type_in(told, f"typed {WORD}")
    qtbot.wait(500)
    lock(told, qtbot)
    fake_engine.gate.set()
    assert is_gone(qtbot, fake_engine)


def test_of_a_question_that_could_not_be_asked_again(told, hand, qtbot, fake_engine, full_disk):
    full_disk.fills("app.chats.chat_record.ChatRecord.ask_beside")
    told.chat.branching.edit(told.chat.turns[0].turn_id, f"edited {WORD}")
    qtbot.waitUntil(lambda: bool(hand.toast_texts(told)))
    full_disk.empties()
    lock(told, qtbot)
    assert is_gone(qtbot, fake_engine)


def test_of_what_was_searched_for_renamed_and_being_edited(told, hand, qtbot, fake_engine):
    QTest.keyClick(told.window, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(told.palette.palette.field, WORD)
    qtbot.wait(400)
    QTest.keyClick(told.palette.palette.field, Qt.Key.Key_Escape)
    QTest.keyClick(told.window, Qt.Key.Key_F, CTRL)
    search = told.window.sidebar.search.field
    assert search.hasFocus()
    QTest.keyClicks(search, WORD)
    qtbot.waitUntil(lambda: told.window.sidebar.results.model.rowCount() > 0)
    told.page.transcript.edit_last()
    told.tuning.open()
    prompt = told.tuning.dialog.controls.prompt
    prompt.setFocus()
    QTest.keyClicks(prompt, WORD)
    lock(told, qtbot)
    assert is_gone(qtbot, fake_engine)


def test_of_a_temporary_chat_that_was_left(hand, qtbot, open_window, fake_engine):
    fake_engine.words = (f"answer {WORD}",)
    application = open_window()
    application.page.new_temporary_chat()
    hand.ask(application, f"question {WORD}")
    hand.wait_idle(application)
    hand.type_in(application, f"typed {WORD}")
    application.page.new_chat()
    settle(qtbot)
    fake_engine.reasoning = ()
    assert is_gone(qtbot, fake_engine)
