"""A matrix product with a packed weight, and the embedding that reads rows of one."""

from __future__ import annotations

from torch import Tensor

from inference.compute import ComputePath
from kernels.contracts import MAX_INVARIANT_ROWS, Op
from kernels.schemes.base import PackedTensor


class Linear:
    """x [rows, in] → [rows, out] = x · weightᵀ + bias.

    `exact`: x is never rounded to fewer bits, as where a choice depends on the product.
    """

    def __init__(
        self,
        weight: PackedTensor,
        path: ComputePath,
        bias: PackedTensor | None = None,
        *,
        exact: bool = False,
    ) -> None:
        self._weight = weight
        self._path = path
        self._bias = None if bias is None else bias.dequantize(path.dtype).to(path.device)
        few, many = (Op.LINEAR_EXACT,) * 2 if exact else (Op.LINEAR_FEW, Op.LINEAR_MANY)
        choose = path.registry.choose
        self._few = choose(few, weight.scheme, weight.shape).backend
        self._many = choose(many, weight.scheme, weight.shape).backend

    def __call__(self, x: Tensor) -> Tensor:
        """The product in the dtype of `x`."""
        rows = x.shape[0]
        out = x.new_empty(rows, self._weight.shape[0])
        backend = self._few if rows <= MAX_INVARIANT_ROWS else self._many
        backend.linear(x, self._weight, self._bias, out, self._path.work)
        return out


class Embedding:
    """Token ids int64 [rows] → hidden [rows, hidden_size]."""

    def __init__(self, table: PackedTensor, path: ComputePath) -> None:
        self._table = table
        self._dtype = path.dtype
        self._backend = path.registry.choose(Op.EMBEDDING, table.scheme, table.shape).backend

    def __call__(self, token_ids: Tensor) -> Tensor:
        """Rows of the table, dequantized."""
        shape = (token_ids.shape[0], self._table.shape[1])
        out = token_ids.new_empty(shape, dtype=self._dtype)
        self._backend.embedding(token_ids, self._table, out)
        return out
