"""Turns to show, and what a conversation shows of them."""

from __future__ import annotations

from PySide6.QtWidgets import QTextEdit

from app.pages.chat.turns import Turn, TurnState


def turn(number, answer="An *answer*.", **kwargs):
    kwargs.setdefault("state", TurnState.DONE)
    return Turn(number, kwargs.pop("question", f"Question {number}?"), answer, **kwargs)


def of_kind(transcript, turn_id, kind):
    return [view for view in transcript.views_of(turn_id) if isinstance(view, kind)]


def wait_foot(qtbot, transcript, turn_id):
    qtbot.waitUntil(lambda: transcript.foot(turn_id) is not None)
    return transcript.foot(turn_id)


def shown_texts(transcript, turn_id):
    return [view.toPlainText() for view in of_kind(transcript, turn_id, QTextEdit)]
