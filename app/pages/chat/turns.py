"""One question and its answer, as the controller holds it, and how it grows. Free of Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from app.bridge.engine_port import AnswerUpdate, End, Failed, Withdrawn
from inference.events import Finished, FinishReason, Overflow
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
    LIMITED = "limited"  # the answer was as long as it was to be at most
    FAILED = "failed"


LIVE_STATES = (TurnState.READING, TurnState.THINKING, TurnState.ANSWERING)
_CUT_SHORT = (TurnState.STOPPED, TurnState.FULL, TurnState.LIMITED, TurnState.FAILED)


@dataclass(frozen=True)
class Branch:
    """Which of several versions is shown: `number` of `count`, from 1."""

    number: int = 1
    count: int = 1


@dataclass(frozen=True)
class Attached:
    """A text file that goes with a question."""

    name: str
    text: str
    size_bytes: int


@dataclass(frozen=True)
class Turn:
    """A user's message and what came of it.

    Thinking began at `thinking_since_s` of the monotonic clock and took `thinking_s`, None as
    long as it goes on. `left_out` is how many messages the model was not given.
    """

    turn_id: int
    question: str
    answer: str = ""
    reasoning: str = ""
    generated_tokens: int = 0
    reasoning_tokens: int = 0
    thinking_since_s: float | None = None
    thinking_s: float | None = None
    state: TurnState = TurnState.WAITING
    model_name: str = ""
    left_out: int = 0
    tokens_per_s: float = 0.0
    attached: tuple[Attached, ...] = ()
    question_branch: Branch = Branch()
    answer_branch: Branch = Branch()

    @property
    def is_asked(self) -> bool:
        """Whether there is a question: words, or files alone."""
        return bool(self.question or self.attached)

    @property
    def can_go_on(self) -> bool:
        """Whether an answer began and did not come to its end."""
        return self.state in _CUT_SHORT and self.is_asked and bool(self.answer or self.reasoning)

    def again(self) -> Turn:
        """The question alone, to be answered once more beside the answers that it has."""
        count = self.answer_branch.count + 1
        return Turn(
            self.turn_id,
            self.question,
            attached=self.attached,
            question_branch=self.question_branch,
            answer_branch=Branch(count, count),
        )

    def reworded(self, question: str, attached: tuple[Attached, ...]) -> Turn:
        """Another version of the question, which nobody answered yet."""
        count = self.question_branch.count + 1
        return Turn(self.turn_id, question, attached=attached, question_branch=Branch(count, count))

    def going_on(self) -> Turn:
        """The same, waiting for the model to go on with its answer."""
        return replace(self, state=TurnState.WAITING, generated_tokens=0, tokens_per_s=0.0)


def grown(turn: Turn, update: AnswerUpdate, now_s: float) -> Turn:
    """The turn after an update, its end apart."""
    before = turn.reasoning + turn.answer if update.recast else turn.reasoning
    reasoning = before + update.reasoning_text
    answer = ("" if update.recast else turn.answer) + update.answer_text
    thoughts = turn.generated_tokens if update.recast else turn.reasoning_tokens
    state = _live_state(turn.state, answer, reasoning)
    since_s = turn.thinking_since_s
    if since_s is None and reasoning:
        since_s = now_s
    took_s = turn.thinking_s
    if since_s is not None and took_s is None and state is not TurnState.THINKING:
        took_s = now_s - since_s
    return replace(
        turn,
        answer=answer,
        reasoning=reasoning,
        generated_tokens=turn.generated_tokens + update.new_tokens,
        reasoning_tokens=thoughts + update.new_reasoning_tokens,
        thinking_since_s=since_s,
        thinking_s=took_s,
        left_out=_left_out(turn, update.overflow),
        state=state,
    )


def _left_out(turn: Turn, overflow: Overflow | None) -> int:
    if overflow is None or not overflow.dropped:
        return turn.left_out
    return len(overflow.turns)


def _live_state(state: TurnState, answer: str, reasoning: str) -> TurnState:
    """Reading until a text came, thinking until some of it was of the answer."""
    if state not in LIVE_STATES:
        return state
    if answer:
        return TurnState.ANSWERING
    return TurnState.THINKING if reasoning else TurnState.READING


def state_after(finished: Finished, max_tokens: int | None = None) -> TurnState:
    """The state in which the engine's last event leaves an answer of so many tokens at most."""
    is_length = finished.reason is FinishReason.LENGTH
    if is_length and finished.statistics.generated_tokens == max_tokens:
        return TurnState.LIMITED
    return {
        FinishReason.STOP: TurnState.DONE,
        FinishReason.LENGTH: TurnState.FULL,
        FinishReason.CANCELLED: TurnState.STOPPED,
        FinishReason.OVERFLOW: TurnState.FAILED,
    }[finished.reason]


def ended(turn: Turn, end: End, now_s: float, max_tokens: int | None = None) -> Turn:
    """The turn after the last that its answer was given; it was to have `max_tokens` at most."""
    if isinstance(end, Failed):
        turn = replace(turn, state=TurnState.FAILED)
    elif isinstance(end, Withdrawn):
        turn = replace(turn, state=TurnState.STOPPED)
    else:
        speed = end.statistics.decode_tokens_per_s
        state = state_after(end, max_tokens)
        turn = replace(turn, state=state, tokens_per_s=speed)
    if turn.thinking_since_s is not None and turn.thinking_s is None:
        turn = replace(turn, thinking_s=now_s - turn.thinking_since_s)
    return turn


def asked_message(turn: Turn) -> Message:
    """The question as the model reads it: files stand before the words about them."""
    files = "\n\n".join(f"{each.name}\n{each.text}" for each in turn.attached)
    if files and turn.question:
        files += "\n\n"
    return Message("user", files + turn.question, attached_characters=len(files))


def answer_message(turn: Turn) -> Message:
    """The answer so far, as the model reads it."""
    return Message("assistant", turn.answer, turn.reasoning)


def is_read(turn: Turn) -> bool:
    """Whether the model reads a turn that was before: templates refuse two messages of the same
    role in a row, so those without a question or an answer are left out.
    """
    return bool(turn.answer and (turn.question or turn.attached))


def messages_of(turns: Iterable[Turn], system: str = "") -> tuple[Message, ...]:
    """What was said and answered, as the model reads it."""
    messages: list[Message] = [Message("system", system)] if system else []
    for turn in turns:
        if is_read(turn):
            messages += (asked_message(turn), answer_message(turn))
    return tuple(messages)
