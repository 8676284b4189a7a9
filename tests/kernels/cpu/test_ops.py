"""Every native op on every instruction set that this machine has, against the reference.

Kernels round activations, to 8 bits or to 14. So a product is held twice: closely to the
reference over the activations as they were rounded, where one wrong code of a weight shows,
and to the reference itself within the scheme's tolerance, where wrong rounding shows.
"""

import math

import pytest
import torch

from kernels.contracts import Accepted, Expert, Op, Rejected, RouterRule
from kernels.cpu.backend import CpuBackend
from kernels.cpu.sections import MOST_SECTIONS
from kernels.hardware import probe
from kernels.reference import ReferenceBackend
from kernels.schemes import SCHEMES
from kernels.schemes.base import Tolerance
from kernels.schemes.panels import PANEL_SCHEMES
from kernels.testing.cases import (
    EXPERTS_CASES,
    LINEAR_CASES,
    REAL_EXPERTS_CASES,
    REAL_LINEAR_CASES,
    ExpertsCase,
    random_values,
)
from kernels.testing.compare import MismatchError, compare
from kernels.workspace import Workspace
from tests.kernels.cpu.native import (
    FLOATS,
    LEVELS,
    QUANTIZED,
    SOURCES,
    backend,
    copied,
    random_panels,
    rounded,
)

REFERENCE = ReferenceBackend()
# Float32 sums in another order: 2e-5 was seen, where terms of a row cancel out.
CLOSE = Tolerance(relative=1e-4)
# A code between up and down that lies on the edge may be rounded the other way.
CLOSE_EXPERTS = {False: Tolerance(relative=1e-2), True: Tolerance(relative=2e-4)}


