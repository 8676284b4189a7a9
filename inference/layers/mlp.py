"""The dense feed-forward: SwiGLU (Shazeer 2020)."""

from __future__ import annotations

from torch import Tensor

from inference.compute import ComputePath
from inference.layers.weights import Weights
from kernels.contracts import Op


class SwiGlu:
    """x [rows, hidden_size] → down(silu(gate(x)) · up(x)) [rows, hidden_size]."""

    def __init__(self, weights: Weights, path: ComputePath) -> None:
        self._gate, self._up, self._down = (
            weights.linear(name, path) for name in ("gate", "up", "down")
        )
        self._backend = path.registry.choose(Op.SILU_MUL).backend

    def __call__(self, x: Tensor) -> Tensor:
        """A new tensor."""
        gate = self._gate(x)
        self._backend.silu_mul(gate, self._up(x), gate)
        return self._down(gate)
