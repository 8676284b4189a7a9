"""F32, BF16 and F16 in panels."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad

from kernels.schemes.panel_base import Layout, PanelScheme, Part
from kernels.schemes.panel_lanes import ROWS, VECTOR


class FloatPanels(PanelScheme):
    """`together` k of a row side by side, row after row; a last run is padded with 0."""

    block_elements = 1

    def __init__(self, source: str, dtype: torch.dtype, bits: torch.dtype, together: int) -> None:
        self.name = f"{source}_P16"
        self.sources = (source,)
        self._dtype = dtype
        self._bits = bits
        self._together = together
        self.layout = Layout(together, 1, 0, ROWS * together * dtype.itemsize)

    def prepared_rows(self, source: str, rows: Tensor, columns: int) -> Tensor:
        """The bits of the values, [panels, 16, units, together]."""
        if rows.storage_offset() % self._dtype.itemsize or not rows.is_contiguous():
            rows = rows.clone(memory_format=torch.contiguous_format)
        values = rows.view(self._bits)
        missing = -columns % self._together
        if missing:
            values = pad(values, (0, missing))
        return torch.unflatten(values, 2, (-1, self._together))

    def pack_part(self, rows: Tensor, part: Part) -> None:
        out = torch.unflatten(part.body.view(self._bits), -1, (ROWS, self._together))
        out.copy_(part.blocks(rows).permute(0, 2, 3, 1, 4))

    def unpack_part(self, part: Part) -> Tensor:
        values = torch.unflatten(part.body.view(self._dtype), -1, (ROWS, self._together))
        return values.permute(0, 3, 1, 2, 4).to(torch.float32)


F32_P16 = FloatPanels("F32", torch.float32, torch.int32, 1)
F16_P16 = FloatPanels("F16", torch.float16, torch.int16, 1)
BF16_P16 = FloatPanels("BF16", torch.bfloat16, torch.int16, VECTOR // ROWS // 2)
