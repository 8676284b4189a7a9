"""Products and embedding by Triton's kernels: what is launched over which grid.

For: the backend beside this file, which mixes it in. Weights are read where they lie: a table
of descriptors says where, and is kept for as long as the same weights are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from kernels.contracts import MAX_INVARIANT_ROWS
from kernels.gpu.launching import Kernel, Kind, Launch, Launcher, Parameter
from kernels.schemes.base import PackedTensor
from kernels.triton.formats import FP8, NUMBERS, Descriptor, descriptor
from kernels.triton.tiles import ROW_VALUES, Rows, Tile, fp8_tile, product_tile
from kernels.triton.views import aligned, begins_at_16_bytes
from kernels.workspace import Workspace

_HALF_UNIT, _FLOAT_UNIT = 8, 4  # values in 16 bytes
_MOST_TABLES = 1 << 14


def parameters(*groups: tuple[Kind, str]) -> tuple[Parameter, ...]:
    """Names of one kind after those of another, as the bodies take them."""
    return tuple(Parameter(name, kind) for kind, names in groups for name in names.split())


SCALED_ROWS = Kernel(
    "scaled_rows",
    parameters(
        (Kind.F32_POINTER, "x"),
        (Kind.F16_POINTER, "scaled"),
        (Kind.F32_POINTER, "powers"),
        (Kind.I32, "heads columns row_stride head_stride"),
    ),
    (("K", ROW_VALUES),),
)
SPLIT_ROWS = Kernel(
    "split_rows",
    parameters(
        (Kind.F32_POINTER, "x"),
        (Kind.U8_POINTER, "high low"),
        (Kind.F32_POINTER, "scales"),
        (Kind.I32, "columns tiles x_row"),
    ),
    num_warps=1,
)


def operand_kind(tile: Tile) -> Kind:
    """What activations are."""
    return Kind.F32_POINTER if tile.exact else Kind.F16_POINTER


def tile_constants(scheme: str, tile: Tile) -> tuple[tuple[str, int], ...]:
    """As all bodies of products have them."""
    numbers = (("SCHEME", NUMBERS[scheme]), ("EXACT", int(tile.exact)))
    return (*numbers, ("M", tile.m), ("N", tile.n), ("K", tile.k))


def product_kernel(scheme: str, tile: Tile, across: bool) -> Kernel:
    """x · Wᵀ, or x · W `across`, of one or more heads."""
    return Kernel(
        "product_across" if across else "product",
        parameters(
            (operand_kind(tile), "x"),
            (Kind.F32_POINTER, "powers"),
            (Kind.I64_POINTER, "table"),
            (Kind.F32_POINTER, "out"),
            (Kind.I32, "rows heads features columns x_row x_head out_row out_head"),
        ),
        tile_constants(scheme, tile),
        tile.num_warps,
        tile.num_stages,
    )


def fp8_kernel(tile: Tile) -> Kernel:
    """x · Wᵀ with FP8 operands."""
    return Kernel(
        "product_fp8",
        parameters(
            (Kind.U8_POINTER, "high low"),
            (Kind.F32_POINTER, "scales"),
            (Kind.I64_POINTER, "table"),
            (Kind.F32_POINTER, "out"),
            (Kind.I32, "rows features columns tiles out_row"),
        ),
        (("M", tile.m), ("N", tile.n)),
        tile.num_warps,
        tile.num_stages,
    )


def embedding_kernel(scheme: str) -> Kernel:
    """Rows of a table."""
    return Kernel(
        "embedding",
        parameters(
            (Kind.I64_POINTER, "ids table"),
            (Kind.F32_POINTER, "out"),
            (Kind.I32, "vocabulary columns out_row"),
        ),
        (("SCHEME", NUMBERS[scheme]), ("K", 256)),
        num_warps=1,
    )


@dataclass(frozen=True)
class Operand:
    """Activations as a product reads them: rows and heads in 16 bytes, and a power for each."""

    values: Tensor
    powers: Tensor
    row: int
    head: int


class ProductOps:
    """`linear`, `head_linear` and `embedding` of `contracts.Backend`."""

    _launcher: Launcher
    _tables: dict[tuple[Descriptor, ...], Tensor]

    def linear(
        self, x: Tensor, weight: PackedTensor, bias: Tensor | None, out: Tensor, work: Workspace
    ) -> None:
        """More than 8 rows by float16 products, or by FP8's own where the card has them; fewer
        rows, and floats, by TF32 in three parts."""
        tile = fp8_tile(self._launcher.target) if x.shape[0] > MAX_INVARIANT_ROWS else None
        if weight.scheme.name == FP8 and tile:
            self._linear_fp8(x, weight, tile, out, work)
        else:
            self._products(x.unsqueeze(1), (weight,), False, out.unsqueeze(1), work)
        if bias is not None:
            out += bias

    def head_linear(
        self,
        x: Tensor,
        weights: Sequence[PackedTensor],
        transposed: bool,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """All heads in one launch."""
        self._products(x, weights, transposed, out, work)

    def embedding(self, token_ids: Tensor, table: PackedTensor, out: Tensor) -> None:
        """A program reads one row's part of a panel."""
        if not token_ids.numel():
            return
        kernel = embedding_kernel(table.scheme.name)
        vocabulary, columns = table.shape
        grid = (token_ids.shape[0], -(-columns // dict(kernel.constants)["K"]), 1)
        target = out if begins_at_16_bytes(out) else torch.empty_like(out)
        told = (token_ids.contiguous(), self._table((table,)), target)
        self._launch(kernel, grid, *told, vocabulary, columns, target.stride(0))
        if target is not out:
            out.copy_(target)

    def _products(
        self,
        x: Tensor,
        weights: Sequence[PackedTensor],
        across: bool,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """x [rows, heads, in], out [rows, heads, out]; a matrix a head, all of one scheme."""
        if not out.numel():
            return
        rows, heads, width = out.shape
        scheme = weights[0].scheme.name
        features, columns = weights[0].shape
        tile = product_tile(self._launcher.target, rows_of(rows), scheme)
        operand = self._operand(x, tile.exact, work)
        target = _writable(out, work)
        told = (rows, heads, features, columns, operand.row, operand.head)
        self._launch(
            product_kernel(scheme, tile, across),
            (-(-rows // tile.m), -(-width // tile.n), heads),
            *(operand.values, operand.powers, self._table(weights), target),
            *(*told, target.stride(0), target.stride(1)),
        )
        if target is not out:
            out.copy_(target)

    def _linear_fp8(
        self, x: Tensor, weight: PackedTensor, tile: Tile, out: Tensor, work: Workspace
    ) -> None:
        rows, columns = x.shape
        features, tiles = weight.shape[0], -(-columns // 128)
        high = work.take("product.high", (rows, tiles * 128), torch.uint8)
        low = work.take("product.low", (rows, tiles * 128), torch.uint8)
        scales = work.take("product.scales", (rows, tiles), torch.float32)
        x = aligned(x, "product.x", work)
        self._launch(
            SPLIT_ROWS, (rows, tiles, 1), x, high, low, scales, columns, tiles, x.stride(0)
        )
        target = _writable(out, work)
        self._launch(
            fp8_kernel(tile),
            (-(-rows // tile.m), -(-features // tile.n), 1),
            *(high, low, scales, self._table((weight,)), target),
            *(rows, features, columns, tiles, target.stride(0)),
        )
        if target is not out:
            out.copy_(target)

    def _operand(self, x: Tensor, exact: bool, work: Workspace) -> Operand:
        """x float32 [rows, heads, columns] as products take it."""
        assert x.dtype is torch.float32, "activations between ops are float32"
        x = aligned(x, "product.x", work)
        if exact:
            return Operand(x, x, x.stride(0) // _FLOAT_UNIT, x.stride(1) // _FLOAT_UNIT)
        rows, heads, columns = x.shape
        units = -(-columns // _HALF_UNIT)
        shape = (rows, heads, units * _HALF_UNIT)
        scaled = work.take("product.scaled", shape, torch.float16)
        powers = work.take("product.powers", (rows, heads), torch.float32)
        strides = (x.stride(0), x.stride(1))
        self._launch(SCALED_ROWS, (rows, heads, 1), x, scaled, powers, heads, columns, *strides)
        return Operand(scaled, powers, heads * units, units)

    def _table(self, weights: Sequence[PackedTensor]) -> Tensor:
        """Descriptors on the device, int64 [weights, 8]."""
        return self._kept(tuple(map(descriptor, weights)))

    def _kept(self, told: tuple[Descriptor, ...]) -> Tensor:
        """A table, made once for the same places of the same matrices."""
        table = self._tables.get(told)
        if table is None:
            if len(self._tables) >= _MOST_TABLES:
                self._tables.clear()
            table = torch.tensor(told, dtype=torch.int64, device=self._launcher.device)
            self._tables[told] = table
        return table

    def _launch(
        self, kernel: Kernel, grid: tuple[int, int, int], *arguments: Tensor | int | float
    ) -> None:
        self._launcher.launch(Launch(kernel, grid, arguments))


def rows_of(count: int) -> Rows:
    """Few rows keep their bits in any company."""
    return Rows.FEW if count <= MAX_INVARIANT_ROWS else Rows.MANY


def _writable(out: Tensor, work: Workspace) -> Tensor:
    """`out`, or scratch memory for it where it does not begin at 16 bytes."""
    if begins_at_16_bytes(out):
        return out
    return work.take("product.out", tuple(out.shape), out.dtype)
