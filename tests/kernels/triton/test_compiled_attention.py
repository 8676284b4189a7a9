"""What attention, rows and sampling are compiled to for real cards: nothing spilt, tensor cores,
wide loads, and no more shared memory than a card has. Whether it is fast, only a card can tell."""

import pytest

from tests.kernels.triton.compiling import TARGETS, compiled

KERNELS = """
from kernels.triton.attention import attention_kernels
from kernels.triton.rows import row_kernels
from kernels.triton.sampling import SAMPLING_KERNELS
kernels = (*attention_kernels(target), *row_kernels(), *SAMPLING_KERNELS)
"""


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_hot_kernels_spill_nothing_and_use_tensor_cores(target, tmp_path):
    made = compiled(KERNELS, target, tmp_path)
    assert {one["name"] for one in made} >= {"attend_few", "attend_many", "row_powers", "router"}
    for one in made:
        if one["name"] in ("attend_few", "attend_many"):
            assert "tensor cores, FP16" in one["told"], one
            assert {"cp.async", "128-bit loads"} & set(one["told"]), one
