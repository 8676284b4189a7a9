"""What products and experts are compiled to for real cards: nothing spilt, tensor cores, wide
loads, and no more shared memory than a card has. Whether it is fast, only a card can tell."""

import pytest

from tests.kernels.triton.compiling import TARGETS, compiled

KERNELS = """
from kernels.triton.formats import NUMBERS
# That with most registers, and floats; the others differ in how codes are read.
some = {NUMBERS[name] for name in ("Q6_K_P16", "BF16_P16")}
names = ("product", "expert", "scaled", "split", "place", "weighted")
kernels = [
    kernel for kernel in triton_build.kernels_for(target)
    if kernel.name.startswith(names) and dict(kernel.constants).get("SCHEME", min(some)) in some
]
"""


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("target", TARGETS)
def test_hot_kernels_spill_nothing_and_use_tensor_cores(target, tmp_path):
    made = compiled(KERNELS, target, tmp_path)
    names = {"product", "product_across", "expert_gates", "expert_product", "place_slots"}
    assert {one["name"] for one in made} >= names
    assert ("product_fp8" in {one["name"] for one in made}) == (target >= 89)
    for one in made:
        if one["name"].startswith(("product", "expert")):
            kind = "FP8" if one["name"] == "product_fp8" else "FP16"
            assert f"tensor cores, {kind}" in one["told"], one
