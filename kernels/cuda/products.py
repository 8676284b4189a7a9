"""Products with packed weights by CUDA's kernels, embeddings, and SiLU.

For: `backend.CudaBackend`, which mixes it in. Where weights are quantized, activations are rounded
as the native kernels on the processor round them (csrc/activations.h); a matrix for each head, and
float weights, meet them as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from kernels.contracts import MAX_INVARIANT_ROWS
from kernels.cuda import kernels
from kernels.cuda.kernels import CHUNKS, GROUPS, ROWS, TILE_TOKENS, TILE_WARPS, own_name
from kernels.cuda.operands import aligned, write_aligned
from kernels.cuda.ops import CudaOps
from kernels.schemes.base import PackedTensor
from kernels.workspace import Workspace

_THREADS = 256  # of a block, where each thread has its own value
_WARPS = _THREADS // 32


def activation_block(columns: int) -> int:
    """Values of a row that share one scale: as kernels/cpu/csrc/core/matrix.h."""
    return next(block for block in (256, 128, 64, 32, 16) if columns % block == 0)


def panel_bytes(weight: PackedTensor) -> int:
    """From one panel of a matrix to the next."""
    panels = weight.buffers["panels"]
    return panels.stride(0) if panels.shape[0] > 1 else panels.shape[1]


@dataclass(frozen=True)
class Rounded:
    """Rows as csrc/activations.h describes them, in scratch memory."""

    codes: Tensor
    dx: Tensor
    sums: Tensor
    rows: int
    columns: int
    parts: int

    @classmethod
    def taken(cls, name: str, rows: int, columns: int, parts: int, work: Workspace) -> Rounded:
        """Room for so many rows, not written."""
        block = activation_block(columns)
        return cls(
            work.take(f"{name}.codes", (parts, rows, columns), torch.int8),
            work.take(f"{name}.dx", (rows, columns // block), torch.float32),
            work.take(f"{name}.sums", (rows, columns // 16), torch.int32),
            rows,
            columns,
            parts,
        )

    @property
    def tensors(self) -> tuple[Tensor, Tensor, Tensor]:
        """In the order of kernels' parameters."""
        return self.codes, self.dx, self.sums

    @property
    def arguments(self) -> tuple[Tensor | int, ...]:
        """All of it, for a kernel that reads it."""
        block = activation_block(self.columns)
        return *self.tensors, self.rows, self.columns, block, self.parts


