"""Every backend over one case list: routed experts."""

from functools import cache

import torch

from kernels.contracts import Expert, Op
from kernels.schemes.base import Tolerance
from kernels.testing.cases import (
    EXPERTS_CASES,
    random_values,
)
from tests.kernels.every_backend import (
    ROWS,
    assert_own_bits,
    close,
    columns_of,
    each_over,
    each_with,
    every_subject,
    one_thread,
    roundings,
    scheme_of,
    subject,
    wanted_linear,
    weight_of,
)

__all__ = ["one_thread", "subject"]


MIXES = (
    *(("F32_P16", "F32_P16", "F32_P16"), ("BF16_P16", "F16_P16", "Q8_0_P16")),
    *(("Q4_K_P16", "Q4_K_P16", "Q6_K_P16"), ("Q5_K_P16", "Q5_0_P16", "Q5_0_P16")),
    *(("Q8_0_P16", "Q4_1_P16", "F16_P16"), ("MXFP4_P16", "MXFP4_P16", "Q4_0_P16")),
    *(("IQ4_NL_P16", "S8G16_P16", "A8G16_P16"), ("FP8_E4M3_128",) * 3),
)
NAMED_MIXES = {"+".join(dict.fromkeys(mix)): mix for mix in MIXES}


def size_of(mix):
    """(hidden, width): the narrowest that gate and up, and down, can hold; odd where they may."""
    hidden = max(columns_of(name, 1) for name in mix[:2])
    return (40 if hidden == 37 else hidden), (24 if mix[2] == "F32_P16" else columns_of(mix[2], 1))


def experts_of(mix, ids):
    hidden, width = size_of(mix)
    gate, up, down = mix
    return {
        i: Expert(
            weight_of(gate, width, hidden, 100 + i),
            weight_of(up, width, hidden, 200 + i),
            weight_of(down, hidden, width, 300 + i),
        )
        for i in ids
    }


def wanted_experts(x, experts, chosen, weights, of):
    """The reference, rounding as the `of`-th of `roundings` before gate and up and before down."""

    def product(values, packed):
        seen = roundings(values, packed.scheme.name)
        return wanted_linear(seen[min(of, len(seen) - 1)], packed)

    out = torch.zeros_like(x)
    for row in range(x.shape[0]):
        for slot, index in enumerate(chosen[row].tolist()):
            expert, own = experts[index], x[row : row + 1]
            gate = product(own, expert.gate)
            hidden = torch.nn.functional.silu(gate) * product(own, expert.up)
            out[row] += weights[row, slot] * product(hidden, expert.down)[0]
    return out


def run_experts(subject, x, experts, chosen, weights):
    own = {
        i: Expert(*(subject.weight(w) for w in (expert.gate, expert.up, expert.down)))
        for i, expert in experts.items()
    }
    out = subject.unwritten(*x.shape)
    chosen, weights = chosen.to(subject.device), weights.to(subject.device)
    subject.backend.experts(subject.hostile(x), own, chosen, weights, out, subject.work())
    return out.cpu()


def experts_products(mix, case):
    hidden, width = size_of(NAMED_MIXES[mix])
    return case.rows * case.top_k * 3 * hidden * width


def takes_experts(subject, mix):
    hidden, width = size_of(mix)
    shapes = [(width, hidden), (width, hidden), (hidden, width)]
    asked = zip(mix, shapes, strict=True)
    return all(subject.accepts(Op.EXPERTS, scheme_of(name), shape) for name, shape in asked)


@each_over("mix", NAMED_MIXES, EXPERTS_CASES, experts_products)
def test_experts(subject, mix, cases):
    mix = NAMED_MIXES[mix]
    if not takes_experts(subject, mix):
        return
    for case in cases:
        wants = (wanted_of(mix, case, of) for of in range(3))
        close(run_experts(subject, *operands_of(mix, case)), wants, Tolerance(relative=1e-2))


@cache
def operands_of(mix, case):
    """x, experts, chosen and weights of a case."""
    chosen = case.chosen()
    x = random_values(21, case.rows, size_of(mix)[0]) * 0.02
    weights = random_values(22, case.rows, case.top_k).softmax(-1)
    return x, experts_of(mix, torch.unique(chosen).tolist()), chosen, weights


@cache
def wanted_of(mix, case, of):
    """For every backend the same."""
    return wanted_experts(*operands_of(mix, case), of)


@each_with("mix", ("F32_P16", "Q8_0_P16+Q4_1_P16+F16_P16"))
def test_a_rows_experts_are_its_own(subject, mix):
    mix = NAMED_MIXES[mix]
    if not takes_experts(subject, mix):
        return
    experts = experts_of(mix, range(4))
    x = random_values(16, ROWS, size_of(mix)[0])
    chosen = torch.tensor([[0, 1], [1, 2], [0, 1], [3, 0], [1, 0], [2, 3], [0, 1], [1, 3]])
    weights = random_values(15, ROWS, 2).softmax(-1)

    def run(some):
        held = {i: experts[i] for i in torch.unique(chosen[some]).tolist()}
        return run_experts(subject, x[some], held, chosen[some], weights[some])

    assert_own_bits(subject, run)


@every_subject()
def test_nobodys_experts(subject):
    """No rows: nothing is written, and nothing fails."""
    if takes_experts(subject, MIXES[0]):
        x = torch.empty(0, size_of(MIXES[0])[0])
        none = torch.empty(0, 2, dtype=torch.int64)
        assert run_experts(subject, x, {}, none, torch.empty(0, 2)).numel() == 0
