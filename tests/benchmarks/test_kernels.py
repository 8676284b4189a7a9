"""The microbenchmark runs the tests' own cases, each beside what bounds it."""

import pytest

from benchmarks import kernels
from kernels.cpu.backend import CpuBackend
from kernels.schemes.panels import PANEL_SCHEMES
from kernels.testing.cases import (
    EXPERTS_CASES,
    LINEAR_CASES,
    REAL_EXPERTS_CASES,
    REAL_LINEAR_CASES,
)
from tests.kernels.cpu.native import LEVELS

BEST = LEVELS[0]


@pytest.fixture
def one_scheme(monkeypatch):
    monkeypatch.setattr(kernels, "SCHEMES", ("Q8_0",))
    monkeypatch.setattr(kernels, "EXPERT_SCHEMES", ("BF16",))
    monkeypatch.setattr(kernels, "EXPERT_WIDTH", 32)
    monkeypatch.setattr(kernels, "_READ_BYTES", 1 << 20)
    monkeypatch.setattr(kernels, "_INT8_ROUNDS", 100)
    monkeypatch.setattr(kernels, "_ROUND_S", 0.0)


def test_its_cases_are_those_of_the_tests(one_scheme) -> None:
    names = [case.name for case in kernels.every(CpuBackend(BEST, 1))]
    assert names == [
        *(f"linear {case} Q8_0" for case in (*LINEAR_CASES, *REAL_LINEAR_CASES)),
        *(f"experts {case} BF16" for case in (*EXPERTS_CASES, *REAL_EXPERTS_CASES)),
    ]


def test_each_round_measures_all_of_them_beside_what_bounds_them(one_scheme) -> None:
    of = CpuBackend(BEST, 1)
    cases = [kernels.linear(of, case, "Q8_0") for case in (LINEAR_CASES[1], LINEAR_CASES[6])]
    kernels.measure(of, BEST, cases, rounds=2, round_s=0.001)
    assert [case.few for case in cases] == [True, False]
    for case in cases:
        assert len(case.seconds) == len(case.shares) == 2
        assert min(case.seconds) > 0
        assert min(case.shares) > 0
    assert cases[0].weight_bytes == 6 * PANEL_SCHEMES["Q8_0_P16"].panel_bytes(96)
    assert cases[0].operations == 2 * 96 * 96
    assert cases[0].row().startswith("linear 1x96x3b Q8_0")
    assert cases[0].row().endswith(" of read")
    assert cases[1].row().endswith(" of int8")


def test_what_few_rows_read_of_experts_is_counted_by_choice_and_of_many_once(one_scheme) -> None:
    of = CpuBackend(BEST, 1)
    matrix = 32 * 32 * 2
    few = kernels.experts(of, EXPERTS_CASES[2], "BF16")  # 8 rows, all on the same 4
    many = kernels.experts(of, EXPERTS_CASES[4], "BF16")  # 17 rows, all on the same 3
    assert few.weight_bytes == 3 * matrix * 8 * 4
    assert many.weight_bytes == 3 * matrix * 3
    assert many.operations == 2 * 3 * 17 * 3 * 32 * 32


def test_it_prints_a_line_a_case(one_scheme, capsys) -> None:
    kernels.main(["--rounds", "1", "--threads", "1", "--level", BEST])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{BEST}, 1 threads, medians of 1 rounds"
    assert len(lines) == 1 + 11 + 7
