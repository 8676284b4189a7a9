"""The numbers of packed formats in the C interface, and packed tensors as C sees them.

For: `plan` and `backend`. A format is a panel scheme (`kernels.schemes.panels`); the numbers
are layout version 1's (`csrc/core/matrix.h`).
"""

from __future__ import annotations

from kernels.cpu.structs import Matrix
from kernels.schemes.base import PackedTensor
from kernels.sentence import said

ROWS = 16

FORMATS = {
    "Q4_K_P16": 0,
    "Q5_K_P16": 1,
    "Q6_K_P16": 2,
    "Q4_0_P16": 3,
    "Q4_1_P16": 4,
    "Q5_0_P16": 5,
    "Q8_0_P16": 6,
    "MXFP4_P16": 7,
    "IQ4_NL_P16": 8,
    "S8G16_P16": 9,
    "A8G16_P16": 10,
    "F32_P16": 11,
    "BF16_P16": 12,
    "F16_P16": 13,
}
_FIRST_FLOAT = FORMATS["F32_P16"]


def refusal(scheme_name: str, columns: int) -> str:
    """What of such a matrix the native kernels do not multiply by; empty if they do."""
    number = FORMATS.get(scheme_name)
    if number is None:
        return said(
            "values in {scheme_name}, which is not laid out for them", scheme_name=scheme_name
        )
    if number < _FIRST_FLOAT and columns % ROWS:
        return said(
            "{columns} columns, which is not a multiple of {rows}", columns=columns, rows=ROWS
        )
    return ""


def is_float(scheme_name: str) -> bool:
    """Whether its products take float activations instead of int8 ones."""
    return FORMATS[scheme_name] >= _FIRST_FLOAT


def matrix_of(packed: PackedTensor) -> Matrix:
    """A matrix [out, in] of a panel scheme; the tensor's memory must outlive the struct."""
    panels = packed.buffers["panels"]
    if panels.dim() != 2 or panels.stride(1) != 1:
        raise ValueError(
            said(
                "panels lie one after another, not with strides {strides}", strides=panels.stride()
            )
        )
    rows, columns = packed.shape
    stride = panels.stride(0) if panels.shape[0] > 1 else panels.shape[1]
    return Matrix(panels.data_ptr(), stride, rows, columns, FORMATS[packed.scheme.name], 0)
