"""Which turns a conversation must lose to fit, and how much room an answer is kept.

For the engine. Pure: knows messages and token counts, no model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inference.request import Message

_LEAST_RESERVE_TOKENS = 256
_MOST_RESERVE_TOKENS = 4096
_RESERVE_SHARE = 8  # an eighth of the context
# What a template writes around a message, at most: the exact count is asked for early enough.
_TEMPLATE_SLACK_TOKENS = 32
_MOST_RESERVE_SHARE = 4  # of a context so small that the least would be most of it


def reserve_tokens(capacity_tokens: int) -> int:
    """What an answer is kept when turns are left out for it."""
    wanted = min(capacity_tokens // _RESERVE_SHARE, _MOST_RESERVE_TOKENS)
    return min(max(wanted, _LEAST_RESERVE_TOKENS), capacity_tokens // _MOST_RESERVE_SHARE)


def oldest_turns(
    messages: Sequence[Message],
    capacity_tokens: int,
    count_tokens: Callable[[Message], int],
    prompt_tokens: Callable[[tuple[Message, ...]], int],
) -> tuple[int, ...]:
    """The indices of the oldest messages that must go; none where that does not help.

    Whole turns go, a question with its answer; system messages and the last question stay.
    `count_tokens` is cheap and about right, `prompt_tokens` is exact.
    """
    turns = _turns(messages)
    goal = capacity_tokens - reserve_tokens(capacity_tokens)
    excess = prompt_tokens(tuple(messages)) - goal
    dropped: list[int] = []
    fitting: tuple[int, ...] = ()
    for number, turn in enumerate(turns, 1):
        dropped += turn
        excess -= sum(count_tokens(messages[index]) + _TEMPLATE_SLACK_TOKENS for index in turn)
        if excess > 0 and number < len(turns):
            continue
        tokens = prompt_tokens(without(messages, dropped))
        if tokens < capacity_tokens:
            fitting = tuple(dropped)
        if tokens <= goal:
            break
    return fitting


def without(messages: Sequence[Message], indices: Sequence[int]) -> tuple[Message, ...]:
    """The messages that stay."""
    gone = frozenset(indices)
    return tuple(message for index, message in enumerate(messages) if index not in gone)


def _turns(messages: Sequence[Message]) -> list[tuple[int, ...]]:
    """What may go, the oldest first: all but the system's messages and the last question."""
    turns: list[list[int]] = []
    for index, message in enumerate(messages):
        if message.role == "system":
            continue
        if message.role == "user" or not turns:
            turns.append([])
        turns[-1].append(index)
    return [tuple(turn) for turn in turns[:-1]]
