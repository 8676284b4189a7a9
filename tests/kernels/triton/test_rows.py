"""Triton's row-wise ops where the shared cases do not reach: scores that are equal or no numbers,
and memory that begins at no 16 bytes."""

from importlib.util import find_spec

import pytest
import torch

from kernels.contracts import RouterRule
from kernels.reference import ReferenceBackend
from kernels.schemes.base import Tolerance
from kernels.testing.cases import random_values
from kernels.testing.compare import compare
from kernels.triton.interpreter import InterpreterLauncher
from kernels.triton.rows import RowOps, router_kernel

pytestmark = pytest.mark.skipif(find_spec("triton") is None, reason="triton is not installed")

REFERENCE = ReferenceBackend()
EXACT = Tolerance(relative=2e-6)


class Rows(RowOps):
    def __init__(self):
        self._launcher = InterpreterLauncher()


TRITON = Rows()
GROUPED = RouterRule(top_k=3, scoring="sigmoid", num_groups=4, top_groups=2, group_score="sum_two")


def shifted(values):
    """The same values, from an address four bytes behind one of 16."""
    wide = torch.full((*values.shape[:-1], values.shape[-1] + 4), torch.nan)
    inner = wide[..., 1 : values.shape[-1] + 1]
    inner.copy_(values)
    assert inner.data_ptr() % 16
    return inner


def test_equal_scores_go_to_the_lower_id():
    rule = RouterRule(top_k=4, scoring="softmax")
    chosen, weights = TRITON.router(torch.zeros(2, 9), None, rule)
    assert chosen.tolist() == [[0, 1, 2, 3]] * 2
    assert torch.equal(weights, torch.full((2, 4), 1 / 9))


def test_equal_groups_go_to_the_lower_one():
    chosen, _ = TRITON.router(torch.zeros(1, 16), None, GROUPED)
    assert chosen.tolist() == [[0, 1, 2]]
    logits = torch.zeros(1, 16)
    logits[0, [6, 7, 14, 15]] = 1.0
    chosen, _ = TRITON.router(logits, None, GROUPED)
    assert chosen.tolist() == [[6, 7, 14]]


@pytest.mark.parametrize("rule", [RouterRule(top_k=3, scoring="softmax"), GROUPED])
@pytest.mark.parametrize("value", [float("nan"), float("-inf"), float("inf")])
def test_scores_that_are_no_numbers_choose_experts_that_there_are(rule, value):
    """Whoever reads an expert's address by its id must find one; each is chosen once."""
    logits = random_values(1, 3, 16)
    logits[0] = value
    logits[1, ::2] = value
    chosen, _ = TRITON.router(logits, None, rule)
    assert 0 <= int(chosen.min()) <= int(chosen.max()) < 16
    assert all(len(set(row)) == rule.top_k for row in chosen.tolist())
    alone, _ = TRITON.router(logits[2:], None, rule)
    assert torch.equal(chosen[2:], alone)


@pytest.mark.parametrize("rule", [RouterRule(top_k=3, scoring="sigmoid"), GROUPED])
def test_what_is_not_a_number_is_chosen_last(rule):
    logits = random_values(1, 4, 16)
    logits[:, ::2] = torch.nan
    chosen, _ = TRITON.router(logits, None, rule)
    assert (chosen % 2 == 1).all()


def test_a_bias_chooses_and_does_not_weigh():
    rule = RouterRule(top_k=1, scoring="sigmoid", scaling_factor=2.0)
    bias = torch.zeros(70)
    bias[69] = 5.0
    chosen, weights = TRITON.router(torch.zeros(1, 70), bias, rule)
    assert chosen.tolist() == [[69]]
    assert weights.tolist() == [[1.0]]


def test_no_rows_choose_nothing():
    chosen, weights = TRITON.router(torch.empty(0, 8), None, RouterRule(2, "softmax"))
    assert chosen.shape == weights.shape == (0, 2)


def test_a_kernel_serves_any_number_of_experts_up_to_its_own():
    assert router_kernel(60, 1, 6) == router_kernel(64, 8, 8)
    assert dict(router_kernel(257, 20, 17).constants) == {"EXPERTS": 512, "GROUPS": 32, "TOP": 32}


def test_norms_and_silu_read_and_write_any_address():
    x, weight = shifted(random_values(2, 2, 3, 21)), shifted(random_values(3, 21))
    want, out = torch.empty(2, 3, 21), shifted(torch.zeros(2, 3, 21))
    TRITON.rms_norm(x, weight, 1e-5, out)
    REFERENCE.rms_norm(x, weight, 1e-5, want)
    compare(out, want, EXACT)
    gate, up = shifted(random_values(4, 5, 21)), shifted(random_values(5, 5, 21))
    want, out = torch.empty(5, 21), shifted(torch.zeros(5, 21))
    TRITON.silu_mul(gate, up, out)
    REFERENCE.silu_mul(gate, up, want)
    compare(out, want, EXACT)


@pytest.mark.parametrize("interleaved", [True, False])
def test_rope_turns_a_part_of_each_head_wherever_it_lies(interleaved):
    """As latent attention's: the last values of each head; more pairs than a tile has."""
    angles = random_values(6, 3, 37)
    own = random_values(7, 3, 9, 5 + 74)
    want = own.clone()
    TRITON.rope(own[..., 5:], angles.cos(), angles.sin(), interleaved)
    REFERENCE.rope(want[..., 5:], angles.cos(), angles.sin(), interleaved)
    compare(own, want, EXACT)
    assert torch.equal(own[..., :5], want[..., :5])


def test_nothing_is_turned_or_normed_where_nothing_is():
    empty = torch.empty(0, 2, 8)
    TRITON.rope(empty, torch.empty(0, 4), torch.empty(0, 4), True)
    TRITON.rms_norm(empty, torch.ones(8), 1e-5, empty)
