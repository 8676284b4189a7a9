"""What a journey through the window does with mouse and keyboard, and what it sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from app.pages.chat.foot import AnswerFoot
from app.pages.chat.question_edit import QuestionEdit
from app.pages.chat.question_view import QuestionView
from app.pages.chat.reasoning_block import ReasoningBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.application import Application

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LONG_MS = 40_000
View = TypeVar("View", bound=QWidget)


class Traveller:
    """Someone before a window."""

    def __init__(self, qtbot: QtBot, application: Application) -> None:
        self.qtbot = qtbot
        self.application = application
        self.page = application.page
        self.edit = application.page.composer.edit

    # ------------------------------------------------------------------ what is done

    def press(
        self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """A key, wherever the keyboard is."""
        self.activate()
        QTest.keyClick(QApplication.focusWidget() or self.application.window, key, held)

    def activate(self) -> None:
        """The offscreen platform forgets which window is active with each menu and dialog."""
        window = self.application.window
        if QApplication.activeWindow() is None and QApplication.activePopupWidget() is None:
            window.activateWindow()
            self.until(window.isActiveWindow)

    def write(self, text: str) -> None:
        """Into the field of the next message."""
        QTest.keyClicks(self.edit, text)

    def ask(self, text: str) -> None:
        """Write and send."""
        self.write(text)
        QTest.keyClick(self.edit, Qt.Key.Key_Return)

    def ask_and_wait(self, text: str) -> None:
        """The same, until the answer is whole."""
        count = len(self.page.transcript.turn_ids())
        self.ask(text)
        self.until(lambda: len(self.page.transcript.turn_ids()) == count + 1)
        self.until_idle()

    def click(self, button: QWidget) -> None:
        """The mouse on a control that is there."""
        assert button.isVisible()
        assert button.isEnabled()
        QTest.mouseClick(button, LEFT)

    def press_toast(self, label: str, beginning: str = "") -> None:
        """What a toast offers."""
        for toast in self.page.toasts.toasts():
            for button in toast.findChildren(QAbstractButton):
                if button.text() == label and toast.notice.text.startswith(beginning):
                    self.click(button)
                    return
        raise AssertionError(f"no {label} in {self.toasts()}")

    def dismiss_toasts(self) -> None:
        """Read, and away."""
        for toast in self.page.toasts.toasts():
            for button in toast.findChildren(QAbstractButton):
                if button.accessibleName() == "Dismiss":
                    self.click(button)

    def choose_of(self, turn: int, words: str) -> None:
        """An entry of the menu under an answer."""
        self.click(self.foot(turn).more)
        self.choose(words)

    def choose(self, words: str) -> None:
        """An entry of the menu that is open."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = next(each for each in menu.actions() if each.text() == words)
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())

    def begin_edit(self, turn: int, text: str) -> QuestionEdit:
        """The question's own button, and other words in its place."""
        self.click(self.question(turn).edit)
        view = self.view(turn, QuestionEdit)
        view.field.selectAll()
        QTest.keyClicks(view.field, text)
        return view

    def edit_question(self, turn: int, text: str) -> None:
        """Other words, sent by the keyboard."""
        QTest.keyClick(self.begin_edit(turn, text).field, Qt.Key.Key_Return, CTRL)

    def open_chat(self, title: str) -> None:
        """A click in the sidebar."""
        listed = self.application.window.sidebar.chats
        rect = listed.view.visualRect(listed.model.index_of(self.chat_id(title)))
        QTest.mouseClick(listed.view.viewport(), LEFT, pos=rect.center())

    def drag(self, start: QWidget, end: QWidget) -> None:
        """The mouse from the beginning of a view to the end of another one."""
        area = self.page.transcript.viewport()
        first = start.mapTo(area, QPoint(2, 10))
        last = end.mapTo(area, QPoint(end.width() - 4, end.height() - 6))
        QTest.mousePress(start, LEFT, pos=start.mapFrom(area, first))
        for step in (QPoint(30, 10), last - first):
            QTest.mouseMove(start, start.mapFrom(area, first + step))
        QTest.mouseRelease(start, LEFT, pos=start.mapFrom(area, last))

    # ------------------------------------------------------------------ what is seen

    def until(self, holds, timeout: int = LONG_MS) -> None:
        """Wait for something."""
        self.qtbot.waitUntil(holds, timeout=timeout)

    def until_idle(self) -> None:
        """Until nothing is being answered."""
        self.until(lambda: not self.application.chat.is_busy())

    def until_said(self, *expected: str) -> None:
        """Until the conversation is this, and at rest."""
        self.until(lambda: self.said() == list(expected))
        self.until_idle()

    def said(self) -> list[str]:
        """Questions and answers, as they are held."""
        turns = self.application.chat.turns
        return [text for turn in turns for text in (turn.question, turn.answer)]

    def answer(self, turn: int = -1) -> str:
        """An answer as it is shown."""
        ids = self.page.transcript.turn_ids()
        return self.page.transcript.answer_text(ids[turn]) if ids else ""

    def views(self, turn: int = -1) -> tuple[QWidget, ...]:
        """What is shown of a turn."""
        return self.page.transcript.views_of(self.page.transcript.turn_ids()[turn])

    def view(self, turn: int, kind: type[View]) -> View:
        """A part of a turn, brought into sight."""
        transcript = self.page.transcript
        turn_id = transcript.turn_ids()[turn]

        def found() -> View | None:
            return next((v for v in self.views(turn) if isinstance(v, kind)), None)

        if found() is None:
            transcript.show_turn_at(turn_id)
            self.until(lambda: found() is not None)
        seen = found()
        assert seen is not None
        return seen

    def foot(self, turn: int = -1) -> AnswerFoot:
        """What stands under an answer."""
        return self.view(turn, AnswerFoot)

    def question(self, turn: int = -1) -> QuestionView:
        """The bubble."""
        return self.view(turn, QuestionView)

    def thoughts(self, turn: int = -1) -> ReasoningBar:
        """The head of the thoughts."""
        return self.view(turn, ReasoningBar)

    def dialog(self, kind: type[View]) -> View:
        """The newest dialog of a kind, once it is open."""

        def found() -> list[View]:
            window = self.application.window
            return [each for each in window.findChildren(kind) if each.isVisible()]

        self.until(lambda: bool(found()))
        return found()[-1]

    def toasts(self) -> list[str]:
        """What is told."""
        return [toast.notice.text for toast in self.page.toasts.toasts()]

    def titles(self) -> list[str]:
        """The chats in the sidebar."""
        return [chat.title for chat in self.application.window.sidebar.chats.model.chats]

    def chat_id(self, title: str) -> int:
        """A chat of the sidebar."""
        chats = self.application.window.sidebar.chats.model.chats
        return next(chat.id for chat in chats if chat.title == title)
