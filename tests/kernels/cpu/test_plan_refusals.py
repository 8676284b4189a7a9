"""What a plan refuses when it is recorded, because its ops trust it when they run."""

from dataclasses import replace

import pytest

from kernels.contracts import Expert, RouterRule
from kernels.cpu.attention import (
    GroupedShape,
    HeadWeights,
    LatentShape,
    Rotation,
    add_gqa,
    add_mla,
)
from kernels.cpu.library import NativeLibraryError, choose_level, load
from kernels.cpu.plan import NativePlan, expert_set
from kernels.cpu.pool import NativePool
from tests.kernels.cpu.native import random_panels

RULE = RouterRule(top_k=4, scoring="sigmoid", num_groups=4, top_groups=2)


@pytest.fixture
def plan():
    return NativePlan(NativePool(1), max_rows=4, level=choose_level(load()))


def route(plan, experts, rule):
    plan.router(plan.rows(experts), None, rule, plan.memory(4096), plan.memory(4096))


def test_groups_that_come_out_even_are_taken(plan):
    route(plan, 16, RULE)


@pytest.mark.parametrize(
    ("experts", "changes"),
    [
        (16, {"top_k": 0}),
        (16, {"top_k": 17, "num_groups": 1, "top_groups": 1}),
        (16, {"top_k": 9}),  # two groups of four hold eight
        (18, {}),
        (16, {"num_groups": 0}),
        (16, {"top_groups": 5}),
        (16, {"top_groups": 0}),
        (1024, {}),
        (512, {"top_k": 65}),
    ],
)
def test_a_router_whose_choices_could_lie_outside_is_refused(plan, experts, changes):
    with pytest.raises(NativeLibraryError, match="can't be chosen in such numbers or groups"):
        route(plan, experts, replace(RULE, **changes))


# What an op's chunks can number and their scratch can hold is worked out for these at most.
LATENT = LatentShape(heads=1, nope=16, rope=2, latent=16, value=1, eps=1e-6, scale=1.0, capacity=8)
GROUPED = GroupedShape(heads=4, kv_heads=2, head_dim=16, eps=1e-6, scale=1.0, capacity=8)


def attend(plan, shape):
    rows = plan.rows(16)
    turns = Rotation(rows, rows, 2, interleaved=False)
    if isinstance(shape, GroupedShape):
        add_gqa(plan, shape, (rows, rows, rows), None, turns, rows)
        return
    keys = random_panels("F32_P16", 16, 16)
    values = random_panels("F32_P16", 1, 16)
    heads = HeadWeights([keys] * shape.heads, [values] * shape.heads, keys_by_nope=True)
    add_mla(plan, shape, heads, (rows, rows), rows, turns, rows)


@pytest.mark.parametrize(
    ("shape", "changes"),
    [
        (LATENT, {"heads": 513}),
        (LATENT, {"nope": 528}),
        (LATENT, {"rope": 514}),
        (LATENT, {"latent": 2064}),
        (LATENT, {"value": 513}),
        (GROUPED, {"heads": 1026}),
        (GROUPED, {"head_dim": 258}),
    ],
    ids=str,
)
def test_attention_beyond_what_its_chunks_can_hold_is_refused(plan, shape, changes):
    with pytest.raises(NativeLibraryError, match="attention of that shape is not offered"):
        attend(plan, replace(shape, **changes))
    attend(plan, shape)


def test_experts_beyond_what_their_chunks_can_hold_are_refused(plan):
    def add(width, count, top_k):
        expert = Expert(
            random_panels("F32_P16", width, 1),
            random_panels("F32_P16", width, 1),
            random_panels("F32_P16", 1, width),
        )
        choice = (plan.memory(4096), plan.memory(4096), top_k)
        routed = expert_set([expert] * count)
        plan.experts(None, plan.rows(1), routed, None, choice, None, plan.rows(1))

    with pytest.raises(NativeLibraryError, match="of that width are not offered"):
        add((1 << 17) + 1, 1, 1)
    for count, top_k in ((4097, 1), (257, 257)):
        with pytest.raises(NativeLibraryError, match="no such number of experts"):
            add(1, count, top_k)
    add(1, 256, 256)


def test_work_space_beyond_all_memory_is_an_error_of_memory(plan):
    with pytest.raises(NativeLibraryError, match="not enough memory for this model's") as caught:
        plan.memory(1 << 60)
    assert isinstance(caught.value, MemoryError)
