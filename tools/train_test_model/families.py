"""The kinds of questions that the test model learns: each makes a question, a thought, an answer.

For `dialogues`, and for `figures`, which asks those that were held out. A family is a
function of a random source; what it asks comes from `tables`. Thoughts come in two lengths,
and the question says which: one that ends in "Think step by step." gets the long one.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from tools.train_test_model.tables import (
    CAPITALS,
    COLOURS,
    DAYS,
    DEFINITIONS,
    MONTHS,
    OPPOSITES,
    SOUNDS,
)

STEP_BY_STEP = " Think step by step."
HELD_OUT_SHARE = 16


@dataclass(frozen=True)
class Exchange:
    """One question with its thought and answer; `short` is the answer in a word or two."""

    family: str
    question: str
    thought: str
    answer: str
    short: str

    @property
    def is_held_out(self) -> bool:
        """Whether this very question is kept from training: one in sixteen, by its text."""
        return zlib.crc32(self.question.encode()) % HELD_OUT_SHARE == 0


Family = Callable[[random.Random], Exchange]


def stepwise(exchange: Exchange, steps: str) -> Exchange:
    """The same question, asked for a long thought: the steps around the short one."""
    thought = (
        f"Let me think step by step. The question is: {exchange.question} "
        f"First, I look at what is asked. {steps} "
        f"Then I check it once more. {exchange.thought} "
        f"That fits the question. So the answer is {exchange.short}, and now I can write it."
    )
    return replace(exchange, question=exchange.question + STEP_BY_STEP, thought=thought)


def capital(rng: random.Random) -> Exchange:
    """Which city is the capital of a country, or whose capital a city is."""
    country, city = rng.choice(list(CAPITALS.items()))
    fact = f"{city} is the capital of {country}."
    if rng.random() < 0.25:
        question = f"{city} is the capital of which country?"
        return Exchange("capital", question, fact, f"{city} is the capital of {country}.", country)
    asked = rng.choice(("What is the capital of {}?", "Which city is the capital of {}?",
                        "Name the capital of {}.", "Tell me the capital of {}."))  # fmt: skip
    answer = f"The capital of {country} is {city}."
    plain = Exchange("capital", asked.format(country), fact, answer, city)
    steps = f"The country is {country}. A capital is a city. I know that {fact}"
    return stepwise(plain, steps) if rng.random() < 0.2 else plain


def opposite(rng: random.Random) -> Exchange:
    """The opposite of a word."""
    word, other = rng.choice(list(OPPOSITES.items()))
    asked = rng.choice(("What is the opposite of {}?", "Tell me the opposite of {}.",
                        "Which word means the opposite of {}?"))  # fmt: skip
    thought = f"The word is {word}. Its opposite is {other}."
    answer = f"The opposite of {word} is {other}."
    plain = Exchange("opposite", asked.format(word), thought, answer, other)
    steps = f"If something is not {word}, it can be {other}. {other.capitalize()} is the opposite."
    return stepwise(plain, steps) if rng.random() < 0.2 else plain


def colour(rng: random.Random) -> Exchange:
    """The colour of a thing."""
    thing, its_colour = rng.choice(list(COLOURS.items()))
    asked = rng.choice(("What colour is {}?", "Which colour does {} have?",
                        "Tell me the colour of {}."))  # fmt: skip
    return Exchange(
        "colour",
        asked.format(thing),
        f"Think of {thing}: it is {its_colour}.",
        f"The colour of {thing} is {its_colour}.",
        its_colour,
    )


def sound(rng: random.Random) -> Exchange:
    """What an animal does to be heard."""
    animal, does = rng.choice(list(SOUNDS.items()))
    asked = rng.choice(("What sound does a {} make?", "What does a {} do?"))
    answer = f"A {animal} {does}."
    return Exchange("sound", asked.format(animal), f"A {animal} {does}.", answer, does)


def definition(rng: random.Random) -> Exchange:
    """What a word means, or which word means that."""
    word, meaning = rng.choice(list(DEFINITIONS.items()))
    article = "an" if word[0] in "aeiou" else "a"
    named = word if word in ("winter", "thunder", "breakfast") else f"{article} {word}"
    if rng.random() < 0.4:
        thought = f"That is {named}: {meaning}."
        return Exchange("definition", f"Which word means {meaning}?", thought, f"It is {word}.",
                        word)  # fmt: skip
    asked = rng.choice(("What is {}?", "Explain what {} is."))
    answer = f"{named[0].upper()}{named[1:]} is {meaning}."
    thought = f"They ask what {named} is. It is {meaning}."
    return Exchange("definition", asked.format(named), thought, answer, meaning)


def calendar(rng: random.Random) -> Exchange:
    """The day or month after or before another."""
    kind, names = rng.choice((("day", DAYS), ("month", MONTHS)))
    place, forward = rng.randrange(len(names)), rng.random() < 0.6
    start, found = names[place], names[(place + (1 if forward else -1)) % len(names)]
    side = "after" if forward else "before"
    asked = rng.choice(("What {0} comes {1} {2}?", "Which {0} is {1} {2}?",
                        "Tell me the {0} {1} {2}."))  # fmt: skip
    thought = f"The {kind} {side} {start} is {found}."
    answer = f"{found} comes {side} {start}."
    plain = Exchange("calendar", asked.format(kind, side, start), thought, answer, found)
    if rng.random() > 0.25:
        return plain
    listed = " ".join(f"{name}." for name in names)
    return stepwise(plain, f"The {kind}s in order are: {listed} I look for {start}.")


def days_later(rng: random.Random) -> Exchange:
    """Some days after a day, walked one by one."""
    place, count = rng.randrange(7), rng.randint(2, 6)
    walked = [DAYS[(place + step) % 7] for step in range(1, count + 1)]
    steps = " ".join(f"{number}: {day}." for number, day in enumerate(walked, 1))
    question = f"What day is {count} days after {DAYS[place]}?"
    thought = f"Start at {DAYS[place]} and go {count} days. {steps}"
    answer = f"{count} days after {DAYS[place]} it is {walked[-1]}."
    return Exchange("days later", question, thought, answer, walked[-1])


def greeting(rng: random.Random) -> Exchange:
    """Small talk with one right reply."""
    said, thought, reply, short = rng.choice(
        (
            ("Hello!", "The user says hello.", "Hello! How can I help you?", "hello"),
            ("Hi there!", "The user says hi.", "Hello! How can I help you?", "hello"),
            ("Good morning!", "It is morning for the user.", "Good morning! How can I help you?",
             "good morning"),
            ("Good evening!", "It is evening for the user.", "Good evening! How can I help you?",
             "good evening"),
            ("Thank you!", "The user thanks me.", "You are welcome!", "you are welcome"),
            ("How are you?", "The user asks how I am.", "I am fine, thank you.", "fine"),
            ("Who are you?", "The user asks who I am.", "I am a very small test model.",
             "test model"),
            ("What can you do?", "The user asks what I can do.",
             "I can answer small questions.", "small questions"),
            ("Goodbye!", "The user leaves.", "Goodbye!", "goodbye"),
        )
    )  # fmt: skip
    return Exchange("greeting", said, thought, reply, short)
