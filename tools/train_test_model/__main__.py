"""`python -m tools.train_test_model`: makes the trained test model, step by step.

For developers. Steps in order: `tokenizer`, `text`, `train`, `polish`, `export`, `figures`; each
leaves its result under `.cache/tiny-r1`, and `export` writes `tests/data/tiny-r1`. Needs the
development environment and, for the text, apt-get (it fetches Debian's documentation package
by name; nothing else uses a network).
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable

import torch
from tokenizers import Tokenizer

from tools.train_test_model import batches, dialogues, documents, vocabulary
from tools.train_test_model.settings import MODEL, SEED, WORK, Sizes
from tools.train_test_model.training import Recipe, Trainer, runs_before

TOKENIZER, TOKENS = WORK / "tokenizer.json", WORK / "tokens.safetensors"
TOKENIZER_TALKS, TALKS = 20_000, 60_000


def make_tokenizer(options: argparse.Namespace) -> None:
    """Train the byte pairs on the documentation and on conversations."""
    texts = documents.training_texts(documents.fetch())
    talks = dialogues.samples(SEED, TOKENIZER_TALKS, held_out=False)
    rng = random.Random(SEED)
    spoken = ["".join(part.text for part in dialogues.parts_of(talk, rng)) for talk in talks]
    vocabulary.train(texts + spoken, Sizes()).save(str(TOKENIZER), pretty=False)


def make_tokens(options: argparse.Namespace) -> None:
    """Write conversations and encode everything."""
    texts = documents.training_texts(documents.fetch())
    batches.write(TOKENS, Tokenizer.from_file(str(TOKENIZER)), texts, TALKS)


def train(options: argparse.Namespace) -> None:
    """Train from random weights."""
    torch.set_num_threads(options.threads)
    run_recipe(Recipe(steps=options.steps, minutes=options.minutes))


def polish(options: argparse.Namespace) -> None:
    """Go on from the last checkpoint, mostly with conversations."""
    torch.set_num_threads(options.threads)
    done = sum(run["steps_done"] for run in runs_before(WORK))
    run_recipe(
        Recipe(steps=options.steps, minutes=options.minutes, first_step=done, talks_share=0.75,
               rate_scale=0.6, cooldown_share=0.8, long_from=0.0, next_next_from=0.5)
    )  # fmt: skip


def run_recipe(recipe: Recipe) -> None:
    """Train by a recipe, into the working folder."""
    source = batches.Batches(TOKENS, recipe.tokens, recipe.talks_share)
    Trainer(recipe, Sizes(), source, WORK).run()


def export(options: argparse.Namespace) -> None:
    """Write the last checkpoint as a model folder, in 8 bits."""
    from tools.train_test_model.export import write_model

    write_model(WORK, MODEL)


def measure(options: argparse.Namespace) -> None:
    """Measure the written model with transformers; writes its figures and its card."""
    from tools.train_test_model.figures import write_figures

    torch.set_num_threads(options.threads)
    write_figures(WORK, MODEL)


STEPS: dict[str, Callable[[argparse.Namespace], None]] = {
    "tokenizer": make_tokenizer,
    "text": make_tokens,
    "train": train,
    "polish": polish,
    "export": export,
    "figures": measure,
}


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_test_model", description=__doc__)
    listed = f"{', '.join(STEPS)}; all of them, in this order, if none is named"
    parser.add_argument("steps_to_run", nargs="*", metavar="STEP", help=listed)
    parser.add_argument("--steps", type=int, default=Recipe.steps, help="of training, at most")
    parser.add_argument("--minutes", type=float, default=Recipe.minutes, help="of training")
    parser.add_argument("--threads", type=int, default=2)
    return parser


def main() -> int:
    """Run the steps; 1 and a sentence where something is missing."""
    parser = arguments()
    options = parser.parse_args()
    if unknown := set(options.steps_to_run) - set(STEPS):
        parser.error(f"no such step: {', '.join(sorted(unknown))}")
    WORK.mkdir(parents=True, exist_ok=True)
    try:
        for name in options.steps_to_run or STEPS:
            STEPS[name](options)
    except (documents.DocumentsMissingError, vocabulary.OriginalMissingError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
