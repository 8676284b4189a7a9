"""Turns and the messages that the history keeps of them, both ways. Free of Qt.

For: the controller, which lets the history's thread make turns of what it read. A window shows
questions with their answers; a history may hold any tree, from an import too, so that a turn
may lack its question or its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.chats.answer_record import AnswerRecord
from app.chats.branches import Fork
from app.chats.model import (
    AttachmentPart,
    Message,
    MessageState,
    Part,
    Provenance,
    ReasoningPart,
    Role,
)
from app.chats.provenance import LEFT_OUT, provenance_of
from app.chats.recorder import answer_parts
from app.pages.chat.turns import Attached, Branch, Turn, TurnState
from inference.events import ContextUse, Finished, FinishReason

_MS_PER_S = 1000.0
_ONLY = Branch()
_STATES = {
    MessageState.STREAMING: TurnState.STOPPED,
    MessageState.DONE: TurnState.DONE,
    MessageState.STOPPED: TurnState.STOPPED,
    MessageState.FAILED: TurnState.FAILED,
}
_MESSAGE_STATES = {
    TurnState.DONE: MessageState.DONE,
    TurnState.FULL: MessageState.DONE,
    TurnState.LIMITED: MessageState.DONE,
    TurnState.FAILED: MessageState.FAILED,
}


@dataclass(frozen=True)
class StoredTurn:
    """A turn that was read from the history, and the places of its question and its answer."""

    turn: Turn
    answer: AnswerRecord
    made_by: Provenance | None = None


def turns_of(
    messages: Sequence[Message], ids: Iterator[int], forks: Mapping[int, Fork] | None = None
) -> tuple[StoredTurn, ...]:
    """A branch as turns, numbered from `ids`; system messages are `system_of`'s."""
    forks = forks or {}
    found: list[StoredTurn] = []
    question: Message | None = None
    for message in messages:
        if message.role is Role.SYSTEM:
            continue
        if message.role is Role.ASSISTANT:
            found.append(_turn(next(ids), question, message, forks))
            question = None
            continue
        if question is not None:
            found.append(_turn(next(ids), question, None, forks))
        question = message
    if question is not None:
        found.append(_turn(next(ids), question, None, forks))
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


def attachments_of(files: Iterable[Attached]) -> tuple[AttachmentPart, ...]:
    """Files as the history keeps them."""
    return tuple(AttachmentPart(each.name, each.text) for each in files)


def attached_of(parts: Iterable[Part]) -> tuple[Attached, ...]:
    """The files among what the history keeps."""
    return tuple(
        Attached(part.name, part.text, len(part.text.encode(errors="replace")))
        for part in parts
        if isinstance(part, AttachmentPart)
    )


def message_state(state: TurnState) -> MessageState:
    """How an answer stands that is ended now: what was not at its end is stopped."""
    return _MESSAGE_STATES.get(state, MessageState.STOPPED)


def provenance_for(
    turn: Turn, finished: Finished | None, asked_with: Provenance | None
) -> Provenance | None:
    """What made the answer, with what it was asked with; of one that was left before its end no
    more than that and the model.
    """
    asked = () if asked_with is None else asked_with.details
    if finished is None:
        known = (("model", turn.model_name), *asked) if turn.model_name else asked
        return Provenance(known) if known else None
    record = provenance_of(finished)
    left_out = ((LEFT_OUT, turn.left_out),) if turn.left_out else ()
    return replace(record, details=(*record.details, *asked, *left_out))


def _turn(
    turn_id: int, question: Message | None, answer: Message | None, forks: Mapping[int, Fork]
) -> StoredTurn:
    attached = () if question is None else attached_of(question.parts)
    words = "" if question is None else question.text
    question_id = None if question is None else question.id
    branch = _branch(question, forks)
    if answer is None:
        bare = Turn(
            turn_id,
            words,
            state=TurnState.STOPPED,
            attached=attached,
            question_branch=branch,
        )
        return StoredTurn(bare, AnswerRecord(question_id))
    thoughts = [part for part in answer.parts if isinstance(part, ReasoningPart)]
    details = dict(answer.provenance.details) if answer.provenance else {}
    turn = Turn(
        turn_id,
        words,
        answer=answer.text,
        reasoning=answer.reasoning,
        reasoning_tokens=sum(part.tokens for part in thoughts),
        thinking_s=sum(part.elapsed_ms for part in thoughts) / _MS_PER_S,
        state=_state(answer, details),
        model_name=str(details.get("model", "")),
        left_out=_whole(details.get(LEFT_OUT)),
        tokens_per_s=_figure(details.get("decode_tokens_per_s")),
        attached=attached,
        question_branch=branch,
        answer_branch=_branch(answer, forks),
    )
    return StoredTurn(turn, AnswerRecord(question_id, answer.id), answer.provenance)


def context_after(made_by: Provenance | None, capacity_tokens: int) -> ContextUse:
    """What a conversation takes by the record of its last answer, without that one's thoughts."""
    known = dict(made_by.details) if made_by is not None else {}
    answer = _whole(known.get("generated_tokens")) - _whole(known.get("reasoning_tokens"))
    tokens = _whole(known.get("prompt_tokens")) + max(0, answer)
    return ContextUse(capacity_tokens, 0, tokens, 0, 0, 0)


def _state(answer: Message, details: Mapping[str, object]) -> TurnState:
    state = _STATES[answer.state]
    if state is TurnState.DONE and details.get("finish_reason") == FinishReason.LENGTH:
        is_limited = details.get("generated_tokens", 0) == details.get("max_tokens")
        return TurnState.LIMITED if is_limited else TurnState.FULL
    return state


def _branch(message: Message | None, forks: Mapping[int, Fork]) -> Branch:
    fork = None if message is None else forks.get(message.id)
    return _ONLY if fork is None else Branch(fork.number, fork.count)


def _whole(value: object) -> int:
    """A count of a record that anyone may have written."""
    return value if isinstance(value, int) and value > 0 else 0


def _figure(value: object) -> float:
    return float(value) if isinstance(value, int | float) and 0 < value < 1e6 else 0.0