class ProductOps(CudaOps):
    """`linear`, `head_linear`, `embedding` and `silu_mul` of `contracts.Backend`."""

    def linear(
        self, x: Tensor, weight: PackedTensor, bias: Tensor | None, out: Tensor, work: Workspace
    ) -> None:
        """Up to 8 rows share one reading of the weights; more go to tensor cores by 64."""
        if not x.shape[0]:
            return
        with write_aligned(out, "cuda.out", work) as target:
            if weight.scheme.name in GROUPS:
                self._quantized(x, weight, bias, target, work)
            else:
                self._exact(x.unsqueeze(1), [weight], bias, target.unsqueeze(1), work)

    def head_linear(
        self,
        x: Tensor,
        weights: Sequence[PackedTensor],
        transposed: bool,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """All heads in one launch; activations are not rounded."""
        if not x.shape[0]:
            return
        with write_aligned(out, "cuda.out", work) as target:
            if transposed:
                self._across(x, weights, target, work)
            else:
                self._exact(x, weights, None, target, work)

    def embedding(self, token_ids: Tensor, table: PackedTensor, out: Tensor) -> None:
        """Ids must lie within the table: nobody looks."""
        columns, count = table.shape[1], token_ids.shape[0]
        if not count:
            return
        work = Workspace(out.device)
        kernel = kernels.embedding(own_name(table.scheme))
        blocks = -(-columns // (CHUNKS[table.scheme.name] * _THREADS))
        ids = aligned(token_ids.contiguous(), "ids", work)
        with write_aligned(out, "out", work) as target:
            weight = (table.buffers["panels"], panel_bytes(table), columns)
            grid = (blocks, count, 1)
            self._launch(kernel, grid, _THREADS, *weight, ids, target, target.stride(0))

    def silu_mul(self, gate: Tensor, up: Tensor, out: Tensor) -> None:
        """silu(x) = x / (1 + e^-x)."""
        if not out.numel():
            return
        work = Workspace(out.device)
        width = out.shape[-1]
        gate = aligned(gate.reshape(-1, width), "gate", work)
        up = aligned(up.reshape(-1, width), "up", work)
        if out.dim() != 2:
            flat = torch.empty(gate.shape, device=out.device)
            self.silu_mul(gate, up, flat)
            out.copy_(flat.view(out.shape))
            return
        with write_aligned(out, "out", work) as target:
            self._silu_mul(gate, up, target)

    def _silu_mul(self, gate: Tensor, up: Tensor, out: Tensor) -> None:
        rows, width = out.shape
        strided = (gate, gate.stride(0), up, up.stride(0), width, out, out.stride(0))
        self._launch(kernels.SILU_MUL, (-(-width // _THREADS), rows, 1), _THREADS, *strided)

    def _round(self, x: Tensor, name: str, work: Workspace) -> Rounded:
        """x [rows, columns], columns a multiple of 16."""
        rows, columns = x.shape
        rounded = Rounded.taken(name, rows, columns, 2 if self._precise else 1, work)
        block = activation_block(columns)
        grid = (-(-rows * (columns // block) // _WARPS), 1, 1)
        x = aligned(x, f"{name}.x", work)
        numbers = (x.stride(0), rows, columns, block, rounded.parts)
        self._launch(kernels.QUANTIZE, grid, _THREADS, x, *numbers, *rounded.tensors)
        return rounded

    def _quantized(
        self, x: Tensor, weight: PackedTensor, bias: Tensor | None, out: Tensor, work: Workspace
    ) -> None:
        rows, (features, columns) = x.shape[0], weight.shape
        name, panels = own_name(weight.scheme), -(-features // ROWS)
        rounded = self._round(x, "cuda.rounded", work)
        matrix = (weight.buffers["panels"], panel_bytes(weight), features)
        result = (*_biased(bias, out, work), out, out.stride(0))
        if rows <= MAX_INVARIANT_ROWS:
            kernel, grid = kernels.linear_few(name, rows), (panels, 1, 1)
            threads = 32 * self._tiles.warps(columns // GROUPS[weight.scheme.name])
        else:
            kernel, threads = kernels.linear_many(name), 32 * TILE_WARPS
            grid = (-(-panels // TILE_WARPS), -(-rows // TILE_TOKENS), 1)
        self._launch(kernel, grid, threads, *matrix, *rounded.arguments, *result)

    def _exact(
        self,
        x: Tensor,
        weights: Sequence[PackedTensor],
        bias: Tensor | None,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """x [rows, heads, in] · weights[h]ᵀ → out [rows, heads, out]."""
        (features, columns), rows = weights[0].shape, x.shape[0]
        kernel = kernels.exact(own_name(weights[0].scheme), rows)
        grid = (-(-features // ROWS), len(weights), -(-rows // kernels.rows_at_once(rows)))
        threads = 32 * self._tiles.warps(-(-columns // CHUNKS[weights[0].scheme.name]))
        x = aligned(x, "cuda.x", work)
        given = (features, columns, x, x.stride(0), x.stride(1), rows)
        result = (*_biased(bias, out, work), out, out.stride(0), out.stride(1))
        self._launch(kernel, grid, threads, *self._heads(weights, work), *given, *result)

    def _across(
        self, x: Tensor, weights: Sequence[PackedTensor], out: Tensor, work: Workspace
    ) -> None:
        """x [rows, heads, in] · weights[h] [in, out] → out [rows, heads, out]."""
        (features, columns), rows = weights[0].shape, x.shape[0]
        kernel = kernels.across(own_name(weights[0].scheme), rows)
        chunks = -(-columns // CHUNKS[weights[0].scheme.name])
        grid = (-(-chunks // 8), len(weights), -(-rows // kernels.rows_at_once(rows)))
        threads = 32 * self._tiles.warps(8 * -(-features // ROWS))
        x = aligned(x, "cuda.x", work)
        given = (features, columns, x, x.stride(0), x.stride(1), rows)
        result = (out, out.stride(0), out.stride(1))
        self._launch(kernel, grid, threads, *self._heads(weights, work), *given, *result)

    def _heads(self, weights: Sequence[PackedTensor], work: Workspace) -> tuple[Tensor | int, ...]:
        """Where each head's panels lie: at equal distances, as cut from one matrix, or anywhere."""
        first = weights[0].buffers["panels"]
        addresses = [weight.buffers["panels"].data_ptr() for weight in weights]
        apart = addresses[1] - addresses[0] if len(addresses) > 1 else 0
        table = work.take("cuda.heads", (len(addresses),), torch.int64)
        even = all(at == addresses[0] + i * apart for i, at in enumerate(addresses))
        if not even:
            table.copy_(torch.tensor(addresses))
        return first, apart if even else 0, table, int(not even), panel_bytes(weights[0])


def _biased(bias: Tensor | None, out: Tensor, work: Workspace) -> tuple[Tensor, int]:
    """Any tensor stands for a bias that there is not."""
    return (out, 0) if bias is None else (aligned(bias, "cuda.bias", work), 1)
