"""`qwen3_moe`: Qwen3's mixtures of experts.

Special about it: softmax routing without groups, bias or shared experts; which layers are
dense is said by a list and a step.
"""

from __future__ import annotations

from inference.errors import UnsupportedModelError
from inference.models.base import (
    Architecture,
    Configuration,
    GqaSpec,
    LayerSpec,
    MlpSpec,
    ModelSpec,
    MoeSpec,
    Source,
)
from inference.models.decoder_fields import (
    MOST_LAYERS,
    MOST_WIDTH,
    Sizes,
    read_mlp,
    read_sizes,
    refuse_sliding_window,
)
from inference.models.fields import Fields
from inference.models.moe_fields import MOST_EXPERTS, check_rule, refuse_too_many
from inference.models.qwen3 import read_normed_gqa
from kernels.contracts import RouterRule

_NAME = "qwen3_moe"


def _spec(config: Configuration, source: Source) -> ModelSpec:
    fields = Fields(config)
    sizes = read_sizes(fields)
    refuse_sliding_window(fields, sizes.num_layers)
    attention = read_normed_gqa(fields, sizes, source)
    experts, dense = _experts(fields), read_mlp(fields)
    layers = _layers(fields, sizes, attention, experts, dense)
    refuse_too_many(fields, layers)
    fields.finish()
    return sizes.model(_NAME, layers)


def _experts(fields: Fields) -> MoeSpec:
    # transformers has written it under both names.
    key = "num_experts" if fields.has("num_experts") else "num_local_experts"
    num_experts = fields.integer(key, 1, MOST_EXPERTS)
    fields.only("num_local_experts", num_experts)
    rule = RouterRule(
        top_k=fields.integer("num_experts_per_tok", 1, MOST_EXPERTS),
        scoring="softmax",
        normalise=fields.boolean("norm_topk_prob", False),
    )
    check_rule(fields, rule, num_experts)
    width = fields.integer("moe_intermediate_size", 1, MOST_WIDTH)
    return MoeSpec(num_experts, width, rule)


def _layers(
    fields: Fields, sizes: Sizes, attention: GqaSpec, experts: MoeSpec, dense: MlpSpec
) -> tuple[LayerSpec, ...]:
    step = fields.integer("decoder_sparse_step", 1, MOST_LAYERS, 1)
    listed = set(fields.integers("mlp_only_layers") or ())
    if any(not 0 <= index < sizes.num_layers for index in listed):
        raise UnsupportedModelError("mlp_only_layers names a layer that is not there.")
    return tuple(
        LayerSpec(attention, dense if i in listed or (i + 1) % step else experts)
        for i in range(sizes.num_layers)
    )


QWEN3_MOE = Architecture(_NAME, _spec)
