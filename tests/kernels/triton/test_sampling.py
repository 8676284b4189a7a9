"""The greatest logits by Triton's kernels, against the processor's own."""

from importlib.util import find_spec

import pytest
import torch

from kernels.cpu import sampling as native
from kernels.testing.cases import random_values
from kernels.testing.hostile import HostileWorkspace
from kernels.triton.interpreter import InterpreterLauncher
from kernels.triton.sampling import MOST, greatest

pytestmark = pytest.mark.skipif(find_spec("triton") is None, reason="triton is not installed")

LAUNCHER = InterpreterLauncher()


def found(logits, count):
    return greatest(LAUNCHER, logits, count, HostileWorkspace())


@pytest.mark.parametrize(
    ("vocab", "count"), [(1, 1), (5, 9), (4096, 1), (4097, 40), (20_000, 1024)]
)
def test_they_are_those_that_the_processor_finds(vocab, count):
    """In one round and in several; two decimals make many equal ones."""
    logits = random_values(vocab, vocab).round(decimals=2)
    values, ids = found(logits, count)
    want_values, want_ids = native.greatest(logits, count)
    assert torch.equal(ids, want_ids)
    assert torch.equal(values, want_values)


def test_equal_logits_go_by_the_lower_id_and_minus_zero_is_zero():
    logits = torch.zeros(5000)
    logits[:4990:2] = -0.0
    assert found(logits, 6)[1].tolist() == list(range(6))


def test_infinities_stand_at_their_ends():
    logits = torch.tensor([0.0, float("-inf"), -1e30, float("inf"), 1e-40, -1e-40])
    assert found(logits, 6)[1].tolist() == [3, 4, 0, 5, 2, 1]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_what_is_not_a_number_comes_first(sign):
    logits = random_values(1, 5000)
    logits[4321] = sign * torch.tensor(float("nan"))
    logits[77] = float("inf")
    values, ids = found(logits, 3)
    assert ids[0] == 4321
    assert values[0].isnan()


def test_they_may_begin_at_no_16_bytes():
    logits = random_values(2, 101)[1:]
    assert found(logits, 3)[1].tolist() == logits.topk(3).indices.tolist()


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_a_count_that_no_sampler_asks_for_is_refused(count):
    with pytest.raises(ValueError, match=f"greatest {count} "):
        found(torch.zeros(8), count)
