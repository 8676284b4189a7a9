"""Which of a peer's settings are best for a case: a small sweep, kept beside the results.

For: `benchmarks.compare`, which measures each peer with what is best for it. A sweep is run
once for each peer, build, model and case, and kept in benchmarks/results/sweep.json.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.cases import Case, Level
from benchmarks.engine_process import EngineError, EngineProcess
from benchmarks.engines import Settings, candidates

SAMPLES = 3
Start = Callable[[Settings], EngineProcess]


@dataclass(frozen=True)
class Tried:
    """One setting's samples in one case; higher is better. `failed` says why there are none."""

    peer: str
    level: Level
    version: str
    model: str
    case: str
    settings: Settings
    samples: Sequence[float]
    failed: str = ""


class SweepStore:
    """Every trial so far, in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.trials: list[Tried] = []
        if path.exists():
            self.trials = [Tried(**trial) for trial in json.loads(path.read_text("utf-8"))]

    def best(self, peer: str, case: Case) -> Settings | None:
        """The settings with the greatest median, or None where nothing was tried."""
        found = [trial for trial in self._of(peer, case) if trial.samples]
        if not found:
            return None
        return max(found, key=lambda trial: statistics.median(trial.samples)).settings

    def add(self, trials: Sequence[Tried]) -> None:
        """Keeps trials in place of older ones of the same settings."""
        new = {_key(trial) for trial in trials}
        self.trials = [t for t in self.trials if _key(t) not in new] + list(trials)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps([asdict(trial) for trial in self.trials], indent=1)
        self._path.write_text(text + "\n", encoding="utf-8")

    def _of(self, peer: str, case: Case) -> list[Tried]:
        wanted = (peer, case.level, case.model, case.name)
        return [t for t in self.trials if (t.peer, t.level, t.model, t.case) == wanted]


def _key(trial: Tried) -> tuple[Any, ...]:
    settings = json.dumps(trial.settings, sort_keys=True)
    return (trial.peer, trial.level, trial.model, trial.case, settings)


def sweep(
    peer: str,
    cases: Sequence[Case],
    start: Start,
    say: Callable[[str], None],
    wait: Callable[[], None] = lambda: None,
) -> list[Tried]:
    """Tries every candidate on cases of one model and level; each is loaded once."""
    trials: list[Tried] = []
    for settings in candidates(peer, cases[0].model):
        for trial in try_settings(peer, cases, settings, start, wait):
            trials.append(trial)
            told = trial.failed
            if trial.samples:
                told = f"{statistics.median(trial.samples):.4g}"
            say(f"sweep {peer} {trial.level} {trial.case} {dict(settings)}: {told}")
    return trials


def try_settings(
    peer: str,
    cases: Sequence[Case],
    settings: Settings,
    start: Start,
    wait: Callable[[], None],
) -> list[Tried]:
    """One loaded engine through its cases, the shallow ones first; settings may be refused."""
    samples: dict[str, Sequence[float]] = {}
    version, failed = "", ""
    try:
        with start(settings) as engine:
            version = engine.hello.version
            for case in sorted(cases, key=lambda case: case.depth):
                if case.kind != "start":
                    engine.sample(case.phase, case.tokens, case.depth)
                samples[case.name] = [
                    measure_once(engine, case, start, settings, wait) for _ in range(SAMPLES)
                ]
    except EngineError as error:
        failed = str(error)
    return [
        Tried(
            peer=peer,
            level=case.level,
            version=version,
            model=case.model,
            case=case.name,
            settings=settings,
            samples=samples.get(case.name, ()),
            failed="" if case.name in samples else failed,
        )
        for case in cases
    ]


def measure_once(
    engine: EngineProcess,
    case: Case,
    start: Start,
    settings: Settings,
    wait: Callable[[], None],
) -> float:
    """Tokens a second, or starts a second, when the machine is quiet."""
    wait()
    if case.kind == "start":
        return 1 / seconds_to_first_token(case, start, settings)
    return engine.sample(case.phase, case.tokens, case.depth).tokens_per_s


def seconds_to_first_token(case: Case, start: Start, settings: Settings) -> float:
    """From starting a process until the logits behind its prompt are there."""
    with start(settings) as engine:
        engine.sample(case.phase, case.tokens, case.depth)
        return engine.seconds_since_start()
