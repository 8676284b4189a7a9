"""RMSNorm."""

from __future__ import annotations

import torch
from torch import Tensor

from inference.compute import ComputePath
from kernels.contracts import Op
from kernels.schemes.base import PackedTensor


class RmsNorm:
    """x [..., features] → the same, scaled to unit root mean square and by its weight.

    The weight is one vector: it is dequantized once, as every product with it is exact.
    """

    def __init__(self, weight: PackedTensor, eps: float, path: ComputePath) -> None:
        self._weight = weight.dequantize(path.dtype).to(path.device)
        self._eps = eps
        self._backend = path.registry.choose(Op.RMS_NORM).backend

    def __call__(self, x: Tensor) -> Tensor:
        """A new tensor."""
        out = torch.empty_like(x)
        self._backend.rms_norm(x, self._weight, self._eps, out)
        return out
