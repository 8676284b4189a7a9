"""`make bench`: our engine, llama.cpp and ik_llama.cpp on the same weights, in turns, in one run.

For: whoever changes what is fast, and for RESULTS.md, whose table it prints. Every engine
stays loaded in a process of its own and is asked for one sample at a time, A B C, C B A …;
figures are compared pair by pair. Peers run with the best of their own settings, found by a
sweep that is kept. Model files stay locked in memory. Every sample lies in
benchmarks/results/ afterwards. It holds nobody to a bar; it prints them beside the figures.

    python -m benchmarks.compare [--cases v2,v3-decode] [--engines Pitcher,llama.cpp] …
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.campaign import Campaign, Options
from benchmarks.cases import CASES, PEER_NAMES, chosen
from benchmarks.engine_process import ROOT, EngineError
from benchmarks.engines import OURS
from benchmarks.machine import commit, machine
from benchmarks.report import Found, table
from benchmarks.sweep import SweepStore

RESULTS = ROOT / "benchmarks" / "results"
ENGINES = (OURS, *PEER_NAMES)


def say(words: str) -> None:
    """Progress; the table alone goes to standard output."""
    print(words, file=sys.stderr, flush=True)


def keep(campaign: Campaign, found: Sequence[Found]) -> Path:
    """Writes every sample, with what each engine said of its version and build."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    path = RESULTS / f"compare-{now:%Y%m%dT%H%M%S}.json"
    record = {
        "at": now.isoformat(),
        "machine": machine(),
        "commit": commit(),
        "options": asdict(campaign.options),
        "engines": campaign.spoken,
        "sweep": [asdict(trial) for trial in campaign.store.trials],
        "cases": [asdict(one) for one in found],
    }
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return path


def heading(options: Options) -> str:
    """What stands above the table."""
    return (
        f"{machine()}; {options.threads} threads; {options.rounds} rounds; "
        f"`--compute {options.compute}`; commit {commit()}. Tokens a second (a start: seconds), "
        "median (quartiles; extremes); ratios are of pairs.\n"
    )


def engine_names(text: str) -> tuple[str, ...]:
    """Comma-separated names of engines."""
    names = tuple(text.split(","))
    if not set(names) <= set(ENGINES):
        raise argparse.ArgumentTypeError(f"engines are {', '.join(ENGINES)}")
    return names


def parse_options(words: Sequence[str] | None = None) -> Options:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    names = ", ".join(case.name for case in CASES)
    parser.add_argument("--cases", type=chosen, default=CASES, help=f"beginnings of {names}")
    parser.add_argument("--engines", type=engine_names, default=ENGINES)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--compute", default="fast")
    waiting = "seconds to wait before each round until no other process works"
    parser.add_argument("--patience", type=float, default=0, dest="patience_s", help=waiting)
    parser.add_argument("--sweep-again", action="store_true", help="try peers' settings again")
    parser.add_argument("--sweep-only", action="store_true", help="and measure nothing else")
    return Options(**vars(parser.parse_args(words)))


def main() -> int:
    """Measures, prints the table and says where the samples are; they are kept on failure too."""
    options = parse_options()
    campaign = Campaign(options, SweepStore(RESULTS / "sweep.json"), say)
    found: list[Found] = []
    failed = ""
    try:
        found.extend(campaign.run())
    except EngineError as error:
        failed = str(error)
    finally:
        kept = keep(campaign, found)
    if found:
        print(heading(options))
        print(table(found))
    say(f"\nSamples: {kept.relative_to(ROOT)}")
    if failed:
        say(failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