@pytest.fixture(autouse=True)
def one_thread():
    """Matrices this small are slower on two."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def product(of, x, weight, bias=None):
    out = torch.full((x.shape[0], weight.shape[0]), math.nan)
    of.linear(x, weight, bias, out, Workspace())
    return out


def weight_of(case, name):
    return random_panels(name, case.out_features, case.columns(SOURCES[name]), seed=case.rows)


def relative_norm(got, want):
    return float((got - want).norm() / want.norm())


def test_a_product_of_very_many_features_is_counted_to_its_end():
    """In more chunks than once had room in the pool's memory, where a phase's place changes."""
    weight, x = random_panels("F32_P16", 600_000, 16), random_values(2, 9, 16)
    want = product(REFERENCE, x, weight)
    for _ in range(5):
        compare(product(backend(LEVELS[0]), x, weight), want, CLOSE)


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("level", LEVELS)
def test_linear_is_the_references_over_rounded_activations(level, name):
    cases = LINEAR_CASES if level != LEVELS[0] else (*LINEAR_CASES, *REAL_LINEAR_CASES)
    for case in cases:
        weight = weight_of(case, name)
        x, bias = random_values(2, case.rows, weight.shape[1]), random_values(3, case.out_features)
        for precise in (False, True):
            got = product(backend(level, precise), x, weight, bias)
            seen = x if name in FLOATS else rounded(x, precise)
            compare(got, product(REFERENCE, seen, weight, bias), CLOSE)


@pytest.mark.parametrize("name", QUANTIZED)
@pytest.mark.parametrize("level", LEVELS)
def test_rounding_costs_less_than_the_schemes_tolerance(level, name):
    """Over whole outputs; with 14 bits, a tenth of it, value by value."""
    tolerance = PANEL_SCHEMES[name].tolerance.relative
    weight = random_panels(name, 128, 512, seed=5)
    for rows in (1, 8, 48):
        x = random_values(6, rows, 512)
        want = product(REFERENCE, x, weight)
        assert relative_norm(product(backend(level), x, weight), want) < tolerance
        compare(product(backend(level, precise=True), x, weight), want, Tolerance(tolerance / 10))


@pytest.mark.parametrize("name", QUANTIZED)
def test_one_swapped_nibble_does_not_pass(name):
    weight = copied(random_panels(name, 48, 768, seed=7))
    x = random_values(8, 9, 768)
    want = product(REFERENCE, rounded(x, False), weight)
    codes = weight.buffers["panels"][1, -64:]
    at = next(i for i, code in enumerate(codes.tolist()) if code >> 4 != code & 15)
    codes[at] = int(codes[at]) >> 4 | (int(codes[at]) & 15) << 4
    with pytest.raises(MismatchError, match="relative error"):
        compare(product(backend(LEVELS[0]), x, weight), want, CLOSE)


@pytest.mark.parametrize("level", LEVELS)
def test_more_rows_than_a_run_takes(level):
    weight = random_panels("Q4_K_P16", 40, 256, seed=1)
    x = random_values(2, 1027, 256)
    want = product(REFERENCE, rounded(x, False), weight)
    compare(product(backend(level), x, weight), want, CLOSE)


@pytest.mark.parametrize(("name", "columns"), [("Q4_K_P16", 7168), ("Q8_0_P16", 4096)])
@pytest.mark.parametrize("level", LEVELS)
def test_wide_rows_in_several_tiles(level, name, columns):
    """A level may keep unpacked codes from tile to tile: of fewer panels than a chunk has."""
    weight, x = random_panels(name, 80, columns, seed=1), random_values(2, 26, columns)
    got, want = (
        product(b, y, weight) for b, y in ((backend(level), x), (REFERENCE, rounded(x, False)))
    )
    compare(got, want, CLOSE)


@pytest.mark.parametrize("level", LEVELS)
def test_blocks_of_zeros_and_of_odd_values(level):
    """Zeros give zeros, tiny and huge values stay finite, NaN stays NaN in its own row."""
    weight = random_panels("Q8_0_P16", 33, 512, seed=1)
    for rows in (6, 14):
        x = random_values(2, rows, 512)
        x[0], x[1, :256], x[2], x[3], x[4, 7] = 0, 0, x[2] * 1e-30, x[3] * 1e30, math.nan
        x[5, 300] = math.inf
        got = product(backend(level), x, weight)
        rest = [0, 1, 2, 3, *range(6, rows)]
        compare(got[rest], product(REFERENCE, rounded(x[rest], False), weight), CLOSE)
        assert not got[0].any()
        assert got[4:6].isnan().all()


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("level", LEVELS)
def test_embedding_is_the_references_bit_for_bit(level, name):
    columns = 51 if name in FLOATS else 512
    table = random_panels(name, 50, columns, seed=4)
    for ids in ([49], [49, 0, 7, 7, 16, 15], list(range(50))):
        token_ids = torch.tensor(ids)
        got, want = (torch.full((len(ids), columns), math.nan) for _ in range(2))
        backend(level).embedding(token_ids, table, got)
        REFERENCE.embedding(token_ids, table, want)
        assert torch.equal(got + 0.0, want + 0.0)


def test_embedding_refuses_ids_outside_the_table():
    table, out = random_panels("Q8_0_P16", 50, 512), torch.empty(2, 512)
    for ids in ([0, 50], [-1, 3]):
        with pytest.raises(IndexError, match="outside the table"):
            backend(LEVELS[0]).embedding(torch.tensor(ids), table, out)
    backend(LEVELS[0]).embedding(torch.tensor([], dtype=torch.int64), table, out[:0])


@pytest.mark.parametrize("level", LEVELS)
def test_rms_norm(level):
    for shape in ((1, 48), (6, 5), (8, 576), (9, 260), (40, 1), (3, 4, 36)):
        x, weight = random_values(5, *shape), random_values(6, shape[-1])
        want = torch.empty(shape)
        REFERENCE.rms_norm(x, weight, 1e-5, want)
        backend(level).rms_norm(x, weight, 1e-5, x)
        compare(x, want, Tolerance(relative=2e-6))


RULES = [
    RouterRule(top_k=3, scoring="softmax"),
    RouterRule(top_k=1, scoring="sigmoid", normalise=True),
    RouterRule(top_k=4, scoring="softmax", num_groups=4, top_groups=2, scaling_factor=16.0),
    RouterRule(
        top_k=4, scoring="sigmoid", num_groups=4, top_groups=2, group_score="sum_two",
        normalise=True, scaling_factor=2.5,
    ),
]  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=["plain", "one", "v2", "v3"])
@pytest.mark.parametrize("level", LEVELS)
def test_router(level, rule):
    for rows, experts in ((1, 16), (8, 20), (20, 16), (9, 256)):
        logits, bias = random_values(23, rows, experts), random_values(24, experts) * 0.1
        for with_bias in (None, bias):
            chosen, weights = backend(level).router(logits, with_bias, rule)
            want_chosen, want_weights = REFERENCE.router(logits, with_bias, rule)
            assert torch.equal(chosen, want_chosen)
            compare(weights, want_weights, Tolerance(relative=1e-5))


EXPERTS = [
    ("F32_P16", "F32_P16", "F32_P16"),
    ("BF16_P16", "F16_P16", "Q8_0_P16"),
    ("Q4_K_P16", "Q4_K_P16", "Q6_K_P16"),
    ("Q5_K_P16", "Q5_0_P16", "Q5_0_P16"),
    ("Q8_0_P16", "Q4_1_P16", "F16_P16"),
    ("MXFP4_P16", "MXFP4_P16", "Q4_0_P16"),
    ("IQ4_NL_P16", "S8G16_P16", "A8G16_P16"),
]


# Widths that are no multiple of a vector, or of the blocks that activations are rounded in.
ODD_EXPERTS = [
    (("F32_P16", "BF16_P16", "F16_P16"), 40, 13),
    (("Q8_0_P16", "Q4_0_P16", "Q5_0_P16"), 96, 160),
    (("Q5_0_P16", "MXFP4_P16", "F32_P16"), 352, 32),
]


def experts_of(case, names, hidden=256, width=256):
    gate, up, down = names
    return {
        i: Expert(
            random_panels(gate, width, hidden, seed=100 + i),
            random_panels(up, width, hidden, seed=200 + i),
            random_panels(down, hidden, width, seed=300 + i),
        )
        for i in torch.unique(case.chosen()).tolist()
    }


def experts_over_rounded(x, experts, chosen, weights, precise):
    """The reference with the roundings of the kernels: before gate and up, and before down."""

    def seen(values, packed):
        return values if packed.scheme.name in FLOATS else rounded(values, precise)

    out = torch.zeros_like(x)
    for row in range(x.shape[0]):
        for slot, index in enumerate(chosen[row].tolist()):
            expert, own = experts[index], x[row : row + 1]
            gate = product(REFERENCE, seen(own, expert.gate), expert.gate)
            h = torch.nn.functional.silu(gate) * product(REFERENCE, seen(own, expert.up), expert.up)
            down = product(REFERENCE, seen(h, expert.down), expert.down)[0]
            out[row] += weights[row, slot] * down
    return out


def assert_experts(case, names, hidden=256, width=256):
    experts, chosen = experts_of(case, names, hidden, width), case.chosen()
    x = random_values(21, case.rows, hidden) * 0.02
    weights = random_values(22, case.rows, case.top_k).softmax(-1)
    for precise in (False, True):
        want = experts_over_rounded(x, experts, chosen, weights, precise)
        for level in LEVELS:
            got = torch.full_like(x, math.nan)
            backend(level, precise).experts(x, experts, chosen, weights, got, Workspace())
            compare(got, want, CLOSE_EXPERTS[precise])


@pytest.mark.parametrize("names", EXPERTS, ids="-".join)
@pytest.mark.parametrize("case", EXPERTS_CASES, ids=str)
def test_experts(case, names):
    assert_experts(case, names)


@pytest.mark.parametrize("case", REAL_EXPERTS_CASES, ids=str)
def test_experts_as_in_models(case):
    assert_experts(case, ("Q4_K_P16", "Q4_K_P16", "Q6_K_P16"))


@pytest.mark.parametrize(("names", "hidden", "width"), ODD_EXPERTS, ids=str)
@pytest.mark.parametrize("case", EXPERTS_CASES[1::2], ids=str)
def test_experts_of_odd_widths(case, names, hidden, width):
    assert_experts(case, names, hidden, width)


def test_wide_experts_of_several_tiles_each():
    case = ExpertsCase(14, 2, 2, "all on one set")
    assert_experts(case, ("Q4_K_P16", "Q8_0_P16", "Q5_0_P16"), hidden=4096, width=64)


@pytest.mark.parametrize("names", [("F32_P16", "Q4_0_P16"), ("Q4_0_P16", "F32_P16")], ids=str)
def test_experts_of_one_layer_whose_panels_are_of_other_sizes(names):
    """Few rows are cut alike for all of them, by the first one's panels."""
    experts = {
        index: Expert(
            *(random_panels(name, *shape) for shape in ((2048, 64), (2048, 64), (64, 2048)))
        )
        for index, name in enumerate(names)
    }
    x, chosen = random_values(25, 3, 64) * 0.02, torch.tensor([[0, 1]] * 3)
    weights, got = random_values(26, 3, 2).softmax(-1), torch.full((3, 64), math.nan)
    want = experts_over_rounded(x, experts, chosen, weights, True)
    backend(LEVELS[0], True).experts(x, experts, chosen, weights, got, Workspace())
    compare(got, want, CLOSE_EXPERTS[True])


