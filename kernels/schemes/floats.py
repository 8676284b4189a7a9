"""F32, F16 and BF16: values as they are."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from kernels.schemes.base import BlockScheme, PackedTensor, Tolerance


class FloatScheme(BlockScheme):
    """One floating-point value a block."""

    block_elements = 1

    def __init__(self, name: str, dtype: torch.dtype, tolerance: float) -> None:
        self.name = name
        self.dtype = dtype
        self.block_bytes = dtype.itemsize
        self.tolerance = Tolerance(tolerance)

    def unpack(self, buffers: Mapping[str, Tensor], shape: tuple[int, ...]) -> Tensor:
        """As float32 [*shape], in new memory: the buffer may be a file's read-only map."""
        blocks = buffers["blocks"].reshape(-1)
        if blocks.storage_offset() % self.block_bytes:
            # A file may lay its values at odd addresses; only this part of them is moved.
            blocks = blocks.clone()
        return blocks.view(self.dtype).view(shape).to(torch.float32, copy=True)

    def pack(self, values: Tensor) -> PackedTensor:
        """Round to the dtype: [*shape] → the packed tensor of the same shape."""
        blocks = values.to(self.dtype).contiguous().view(torch.uint8)
        return PackedTensor(self, {"blocks": blocks}, tuple(values.shape))


# A backend may multiply in BF16 whatever the weights are stored in: 2^-8 of the greatest
# value of a row, and the sum of many such errors stays near one of them.
F32 = FloatScheme("F32", torch.float32, 1e-2)
F16 = FloatScheme("F16", torch.float16, 1e-2)
BF16 = FloatScheme("BF16", torch.bfloat16, 1e-2)
