"""The numbers of schemes in the kernels, and matrices as the kernels are told of them.

For: `products`, `experts` and the catalogue. The numbers are those of `bodies.panels`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from kernels.schemes.base import PackedTensor, Scheme
from kernels.sentence import said

FP8 = "FP8_E4M3_128"
# In the order of their numbers.
SCHEMES = (
    *("Q4_K_P16", "Q5_K_P16", "Q6_K_P16"),
    *("Q4_0_P16", "Q4_1_P16", "Q5_0_P16", "Q8_0_P16", "MXFP4_P16", "IQ4_NL_P16"),
    *("S8G16_P16", "A8G16_P16"),
    *("F32_P16", "BF16_P16", "F16_P16"),
    FP8,
)
NUMBERS = {name: number for number, name in enumerate(SCHEMES)}
FLOATS = ("F32_P16", "BF16_P16", "F16_P16")

_UNIT = 16  # bytes
Descriptor: TypeAlias = tuple[int, int, int, int, int, int, int, int]


def refusal(scheme: Scheme | None, shape: Sequence[int]) -> str:
    """Why matrices [..., out, in] of this scheme are not multiplied; empty if they are."""
    if scheme is None or scheme.name not in NUMBERS:
        return said("only a prepared model's weights are laid out for it")
    if scheme.name == FP8 and shape[-1] % _UNIT:
        return said(
            "it reads {count} FP8 values at once, and rows are no multiple of it", count=_UNIT
        )
    return ""


def descriptor(weight: PackedTensor) -> Descriptor:
    """What `bodies.panels` reads of a matrix [out, in]; its memory is to outlive the kernel."""
    if weight.scheme.name == FP8:
        codes, scales = weight.buffers["codes"], weight.buffers["scales"]
        first_row = int(weight.buffers["first_row"])
        stride, scale_stride = codes.stride(0) // _UNIT, scales.stride(0)
        return (codes.data_ptr(), stride, scales.data_ptr(), scale_stride, first_row, 0, 0, 0)
    panels = weight.buffers["panels"]
    return (panels.data_ptr(), panels.stride(0) // _UNIT, 0, 0, 0, 0, 0, 0)