def test_experts_that_change_from_call_to_call():
    """The table of experts is filled anew: ids, addresses and numbers of experts differ."""
    names = ("Q8_0_P16",) * 3
    for case in (EXPERTS_CASES[1], EXPERTS_CASES[3], EXPERTS_CASES[1]):
        assert_experts(case, names)
    nobody = torch.empty(0, 256)
    none = torch.empty(0, 2, dtype=torch.int64)
    backend(LEVELS[0]).experts(nobody, {}, none, torch.empty(0, 2), nobody, Workspace())


def test_weights_that_are_freed_are_not_mistaken_for_others():
    """Another matrix at the address of an earlier one has its own values."""
    x = random_values(2, 3, 512)
    for seed in range(20):
        weight = copied(random_panels("Q4_0_P16", 32, 512, seed=seed))
        got = product(backend(LEVELS[0]), x, weight)
        compare(got, product(REFERENCE, rounded(x, False), weight), CLOSE)


def test_a_full_plan_is_followed_by_another(monkeypatch):
    assert MOST_SECTIONS >= 4096
    monkeypatch.setattr("kernels.cpu.sections.MOST_SECTIONS", 3)
    own = CpuBackend(LEVELS[0], 1, precise=False)
    x = random_values(2, 3, 512)
    for seed in (*range(8), 0):
        weight = random_panels("Q4_0_P16", 32, 512, seed=seed)
        compare(product(own, x, weight), product(REFERENCE, rounded(x, False), weight), CLOSE)


