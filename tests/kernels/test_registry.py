"""Which backend runs, and every reason why another does not."""

from dataclasses import replace

import pytest
import torch

from kernels.contracts import Accepted, Expert, Op, Rejected, RouterRule
from kernels.hardware import probe
from kernels.partial import PartialBackend
from kernels.reference import ReferenceBackend
from kernels.registry import NoBackendError, Registry
from kernels.schemes import SCHEMES
from kernels.schemes.base import Tolerance
from kernels.testing.cases import LINEAR_CASES, random_blocks, random_values
from kernels.testing.compare import MismatchError, compare
from kernels.torch_bf16 import TorchBf16Backend
from kernels.workspace import Workspace


@pytest.fixture(scope="module")
def hardware():
    return probe()


def with_sets(hardware, *names):
    return replace(hardware, instruction_sets=frozenset(names))


def test_the_first_that_accepts_runs_and_the_others_reasons_are_kept(hardware):
    registry = Registry([TorchBf16Backend(), ReferenceBackend()], with_sets(hardware, "avx2"))
    choice = registry.choose(Op.LINEAR_MANY, SCHEMES["Q4_1"], (64, 64))
    assert choice.backend.name == "reference"
    assert [r.backend for r in choice.rejected] == ["torch-bf16"]
    assert "avx512bf16" in choice.rejected[0].reason


def test_bf16_takes_many_rows_alone(hardware):
    registry = Registry([TorchBf16Backend(), ReferenceBackend()], with_sets(hardware, "avx512bf16"))
    assert registry.choose(Op.LINEAR_MANY, SCHEMES["Q4_1"], (4, 32)).backend.name == "torch-bf16"
    assert registry.choose(Op.LINEAR_FEW, SCHEMES["Q4_1"], (4, 32)).backend.name == "reference"


def test_one_may_be_asked_first_about_an_op_and_the_others_keep_their_order(hardware):
    class Named(ReferenceBackend):
        def __init__(self, name):
            self.name = name

    registry = Registry([Named("a"), Named("b"), Named("c")], hardware, {Op.ROPE: "c"})
    assert registry.choose(Op.ROPE).backend.name == "c"
    assert registry.choose(Op.RMS_NORM).backend.name == "a"
    none_such = Registry([Named("a"), Named("b")], hardware, {Op.ROPE: "c"})
    assert none_such.choose(Op.ROPE).backend.name == "a"


def test_who_comes_before_all_leaves_the_first_for_an_op_first(hardware):
    class Nobody(ReferenceBackend):
        name = "nobody"

        def accepts(self, op, scheme, shape, hardware):
            return Rejected("not this")

    plain = Registry([ReferenceBackend(), TorchBf16Backend()], hardware, {Op.ROPE: "torch-bf16"})
    asked = plain.behind([Nobody()])
    assert asked.backends[0].name == "nobody"
    told = [one.backend for one in asked.choose(Op.ROPE).rejected]
    assert told == ["torch-bf16", "nobody"]
    assert [one.backend for one in asked.choose(Op.SILU_MUL).rejected] == ["nobody"]


def test_nobody_accepting_is_said_with_every_reason(hardware):
    registry = Registry([TorchBf16Backend()], with_sets(hardware))
    with pytest.raises(NoBackendError, match=r"rope .*torch-bf16: offers linear_many alone"):
        registry.choose(Op.ROPE)
    with pytest.raises(NoBackendError, match="no backend is there"):
        Registry([], hardware).choose(Op.ROPE)


def test_a_choice_is_asked_for_once(hardware):
    class Counting(PartialBackend):
        name = "counting"
        asked = 0

        def accepts(self, op, scheme, shape, hardware):
            self.asked += 1
            return Accepted() if op is Op.ROPE else Rejected("no")

    backend = Counting()
    registry = Registry([backend], hardware)
    assert registry.choose(Op.ROPE) is registry.choose(Op.ROPE)
    assert backend.asked == 1
    assert [c.op for c in registry.choices()] == [Op.ROPE]


def test_an_op_that_was_not_accepted_is_a_mistake_of_ours():
    backend, t, work = TorchBf16Backend(), torch.empty(0), Workspace()
    packed = random_blocks(SCHEMES["F32"], (1, 1), seed=0)
    experts = {0: Expert(packed, packed, packed)}
    calls = (
        lambda: PartialBackend.linear(backend, t, packed, None, t, work),
        lambda: backend.embedding(t, packed, t),
        lambda: backend.rms_norm(t, t, 1e-5, t),
        lambda: backend.rope(t, t, t, True),
        lambda: backend.silu_mul(t, t, t),
        lambda: backend.gqa(t, t, t, 1.0, t, work),
        lambda: backend.mla(t, t, t, t, 1.0, t, work),
        lambda: backend.router(t, None, RouterRule(1, "softmax")),
        lambda: backend.experts(t, experts, t, t, t, work),
    )
    for call in calls:
        with pytest.raises(AssertionError, match="without accepting"):
            call()


@pytest.mark.parametrize("case", [c for c in LINEAR_CASES if c.rows > 8], ids=str)
def test_bf16_products_stay_within_the_schemes_tolerance(case):
    scheme = SCHEMES["Q4_1"]
    weight = random_blocks(scheme, (case.out_features, case.in_blocks * 32), seed=1)
    x, bias = random_values(2, case.rows, case.in_blocks * 32), random_values(3, case.out_features)
    got = torch.empty(case.rows, case.out_features)
    TorchBf16Backend().linear(x, weight, bias, got, Workspace())
    want = torch.empty_like(got)
    ReferenceBackend().linear(x, weight, bias, want, Workspace())
    compare(got, want, scheme.tolerance)


def test_a_swapped_nibble_does_not_pass_the_comparison():
    scheme = SCHEMES["Q4_1"]
    weight = random_blocks(scheme, (16, 64), seed=1)
    x = random_values(2, 9, 64)
    want, got = torch.empty(9, 16), torch.empty(9, 16)
    ReferenceBackend().linear(x, weight, None, want, Workspace())
    codes = weight.buffers["blocks"]
    codes[3, 10] = ((codes[3, 10] & 15) << 4) | (codes[3, 10] >> 4)
    ReferenceBackend().linear(x, weight, None, got, Workspace())
    with pytest.raises(MismatchError, match="relative error"):
        compare(got, want, scheme.tolerance)


def test_comparison_refuses_nan_and_other_shapes():
    nan = torch.tensor([[1.0, float("nan")]])
    with pytest.raises(MismatchError):
        compare(nan, torch.ones(1, 2), Tolerance(1.0))
    with pytest.raises(MismatchError, match="shape"):
        compare(torch.ones(1), torch.ones(2), Tolerance(1.0))


def test_work_space_grows_and_is_reused():
    work = Workspace()
    first = work.take("a", (4, 8), torch.float32)
    assert work.take("a", (2, 3), torch.float32).data_ptr() == first.data_ptr()
    assert work.take("a", (100,), torch.float32).numel() == 100
    assert work.held_bytes == 400
    work.clear()
    assert work.held_bytes == 0
