"""What is said when a conversation no longer fits into the context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.numbers import whole
from app.pages.chat.turns import Turn, is_read
from inference.events import ContextUse, Overflow


@dataclass(frozen=True)
class Overflowing:
    """A question that does not fit with what was said before it.

    `turns` are those that would have to be left out, the oldest first; none where even the
    question alone is too long.
    """

    turn_id: int
    overflow: Overflow
    turns: tuple[Turn, ...] = ()


def overflowing(
    turn_id: int, overflow: Overflow, earlier: Sequence[Turn], *, has_system: bool
) -> Overflowing:
    """Which turns the engine's numbers of messages are: a question and an answer each."""
    read = [turn for turn in earlier if is_read(turn)]
    numbers = sorted({(index - has_system) // 2 for index in overflow.turns})
    turns = tuple(read[number] for number in numbers if 0 <= number < len(read))
    return Overflowing(turn_id, overflow, turns)


def full_context(overflow: Overflow) -> ContextUse:
    """A context of which more is wanted than there is."""
    return ContextUse(overflow.context_tokens, 0, overflow.prompt_tokens, 0, 0, 0)


def overflow_sentence(overflow: Overflow) -> str:
    """What does not fit, what is safe, and what can be done."""
    translate = QCoreApplication.translate
    if len(overflow.turns) == 1:
        sentence = translate(
            "Overflow",
            "The first message no longer fits: this chat has {prompt} tokens and the context "
            "holds {context}. Nothing was lost.",
        )
    elif overflow.turns:
        sentence = translate(
            "Overflow",
            "The first {count} messages no longer fit: this chat has {prompt} tokens and "
            "the context holds {context}. Nothing was lost.",
        )
    else:
        sentence = translate(
            "Overflow",
            "This message is too long: with it the chat has {prompt} tokens and the context "
            "holds {context}. Start a new chat, or ask something shorter.",
        )
    return sentence.format(
        count=len(overflow.turns),
        prompt=whole(overflow.prompt_tokens),
        context=whole(overflow.context_tokens),
    )