def test_what_was_recorded_in_inference_mode_runs_outside_it():
    own = CpuBackend(LEVELS[0], 1)
    weight, x = random_panels("Q4_0_P16", 32, 512), random_values(2, 3, 512)
    with torch.inference_mode():
        first = product(own, x, weight)
    assert torch.equal(product(own, x, weight), first)


def refusal(backend, op, scheme=None, shape=()):
    answer = backend.accepts(op, scheme, shape, probe())
    return answer.reason if isinstance(answer, Rejected) else ""


def test_it_accepts_what_is_laid_out_for_it():
    own = CpuBackend(LEVELS[0], 1)
    weighted = (Op.LINEAR_FEW, Op.LINEAR_MANY, Op.EMBEDDING, Op.EXPERTS)
    for scheme in PANEL_SCHEMES.values():
        for op in weighted:
            assert own.accepts(op, scheme, (7, 512), probe()) == Accepted()
        exact = refusal(own, Op.LINEAR_EXACT, scheme, (7, 512))
        assert (exact == "") == (scheme.name in FLOATS)
    for scheme in SCHEMES.values():
        for op in (*weighted, Op.LINEAR_EXACT):
            assert "prepared" in refusal(own, op, scheme, (7, 512))
    assert "prepared" in refusal(own, Op.LINEAR_FEW)
    assert "multiple of 16" in refusal(own, Op.LINEAR_FEW, PANEL_SCHEMES["Q4_0_P16"], (7, 40))
    assert not refusal(own, Op.LINEAR_FEW, PANEL_SCHEMES["F32_P16"], (7, 41))
    for shape in ((0, 64), (64, 0)):  # shared experts may be none at all, and have biases
        assert "has no values" in refusal(own, Op.LINEAR_MANY, PANEL_SCHEMES["F32_P16"], shape)


def test_it_refuses_the_rest_in_words():
    own = CpuBackend(LEVELS[0], 1)
    inside = (
        *(Op.ROPE, Op.HEAD_LINEAR, Op.GQA_DECODE, Op.GQA_PREFILL, Op.MLA_DECODE, Op.MLA_PREFILL),
        *(Op.RMS_NORM, Op.ROUTER),
    )
    for op in inside:
        assert "inside a plan" in refusal(own, op)
    assert "experts" in refusal(own, Op.SILU_MUL)
    for op in (Op.RMS_NORM, Op.ROUTER):
        assert not refusal(backend(LEVELS[0]), op)
    without = CpuBackend("", 1, "There is no library.")
    assert without.name == "native"
    assert all(refusal(without, op) == "There is no library." for op in Op)
    assert own.name == f"native-{LEVELS[0]}"
