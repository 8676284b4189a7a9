"""Latent attention and routed experts as the DeepSeek family's configurations say them.

For: `deepseek_v2`, `deepseek_v3`, `glm4_moe_lite`. Raises UnsupportedModelError by field.
"""

from __future__ import annotations

from collections.abc import Sequence

from inference.models.base import LayerSpec, MlaSpec, MlpSpec, MoeSpec, Source
from inference.models.decoder_fields import MOST_HEAD_DIM, MOST_WIDTH, Sizes
from inference.models.fields import Fields
from inference.models.rope_fields import read_rope
from inference.sentence import said
from kernels.contracts import RouterRule

# The norms of the latents keep this whatever rms_norm_eps says, in the makers' own code.
_LATENT_EPS = 1e-6
MOST_EXPERTS = 1 << 12
_MOST_EXPERTS_OF_MODEL = 1 << 17


def read_mla(fields: Fields, sizes: Sizes, source: Source, *, interleaved: bool) -> MlaSpec:
    """Multi-head latent attention."""
    fields.only("num_key_value_heads", sizes.num_heads)
    nope_dim = fields.integer("qk_nope_head_dim", 1, MOST_HEAD_DIM)
    rope_dim = fields.integer("qk_rope_head_dim", 2, MOST_HEAD_DIM)
    fields.only("qk_head_dim", nope_dim + rope_dim)
    if rope_dim % 2:
        raise fields.refuse(
            "qk_rope_head_dim",
            said("{rope_dim} values can't be turned in pairs", rope_dim=rope_dim),
        )
    rope = read_rope(fields, rope_dim, interleaved, sizes.context_tokens)
    bias = fields.boolean("attention_bias", False)
    return MlaSpec(
        num_heads=sizes.num_heads,
        q_lora_rank=fields.nullable_integer("q_lora_rank", 1, MOST_WIDTH),
        kv_lora_rank=fields.integer("kv_lora_rank", 1, MOST_WIDTH),
        nope_dim=nope_dim,
        rope_dim=rope_dim,
        value_dim=fields.integer("v_head_dim", 1, MOST_HEAD_DIM),
        rope=rope.spec,
        softmax_scale=(nope_dim + rope_dim) ** -0.5 * rope.mscale() ** 2,
        latent_eps=_LATENT_EPS,
        a_bias=bias,
        o_bias=bias,
        split_kv_b="blk.0.attn_k_b.weight" in source.shapes,
    )


def read_moe(fields: Fields, rule: RouterRule, *, bias: bool, router_bias: bool) -> MoeSpec:
    """Routed experts by `rule`, and shared ones beside them. `bias`: of the shared ones."""
    num_experts = fields.integer("n_routed_experts", 1, MOST_EXPERTS)
    check_rule(fields, rule, num_experts)
    width = fields.integer("moe_intermediate_size", 1, MOST_WIDTH)
    shared = fields.optional_integer("n_shared_experts", 0, MOST_EXPERTS) or 0
    return MoeSpec(
        num_experts=num_experts,
        width=width,
        rule=rule,
        # Of no width they still add their last bias, as the makers' code does.
        shared=MlpSpec(width * shared, bias) if shared or bias else None,
        router_bias=router_bias,
    )


def check_rule(fields: Fields, rule: RouterRule, num_experts: int) -> None:
    """Groups divide the experts, and those that may compete are enough for top_k."""
    if rule.top_k > num_experts:
        raise fields.refuse(
            "num_experts_per_tok",
            said(
                "{top_k} of {num_experts} experts can't be chosen",
                top_k=rule.top_k,
                num_experts=num_experts,
            ),
        )
    if rule.num_groups == 1:
        return
    size, rest = divmod(num_experts, rule.num_groups)
    if rest or rule.top_groups > rule.num_groups:
        raise fields.refuse(
            "n_group",
            said(
                "{num_experts} experts in {num_groups} groups, {top_groups} of them chosen, "
                "does not come out even",
                num_experts=num_experts,
                num_groups=rule.num_groups,
                top_groups=rule.top_groups,
            ),
        )
    if rule.group_score == "sum_two" and size < 2:
        raise fields.refuse("n_group", "groups of one expert have no two best")
    if rule.top_k > size * rule.top_groups:
        raise fields.refuse(
            "topk_group",
            said(
                "the chosen groups hold {size} experts, fewer than {top_k}",
                size=size * rule.top_groups,
                top_k=rule.top_k,
            ),
        )


def first_dense(
    fields: Fields, sizes: Sizes, attention: MlaSpec, dense: MlpSpec, experts: MoeSpec, count: int
) -> tuple[LayerSpec, ...]:
    """`count` layers with the dense feed-forward, the others with experts."""
    count = min(count, sizes.num_layers)
    layers = (LayerSpec(attention, dense),) * count
    layers += (LayerSpec(attention, experts),) * (sizes.num_layers - count)
    refuse_too_many(fields, layers)
    return layers


def refuse_too_many(fields: Fields, layers: Sequence[LayerSpec]) -> None:
    """A configuration may not ask for more experts than there is memory to name them."""
    experts = (layer.feed_forward for layer in layers)
    total = sum(e.num_experts for e in experts if isinstance(e, MoeSpec))
    if total > _MOST_EXPERTS_OF_MODEL:
        raise fields.refuse(
            "num_hidden_layers",
            said(
                "{total:,} experts together are more than {most_experts_of_model:,}",
                total=total,
                most_experts_of_model=_MOST_EXPERTS_OF_MODEL,
            ),
        )
