"""`glm4_moe_lite`: GLM-4.7-Flash.

Special about it: DeepSeek-V3's layers, with a list that says which of them are dense.
"""

from __future__ import annotations

from inference.models.base import Architecture, Configuration, LayerSpec, ModelSpec, Source
from inference.models.decoder_fields import MOST_LAYERS, Sizes, read_mlp, read_sizes
from inference.models.deepseek_v3 import read_mtp_layers, sigmoid_rule
from inference.models.fields import Fields
from inference.models.moe_fields import read_mla, read_moe, refuse_too_many

_NAME = "glm4_moe_lite"
_KINDS = {"dense", "sparse"}


def _spec(config: Configuration, source: Source) -> ModelSpec:
    fields = Fields(config)
    sizes = read_sizes(fields)
    fields.only("moe_layer_freq", 1)
    interleaved = fields.boolean("rope_interleave", True)
    attention = read_mla(fields, sizes, source, interleaved=interleaved)
    fields.only("head_dim", attention.rope_dim)
    experts = read_moe(fields, sigmoid_rule(fields), bias=False, router_bias=True)
    dense = read_mlp(fields)
    kinds = _kinds(fields, sizes)
    layers = tuple(LayerSpec(attention, dense if k == "dense" else experts) for k in kinds)
    refuse_too_many(fields, layers)
    mtp_layers = read_mtp_layers(fields)
    fields.finish()
    return sizes.model(_NAME, layers, mtp_layers)


def _kinds(fields: Fields, sizes: Sizes) -> list[str]:
    """`mlp_layer_types`, or what stands for it in the hub's configuration."""
    first = fields.integer("first_k_dense_replace", 0, MOST_LAYERS, 1)
    kinds = fields.strings("mlp_layer_types")
    if kinds is None:
        dense = min(first, sizes.num_layers)
        return ["dense"] * dense + ["sparse"] * (sizes.num_layers - dense)
    if len(kinds) != sizes.num_layers or not _KINDS.issuperset(kinds):
        raise fields.refuse("mlp_layer_types", "it must say dense or sparse for every layer")
    return kinds


GLM4_MOE_LITE = Architecture(_NAME, _spec)
