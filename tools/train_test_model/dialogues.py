"""Conversations in DeepSeek-R1's form, written by a grammar and a seed.

For `batches`, which trains on them, and `figures`, which asks held-out ones. A sample is
what the model sees in one turn: the turns before without their thoughts, as R1's template
drops them, then the last with its thought. Parts carry a weight in the loss: the model
learns to answer more than to ask, and never to stop a thought where a budget stopped it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tools.train_test_model import counting, families
from tools.train_test_model.families import Exchange, Family
from tools.train_test_model.settings import ASSISTANT, BOS, END_THINK, EOS, THINK, USER
from tools.train_test_model.tables import CAPITALS, NAMES, OPPOSITES, WORDS

# How often each is drawn: what takes more practice comes more often.
FAMILIES: dict[Family, float] = {
    families.capital: 3, families.opposite: 2, families.colour: 1, families.sound: 1,
    families.definition: 1.5, families.calendar: 2, families.days_later: 2,
    families.greeting: 1.2, counting.small_sum: 4, counting.long_sum: 2, counting.count_up: 2,
    counting.larger: 2, counting.parity: 1.2, counting.sort_words: 3, counting.spell: 2,
    counting.letter: 1.5, counting.letter_count: 1.5,
}  # fmt: skip
ASKING, ANSWERING, NOT_LEARNT = 0.2, 1.0, 0.0
SYSTEM_SHARE, SEVERAL_SHARE, LONG_SHARE, CUT_SHARE, GAP_SHARE = 0.15, 0.3, 0.02, 0.12, 0.2


@dataclass(frozen=True)
class Part:
    """A piece of a sample, encoded by itself, with its weight in the loss."""

    text: str
    weight: float


@dataclass(frozen=True)
class Conversation:
    """A system text, the turns in order, and whether the last thought is cut short."""

    system: str
    turns: tuple[Exchange, ...]
    cut: float | None = None

    @property
    def is_held_out(self) -> bool:
        """Whether a question of it is kept from training."""
        return any(turn.is_held_out for turn in self.turns)


def draw(rng: random.Random) -> Exchange:
    """An exchange that stands alone."""
    (family,) = rng.choices(list(FAMILIES), list(FAMILIES.values()))
    return family(rng)


def another_capital(rng: random.Random) -> Exchange:
    """A question that only the one before makes clear."""
    country, city = rng.choice(list(CAPITALS.items()))
    thought = f"Again a capital. {city} is the capital of {country}."
    answer = f"The capital of {country} is {city}."
    return Exchange("follow-up", f"And of {country}?", thought, answer, city)


def another_opposite(rng: random.Random) -> Exchange:
    """As `another_capital`, with opposites."""
    word, other = rng.choice(list(OPPOSITES.items()))
    thought = f"Again an opposite. The opposite of {word} is {other}."
    answer = f"The opposite of {word} is {other}."
    return Exchange("follow-up", f"And of {word}?", thought, answer, other)


def asked_again(rng: random.Random, turns: list[Exchange]) -> Exchange:
    """A question about the conversation itself."""
    if rng.random() < 0.5:
        answer, short = turns[-1].answer, turns[-1].short
        thought = "The user wants my last answer again."
        return Exchange("repeat", "Say that again, please.", thought, answer, short)
    first = turns[0].question
    thought = "The user wants the first question of this conversation."
    return Exchange("first question", "What did I ask first?", thought, f"You asked: {first}",
                    first)  # fmt: skip


def follow_up(rng: random.Random, turns: list[Exchange]) -> Exchange:
    """The next turn: often one that needs those before."""
    last = turns[-1]
    if rng.random() < 0.5:
        if last.answer.startswith("The capital of"):
            return another_capital(rng)
        if last.answer.startswith("The opposite of"):
            return another_opposite(rng)
    if rng.random() < 0.3:
        return asked_again(rng, turns)
    return draw(rng)


def told_and_asked(rng: random.Random) -> tuple[Exchange, Exchange]:
    """Something the user says of themselves, and the question for it, some turns later."""
    if rng.random() < 0.6:
        name = rng.choice(NAMES)
        return (
            Exchange("name", f"My name is {name}.", f"The user is called {name}.",
                     f"Nice to meet you, {name}!", name),
            Exchange("name", "What is my name?", f"The user said the name {name}.",
                     f"Your name is {name}.", name),
        )  # fmt: skip
    word = rng.choice(WORDS)
    return (
        Exchange("word", f"Remember the word {word}.", f"I keep the word {word}.",
                 f"I will remember {word}.", word),
        Exchange("word", "Which word did I tell you?", f"The user told me the word {word}.",
                 f"The word is {word}.", word),
    )  # fmt: skip


def several(rng: random.Random, count: int) -> list[Exchange]:
    """A conversation of `count` turns."""
    turns = [draw(rng)]
    asked = None
    if count > 1 and rng.random() < 0.3:
        told, asked = told_and_asked(rng)
        turns = [told]
    while len(turns) < count:
        turns.append(follow_up(rng, turns))
    if asked is not None:
        turns[-1] = asked
    return turns


def with_system(rng: random.Random, turns: list[Exchange]) -> tuple[str, list[Exchange]]:
    """A system text, and the answers as it wants them."""
    said = rng.randrange(4)
    if said == 0:
        return "You are a helpful assistant.", turns
    if said == 1:
        return "Give short answers.", [
            Exchange(t.family, t.question, t.thought, f"{t.short[0].upper()}{t.short[1:]}", t.short)
            for t in turns
        ]
    ending = "Have a nice day." if said == 2 else "Is there anything else?"
    return f"End every answer with: {ending}", [
        Exchange(t.family, t.question, t.thought, f"{t.answer} {ending}", t.short) for t in turns
    ]


def conversation(rng: random.Random) -> Conversation:
    """One conversation, of one turn up to thirty."""
    kind = rng.random()
    count = 1
    if kind < LONG_SHARE:
        count = rng.randint(8, 30)
    elif kind < LONG_SHARE + SEVERAL_SHARE:
        count = rng.choice((2, 2, 3, 4))
    turns, system = several(rng, count), ""
    if rng.random() < SYSTEM_SHARE:
        system, turns = with_system(rng, turns)
    cut = rng.random() if rng.random() < CUT_SHARE else None
    return Conversation(system, tuple(turns), cut)


def thought_parts(turn: Exchange, cut: float | None) -> Iterator[Part]:
    """The last turn's thinking: whole, or cut off by words where a budget ended."""
    yield Part(f"{THINK}\n", NOT_LEARNT)
    if cut is None:
        yield Part(turn.thought, ANSWERING)
        yield Part(f"\n{END_THINK}\n\n", ANSWERING)
        return
    words = turn.thought.split(" ")
    yield Part(" ".join(words[: int(cut * len(words))]), ANSWERING)
    yield Part(f"\n{END_THINK}\n\n", NOT_LEARNT)


def parts_of(talk: Conversation, rng: random.Random) -> Iterator[Part]:
    """A conversation as the template renders it for the last answer, and that answer."""
    yield Part(BOS + talk.system, NOT_LEARNT)
    for turn in talk.turns[:-1]:
        # The template leaves the empty lines before an answer where a program keeps them.
        gap = "\n\n" if rng.random() < GAP_SHARE else ""
        yield Part(f"{USER}{turn.question}{ASSISTANT}", ASKING)
        yield Part(f"{gap}{turn.answer}{EOS}", ANSWERING)
    yield Part(f"{USER}{talk.turns[-1].question}{ASSISTANT}", ASKING)
    yield from thought_parts(talk.turns[-1], talk.cut)
    yield Part(talk.turns[-1].answer + EOS, ANSWERING)


def samples(seed: int, count: int, held_out: bool) -> Iterator[Conversation]:
    """`count` conversations: all of trained questions, or each with one that was held out."""
    rng = random.Random(seed)
    while count:
        talk = conversation(rng)
        if talk.is_held_out == held_out:
            count -= 1
            yield talk
