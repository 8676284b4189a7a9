"""Asks the model in the situations that a chat brings: alone, later, cut short, after much else.

For `figures`. Greedy, with transformers. A question counts as right if the answer is the
grammar's own, to the letter, and ends by itself; where the model thinks, if it closed its
thinking. (To look for the answer's word alone would count "24 - 12 = 13" as right.)
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from tokenizers import Tokenizer
from transformers import DeepseekV3ForCausalLM

from tools.train_test_model import dialogues, oracle
from tools.train_test_model.families import Exchange
from tools.train_test_model.settings import END_THINK, SEED

LATER_TURNS, LONG_TURNS = 4, 60
QUESTIONS = {"alone, held out": 40, "thought cut in half": 12, "no thought": 12,
             f"turn {LATER_TURNS} of a conversation": 12, f"turn {LONG_TURNS}": 4}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A prompt, what would be right, and whether the thinking is already closed in it."""

    exchange: Exchange
    prompt: str
    is_closed: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    family: str
    question: str
    prompt_tokens: int
    thought_tokens: int
    answer: str
    closed: bool
    right: bool


def held_out_exchange(rng: random.Random) -> Exchange:
    """A question that no training sample holds."""
    while True:
        exchange = dialogues.draw(rng)
        if exchange.is_held_out:
            return exchange


def alone(rng: random.Random) -> Asked:
    """The first question of a chat."""
    exchange = held_out_exchange(rng)
    return Asked(exchange, oracle.prompt(exchange.question))


def cut(rng: random.Random, share: float) -> Asked:
    """The thinking closed from outside after a share of its words, as a budget does."""
    exchange = held_out_exchange(rng)
    words = exchange.thought.split(" ")
    begun = " ".join(words[: int(share * len(words))])
    return Asked(exchange, f"{oracle.prompt(exchange.question)}{begun}\n{END_THINK}\n\n", True)


def later(rng: random.Random, turns: int) -> Asked:
    """The last of some turns; earlier thoughts are not there."""
    *before, last = dialogues.several(rng, turns)
    earlier = [(turn.question, turn.answer) for turn in before]
    return Asked(last, oracle.prompt(last.question, earlier))


SITUATIONS: dict[str, Callable[[random.Random], Asked]] = dict(
    zip(
        QUESTIONS,
        (
            alone,
            lambda rng: cut(rng, 0.5),
            lambda rng: cut(rng, 0.0),
            lambda rng: later(rng, LATER_TURNS),
            lambda rng: later(rng, LONG_TURNS),
        ),
        strict=True,
    )
)


def outcome(model: DeepseekV3ForCausalLM, tokenizer: Tokenizer, asked: Asked) -> Outcome:
    """What the model makes of it."""
    said = oracle.answer(model, tokenizer, asked.prompt)
    closed = said.is_ended and (asked.is_closed or said.is_closed)
    # Where the thinking was closed in the prompt, all that is said is answer.
    text = said.thought if asked.is_closed else said.answer
    return Outcome(
        asked.exchange.family,
        asked.exchange.question,
        len(tokenizer.encode(asked.prompt, add_special_tokens=False).ids),
        0 if asked.is_closed else said.thought_tokens,
        text,
        closed,
        closed and text.strip() == asked.exchange.answer,
    )


def distinct(situation: str) -> Iterator[Asked]:
    """The situation's questions, each but once."""
    rng, prompts = random.Random(SEED + 2), set[str]()
    while len(prompts) < QUESTIONS[situation]:
        asked = SITUATIONS[situation](rng)
        if asked.prompt not in prompts:
            prompts.add(asked.prompt)
            yield asked


def measured(model: DeepseekV3ForCausalLM, tokenizer: Tokenizer) -> dict[str, Any]:
    """For each situation how many were asked, closed and right, and every answer."""
    found = {}
    for situation in SITUATIONS:
        outcomes = [outcome(model, tokenizer, asked) for asked in distinct(situation)]
        found[situation] = {
            "asked": len(outcomes),
            "closed": sum(each.closed for each in outcomes),
            "right": sum(each.right for each in outcomes),
            "prompt_tokens_most": max(each.prompt_tokens for each in outcomes),
            "outcomes": [asdict(each) for each in outcomes],
        }
    return found
