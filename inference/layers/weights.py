"""The packed tensors of one layer or block, by the names that `models.names` gives them."""

from __future__ import annotations

from collections.abc import Mapping

from inference.compute import ComputePath
from inference.layers.linear import Linear
from kernels.schemes.base import PackedTensor


class Weights:
    """A view of a model's tensors below a prefix such as `layers.3.`."""

    def __init__(self, tensors: Mapping[str, PackedTensor], prefix: str = "") -> None:
        self._tensors = tensors
        self._prefix = prefix

    def __getitem__(self, name: str) -> PackedTensor:
        return self._tensors[self._prefix + name]

    def get(self, name: str) -> PackedTensor | None:
        """None where the model has no such tensor."""
        return self._tensors.get(self._prefix + name)

    def below(self, name: str) -> Weights:
        """Those of a block."""
        return Weights(self._tensors, f"{self._prefix}{name}.")

    def linear(self, name: str, path: ComputePath) -> Linear:
        """The product with `name.weight`, and `name.bias` where there is one."""
        return Linear(self[f"{name}.weight"], path, self.get(f"{name}.bias"))
