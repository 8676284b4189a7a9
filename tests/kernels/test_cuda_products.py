"""CUDA’s products on the shim beyond the shared case list: fused mixes, wide rows, any order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import pytest
import torch
from torch import Tensor

from kernels.contracts import Expert, Op, Rejected
from kernels.cuda.backend import CudaBackend
from kernels.cuda.expert_tables import ExpertTables
from kernels.cuda.kernels import FEW_PAIRS, FUSED, GROUPS, MOST_EXPERTS
from kernels.cuda.shim.launcher import ShimLauncher
from kernels.cuda.shim.orders import EveryOrder
from kernels.cuda.tiles import TILES
from kernels.gpu.launching import Launch, Launcher
from kernels.hardware import probe
from kernels.reference import ReferenceBackend
from kernels.schemes import BLOCK_SCHEMES, SCHEMES
from kernels.schemes.base import PackedTensor, Tolerance
from kernels.schemes.panels import PANEL_SCHEMES
from kernels.testing.cases import random_values
from kernels.testing.compare import MismatchError, compare
from kernels.workspace import Workspace
from tests.kernels.cpu.native import SOURCES, copied, random_panels, rounded

REFERENCE = ReferenceBackend()
CLOSE = Tolerance(relative=1e-4)
# A value between up and down that lies on an edge may be rounded the other way.
CLOSE_EXPERTS = Tolerance(relative=2e-4)


class Counting:
    """A launcher that also notes the names of what is launched."""

    def __init__(self, launcher: Launcher) -> None:
        self.name, self.device, self.target = launcher.name, launcher.device, launcher.target
        self._launcher = launcher
        self.launched: list[str] = []

    def launch(self, launch: Launch) -> None:
        self.launched.append(launch.kernel.name)
        self._launcher.launch(launch)


@cache
def backend(target: int = 75, *, precise: bool = True) -> CudaBackend:
    return CudaBackend(ShimLauncher(target), precise=precise)


def product(of: object, x: Tensor, weight: PackedTensor, bias: Tensor | None = None) -> Tensor:
    out = torch.full((x.shape[0], weight.shape[0]), math.nan)
    of.linear(x, weight, bias, out, Workspace())  # type: ignore[attr-defined]
    return out


def experts_of(
    mix: Sequence[str], ids: Sequence[int], hidden: int = 256, width: int = 256
) -> dict[int, Expert]:
    gate, up, down = mix
    return {
        i: Expert(
            random_panels(gate, width, hidden, seed=100 + i),
            random_panels(up, width, hidden, seed=200 + i),
            random_panels(down, hidden, width, seed=300 + i),
        )
        for i in ids
    }


def run_experts(
    of: CudaBackend, x: Tensor, experts: object, chosen: Tensor, weights: Tensor
) -> Tensor:
    out = torch.full_like(x, math.nan)
    of.experts(x, experts, chosen, weights, out, Workspace())  # type: ignore[arg-type]
    return out


def wanted_experts(
    x: Tensor, experts: dict[int, Expert], chosen: Tensor, weights: Tensor
) -> Tensor:
    out = torch.zeros_like(x)
    for row in range(x.shape[0]):
        for slot, index in enumerate(chosen[row].tolist()):
            one, own = experts[index], rounded(x[row : row + 1], True)
            h = torch.nn.functional.silu(product(REFERENCE, own, one.gate))
            h = rounded(h * product(REFERENCE, own, one.up), True)
            out[row] += weights[row, slot] * product(REFERENCE, h, one.down)[0]
    return out


# ------------------------------------------------------------------ products


@pytest.mark.parametrize("name", ["Q4_K_P16", "Q6_K_P16", "Q8_0_P16", "F32_P16"])
@pytest.mark.parametrize("target", [75, 90])
def test_wide_rows_are_shared_among_warps(target: int, name: str) -> None:
    weight = random_panels(name, 40, 4352, seed=1)
    for rows in (1, 7, 66):
        x = random_values(2, rows, 4352)
        want = product(REFERENCE, x if name == "F32_P16" else rounded(x, True), weight)
        compare(product(backend(target), x, weight), want, CLOSE)


@pytest.mark.parametrize("name", GROUPS)
def test_products_with_8_bits_of_activations(name: str) -> None:
    """The shared cases have 14."""
    columns = 2 * BLOCK_SCHEMES[SOURCES[name]].block_elements
    weight, bias = random_panels(name, 33, columns, seed=1), random_values(3, 33)
    for rows in (1, 3, 8, 9):
        x = random_values(2, rows, columns)
        want = product(REFERENCE, rounded(x, False), weight, bias)
        compare(product(backend(precise=False), x, weight, bias), want, CLOSE)


def test_one_swapped_nibble_does_not_pass_on_tensor_cores() -> None:
    weight = copied(random_panels("Q4_K_P16", 48, 768, seed=7))
    x = random_values(8, 9, 768)
    want = product(REFERENCE, rounded(x, True), weight)
    compare(product(backend(), x, weight), want, CLOSE)
    codes = weight.buffers["panels"][1, -64:]
    at = next(i for i, code in enumerate(codes.tolist()) if code >> 4 != code & 15)
    codes[at] = int(codes[at]) >> 4 | (int(codes[at]) & 15) << 4
    with pytest.raises(MismatchError, match="relative error"):
        compare(product(backend(), x, weight), want, CLOSE)


@pytest.mark.parametrize("precise", [False, True])
def test_blocks_of_zeros_and_of_odd_values(precise: bool) -> None:
    """Zeros give zeros, tiny and huge values stay finite, NaN stays NaN in its own row."""
    weight = random_panels("Q8_0_P16", 33, 512, seed=1)
    for rows in (6, 14):
        x = random_values(2, rows, 512)
        x[0], x[1, :256], x[2], x[3], x[4, 7] = 0, 0, x[2] * 1e-30, x[3] * 1e30, math.nan
        x[5, 300] = math.inf
        got = product(backend(precise=precise), x, weight)
        rest = [0, 1, 2, 3, *range(6, rows)]
        compare(got[rest], product(REFERENCE, rounded(x[rest], precise), weight), CLOSE)
        assert not got[0].any()
        assert got[4:6].isnan().all()


def test_heads_of_one_matrix_are_those_that_lie_apart() -> None:
    whole = random_panels("Q4_0_P16", 96, 64, seed=3)
    x, y = random_values(4, 5, 3, 64), random_values(5, 5, 3, 32)
    cut = [whole.rows(at, at + 32) for at in (0, 32, 64)]
    apart = [copied(cut[i]) for i in range(3)]
    shuffled = [cut[2], cut[0], cut[1]]
    for transposed, given in ((False, x), (True, y)):
        outs = []
        for weights in (cut, apart):
            out = torch.full((5, 3, 64 if transposed else 32), math.nan)
            backend().head_linear(given, weights, transposed, out, Workspace())
            outs.append(out)
        assert torch.equal(*outs)
        moved = torch.full_like(outs[0], math.nan)
        backend().head_linear(given[:, [2, 0, 1]], shuffled, transposed, moved, Workspace())
        assert torch.equal(moved, outs[0][:, [2, 0, 1]])


def test_silu_of_any_shape() -> None:
    for shape in ((7,), (3, 5), (2, 3, 300)):
        gate, up = random_values(1, *shape) * 20, random_values(2, *shape)
        want, got = torch.empty(shape), torch.empty(shape)
        REFERENCE.silu_mul(gate, up, want)
        backend().silu_mul(gate, up, got)
        compare(got, want, Tolerance(1e-6))
        backend().silu_mul(gate, up, gate)
        assert torch.equal(gate, got)


def test_nothing_is_launched_for_nobody() -> None:
    counting = Counting(ShimLauncher())
    idle, work = CudaBackend(counting), Workspace()
    weight, none = random_panels("Q4_0_P16", 32, 64), torch.empty(0, 64)
    ids = torch.empty(0, dtype=torch.int64)
    idle.linear(none, weight, None, torch.empty(0, 32), work)
    idle.head_linear(torch.empty(0, 1, 64), [weight], False, torch.empty(0, 1, 32), work)
    idle.embedding(ids, weight, none)
    idle.silu_mul(none, none, none)
    idle.experts(none, {}, ids.view(0, 2), torch.empty(0, 2), none, work)
    assert not counting.launched


# ------------------------------------------------------------------ experts


# Super-blocks make wide experts: some of these mixes are for `make soak`.
QUICK = {("Q4_K_P16", "Q6_K_P16"), ("Q5_K_P16", "Q5_K_P16")}
MIXES = [
    pytest.param(
        mix,
        id="-".join(mix),
        marks=[pytest.mark.slow] if "_K_" in mix[0] and mix not in QUICK else [],
    )
    for mix in sorted(FUSED)
]


@pytest.mark.parametrize("mix", MIXES)
def test_every_fused_mix_is_the_reference_and_product_by_product(mix: tuple[str, str]) -> None:
    """In one launch or in one a product, a row has the same bits."""
    counting = Counting(ShimLauncher())
    own = CudaBackend(counting)
    gate, down = mix
    hidden = 256 if "_K_" in gate else 64
    experts = experts_of((gate, gate, down), (1, 4, 6), hidden, hidden)
    tables = ExpertTables(experts, torch.device("cpu"))
    for rows in (1, 5):
        chosen = torch.tensor([[4, 1], [1, 6], [6, 1], [1, 4], [4, 1]])[:rows]
        x = random_values(21, rows, hidden) * 0.02
        weights = random_values(22, rows, 2).softmax(-1)
        got = run_experts(own, x, tables, chosen, weights)
        assert counting.launched[-1] == (
            f"pk_experts_{gate.lower()}_{down.lower()}_{'one' if rows == 1 else 'few'}"
        )
        compare(got, wanted_experts(x, experts, chosen, weights), CLOSE_EXPERTS)
        assert torch.equal(got, by_product(x, tables, chosen, weights))


def by_product(x: Tensor, tables: ExpertTables, chosen: Tensor, weights: Tensor) -> Tensor:
    """As mixes that have no launch of their own go."""
    whole = CudaBackend(ShimLauncher())
    whole._fused = whole._by_product  # type: ignore[method-assign]
    return run_experts(whole, x, tables, chosen, weights)


def test_a_row_may_choose_an_expert_twice_and_all_rows_the_same() -> None:
    """More rows of an expert than share a reading of it, listed in any way."""
    experts = experts_of(("Q8_0_P16",) * 3, (0, 3), 64, 96)
    chosen = torch.tensor([[3, 3, 0], *[[0, 3, 0]] * 7])
    x, weights = random_values(1, 8, 64) * 0.1, random_values(2, 8, 3).softmax(-1)
    got = run_experts(backend(), x, experts, chosen, weights)
    compare(got, wanted_experts(x, experts, chosen, weights), CLOSE_EXPERTS)
    for row in range(8):
        some = slice(row, row + 1)
        own = run_experts(backend(), x[some], experts, chosen[some], weights[some])
        assert torch.equal(own, got[some])


def test_more_pairs_than_one_block_lists_and_ids_far_apart() -> None:
    experts = experts_of(("Q4_0_P16",) * 3, (7, MOST_EXPERTS - 1), 32, 32)
    slots = FEW_PAIRS // 8 + 1
    chosen = torch.tensor([7, MOST_EXPERTS - 1]).repeat(8, slots)[:, :slots]
    x, weights = random_values(1, 8, 32), random_values(2, 8, slots).softmax(-1)
    got = run_experts(backend(), x, experts, chosen, weights)
    compare(got, wanted_experts(x, experts, chosen, weights), CLOSE_EXPERTS)


def test_many_rows_of_one_expert_in_several_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    experts = experts_of(("Q5_0_P16", "Q5_0_P16", "F16_P16"), (0, 1), 64, 64)
    chosen = torch.zeros(130, 1, dtype=torch.int64)
    x, weights = random_values(1, 130, 64) * 0.1, torch.ones(130, 1)
    whole = run_experts(backend(), x, experts, chosen, weights)
    monkeypatch.setattr("kernels.cuda.experts._MOST_PAIRS", 70)
    assert torch.equal(run_experts(backend(), x, experts, chosen, weights), whole)


def test_tables_are_the_experts_and_refuse_two_kinds() -> None:
    experts = experts_of(("Q4_0_P16",) * 3, (2, 5), 32, 32)
    tables = ExpertTables(experts, torch.device("cpu"))
    assert dict(tables) == experts
    assert len(tables) == 2
    assert tables.count == 6
    assert tables.gate.addresses.tolist()[2] == experts[2].gate.buffers["panels"].data_ptr()
    mixed = experts | experts_of(("Q8_0_P16", "Q4_0_P16", "Q4_0_P16"), (6,), 32, 32)
    with pytest.raises(ValueError, match="gate matrices of 2 kinds"):
        ExpertTables(mixed, torch.device("cpu"))
    beyond = {MOST_EXPERTS: experts[2]}
    none = torch.zeros(1, 1, dtype=torch.int64)
    with pytest.raises(ValueError, match="beyond the 1024"):
        run_experts(backend(), torch.ones(1, 32), beyond, none, torch.ones(1, 1))


# ------------------------------------------------------------------ orders, refusals


@cache
def raced() -> CudaBackend:
    return CudaBackend(EveryOrder(ShimLauncher(90)))


@pytest.mark.parametrize("name", ["Q6_K_P16", "BF16_P16"])
def test_products_are_the_same_in_any_order_of_threads(name: str) -> None:
    weight = random_panels(name, 33, 512, seed=1)
    for rows in (1, 5, 9):
        product(raced(), random_values(2, rows, 512), weight, random_values(3, 33))
    out = torch.empty(2, 1, 512)
    raced().head_linear(random_values(4, 2, 1, 33), [weight], True, out, Workspace())
    raced().embedding(torch.tensor([32, 0]), weight, out[:, 0])


@pytest.mark.parametrize("down", ["Q4_0_P16", "F16_P16"])
def test_experts_are_the_same_in_any_order_of_threads_and_blocks(down: str) -> None:
    experts = experts_of(("Q4_0_P16", "Q4_0_P16", down), (0, 2), 64, 96)
    for rows in (1, 6, 9):
        chosen = torch.tensor([[0, 2], [2, 0], [2, 0]]).repeat(3, 1)[:rows]
        x, weights = random_values(1, rows, 64) * 0.02, random_values(2, rows, 2).softmax(-1)
        run_experts(raced(), x, experts, chosen, weights)


def refusal(op: Op, name: str, columns: int = 512, target: int = 75) -> str:
    scheme = PANEL_SCHEMES.get(name) or SCHEMES[name]
    answer = backend(target).accepts(op, scheme, (16, columns), probe())
    return answer.reason if isinstance(answer, Rejected) else ""


def test_it_refuses_in_words() -> None:
    assert "prepared model" in refusal(Op.LINEAR_FEW, "Q4_K")
    assert "prepared model" in refusal(Op.EXPERTS, "FP8_E4M3_128")
    assert "rounds" in refusal(Op.LINEAR_EXACT, "Q8_0_P16")
    assert "40 columns" in refusal(Op.LINEAR_MANY, "Q4_0_P16", columns=40)
    assert not refusal(Op.LINEAR_EXACT, "F32_P16", columns=41)
    other = CudaBackend(ShimLauncher(), precise=False)
    other._launcher.target = 70  # type: ignore[misc]
    answer = other.accepts(Op.SILU_MUL, None, (), probe())
    assert isinstance(answer, Rejected)
    assert "such a card" in answer.reason


def test_warps_follow_from_the_width_alone() -> None:
    for tiles in TILES.values():
        assert tiles.warps(1) == 1
        assert tiles.warps(1 << 20) == tiles.most_warps <= 8
