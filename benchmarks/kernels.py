"""The native kernels one op at a time, over the case list that their tests run, and how near each
comes to what bounds it: with few rows a plain read of memory, with many multiplying bytes.

    python -m benchmarks.kernels [--level avx2] [--threads 2] [--rounds 9]

For whoever changes a kernel. All are measured in turns, round by round, with both limits, since
speed on a shared machine drifts by half within seconds; what is printed is the median over rounds.
A call's way through Python is in it (some 20 µs), and is all there is to see of the smallest cases;
what fits into the caches is read from there, faster than memory. Not here: whole models beside
other engines (`benchmarks.compare`).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch

from inference.prepared.quantizing import quantize
from kernels.contracts import MAX_INVARIANT_ROWS, Expert
from kernels.cpu.backend import CpuBackend
from kernels.cpu.library import choose_level, load
from kernels.hardware import probe
from kernels.schemes.base import PackedTensor
from kernels.schemes.panels import panel_scheme_for
from kernels.testing.cases import (
    EXPERTS_CASES,
    LINEAR_CASES,
    REAL_EXPERTS_CASES,
    REAL_LINEAR_CASES,
    ExpertsCase,
    LinearCase,
    random_values,
)
from kernels.workspace import Workspace

SCHEMES = ("Q4_K", "Q5_K", "Q6_K", "Q8_0", "Q5_0", "Q4_0", "BF16", "F32")
EXPERT_SCHEMES = ("Q4_K", "Q8_0", "BF16")
EXPERT_WIDTH = 512
_READ_BYTES = 256 << 20
_INT8_ROUNDS = 200_000
_ROUND_S = 0.02  # of one op in one round


@dataclass
class Measured:
    """An op of one case: what a call reads of weights and multiplies (two for each weight and
    row), and in each round its seconds and its share of what bounds it."""

    name: str
    weight_bytes: int
    operations: int
    few: bool
    run: Callable[[], None]
    seconds: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    def row(self) -> str:
        """A line of the table."""
        taken = statistics.median(self.seconds)
        return (
            f"{self.name:44} {taken * 1e6:10.1f} µs {self.weight_bytes / taken / 1e9:7.1f} GB/s "
            f"{self.operations / taken / 1e9:8.1f} GOPS  {statistics.median(self.shares):5.2f} of "
            f"{'read' if self.few else 'int8'}"
        )


def packed(scheme: str, rows: int, columns: int, seed: int) -> PackedTensor:
    """Random values in a scheme's panels."""
    panels = panel_scheme_for(scheme)
    assert panels is not None
    return panels.pack_from(quantize(random_values(seed, rows, columns) * 0.05, scheme))


def linear(of: CpuBackend, case: LinearCase, scheme: str) -> Measured:
    """A product."""
    weight = packed(scheme, case.out_features, case.columns(scheme), 1)
    x, out = random_values(2, case.rows, weight.shape[1]), torch.empty(case.rows, weight.shape[0])
    work = Workspace()
    return Measured(
        f"linear {case} {scheme}",
        weight.stored_bytes,
        2 * case.rows * weight.shape[0] * weight.shape[1],
        case.rows <= MAX_INVARIANT_ROWS,
        lambda: of.linear(x, weight, None, out, work),
    )


def experts(of: CpuBackend, case: ExpertsCase, scheme: str) -> Measured:
    """A layer's routed experts, as wide as their input."""
    chosen = case.chosen()
    ids = torch.unique(chosen).tolist()
    some = {
        i: Expert(*(packed(scheme, EXPERT_WIDTH, EXPERT_WIDTH, 3 * i + part) for part in range(3)))
        for i in ids
    }
    x = random_values(4, case.rows, EXPERT_WIDTH)
    out, weights, work = torch.empty_like(x), torch.full(chosen.shape, 0.1), Workspace()
    one = 3 * some[ids[0]].gate.stored_bytes
    few = case.rows <= MAX_INVARIANT_ROWS
    return Measured(
        f"experts {case} {scheme}",
        one * (chosen.numel() if few else len(ids)),
        6 * chosen.numel() * EXPERT_WIDTH**2,
        few,
        lambda: of.experts(x, some, chosen, weights, out, work),
    )


def every(of: CpuBackend) -> Iterator[Measured]:
    """All cases of the tests, and those of real models' sizes."""
    for scheme in SCHEMES:
        for case in (*LINEAR_CASES, *REAL_LINEAR_CASES):
            yield linear(of, case, scheme)
    for scheme in EXPERT_SCHEMES:
        for mixture in (*EXPERTS_CASES, *REAL_EXPERTS_CASES):
            yield experts(of, mixture, scheme)


def seconds_of(run: Callable[[], None], least_s: float) -> float:
    """Of one call, over as many as take so long."""
    run()
    calls, started = 0, time.perf_counter()
    while True:
        run()
        calls += 1
        taken = time.perf_counter() - started
        if taken >= least_s:
            return taken / calls


def measure(of: CpuBackend, level: str, cases: list[Measured], rounds: int, round_s: float) -> None:
    """Every case and both limits once in each round."""
    library, buffer = load(), torch.ones(_READ_BYTES // 8, dtype=torch.int64)
    for _ in range(rounds):
        for case in cases:
            if case.few:
                limit = library.pk_measure_read(of.pool.handle, buffer.data_ptr(), _READ_BYTES)
            else:
                limit = library.pk_measure_int8(of.pool.handle, level.encode(), _INT8_ROUNDS)
            taken = seconds_of(case.run, round_s)
            done = case.weight_bytes if case.few else case.operations
            case.seconds.append(taken)
            case.shares.append(done / taken / limit)


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else "")
    parser.add_argument("--level")
    parser.add_argument("--threads", type=int, default=probe().default_threads())
    parser.add_argument("--rounds", type=int, default=9)
    chosen = parser.parse_args(arguments)
    level = choose_level(load(), chosen.level)
    torch.set_num_threads(1)
    of = CpuBackend(level, chosen.threads)
    cases = list(every(of))
    measure(of, level, cases, chosen.rounds, _ROUND_S)
    print(f"{level}, {chosen.threads} threads, medians of {chosen.rounds} rounds")
    for case in cases:
        print(case.row())


if __name__ == "__main__":
    main()
