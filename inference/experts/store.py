"""The experts of a model, by layer and id: nothing is touched that nobody asked for.

For: `layers.moe`. Here experts are views of the mapped file, so that acquiring one costs no
read; what the file does not hold in memory the system reads when it is used. Keeping some
in memory and fetching others ahead come behind the same door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from kernels.contracts import Expert
from kernels.schemes.base import PackedTensor, Scheme

Tensors = Mapping[str, PackedTensor]


class ExpertStore(Protocol):
    """Who holds the experts."""

    def acquire(self, layer: int, ids: Sequence[int]) -> Mapping[int, Expert]:
        """The experts `ids` of a layer, usable until the next call for that layer."""

    def kind(self, layer: int) -> tuple[Scheme, tuple[int, ...]]:
        """Scheme and shape of a layer's gate matrices, to choose a kernel by."""


@runtime_checkable
class WholeLayers(Protocol):
    """A store that holds every expert of a layer where the layer is computed, for as long as it
    lives itself."""

    def whole(self, layer: int) -> Mapping[int, Expert]:
        """All experts of a layer."""


class MappedExperts:
    """Experts over a mapped checkpoint, named `layers.3.experts.…` by `models.names`.

    Both forms of files: a stack for all experts of a layer, or a matrix for each.
    """

    def __init__(self, tensors: Tensors) -> None:
        self._tensors = tensors
        self._made: dict[tuple[int, int], Expert] = {}

    def acquire(self, layer: int, ids: Sequence[int]) -> Mapping[int, Expert]:
        """Views; made at the first call and kept."""
        return {index: self._expert(layer, index) for index in ids}

    def kind(self, layer: int) -> tuple[Scheme, tuple[int, ...]]:
        """As the layer's first expert has it."""
        gate = _matrix(self._tensors, layer, 0)("gate")
        return gate.scheme, gate.shape

    def _expert(self, layer: int, index: int) -> Expert:
        made = self._made.get((layer, index))
        if made is None:
            matrix = _matrix(self._tensors, layer, index)
            made = Expert(matrix("gate"), matrix("up"), matrix("down"))
            self._made[layer, index] = made
        return made


def _matrix(tensors: Tensors, layer: int, index: int) -> Callable[[str], PackedTensor]:
    prefix = f"layers.{layer}.experts"

    def of(part: str) -> PackedTensor:
        stack = tensors.get(f"{prefix}.{part}")
        if stack is not None:
            return stack.expert(index)
        return tensors[f"{prefix}.{index}.{part}"]

    return of
