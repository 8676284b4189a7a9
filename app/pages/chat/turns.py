"""One question and its answer, as the controller holds it. Free of Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from inference.events import Finished, FinishReason
from inference.request import Message


class TurnState(StrEnum):
    """How far an answer is."""

    WAITING = "waiting"  # for the model to load, or for the answer before it
    READING = "reading"  # the prompt is being prefilled
    THINKING = "thinking"
    ANSWERING = "answering"
    DONE = "done"
    STOPPED = "stopped"
    FULL = "full"  # the context was full before the answer's end
    FAILED = "failed"


LIVE_STATES = (TurnState.READING, TurnState.THINKING, TurnState.ANSWERING)


@dataclass(frozen=True)
class Turn:
    """A user's message and what came of it."""

    turn_id: int
    question: str
    answer: str = ""
    reasoning: str = ""
    generated_tokens: int = 0
    state: TurnState = TurnState.WAITING
    model_name: str = ""
    finished: Finished | None = None


def state_after(finished: Finished) -> TurnState:
    """The state in which the engine's last event leaves an answer."""
    return {
        FinishReason.STOP: TurnState.DONE,
        FinishReason.LENGTH: TurnState.FULL,
        FinishReason.CANCELLED: TurnState.STOPPED,
        FinishReason.OVERFLOW: TurnState.FAILED,
    }[finished.reason]


def messages_of(turns: Iterable[Turn], question: str) -> tuple[Message, ...]:
    """The conversation as the model reads it: what was answered, then the new question.

    Turns without an answer are left out: templates refuse two user messages in a row.
    """
    messages: list[Message] = []
    for turn in turns:
        if turn.answer:
            messages.append(Message("user", turn.question))
            messages.append(Message("assistant", turn.answer, turn.reasoning))
    return (*messages, Message("user", question))


def title_of(question: str, limit: int = 80) -> str:
    """A conversation's title: the first line of its first question."""
    line = " ".join(question.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
