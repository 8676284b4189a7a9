"""Questions whose answer must be worked out: sums, counting, sorting, spelling, comparing.

For `dialogues` and `figures`, beside `families`. Their thoughts hold the work, so that they
are as long as the task: some 10 tokens for a sum, 100 and more for a long count.
"""

from __future__ import annotations

import random
from itertools import pairwise

from tools.train_test_model.families import Exchange, stepwise
from tools.train_test_model.tables import WORDS


def small_sum(rng: random.Random) -> Exchange:
    """The sum of two numbers up to 20, or a difference."""
    first, second = rng.randint(1, 20), rng.randint(1, 12)
    if rng.random() < 0.3:
        first += second
        result, sign = first - second, "-"
    else:
        result, sign = first + second, "+"
    asked = rng.choice(("What is {}?", "How much is {}?", "Calculate {}."))
    task = f"{first} {sign} {second}"
    thought, answer = f"{task} = {result}.", f"{task} = {result}."
    plain = Exchange("sum", asked.format(task), thought, answer, str(result))
    ones = range(1, second + 1)
    walk = " ".join(str(first + (step if sign == "+" else -step)) for step in ones)
    steps = f"I start at {first} and go {second} steps: {walk}."
    return stepwise(plain, steps) if rng.random() < 0.3 else plain


def long_sum(rng: random.Random) -> Exchange:
    """Several small numbers, added one after another."""
    numbers = [rng.randint(1, 9) for _ in range(rng.randint(3, 6))]
    total, steps = numbers[0], []
    for number in numbers[1:]:
        steps.append(f"{total} + {number} = {total + number}.")
        total += number
    listed = ", ".join(map(str, numbers[:-1])) + f" and {numbers[-1]}"
    answer = f"The sum is {total}."
    return Exchange("long sum", f"Add {listed}.", " ".join(steps), answer, str(total))


def count_up(rng: random.Random) -> Exchange:
    """Count from one number to another, forward or back."""
    start = rng.randint(1, 30)
    numbers = list(range(start, start + rng.randint(4, 14)))
    if rng.random() < 0.3:
        numbers.reverse()
    steps = " ".join(f"After {a} comes {b}." for a, b in pairwise(numbers))
    listed = ", ".join(map(str, numbers))
    question = f"Count from {numbers[0]} to {numbers[-1]}."
    thought = f"I start at {numbers[0]}. {steps} Now I am at {numbers[-1]}, so I stop."
    return Exchange("count", question, thought, f"{listed}.", listed)


def larger(rng: random.Random) -> Exchange:
    """Which of two numbers is larger or smaller."""
    first, second = rng.sample(range(1, 100), 2)
    larger_one, smaller_one = max(first, second), min(first, second)
    kind, found = rng.choice((("larger", larger_one), ("smaller", smaller_one)))
    question = f"Which number is {kind}, {first} or {second}?"
    thought = f"{larger_one} is more than {smaller_one}. The {kind} one is {found}."
    return Exchange("larger", question, thought, f"{found} is {kind}.", str(found))


def parity(rng: random.Random) -> Exchange:
    """Whether a number is even or odd."""
    number = rng.randint(1, 99)
    kind = "odd" if number % 2 else "even"
    thought = f"The last digit of {number} is {number % 10}, and {number % 10} is {kind}."
    return Exchange("parity", f"Is {number} even or odd?", thought, f"{number} is {kind}.", kind)


def sort_words(rng: random.Random) -> Exchange:
    """Three words in alphabetical order, by their first letters."""
    words: list[str] = []
    while len(words) < 3:
        word = rng.choice(WORDS)
        if word[0] not in {other[0] for other in words}:
            words.append(word)
    ordered = sorted(words)
    begins = " ".join(f"{word} begins with {word[0]}." for word in words)
    letters = ", ".join(word[0] for word in ordered)
    thought = f"{begins} In the alphabet the order is {letters}."
    question = f"Sort these words: {', '.join(words)}."
    return Exchange("sort", question, thought, f"{', '.join(ordered)}.", ", ".join(ordered))


def spell(rng: random.Random) -> Exchange:
    """The letters of a word."""
    word = rng.choice(WORDS)
    letters = ", ".join(word)
    asked = rng.choice(("Spell the word {}.", "How do you spell {}?"))
    spelled = "-".join(word)
    thought = f"The word {word} has the letters {letters}."
    return Exchange("spell", asked.format(word), thought, f"{spelled}.", spelled)


def letter(rng: random.Random) -> Exchange:
    """The first or last letter of a word."""
    word = rng.choice(WORDS)
    side, found = rng.choice((("first", word[0]), ("last", word[-1])))
    thought = f"{word} is spelled {', '.join(word)}. The {side} letter is {found}."
    question = f"What is the {side} letter of {word}?"
    return Exchange("letter", question, thought, f"The {side} letter is {found}.", found)


def letter_count(rng: random.Random) -> Exchange:
    """How many letters a word has, counted one by one."""
    word = rng.choice(WORDS)
    steps = " ".join(f"{number} {char}." for number, char in enumerate(word, 1))
    question = f"How many letters are in {word}?"
    thought = f"I count the letters of {word}. {steps} That makes {len(word)}."
    return Exchange("letter count", question, thought, f"There are {len(word)} letters in {word}.",
                    str(len(word)))  # fmt: skip
