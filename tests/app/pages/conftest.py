"""A hand that writes and sends, and eyes that read what the chat page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.application import Application
    from app.pages.chat.messages import TurnView


class Hand:
    """Uses a chat page as a person does."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def type_in(self, application: Application, text: str) -> None:
        QTest.keyClicks(application.page.composer.edit, text)

    def ask(self, application: Application, text: str) -> None:
        self.type_in(application, text)
        QTest.keyClick(application.page.composer.edit, Qt.Key.Key_Return)

    def views(self, application: Application) -> tuple[TurnView, ...]:
        return application.page.transcript.views()

    def answer_text(self, application: Application, number: int = -1) -> str:
        return self.views(application)[number].answer.text.toPlainText()

    def foot_words(self, application: Application, number: int = -1) -> str:
        return self.views(application)[number].answer.foot.words.text()

    def toast_texts(self, application: Application) -> list[str]:
        return [toast.notice.text for toast in application.page.toasts.toasts()]

    def wait_idle(self, application: Application) -> None:
        self._qtbot.waitUntil(
            lambda: bool(self.views(application)) and not application.chat.is_busy()
        )


@pytest.fixture
def hand(qtbot: QtBot) -> Hand:
    return Hand(qtbot)
