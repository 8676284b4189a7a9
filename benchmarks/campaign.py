"""One run over many cases: loads engines, finds peers' settings, measures, gives what it found.

For: `benchmarks.compare`, which keeps and prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

from benchmarks import limits
from benchmarks.burner import burner
from benchmarks.cases import PEER_NAMES, Case, context_tokens
from benchmarks.engine_process import EngineError, EngineProcess
from benchmarks.engines import OURS, Settings, Where, our_command, peer_command
from benchmarks.limits import Limits
from benchmarks.models import files_of, model_path, our_path, work_of
from benchmarks.pinned_file import pinned
from benchmarks.protocol import Sample
from benchmarks.quiet import wait_until_quiet
from benchmarks.report import Found
from benchmarks.rounds import Round, contention_round, paired_round, start_round
from benchmarks.sweep import SweepStore, sweep

Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What to measure, and how often."""

    cases: tuple[Case, ...]
    engines: tuple[str, ...]
    rounds: int
    threads: int
    compute: str
    sweep_again: bool = False
    sweep_only: bool = False
    patience_s: float = 0.0


@dataclass
class Campaign:
    """What was asked for, and what each engine's process said of itself."""

    options: Options
    store: SweepStore
    say: Say
    spoken: list[dict[str, Any]] = field(default_factory=list)

    def run(self) -> Iterator[Found]:
        """Every case, model by model; raises EngineError, with what came before it given."""
        cases = self.options.cases
        self.sweep_peers(cases)
        if self.options.sweep_only:
            return
        for model in dict.fromkeys(case.model for case in cases):
            work = work_of(model_path(model))
            group = [case for case in cases if case.model == model]
            for case, rounds in self.measured(model, group):
                yield Found(case, work, rounds)

    def measured(self, model: str, cases: Sequence[Case]) -> Iterator[tuple[Case, Sequence[Round]]]:
        """One model's cases; engines stay loaded while their settings stay the same."""
        whole = [case for case in cases if case.kind == "whole"]
        if whole:
            yield from self.one_by_one(whole)
        paired = [case for case in cases if case.kind != "whole"]
        if not paired:
            return
        with self.pins(model, self.options.engines), Loaded(self.start) as loaded:
            for case in paired:
                yield case, list(self.told(case, self.rounds(case, loaded)))

    def rounds(self, case: Case, loaded: Loaded) -> Iterator[Round]:
        """A case's rounds, after one sample of each engine that is dropped."""
        numbers = self.quiet_rounds()
        if case.kind == "start":
            loaded.close()
            starts = {n: partial(self.best_start, n, case) for n in self.options.engines}
            yield from (start_round(starts, case, number) for number in numbers)
            return
        wanted = {name: self.settings(name, case) for name in self.options.engines}
        engines = {name: loaded.engine(name, case, wanted[name]) for name in wanted}
        for engine in engines.values():
            engine.sample(case.phase, case.tokens, case.depth)
        if case.kind == "contention":
            with burner() as other:
                yield from (contention_round(engines, case, n, other) for n in numbers)
            return
        measure_limits = partial(self.limits, engines)
        yield from (paired_round(engines, case, n, measure_limits) for n in numbers)

    def one_by_one(self, cases: Sequence[Case]) -> Iterator[tuple[Case, Sequence[Round]]]:
        """One engine after the other, where memory does not hold two: these are no pairs."""
        taken: dict[tuple[str, str], list[Sample]] = {}
        for name in self.options.engines:
            with self.pins(cases[0].model, [name]), Loaded(self.start) as loaded:
                for case in cases:
                    engine = loaded.engine(name, case, self.settings(name, case))
                    engine.sample(case.phase, case.tokens, case.depth)
                    taken[name, case.name] = [
                        engine.sample(case.phase, case.tokens, case.depth)
                        for _ in self.quiet_rounds()
                    ]
                    self.say(f"{case.name}: {name} {taken[name, case.name][-1].tokens_per_s:.1f}")
        names = self.options.engines
        for case in cases:
            yield (
                case,
                [
                    Round(names, {name: taken[name, case.name][number] for name in names})
                    for number in range(self.options.rounds)
                ],
            )

    def quiet_rounds(self) -> Iterator[int]:
        """Numbers of rounds, each when the machine is quiet or patience has ended."""
        for number in range(self.options.rounds):
            self.wait()
            yield number

    def wait(self) -> None:
        """Until nobody else works."""
        wait_until_quiet(self.options.patience_s, self.say)

    def told(self, case: Case, rounds: Iterator[Round]) -> Iterator[Round]:
        """The rounds, each said as it comes."""
        for number, done in enumerate(rounds, 1):
            unit = "seconds" if case.kind == "start" else "tokens_per_s"
            figures = {name: getattr(sample, unit) for name, sample in done.samples.items()}
            words = ", ".join(f"{name} {figure:.2f}" for name, figure in figures.items())
            self.say(f"{case.name}, round {number} of {self.options.rounds}: {words}")
            yield done

    def sweep_peers(self, cases: Sequence[Case]) -> None:
        """Tries settings for the cases that have none yet."""
        deciding = {case.deciding.name: case.deciding for case in cases}.values()
        for peer in (name for name in PEER_NAMES if name in self.options.engines):
            groups: dict[tuple[str, str], list[Case]] = {}
            for case in deciding:
                if self.options.sweep_again or self.store.best(peer, case) is None:
                    groups.setdefault((case.model, case.level), []).append(case)
            for group in groups.values():
                with self.pins(group[0].model, [peer]):
                    start = partial(self.start, peer, group[0])
                    trials = sweep(peer, group, start, self.say, self.wait)
                self.store.add(trials)
                if not any(trial.samples for trial in trials):
                    raise EngineError(trials[0].failed)

    def start(self, name: str, case: Case, settings: Settings) -> EngineProcess:
        """Loads an engine for a case's model, and notes what it says of itself."""
        path = our_path(case.model) if name == OURS else model_path(case.model)
        where = Where(path, context_tokens(case), self.options.threads)
        if name == OURS:
            command = our_command(case.level, self.options.compute, where)
        else:
            command = peer_command(name, case.level, settings, where)
        engine = EngineProcess(command)
        note = {"engine": command.name, "model": case.model, **asdict(engine.hello)}
        note.pop("load_s")
        if note not in self.spoken:
            self.spoken.append(note)
        return engine

    def best_start(self, name: str, case: Case) -> EngineProcess:
        """With the best settings for the case."""
        return self.start(name, case, self.settings(name, case))

    def settings(self, name: str, case: Case) -> Settings:
        """The best that is known for a case; ours has nothing to choose."""
        return {} if name == OURS else self.store.best(name, case.deciding) or {}

    def limits(self, engines: Mapping[str, EngineProcess]) -> Limits:
        """In our engine's own process where it takes part."""
        if OURS in engines:
            return Limits(**engines[OURS].ask("limits"))
        return limits.measure(self.options.threads)

    @contextmanager
    def pins(self, model: str, engines: Sequence[str]) -> Iterator[None]:
        """Locks the files that these engines map, so that none waits for the disk."""
        paths: dict[Path, None] = {}
        for name in engines:
            path = our_path(model) if name == OURS else model_path(model)
            paths |= dict.fromkeys(files_of(path))
        with ExitStack() as held:
            for path in paths:
                if path.stat().st_size and not held.enter_context(pinned(path)):
                    self.say(f"{path.name} could not be locked in memory: figures may vary.")
            yield


Start = Callable[[str, Case, Settings], EngineProcess]


class Loaded:
    """At most one process of each engine, replaced when other settings are wanted."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._held: dict[str, tuple[object, EngineProcess]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def engine(self, name: str, case: Case, settings: Settings) -> EngineProcess:
        """The engine, loaded as wanted."""
        wanted = (case.model, case.level, dict(settings))
        if name in self._held:
            have, engine = self._held[name]
            if have == wanted:
                return engine
            del self._held[name]
            engine.close()
        engine = self._start(name, case, settings)
        self._held[name] = (wanted, engine)
        return engine

    def close(self) -> None:
        """Ends all of them."""
        while self._held:
            _, (_, engine) = self._held.popitem()
            engine.close()
