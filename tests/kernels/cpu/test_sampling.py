"""The greatest logits, natively and by torch."""

import pytest
import torch

from kernels.cpu import sampling
from kernels.cpu.library import NativeLibraryError
from kernels.cpu.sampling import MOST, greatest


@pytest.fixture(params=["native", "torch"])
def either(request, monkeypatch):
    if request.param == "torch":

        def missing():
            raise NativeLibraryError("not built")

        monkeypatch.setattr(sampling, "load", missing)


@pytest.mark.parametrize("size", [1, 2, 63, 5000])
def test_the_greatest_come_in_order_with_their_ids(either, size):
    logits = torch.randn(size, generator=torch.Generator().manual_seed(size))
    values, ids = greatest(logits, MOST)
    assert torch.equal(values, logits.sort(descending=True).values[:MOST])
    assert torch.equal(logits[ids], values)


def test_equal_logits_go_by_the_lower_id():
    logits = torch.zeros(200)
    logits[[150, 7]] = 1.0
    assert greatest(logits, 5)[1].tolist() == [7, 150, 0, 1, 2]


def test_more_than_the_native_side_gives_is_a_mistake():
    with pytest.raises(ValueError, match="1025 of 2000"):
        greatest(torch.zeros(2000), MOST + 1)
