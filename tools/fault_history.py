"""Fail every write, flush, rename and read of a history in turn, and see that nothing is lost.

`python -m tools.fault_history` plays every scenario once for each operation in it and each kind
of fault; `--share 1/40` takes every 40th case, `--scenario` and `--fault` some of them, `--at`
one. A step that is refused must say so by a typed error; once the disk is mended it must
succeed in the same process; and another process must find all that was acknowledged, and every
byte whole. Ends with 1 where anything else happened.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tools.fault_play import Case, Outcome, Stage
from tools.fault_scenarios import STEPS
from tools.faulty_disk import FAULTS, Disk, build

_ROOT = Path(__file__).resolve().parent.parent
_SHOWN_PROBLEMS = 20


def all_cases(stage: Stage, scenarios: list[str], faults: list[str]) -> list[Case]:
    """Each operation that a fault can begin with."""
    cases = []
    for scenario in scenarios:
        traces = {
            counted: stage.operations(scenario, counted)
            for counted in {fault.counted for fault in FAULTS if fault.name in faults}
        }
        for fault in FAULTS:
            if fault.name in faults:
                kinds = traces[fault.counted]
                cases += [
                    Case(scenario, fault, number)
                    for number, kind in enumerate(kinds, start=1)
                    if kind & fault.begins_at
                ]
    return cases


def play(arguments: argparse.Namespace) -> int:
    """Inside the preloaded program: play the cases, a line of JSON for each."""
    root = Path(arguments.inside)
    stage = Stage(root, Disk(root / "control"))
    cases = all_cases(stage, arguments.scenario, arguments.fault)
    if arguments.at:
        cases = [case for case in cases if case.number == arguments.at]
    share, of = map(int, arguments.share.split("/"))
    random.Random(arguments.seed).shuffle(cases)
    for case in cases[share - 1 :: of]:
        print(json.dumps(_as_fields(stage.play(case))), flush=True)
    return 0


def _as_fields(outcome: Outcome) -> dict[str, object]:
    return {
        "case": str(outcome.case),
        "scenario": outcome.case.scenario,
        "fault": outcome.case.fault.name,
        "hit": outcome.hit,
        "told": outcome.told,
        "problems": outcome.problems,
        "was_reopened": outcome.was_reopened,
    }


def outcomes(root: Path, arguments: list[str]) -> list[dict[str, object]]:
    """What a campaign comes to, in `root`. Raises RuntimeError where it can't be played."""
    disk = Disk(root / "control")
    environment = disk.environment(build(root), root / "control", root)
    command = [sys.executable, "-m", "tools.fault_history", "--inside", str(root), *arguments]
    ended = subprocess.run(
        command, cwd=_ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True
    )
    if ended.returncode != 0:
        raise RuntimeError(f"the campaign ended with {ended.returncode}")
    return [json.loads(line) for line in ended.stdout.splitlines()]


def report(found: list[dict[str, object]], seconds: float) -> str:
    """The figures, the sentences that were said, and what went wrong."""
    hit = [outcome for outcome in found if outcome["hit"]]
    wrong = [outcome for outcome in found if outcome["problems"]]
    told: Counter[str] = Counter()
    for outcome in found:
        sentences = outcome["told"]
        assert isinstance(sentences, list)
        told.update(sentences)
    lines = [
        f"{len(found):,} cases in {seconds:.0f} s, {len(hit):,} faults struck, "
        f"{sum(bool(outcome['told']) for outcome in hit):,} were told to the user, "
        f"{sum(bool(outcome['was_reopened']) for outcome in hit):,} needed another opening, "
        f"{len(wrong):,} went wrong.",
        *(f"{count:>7,}  {sentence}" for sentence, count in told.most_common()),
    ]
    for outcome in wrong[:_SHOWN_PROBLEMS]:
        lines += [f"{outcome['case']} ({outcome['hit']}):", f"    {outcome['problems']}"]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    names = [fault.name for fault in FAULTS]
    parser.add_argument("--scenario", nargs="+", choices=[*STEPS], default=[*STEPS])
    parser.add_argument("--fault", nargs="+", choices=names, default=names)
    parser.add_argument("--share", default="1/1", help="which part of all cases, as 1/40")
    parser.add_argument("--at", type=int, help="only the case of this operation")
    parser.add_argument("--seed", type=int, default=1, help="of the cases' order")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        return play(arguments)
    begun_at_s = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = outcomes(Path(folder), sys.argv[1:])
    print(report(found, time.monotonic() - begun_at_s))
    return int(any(outcome["problems"] for outcome in found) or not found)


if __name__ == "__main__":
    sys.exit(main())
