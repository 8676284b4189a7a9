"""The contract of an architecture: what its layers are, and what its tensors are called.

For: architecture files (each maps a checkpoint's configuration to a `ModelSpec` and our
tensor names to the file's; both pure), `layers` (they are built from the specification)
and readers of checkpoints. Holds no weights and no arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class RopeSpec:
    """Rotary positions: `dim` values of each head turn; pairs are adjacent if `interleaved`.

    `linear_factor` divides positions. `has_factors`: the file brings one divisor for each
    frequency (`rope_freqs`, Llama 3.1's scaling worked out ahead).
    """

    dim: int
    theta: float
    interleaved: bool
    linear_factor: float = 1.0
    has_factors: bool = False


@dataclass(frozen=True)
class GqaSpec:
    """Grouped-query attention."""

    num_heads: int
    num_kv_heads: int
    head_dim: int
    rope: RopeSpec


@dataclass(frozen=True)
class MlpSpec:
    """A dense SwiGLU feed-forward (Shazeer 2020)."""

    width: int


@dataclass(frozen=True)
class LayerSpec:
    """One decoder layer: norm, attention, norm, feed-forward."""

    attention: GqaSpec
    feed_forward: MlpSpec


@dataclass(frozen=True)
class ModelSpec:
    """A decoder: embedding, layers, norm, head."""

    architecture: str
    vocab_size: int
    hidden_size: int
    context_tokens: int
    norm_eps: float
    tied_head: bool
    layers: tuple[LayerSpec, ...]


@dataclass(frozen=True)
class TensorSlot:
    """One tensor that the model needs: what the file calls it, and its logical shape."""

    file_name: str
    shape: tuple[int, ...]


class Configuration(Protocol):
    """Typed access to a checkpoint's configuration; each raises CheckpointError by field.

    Without a default the field must be there.
    """

    def string(self, key: str, default: str | None = None) -> str:
        """A string field."""

    def integer(self, key: str, default: int | None = None) -> int:
        """An integer field."""

    def number(self, key: str, default: float | None = None) -> float:
        """A floating-point field; integers are accepted."""

    def boolean(self, key: str, default: bool | None = None) -> bool:
        """A boolean field."""

    def keys(self) -> frozenset[str]:
        """Every field that is there."""


@dataclass(frozen=True)
class Architecture:
    """An architecture: its name, and two pure functions.

    `spec(config, tensor_shapes)` may look at which tensors there are, because GGUF says
    some things (a tied head, rope factors) only by them. `slots(spec)` maps our names to
    the file's.
    """

    name: str
    spec: Callable[[Configuration, Mapping[str, tuple[int, ...]]], ModelSpec]
    slots: Callable[[ModelSpec], Mapping[str, TensorSlot]]
