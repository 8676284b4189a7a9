"""A model's weights as plans read them: tables of experts made once, refusals found first.

For: `planned.decoder`. A model can be planned if every matrix is laid out in panels and
nothing asks for arithmetic that the native ops do not have; `refusal` says what is in the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from inference.experts.store import ExpertStore
from inference.models.base import (
    AttentionSpec,
    FeedForwardSpec,
    GqaSpec,
    LayerSpec,
    MlaSpec,
    MlpSpec,
    ModelSpec,
    MoeSpec,
)
from inference.sentence import ours, said
from kernels.contracts import Expert
from kernels.cpu.formats import refusal as matrix_refusal
from kernels.cpu.plan import ExpertSet, expert_set
from kernels.schemes.base import PackedTensor

Tensors = Mapping[str, PackedTensor]
_MOST_EXPERTS = 512
_MOST_CHOSEN = 64
# What a plan takes (`csrc/core/plan.cpp`), several times what any known model has.
_MOST_WIDTH = 1 << 17
_MOST_HEADS, _MOST_LATENT_HEADS = 1024, 512
_MOST_LATENT = 2048
_MOST_LATENT_HEAD_DIM, _MOST_HEAD_DIM = 512, 256


def refusal(spec: ModelSpec, tensors: Tensors) -> str:
    """What stands in the way of planning this model; empty if nothing does."""
    reason = refusal_by_shape(spec)
    if reason:
        return reason
    for name in tensors:
        # Experts of a layer are alike: the first speaks for all.
        if ".experts." in name and not re.search(r"\.experts\.(0\.)?(gate|up|down)$", name):
            continue
        packed = tensors[name]
        reason = "" if len(packed.shape) < 2 else _matrix_refusal(packed)
        if reason:
            return said("{name} has {reason}", name=name, reason=ours(reason))
    return ""


def refusal_by_shape(spec: ModelSpec) -> str:
    """The same as far as a specification says it, before anything is prepared."""
    for index, layer in enumerate(spec.layers):
        reason = _layer_refusal(layer)
        if reason:
            return said("layer {index} has {reason}", index=index, reason=ours(reason))
    return ""


def _matrix_refusal(packed: PackedTensor) -> str:
    return matrix_refusal(packed.scheme.name, packed.shape[-1])


def _layer_refusal(layer: LayerSpec) -> str:
    return _attention_refusal(layer.attention) or _feed_forward_refusal(layer.feed_forward)


def _attention_refusal(attention: AttentionSpec) -> str:
    if isinstance(attention, MlaSpec):
        most_heads, most_dim = _MOST_LATENT_HEADS, _MOST_LATENT_HEAD_DIM
        head_dim = max(attention.nope_dim, attention.rope_dim, attention.value_dim)
        if attention.kv_lora_rank % 16 or attention.nope_dim % 16:
            return said("latents that are not a multiple of 16 wide")
        if attention.kv_lora_rank > _MOST_LATENT:
            return said("latents of {latent} values", latent=attention.kv_lora_rank)
    else:
        most_heads, most_dim, head_dim = _MOST_HEADS, _MOST_HEAD_DIM, attention.head_dim
        if head_dim % 2:
            return said("heads of {head_dim} values", head_dim=head_dim)
    if head_dim > most_dim:
        return said("heads of {head_dim} values", head_dim=head_dim)
    if attention.num_heads > most_heads:
        return said("{num_heads} heads", num_heads=attention.num_heads)
    return ""


def _feed_forward_refusal(feed_forward: FeedForwardSpec) -> str:
    if feed_forward.width > _MOST_WIDTH:
        return said("a feed-forward of {width:,} values", width=feed_forward.width)
    if isinstance(feed_forward, MlpSpec):
        return said("a feed-forward with biases") if feed_forward.bias else ""
    if feed_forward.shared is not None:
        if feed_forward.shared.bias:
            return said("shared experts with biases")
        if feed_forward.shared.width > _MOST_WIDTH:
            return said("shared experts of {width:,} values", width=feed_forward.shared.width)
    if feed_forward.num_experts > _MOST_EXPERTS or feed_forward.rule.top_k > _MOST_CHOSEN:
        return said(
            "{num_experts} experts, of which {top_k} are chosen",
            num_experts=feed_forward.num_experts,
            top_k=feed_forward.rule.top_k,
        )
    return ""


@dataclass(frozen=True)
class LayerWeights:
    """One layer's tensors by their short names, and its experts' tables."""

    tensors: Tensors
    prefix: str
    routed: ExpertSet | None
    always: ExpertSet

    def __getitem__(self, name: str) -> PackedTensor:
        return self.tensors[self.prefix + name]

    def get(self, name: str) -> PackedTensor | None:
        """None where the model has no such tensor."""
        return self.tensors.get(self.prefix + name)


@dataclass(frozen=True)
class PlannedWeights:
    """All of a model's, shared by the plans of its conversations."""

    spec: ModelSpec
    tensors: Tensors
    store: ExpertStore
    layers: tuple[LayerWeights, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(self._layers()))

    def _layers(self) -> Iterator[LayerWeights]:
        for index, layer in enumerate(self.spec.layers):
            prefix = f"layers.{index}."
            routed, block = None, "mlp"
            if isinstance(layer.feed_forward, MoeSpec):
                ids = range(layer.feed_forward.num_experts)
                acquired = self.store.acquire(index, ids)
                routed = expert_set([acquired[i] for i in ids])
                block = "shared" if layer.feed_forward.shared is not None else ""
            yield LayerWeights(self.tensors, prefix, routed, self._always(prefix, block))

    def _always(self, prefix: str, block: str) -> ExpertSet:
        """The feed-forward that every row uses, as a set of one (or none)."""
        if not block:
            return expert_set([])
        parts = (self.tensors[f"{prefix}{block}.{part}.weight"] for part in ("gate", "up", "down"))
        return expert_set([Expert(*parts)])


def attention_of(spec: ModelSpec) -> GqaSpec | MlaSpec:
    """What every layer's attention is: one kind a model."""
    return spec.layers[0].attention
