"""`deepseek_v3`: DeepSeek-V3, V3.1, R1, Moonlight, Kimi-K2 (report: arXiv 2412.19437).

Special about it: sigmoid routing with a bias that takes part in choosing alone; a group's
score is the sum of its two best; layers for multi-token prediction behind the last.
"""

from __future__ import annotations

from inference.models.base import Architecture, Configuration, ModelSpec, Source
from inference.models.decoder_fields import MOST_LAYERS, read_mlp, read_sizes
from inference.models.fields import Fields
from inference.models.moe_fields import MOST_EXPERTS, first_dense, read_mla, read_moe
from kernels.contracts import RouterRule

_NAME = "deepseek_v3"
_MOST_MTP_LAYERS = 16


def _spec(config: Configuration, source: Source) -> ModelSpec:
    fields = Fields(config)
    sizes = read_sizes(fields)
    fields.only("moe_layer_freq", 1)
    fields.skip("head_dim")  # the makers' code sets it to qk_rope_head_dim
    interleaved = fields.boolean("rope_interleave", True)
    attention = read_mla(fields, sizes, source, interleaved=interleaved)
    # Converters to GGUF leave a router's bias out where there is none.
    router_bias = not source.is_gguf or any("exp_probs_b" in name for name in source.shapes)
    experts = read_moe(fields, sigmoid_rule(fields), bias=False, router_bias=router_bias)
    dense = read_mlp(fields)
    count = fields.integer("first_k_dense_replace", 0, MOST_LAYERS)
    layers = first_dense(fields, sizes, attention, dense, experts, count)
    mtp_layers = read_mtp_layers(fields)
    fields.finish()
    return sizes.model(_NAME, layers, mtp_layers)


def sigmoid_rule(fields: Fields) -> RouterRule:
    """The router of V3 and of what descends from it."""
    fields.only("scoring_func", "sigmoid")
    fields.only("topk_method", "noaux_tc")
    return RouterRule(
        top_k=fields.integer("num_experts_per_tok", 1, MOST_EXPERTS),
        scoring="sigmoid",
        num_groups=fields.integer("n_group", 1, MOST_EXPERTS),
        top_groups=fields.integer("topk_group", 1, MOST_EXPERTS),
        group_score="sum_two",
        normalise=fields.boolean("norm_topk_prob", True),
        scaling_factor=fields.number("routed_scaling_factor", 0.0, 1e4),
    )


def read_mtp_layers(fields: Fields) -> int:
    """How many layers of multi-token prediction may follow; they are kept aside."""
    fields.skip("num_mtp_layers")  # transformers' other name for it
    return fields.integer("num_nextn_predict_layers", 0, _MOST_MTP_LAYERS, 1)


DEEPSEEK_V3 = Architecture(_NAME, _spec)
