"""Pitcher's own engine, loaded in this process and timed on request, as `benchmarks.peer` is.

For: `benchmarks.compare`. The model is opened as `python main.py bench` opens it. It can also
say what the machine gives at this moment (`limits`), in the same process and with as many
threads.

    python -m benchmarks.our_engine --model M --context N [--compute fast] [--threads N]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from app.cli.services import decoder_of
from benchmarks import limits
from benchmarks.protocol import Speaker, run_engine
from inference.decoders import AnyDecoder
from inference.loading import open_model
from inference.request import Compute
from inference.session import Session
from inference.version import ENGINE_VERSION


class Ours:
    """A decoder in one session."""

    def __init__(self, decoder: AnyDecoder, capacity_tokens: int) -> None:
        self._session = Session(decoder, capacity_tokens)
        self.vocab_size = decoder.spec.vocab_size

    def truncate(self, length: int) -> None:
        """Forgets every token from `length` on."""
        self._session.truncate(length)

    def read(self, tokens: Sequence[int]) -> None:
        """Prefill, in the engine's own chunks."""
        for _ in self._session.read(tokens):
            pass

    def step(self, token: int) -> None:
        """Decode one token."""
        self._session.step(token)


def main() -> None:
    """Loads and serves."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--context", type=int, required=True)
    parser.add_argument("--compute", type=Compute, default=Compute.FAST)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()

    def load() -> tuple[Speaker, str, str]:
        decoder = decoder_of(open_model(arguments.model), arguments.compute, arguments.threads)
        level = getattr(decoder, "level", "none: through torch")
        build = f"native level {level}; torch {torch.__version__}"
        return Ours(decoder, arguments.context), ENGINE_VERSION, build

    settings = {"compute": arguments.compute.value, "threads": arguments.threads}
    more = {"limits": lambda _: asdict(limits.measure(arguments.threads))}
    run_engine(load, settings, arguments.context, more)


if __name__ == "__main__":
    main()
