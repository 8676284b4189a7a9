"""The contract of an architecture: what its layers are, and what a file must say of them.

For: architecture files (each maps a checkpoint's configuration to a `ModelSpec`; pure),
`names` (from a specification to the tensors of a file), `layers` (they are built from the
specification). Holds no weights and no arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from kernels.contracts import RouterRule


@dataclass(frozen=True)
class LinearScaling:
    """Positions are divided by `factor`."""

    factor: float


@dataclass(frozen=True)
class Llama3Scaling:
    """Llama 3.1's rule: long wavelengths are divided by `factor`, short ones stay."""

    factor: float
    low_freq_factor: float
    high_freq_factor: float
    original_context_tokens: int


@dataclass(frozen=True)
class YarnScaling:
    """YaRN (Peng et al. 2023): a ramp between interpolation and extrapolation.

    `attention_factor` multiplies cos and sin. `truncate` rounds the ramp's ends outwards.
    """

    factor: float
    original_context_tokens: int
    beta_fast: float
    beta_slow: float
    attention_factor: float
    truncate: bool = True


RopeScaling = LinearScaling | Llama3Scaling | YarnScaling


@dataclass(frozen=True)
class RopeSpec:
    """Rotary positions: `dim` values of each head turn; pairs are adjacent if `interleaved`.

    `has_factors`: the file brings one divisor for each frequency (`rope_freqs`, Llama
    3.1's scaling worked out ahead).
    """

    dim: int
    theta: float
    interleaved: bool
    scaling: RopeScaling | None = None
    has_factors: bool = False


@dataclass(frozen=True)
class GqaSpec:
    """Grouped-query attention (Ainslie et al. 2023); scores are divided by √head_dim.

    `qk_norm_eps`: queries and keys are normalised a head at a time (Qwen3).
    """

    num_heads: int
    num_kv_heads: int
    head_dim: int
    rope: RopeSpec
    qkv_bias: bool = False
    o_bias: bool = False
    qk_norm_eps: float | None = None


@dataclass(frozen=True)
class MlaSpec:
    """Multi-head latent attention (DeepSeek-V2 report, section 2.1).

    `q_lora_rank` None: queries come from one matrix. `latent_eps` is of the norms of the
    two latents. `softmax_scale` holds YaRN's mscale. `split_kv_b`: the file brings
    kv_b as one k and one v matrix a head (GGUF), k transposed.
    """

    num_heads: int
    q_lora_rank: int | None
    kv_lora_rank: int
    nope_dim: int
    rope_dim: int
    value_dim: int
    rope: RopeSpec
    softmax_scale: float
    latent_eps: float
    a_bias: bool = False
    o_bias: bool = False
    split_kv_b: bool = False

    @property
    def qk_dim(self) -> int:
        """Values of a query head."""
        return self.nope_dim + self.rope_dim


@dataclass(frozen=True)
class MlpSpec:
    """A dense SwiGLU feed-forward (Shazeer 2020)."""

    width: int
    bias: bool = False


@dataclass(frozen=True)
class MoeSpec:
    """Routed experts of `width`, and shared ones as one SwiGLU (None: there are none)."""

    num_experts: int
    width: int
    rule: RouterRule
    shared: MlpSpec | None = None
    router_bias: bool = False


AttentionSpec = GqaSpec | MlaSpec
FeedForwardSpec = MlpSpec | MoeSpec


@dataclass(frozen=True)
class LayerSpec:
    """One decoder layer: norm, attention, norm, feed-forward."""

    attention: AttentionSpec
    feed_forward: FeedForwardSpec


@dataclass(frozen=True)
class ModelSpec:
    """A decoder: embedding, layers, norm, head.

    `mtp_layers` more layers may follow in the file: they predict further tokens
    (DeepSeek-V3 report, section 2.2) and are kept aside.
    """

    architecture: str
    vocab_size: int
    hidden_size: int
    context_tokens: int
    norm_eps: float
    tied_head: bool
    layers: tuple[LayerSpec, ...]
    mtp_layers: int = 0


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

    def integers(self, key: str) -> Sequence[int]:
        """A list of integers."""

    def strings(self, key: str) -> Sequence[str]:
        """A list of strings."""

    def section(self, key: str) -> Self | None:
        """A nested configuration; None where it is missing or null."""

    def keys(self) -> frozenset[str]:
        """Every field that is there."""

    def is_null(self, key: str) -> bool:
        """Whether the field is there and says nothing."""


Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Source:
    """Where a configuration comes from: some things are said by the tensors alone.

    `shapes` are the file's tensors by its own names (empty for a configuration without
    weights); `is_gguf`: names and layouts are GGUF's.
    """

    shapes: Shapes
    is_gguf: bool


@dataclass(frozen=True)
class Architecture:
    """An architecture: its `model_type`, and its specification from a configuration."""

    name: str
    spec: Callable[[Configuration, Source], ModelSpec]
