"""How large the pieces of a model are that can go to different places.

For: `placement` and `roofline` beside this file. Pure: from a specification and the recipe of
its prepared form; no weight is read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import prod

from inference.models.base import AttentionSpec, GqaSpec, ModelSpec, MoeSpec
from inference.prepared.recipe import Part, Recipe

# Keys and values, or latents, lie in float32 on a card, as activations do.
_CACHE_VALUE_BYTES = 4
_FEED_FORWARD = ("mlp.", "shared.", "router.", "feed_forward_norm")


@dataclass(frozen=True)
class Size:
    """Stored bytes, and how many values they hold: a product does two operations with each."""

    stored_bytes: int = 0
    values: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.stored_bytes + other.stored_bytes, self.values + other.values)


@dataclass(frozen=True)
class LayerSizes:
    """One layer. `feed_forward`: a dense one, or the shared expert and the router; `expert`: one
    of `num_experts` alike, of which a token uses `top_k`."""

    attention: Size
    feed_forward: Size
    expert: Size
    num_experts: int
    top_k: int
    cache_bytes_per_token: int

    @property
    def always(self) -> Size:
        """What every token reads of it, its cache apart."""
        return self.attention + self.feed_forward


@dataclass(frozen=True)
class ModelSizes:
    """All layers, and what is around them. `embedding` is looked up, not multiplied; a tied head
    has its own size once more, because a card that holds it needs a copy."""

    layers: tuple[LayerSizes, ...]
    head: Size
    embedding: Size
    hidden_size: int

    @property
    def routing(self) -> list[tuple[int, int]]:
        """(num_experts, top_k) of each layer, as counts of experts are held to it."""
        return [(one.num_experts, one.top_k) for one in self.layers]

    @property
    def experts_bytes(self) -> int:
        """Of all routed experts."""
        return sum(one.expert.stored_bytes * one.num_experts for one in self.layers)


def sizes_of(spec: ModelSpec, recipe: Recipe) -> ModelSizes:
    """The sizes of a prepared model, or of one that would be prepared so."""
    whole: dict[str, Size] = defaultdict(Size)
    attention: dict[int, Size] = defaultdict(Size)
    feed_forward: dict[int, Size] = defaultdict(Size)
    expert: dict[int, Size] = defaultdict(Size)
    for part, _ in recipe.parts():
        where, _, rest = part.name.partition(".")
        if where != "layers":
            whole[part.name] += _size(part)
            continue
        number, _, name = rest.partition(".")
        if name.startswith("experts."):
            expert[int(number)] += _size(part)
        elif name.startswith(_FEED_FORWARD):
            feed_forward[int(number)] += _size(part)
        else:
            attention[int(number)] += _size(part)
    layers = []
    for index, layer in enumerate(spec.layers):
        mixture = layer.feed_forward if isinstance(layer.feed_forward, MoeSpec) else None
        layers.append(
            LayerSizes(
                attention[index],
                feed_forward[index],
                expert[index],
                mixture.num_experts if mixture else 0,
                mixture.rule.top_k if mixture else 0,
                cache_bytes_per_token(layer.attention),
            )
        )
    head = whole["embedding"] if spec.tied_head else whole["head"] + whole["norm"]
    return ModelSizes(tuple(layers), head, whole["embedding"], spec.hidden_size)


def cache_bytes_per_token(attention: AttentionSpec) -> int:
    """What one position takes of one layer's cache on a card."""
    if isinstance(attention, GqaSpec):
        return 2 * attention.num_kv_heads * attention.head_dim * _CACHE_VALUE_BYTES
    return (attention.kv_lora_rank + attention.rope_dim) * _CACHE_VALUE_BYTES


def _size(part: Part) -> Size:
    """An expert's part stands for one expert."""
    return Size(part.stored_bytes, prod(part.shape))
