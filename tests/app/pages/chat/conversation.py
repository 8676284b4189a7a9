"""What is said in the open chat of a window, and what is kept of it."""

from __future__ import annotations

PARIS = "Paris is the capital."


def said(application) -> list[str]:
    return [text for turn in application.chat.turns for text in (turn.question, turn.answer)]


def ids(application) -> list[int]:
    return [turn.turn_id for turn in application.chat.turns]


def texts(messages) -> list[str]:
    return [message.text for message in messages]


def shows(qtbot, application, *expected: str) -> None:
    qtbot.waitUntil(lambda: said(application) == list(expected))
    qtbot.waitUntil(lambda: not application.chat.is_busy())
