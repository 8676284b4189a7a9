"""The torch-bf16 backend: `linear_many` with BF16 products and float32 sums.

For: `--compute fast` while a prompt is read. Measured on two cores of Zen 4, torch's
BF16 products run at 300-410 GFLOPS against 130-200 in float32; the matrix is
dequantized a chunk at a time, so no copy of it is kept. Decoding is bound by memory and
gains nothing, so this backend does not offer it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from kernels.chunks import dequantized_chunks
from kernels.contracts import Accepted, Answer, Op, Rejected
from kernels.hardware import Hardware
from kernels.partial import PartialBackend
from kernels.schemes.base import PackedTensor, Scheme
from kernels.sentence import said
from kernels.workspace import Workspace

_CHUNK_VALUES = 1 << 21
_NEEDED = ("avx512bf16", "amx_bf16")


class TorchBf16Backend(PartialBackend):
    """Many-row products in BF16, where the CPU multiplies BF16 itself."""

    name = "torch-bf16"

    def accepts(
        self, op: Op, scheme: Scheme | None, shape: Sequence[int], hardware: Hardware
    ) -> Answer:
        """`linear_many` on a CPU with avx512bf16 or amx_bf16; emulated BF16 is slower."""
        if op is not Op.LINEAR_MANY:
            return Rejected(said("offers linear_many alone"))
        if not hardware.instruction_sets.intersection(_NEEDED):
            return Rejected(
                said("this CPU has neither {one} nor {other}", one=_NEEDED[0], other=_NEEDED[1])
            )
        return Accepted()

    def linear(
        self, x: Tensor, weight: PackedTensor, bias: Tensor | None, out: Tensor, work: Workspace
    ) -> None:
        """x is rounded to BF16 once; sums are float32 inside, and rounded once to BF16."""
        rounded = x.to(torch.bfloat16)
        for start, stop, chunk in dequantized_chunks(weight, _CHUNK_VALUES, torch.bfloat16):
            out[:, start:stop] = rounded @ chunk.T
        if bias is not None:
            out += bias
