"""Experts divided between two backends: the sum is the reference's, whoever has which."""

import pytest
import torch

from kernels.contracts import Accepted, Expert, Op, Rejected
from kernels.cpu.backend import CpuBackend
from kernels.cpu.library import status
from kernels.hardware import probe
from kernels.hybrid import HybridBackend, lies_in_memory
from kernels.reference import ReferenceBackend
from kernels.schemes.base import Tolerance
from kernels.schemes.panels import PANEL_SCHEMES
from kernels.testing.cases import EXPERTS_CASES, invariant_rows, random_values
from kernels.testing.compare import compare
from kernels.workspace import Workspace
from tests.kernels.cpu.native import random_panels

REFERENCE = ReferenceBackend()
CLOSE = Tolerance(relative=1e-5)
HIDDEN, WIDTH = 64, 32


class Watched(ReferenceBackend):
    """Says which experts it was given."""

    def __init__(self):
        self.asked = []

    def experts(self, x, experts, chosen, weights, out, work):
        assert set(chosen.flatten().tolist()) <= set(experts)
        self.asked.append(sorted(experts))
        super().experts(x, experts, chosen, weights, out, work)


def experts_of(count):
    def matrix(rows, columns, seed):
        return random_panels("Q8_0_P16", rows, columns, seed=seed)

    return {
        index: Expert(
            matrix(WIDTH, HIDDEN, 3 * index),
            matrix(WIDTH, HIDDEN, 3 * index + 1),
            matrix(HIDDEN, WIDTH, 3 * index + 2),
        )
        for index in range(count)
    }


def run(backend, experts, chosen, weights, x):
    used = {index: experts[index] for index in torch.unique(chosen).tolist()}
    out = torch.full_like(x, torch.nan)
    backend.experts(x, used, chosen, weights, out, Workspace())
    return out


def divided(experts, on_host):
    host = [id(experts[index]) for index in on_host]
    parts = Watched(), Watched()
    return HybridBackend(*parts, is_host=lambda expert: id(expert) in host), *parts


@pytest.mark.parametrize("on_host", ["none", "even", "all", "first"])
@pytest.mark.parametrize("case", EXPERTS_CASES, ids=str)
def test_the_sum_is_the_references_whoever_has_which(case, on_host):
    experts, chosen = experts_of(case.num_experts), case.chosen()
    hosts = {
        "none": [],
        "even": range(0, case.num_experts, 2),
        "all": range(case.num_experts),
        "first": [0],
    }[on_host]
    backend, card, host = divided(experts, hosts)
    x = random_values(1, case.rows, HIDDEN)
    weights = random_values(2, case.rows, case.top_k).softmax(-1)
    got = run(backend, experts, chosen, weights, x)
    compare(got, run(REFERENCE, experts, chosen, weights, x), CLOSE)
    used = set(torch.unique(chosen).tolist())
    for asked, mine in ((host, used & set(hosts)), (card, used - set(hosts))):
        assert asked.asked == ([sorted(mine)] if mine else [])


def test_a_rows_bits_do_not_depend_on_its_neighbours():
    experts = experts_of(4)
    backend, _, _ = divided(experts, [1, 2])
    chosen = torch.tensor([[0, 1], [1, 2], [0, 3], [3, 0], [1, 0], [2, 3], [0, 1], [1, 3]])
    x, weights = random_values(3, 8, HIDDEN), random_values(4, 8, 2).softmax(-1)
    alone = run(backend, experts, chosen[:1], weights[:1], x[:1])[0]
    for rows in invariant_rows():
        assert torch.equal(run(backend, experts, chosen[:rows], weights[:rows], x[:rows])[0], alone)


def test_the_native_kernels_compute_their_part():
    level = status().chosen
    if not level:
        pytest.skip("no native kernels here")
    experts = experts_of(8)
    host = [id(experts[index]) for index in (1, 3, 5)]
    native = CpuBackend(level, 1)
    backend = HybridBackend(Watched(), native, is_host=lambda expert: id(expert) in host)
    backend.use_threads(2)
    assert native.pool.threads == 2
    case = EXPERTS_CASES[3]
    x = random_values(5, case.rows, HIDDEN)
    weights = random_values(6, case.rows, case.top_k).softmax(-1)
    got = run(backend, experts, case.chosen(), weights, x)
    want = run(REFERENCE, experts, case.chosen(), weights, x)
    compare(got, want, PANEL_SCHEMES["Q8_0_P16"].tolerance)
    assert "with native" in backend.name


def test_it_takes_experts_alone_and_only_those_that_both_take():
    backend, _, _ = divided(experts_of(1), [])
    scheme = PANEL_SCHEMES["Q8_0_P16"]
    assert backend.accepts(Op.EXPERTS, scheme, (WIDTH, HIDDEN), probe()) == Accepted()
    assert isinstance(backend.accepts(Op.LINEAR_FEW, scheme, (8, 32), probe()), Rejected)
    nobody = HybridBackend(REFERENCE, CpuBackend("", 1, "There is no library."))
    answer = nobody.accepts(Op.EXPERTS, scheme, (8, 32), probe())
    assert answer == Rejected("There is no library.")
    backend.use_threads(3)  # nobody here has threads of its own


def test_where_an_expert_lies_is_where_its_bytes_are():
    expert = experts_of(1)[0]
    assert lies_in_memory(expert)
    meta = PANEL_SCHEMES["Q8_0_P16"].empty((WIDTH, HIDDEN), "meta")
    assert not lies_in_memory(Expert(meta, meta, meta))
