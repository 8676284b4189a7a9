"""A matrix product with a packed weight, and the embedding that reads rows of one."""

from __future__ import annotations

from torch import Tensor

from inference.compute import ComputePath
from kernels.contracts import MAX_INVARIANT_ROWS, Op
from kernels.schemes.base import PackedTensor


class Linear:
    """x [rows, in] → [rows, out]; no bias, as none of the architectures so far has one."""

    def __init__(self, weight: PackedTensor, path: ComputePath) -> None:
        self._weight = weight
        self._path = path
        choose = path.registry.choose
        self._few = choose(Op.LINEAR_FEW, weight.scheme, weight.shape).backend
        self._many = choose(Op.LINEAR_MANY, weight.scheme, weight.shape).backend

    def __call__(self, x: Tensor) -> Tensor:
        """The product in the dtype of `x`."""
        rows = x.shape[0]
        out = x.new_empty(rows, self._weight.shape[0])
        backend = self._few if rows <= MAX_INVARIANT_ROWS else self._many
        backend.linear(x, self._weight, None, out, self._path.work)
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
