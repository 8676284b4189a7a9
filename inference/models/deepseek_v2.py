"""`deepseek_v2`: DeepSeek-V2, V2.5, V2-Lite, Coder-V2 (report: arXiv 2405.04434).

Special about it: softmax routing; a group's score is its best expert; the chosen experts'
weights are not normalised (the published router passes `norm_topk_prob` over, so a model
that asks for it is refused); rope turns adjacent pairs.
"""

from __future__ import annotations

from inference.models.base import Architecture, Configuration, ModelSpec, Source
from inference.models.decoder_fields import MOST_LAYERS, read_mlp, read_sizes
from inference.models.fields import Fields
from inference.models.moe_fields import MOST_EXPERTS, first_dense, read_mla, read_moe
from kernels.contracts import RouterRule

_NAME = "deepseek_v2"


def _spec(config: Configuration, source: Source) -> ModelSpec:
    fields = Fields(config)
    sizes = read_sizes(fields)
    fields.only("scoring_func", "softmax")
    fields.only("norm_topk_prob", False)
    fields.only("moe_layer_freq", 1)
    fields.skip("head_dim")  # the makers' code sets it to qk_rope_head_dim
    bias = fields.boolean("mlp_bias", False)
    attention = read_mla(fields, sizes, source, interleaved=True)
    experts = read_moe(fields, _rule(fields), bias=bias, router_bias=False)
    dense = read_mlp(fields, bias=bias)
    count = fields.integer("first_k_dense_replace", 0, MOST_LAYERS, 0)
    layers = first_dense(fields, sizes, attention, dense, experts, count)
    fields.finish()
    return sizes.model(_NAME, layers)


def _rule(fields: Fields) -> RouterRule:
    method = fields.choice("topk_method", ("greedy", "group_limited_greedy"), "greedy")
    groups = fields.optional_integer("n_group", 1, MOST_EXPERTS)
    top_groups = fields.optional_integer("topk_group", 1, MOST_EXPERTS)
    grouped = method == "group_limited_greedy"
    if grouped and (groups is None or top_groups is None):
        raise fields.refuse("n_group", "group_limited_greedy needs n_group and topk_group")
    return RouterRule(
        top_k=fields.integer("num_experts_per_tok", 1, MOST_EXPERTS),
        scoring="softmax",
        num_groups=groups or 1 if grouped else 1,
        top_groups=top_groups or 1 if grouped else 1,
        group_score="best",
        normalise=False,
        scaling_factor=fields.number("routed_scaling_factor", 0.0, 1e4, 1.0),
    )


DEEPSEEK_V2 = Architecture(_NAME, _spec)
