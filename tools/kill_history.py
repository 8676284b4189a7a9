"""Kills the program at work on a history, over and over: `python -m tools.kill_history`.

For: `make soak`, and whoever changed how the history is written. After each kill all that was
acknowledged must be there. A violation is printed with its number, and its life's folder stays.
With --state a campaign that was stopped goes on, and one that is done can be made longer.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tools.history_kills.campaign import Campaign
from tools.history_kills.tally import Tally

_SAYS_EVERY = 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=2_000, help="kills, those before included")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state", type=Path, help="a file to go on from, and to write to")
    parser.add_argument("--folder", type=Path, help="where lives are kept; default: a new one")
    arguments = parser.parse_args()
    tally = Tally() if arguments.state is None else Tally.load(arguments.state, arguments.seed)
    if tally.kills:
        print(f"going on after {tally.kills}")
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="pitcher-kills-"))
    run(Campaign(arguments.seed, folder, tally), arguments.count, arguments.state, arguments.seed)
    print(tally.summary())
    return 1 if tally.problems else 0


def run(campaign: Campaign, count: int, state: Path | None, seed: int) -> None:
    """Up to `count` kills, saying each problem at once and how far it is now and then."""
    told, hundreds = len(campaign.tally.problems), campaign.tally.kills // _SAYS_EVERY
    for tally in campaign.run(count):
        for problem in tally.problems[told:]:
            print(problem, flush=True)
        told = len(tally.problems)
        if tally.kills // _SAYS_EVERY > hundreds:
            hundreds = tally.kills // _SAYS_EVERY
            print(tally.summary(), flush=True)
        if state is not None:
            tally.save(state, seed)


if __name__ == "__main__":
    sys.exit(main())
