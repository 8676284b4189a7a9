"""What a plan refuses when it is recorded, because its ops trust it when they run."""

from dataclasses import replace

import pytest

from kernels.contracts import RouterRule
from kernels.cpu.library import NativeLibraryError, choose_level, load
from kernels.cpu.plan import NativePlan
from kernels.cpu.pool import NativePool

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
