"""A hand that writes and sends, and eyes that read what the chat page shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QTextEdit, QWidget

from app.pages.chat.foot import AnswerFoot
from app.pages.chat.question_view import QuestionView
from app.pages.chat.reasoning_block import GrowingThoughts, ReasoningBar, ThoughtText
from app.pages.chat.reasoning_parts import AnswerNowButton, ReasoningHead

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.application import Application
    from app.pages.chat.transcript import Transcript


class Thoughts:
    """The thoughts of a turn, as they are seen now."""

    def __init__(self, views: tuple[QWidget, ...]) -> None:
        self._views = views
        bars = [view for view in views if isinstance(view, ReasoningBar)]
        self.bar = bars[0] if bars else None
        self.pieces = [view.text for view in views if isinstance(view, ThoughtText)]
        self.lines = [view.lines for view in views if isinstance(view, GrowingThoughts)]

    @property
    def head(self) -> ReasoningHead:
        assert self.bar is not None
        return self.bar.head

    @property
    def answer_now(self) -> AnswerNowButton:
        assert self.bar is not None
        return self.bar.answer_now

    def is_shown(self) -> bool:
        return self.bar is not None

    def is_open(self) -> bool:
        return bool(self.pieces)

    def text(self) -> str:
        return "".join(piece.toPlainText() for piece in self.pieces)


class TurnSeen:
    """A turn, as it is seen now."""

    def __init__(self, transcript: Transcript, turn_id: int) -> None:
        self._transcript = transcript
        self.turn_id = turn_id

    @property
    def views(self) -> tuple[QWidget, ...]:
        return self._transcript.views_of(self.turn_id)

    @property
    def question(self) -> QuestionView:
        return next(view for view in self.views if isinstance(view, QuestionView))

    @property
    def foot(self) -> AnswerFoot:
        return next(view for view in self.views if isinstance(view, AnswerFoot))

    @property
    def thoughts(self) -> Thoughts:
        return Thoughts(self.views)

    @property
    def texts(self) -> list[QTextEdit]:
        return [view for view in self.views if isinstance(view, QTextEdit)]

    def answer(self) -> str:
        return self._transcript.answer_text(self.turn_id)


class Hand:
    """Uses a chat page as a person does."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def type_in(self, application: Application, text: str) -> None:
        QTest.keyClicks(application.page.composer.edit, text)

    def ask(self, application: Application, text: str) -> None:
        self.type_in(application, text)
        QTest.keyClick(application.page.composer.edit, Qt.Key.Key_Return)

    def views(self, application: Application) -> tuple[TurnSeen, ...]:
        transcript = application.page.transcript
        return tuple(TurnSeen(transcript, turn_id) for turn_id in transcript.turn_ids())

    def answer_text(self, application: Application, number: int = -1) -> str:
        return self.views(application)[number].answer()

    def foot_words(self, application: Application, number: int = -1) -> str:
        return self.views(application)[number].foot.words.text()

    def toast_texts(self, application: Application) -> list[str]:
        return [toast.notice.text for toast in application.page.toasts.toasts()]

    def press_toast(self, application: Application, label: str) -> None:
        """What a toast offers."""
        for toast in application.page.toasts.toasts():
            for button in toast.findChildren(QAbstractButton):
                if button.text() == label:
                    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
                    return
        raise AssertionError(f"no {label} in {self.toast_texts(application)}")

    def wait_idle(self, application: Application) -> None:
        self._qtbot.waitUntil(
            lambda: bool(self.views(application)) and not application.chat.is_busy()
        )


@pytest.fixture
def hand(qtbot: QtBot) -> Hand:
    return Hand(qtbot)


@pytest.fixture
def whole_again(qapp: QApplication) -> Iterator[None]:
    """Text size is the process's: other tests want it as it was."""
    yield
    from app.theme.metrics import SIZE
    from app.theme.type_styles import LETTERING

    LETTERING.percent, LETTERING.is_system = 100, False
    SIZE.grow(100)
