"""Panels: a matrix as CPU kernels read it, 16 rows side by side in one stream over k.

For: prepared models (`pack_from` makes the panels, losslessly) and the native kernels
(they read them). The layouts are version `LAYOUT_VERSION`; each scheme's own stands in its
docstring. Not here: file formats; a panel scheme is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from kernels.schemes.base import PackedTensor, Tolerance
from kernels.schemes.panel_lanes import ROWS

LAYOUT_VERSION = 1

# What one step reads. One thread of Zen 4, GB/s at 2^18, 2^20, 2^22: Q4_K 0.8, 1.2, 1.0;
# Q6_K 0.6, 1.0, 1.3; Q8_0 1.8, 3.2, 3.0. Below, torch's calls cost more than the moving.
_STEP_BYTES = 1 << 20


@dataclass(frozen=True)
class Layout:
    """A panel's stream: units of `elements` k, one `header_bytes` before each `per_header`
    of them (whole before a shorter last run too), `body_bytes` for each."""

    elements: int
    per_header: int
    header_bytes: int
    body_bytes: int

    def units(self, columns: int) -> int:
        """Units of a row, the last one padded."""
        return -(-columns // self.elements)

    def panel_bytes(self, columns: int) -> int:
        """Bytes of one panel."""
        units = self.units(columns)
        return self.header_bytes * -(-units // self.per_header) + self.body_bytes * units

    def parts(self, panels: Tensor, units: int) -> Iterator[Part]:
        """Views of uint8 [panels, panel_bytes]: the whole runs, then a shorter last one."""
        run = self.header_bytes + self.per_header * self.body_bytes
        whole = units // self.per_header
        if whole:
            runs = torch.unflatten(panels[:, : whole * run], 1, (whole, run))
            yield self._part(runs, slice(0, whole * self.per_header))
        if units % self.per_header:
            last = panels[:, whole * run :].unsqueeze(1)
            yield self._part(last, slice(whole * self.per_header, units))

    def _part(self, runs: Tensor, units: slice) -> Part:
        header, body = runs[..., : self.header_bytes], runs[..., self.header_bytes :]
        return Part(header, torch.unflatten(body, -1, (-1, self.body_bytes)), units)


@dataclass(frozen=True)
class Part:
    """Runs of a stream: header uint8 [panels, runs, header_bytes], body uint8 [panels, runs,
    units of a run, body_bytes], and which units of the row these are."""

    header: Tensor
    body: Tensor
    units: slice

    def blocks(self, rows: Tensor) -> Tensor:
        """Their part of [panels, 16, units, …]: [panels, 16, runs, units of a run, …]."""
        return torch.unflatten(rows[:, :, self.units], 2, self.body.shape[1:3])


class PanelScheme:
    """A scheme in panels: `panels` uint8 [ceil(rows/16), panel_bytes], stacks with their own
    leading axis. Rows behind the last are bytes of 0.

    Rows can be cut where a panel begins only (`row_group`).
    """

    name: str
    sources: tuple[str, ...]
    layout: Layout
    block_elements: int
    row_group = ROWS
    tolerance = Tolerance(relative=1e-2)

    @property
    def bits_per_weight(self) -> float:
        layout = self.layout
        unit_bytes = layout.header_bytes / layout.per_header + layout.body_bytes
        return 8 * unit_bytes / (ROWS * layout.elements)

    def panel_bytes(self, columns: int) -> int:
        """Bytes of one panel of `columns` k; raises ValueError where they are not whole blocks."""
        if columns % self.block_elements:
            raise ValueError(
                f"{self.name} stores {self.block_elements} values a block, "
                f"and {columns} columns are not a multiple of it"
            )
        return self.layout.panel_bytes(columns)

    def buffer_shapes(self, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
        """Raises ValueError for vectors, and for columns that are not whole blocks."""
        if len(shape) not in (2, 3):
            raise ValueError(f"{self.name} stores matrices and stacks; {list(shape)} is neither")
        *stack, rows, columns = shape
        return {"panels": (*stack, -(-rows // ROWS), self.panel_bytes(columns))}

    def empty(self, shape: tuple[int, ...], device: str) -> PackedTensor:
        panels = torch.empty(self.buffer_shapes(shape)["panels"], dtype=torch.uint8, device=device)
        return PackedTensor(self, {"panels": panels}, shape)

    def slice_rows(self, buffers: Mapping[str, Tensor], start: int, stop: int) -> dict[str, Tensor]:
        """Of a stack: its matrices start:stop. Of a matrix: rows, from a multiple of 16; a
        `stop` inside a panel leaves rows behind it that the new shape does not have."""
        panels = buffers["panels"]
        if panels.dim() == 3:
            return {"panels": panels[start:stop]}
        if start % ROWS:
            raise ValueError(f"panels can be cut at multiples of {ROWS} rows, and {start} is none")
        return {"panels": panels[start // ROWS : -(-stop // ROWS)]}

    def unpack(self, buffers: Mapping[str, Tensor], shape: tuple[int, ...]) -> Tensor:
        panels = buffers["panels"]
        if len(shape) == 3:
            matrices = [self.unpack({"panels": one}, shape[1:]) for one in panels]
            return torch.stack(matrices) if matrices else torch.empty(shape)
        rows, columns = shape
        units = self.layout.units(columns)
        values = [self.unpack_part(part) for part in self.layout.parts(panels, units)]
        if not values:
            return torch.empty(shape)
        joined = torch.cat([part.flatten(2) for part in values], -1)
        return joined.flatten(0, 1)[:rows, :columns].contiguous()

    def pack_from(self, packed: PackedTensor) -> PackedTensor:
        """The same values in panels; raises ValueError for a source that it is not made from."""
        out = self.empty(packed.shape, "cpu")
        if len(packed.shape) == 2:
            self.pack_into(packed, out.buffers["panels"])
        else:
            for index in range(packed.shape[0]):
                self.pack_into(packed.expert(index), out.buffers["panels"][index])
        return out

    def pack_into(self, packed: PackedTensor, out: Tensor) -> None:
        """A matrix → `out` uint8 [panels, panel_bytes], written whole; raises as `pack_from`."""
        if packed.scheme.name not in self.sources:
            made_from = ", ".join(self.sources)
            raise ValueError(f"{self.name} is made from {made_from}, not {packed.scheme.name}")
        rows, columns = packed.shape
        blocks = packed.buffers["blocks"]
        if not out.numel():
            return
        step = max(1, _STEP_BYTES // (ROWS * blocks.shape[1]))
        for first in range(0, out.shape[0], step):
            some = blocks[first * ROWS : min((first + step) * ROWS, rows)]
            self._pack_rows(packed.scheme.name, some, columns, out[first : first + step])

    def _pack_rows(self, source: str, blocks: Tensor, columns: int, out: Tensor) -> None:
        """blocks uint8 [rows, row bytes], rows of `out` panels at most."""
        missing = out.shape[0] * ROWS - blocks.shape[0]
        if missing:
            blocks = torch.cat([blocks, blocks.new_zeros(missing, blocks.shape[1])])
        units = self.layout.units(columns)
        rows = self.prepared_rows(source, blocks.view(out.shape[0], ROWS, -1), columns)
        for part in self.layout.parts(out, units):
            if part.body.shape[2] < self.layout.per_header:
                part.header.zero_()
            self.pack_part(rows, part)
            if missing:
                self.clear_padding(part, ROWS - missing)

    def prepared_rows(self, source: str, rows: Tensor, columns: int) -> Tensor:
        """What `pack_part` takes, from uint8 [panels, 16, row bytes]: [panels, 16, units, …]."""
        return torch.unflatten(rows, 2, (self.layout.units(columns), -1))

    def pack_part(self, rows: Tensor, part: Part) -> None:
        """Write header and body of `part` from `prepared_rows`."""
        raise TypeError(f"{type(self).__name__} does not say how to pack")

    def unpack_part(self, part: Part) -> Tensor:
        """float32 [panels, 16, runs, units of a run, elements]."""
        raise TypeError(f"{type(self).__name__} does not say how to unpack")

    def clear_padding(self, part: Part, rows: int) -> None:
        """Zero the bytes behind `rows` of the last panel. Blocks of zeros give bytes of zero
        in most schemes, and these need do nothing."""
