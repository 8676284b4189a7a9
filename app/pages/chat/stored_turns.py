"""Turns and the messages that the history keeps of them, both ways. Free of Qt.

For: the controller. A window shows questions with their answers; a history may hold any tree,
from an import too, so that a turn may lack its question or its answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.chats.chat_record import AnswerRecord
from app.chats.model import (
    AttachmentPart,
    Message,
    MessageState,
    Part,
    Provenance,
    ReasoningPart,
    Role,
    TextPart,
)
from app.chats.provenance import provenance_of
from app.chats.recorder import answer_parts
from app.pages.chat.turns import Turn, TurnState
from inference.events import Finished, FinishReason

_MS_PER_S = 1000.0
_LEFT_OUT = "left_out_messages"
_STATES = {
    MessageState.STREAMING: TurnState.STOPPED,
    MessageState.DONE: TurnState.DONE,
    MessageState.STOPPED: TurnState.STOPPED,
    MessageState.FAILED: TurnState.FAILED,
}
_MESSAGE_STATES = {
    TurnState.DONE: MessageState.DONE,
    TurnState.FULL: MessageState.DONE,
    TurnState.FAILED: MessageState.FAILED,
}


@dataclass(frozen=True)
class StoredTurn:
    """A turn that was read from the history, and the place where it could be answered again."""

    turn: Turn
    answer: AnswerRecord


def turns_of(messages: Sequence[Message], first_id: int) -> tuple[StoredTurn, ...]:
    """A branch as turns, numbered from `first_id`; system messages are `system_of`'s."""
    found: list[StoredTurn] = []
    is_open = False
    for message in messages:
        if message.role is Role.SYSTEM:
            continue
        is_answer = message.role is Role.ASSISTANT
        if not (is_answer and is_open):
            question = "" if is_answer else _asked(message)
            turn = Turn(first_id + len(found), question, state=TurnState.STOPPED)
            place = None if is_answer else message.id
            found.append(StoredTurn(turn, AnswerRecord(place)))
        if is_answer:
            found[-1] = replace(found[-1], turn=_answered(found[-1].turn, message))
        is_open = not is_answer
    return tuple(found)


def system_of(messages: Sequence[Message]) -> str:
    """What the model is told before the conversation, or nothing."""
    return "\n\n".join(message.text for message in messages if message.role is Role.SYSTEM)


def parts_of(turn: Turn, now_s: float) -> tuple[Part, ...]:
    """The turn's answer so far, as the history keeps it."""
    thinking_s = turn.thinking_s
    if thinking_s is None:
        thinking_s = now_s - turn.thinking_since_s if turn.thinking_since_s is not None else 0.0
    thought_ms = round(thinking_s * _MS_PER_S)
    return answer_parts(turn.answer, turn.reasoning, thought_ms, turn.reasoning_tokens)


def message_state(state: TurnState) -> MessageState:
    """How an answer stands that is ended now: what was not at its end is stopped."""
    return _MESSAGE_STATES.get(state, MessageState.STOPPED)


def provenance_for(turn: Turn, finished: Finished | None) -> Provenance | None:
    """What made the answer; of one that was left before its end no more than the model."""
    if finished is None:
        return Provenance((("model", turn.model_name),)) if turn.model_name else None
    record = provenance_of(finished)
    if turn.left_out:
        record = replace(record, details=(*record.details, (_LEFT_OUT, turn.left_out)))
    return record


def _asked(message: Message) -> str:
    """What was asked, as the model reads it: files stand before the words about them."""
    files = [
        f"{part.name}\n{part.text}" for part in message.parts if isinstance(part, AttachmentPart)
    ]
    words = [part.text for part in message.parts if isinstance(part, TextPart)]
    return "\n\n".join((*files, *words))


def _answered(turn: Turn, message: Message) -> Turn:
    thoughts = [part for part in message.parts if isinstance(part, ReasoningPart)]
    details = dict(message.provenance.details) if message.provenance else {}
    state = _STATES[message.state]
    if state is TurnState.DONE and details.get("finish_reason") == FinishReason.LENGTH:
        state = TurnState.FULL
    return replace(
        turn,
        answer=message.text,
        reasoning=message.reasoning,
        reasoning_tokens=sum(part.tokens for part in thoughts),
        thinking_s=sum(part.elapsed_ms for part in thoughts) / _MS_PER_S,
        state=state,
        model_name=str(details.get("model", "")),
        left_out=_whole(details.get(_LEFT_OUT)),
        tokens_per_s=_figure(details.get("decode_tokens_per_s")),
    )


def _whole(value: object) -> int:
    """A count of a record that anyone may have written."""
    return value if isinstance(value, int) and value > 0 else 0


def _figure(value: object) -> float:
    return float(value) if isinstance(value, int | float) and 0 < value < 1e6 else 0.0
