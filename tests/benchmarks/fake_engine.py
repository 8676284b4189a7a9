"""An engine of no model for the tests: served like the real ones, and it can misbehave.

python -m tests.benchmarks.fake_engine --context N [--settings JSON]
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.protocol import run_engine


class Fake:
    """Takes a fixed time for each token; logs what it is told to standard error."""

    vocab_size = 1000

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._ms = float(settings.get("ms", 1.0))
        self._fault = settings.get("fault", "")
        self.held: list[int] = []

    def truncate(self, length: int) -> None:
        del self.held[length:]

    def read(self, tokens: Sequence[int]) -> None:
        if self._fault == "fails":
            raise RuntimeError("out of tokens")
        if self._fault == "dies":
            print("segmentation of faults", file=sys.stderr, flush=True)
            os._exit(3)
        self.held.extend(tokens)
        time.sleep(self._ms * len(tokens) / 1000)

    def step(self, token: int) -> None:
        self.read([token])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--context", type=int, default=64)
    parser.add_argument("--settings", type=json.loads, default={})
    arguments = parser.parse_args()
    settings = arguments.settings

    def load() -> tuple[Fake, str, str]:
        if settings.get("fault") == "refuses":
            raise ValueError("no such model")
        print("noise on standard output")
        os.write(1, b"noise from native code\n")
        return Fake(settings), "1.0", f"level {os.environ.get('PITCHER_CPU_LEVEL', 'best')}"

    limits = {"read_gigabytes_per_s": 20.0, "int8_gops": 800.0}
    run_engine(load, settings, arguments.context, {"limits": lambda _: limits})


if __name__ == "__main__":
    main()
