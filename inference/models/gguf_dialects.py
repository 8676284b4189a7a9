"""How GGUF writes the architectures that this program runs.

For: `loading`. A dialect reads the metadata of one `general.architecture` and says which
`model_type` it is, with that configuration's fields. What GGUF leaves to the reader is
filled in as the models' makers have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inference.errors import CheckpointError
from inference.models.gguf_header import Header, Value
from inference.models.rope_fields import yarn_mscale
from inference.sentence import said

Translation = tuple[str, dict[str, Value]]

# Files of V3, R1 and V2 from before GGUF had fields for groups: (layers, experts) → the
# makers' n_group and topk_group.
_GROUPS_OF_OLD_FILES = {(61, 256): (8, 4), (60, 160): (8, 3)}
_SOFTMAX, _SIGMOID = 1, 2
# GLM-4.7-Flash came in files without the router's function.
_GLM_VOCAB = 154880


def _llama(header: Header) -> Translation:
    values = _dense(header)
    values["attention_bias"] = _has_bias(header, "attn_q")
    values["mlp_bias"] = _has_bias(header, "ffn_gate")
    if header.integer("expert_count", 0):
        raise header.refuse("expert_count", "llama models with experts do not run")
    header.skip("expert_used_count")
    return "llama", values


def _qwen2(header: Header) -> Translation:
    return "qwen2", _dense(header)


def _qwen3(header: Header) -> Translation:
    return "qwen3", _dense(header) | {"attention_bias": _has_bias(header, "attn_q")}


def _qwen3_moe(header: Header) -> Translation:
    width = header.integer("expert_feed_forward_length")
    values = _dense(header, default_width=width)
    if header.number("expert_weights_scale", 1.0) != 1.0:
        raise header.refuse("expert_weights_scale", "Qwen3's experts are not scaled")
    return "qwen3_moe", values | {
        "attention_bias": _has_bias(header, "attn_q"),
        "num_experts": header.integer("expert_count"),
        "num_experts_per_tok": header.integer("expert_used_count"),
        "moe_intermediate_size": width,
        # Every model of this kind has it, and converters leave it out.
        "norm_topk_prob": header.boolean("expert_weights_norm", True),
    }


def _deepseek2(header: Header) -> Translation:
    values = _common(header) | _latent_attention(header) | _experts(header)
    if _gating(header) == _SIGMOID:
        return "deepseek_v3", values
    values["topk_method"] = "greedy" if values["n_group"] == 1 else "group_limited_greedy"
    del values["num_nextn_predict_layers"]
    return "deepseek_v2", values


DIALECTS: Mapping[str, Callable[[Header], Translation]] = {
    "llama": _llama,
    "qwen2": _qwen2,
    "qwen3": _qwen3,
    "qwen3moe": _qwen3_moe,
    "deepseek2": _deepseek2,
}


def _common(header: Header, default_width: int | None = None) -> dict[str, Value]:
    return {
        "vocab_size": header.integer("vocab_size", _embedded_tokens(header)),
        "hidden_size": header.integer("embedding_length"),
        "intermediate_size": header.integer("feed_forward_length", default_width),
        "num_hidden_layers": header.integer("block_count") - _mtp_layers(header),
        "num_attention_heads": header.integer("attention.head_count"),
        "max_position_embeddings": header.integer("context_length"),
        "rms_norm_eps": header.number("attention.layer_norm_rms_epsilon"),
        # GGUF says a tied head by leaving it out.
        "tie_word_embeddings": "output.weight" not in header.shapes,
        "rope_theta": header.number("rope.freq_base", 10000.0),
        "rope_scaling": _rope_scaling(header),
    }


def _dense(header: Header, default_width: int | None = None) -> dict[str, Value]:
    """What all with grouped queries share."""
    values = _common(header, default_width)
    heads = header.integer("attention.head_count")
    values["num_key_value_heads"] = header.integer("attention.head_count_kv", heads)
    default_dim = header.integer("embedding_length") // max(1, heads)
    values["head_dim"] = head_dim = header.integer("attention.key_length", default_dim)
    value_dim = header.integer("attention.value_length", head_dim)
    if value_dim != head_dim:
        raise header.refuse(
            "attention.value_length",
            said("{value_dim} is not the key's {head_dim}", value_dim=value_dim, head_dim=head_dim),
        )
    if header.has("rope.dimension_count"):
        values["rope_dim"] = header.integer("rope.dimension_count")
    if header.integer("nextn_predict_layers", 0):
        raise header.refuse("nextn_predict_layers", "this architecture has none")
    return values


def _rope_scaling(header: Header) -> dict[str, Value] | None:
    kind = header.string("rope.scaling.type", "none")
    factor = header.number("rope.scaling.factor", 1.0)
    original = header.integer(
        "rope.scaling.original_context_length", header.integer("context_length")
    )
    header.skip("rope.scaling.finetuned")
    if kind == "none":
        return None
    values: dict[str, Value] = {"rope_type": kind, "factor": factor}
    if kind == "linear":
        return values
    if kind != "yarn":
        raise header.refuse(
            "rope.scaling.type", said("“{kind}” does not run; none, linear, yarn do", kind=kind)
        )
    return values | {"original_max_position_embeddings": original} | _yarn(header)


def _yarn(header: Header) -> dict[str, Value]:
    values: dict[str, Value] = {}
    if header.number("rope.scaling.yarn_ext_factor", 1.0) != 1.0:
        raise header.refuse("rope.scaling.yarn_ext_factor", "only 1 runs")
    for ours, theirs in (("beta_fast", "yarn_beta_fast"), ("beta_slow", "yarn_beta_slow")):
        if header.has(f"rope.scaling.{theirs}"):
            values[ours] = header.number(f"rope.scaling.{theirs}")
    for theirs in ("yarn_attn_factor", "attn_factor"):
        if header.has(f"rope.scaling.{theirs}"):
            # llama.cpp multiplies YaRN's own factor by it.
            own = yarn_mscale(header.number("rope.scaling.factor"), 1.0)
            values["attention_factor"] = own * header.number(f"rope.scaling.{theirs}")
    if header.has("rope.scaling.yarn_log_multiplier"):
        # Written as 0.1 · mscale_all_dim; DeepSeek's models have mscale equal to it.
        mscale = round(header.number("rope.scaling.yarn_log_multiplier") * 10, 6)
        values |= {"mscale": mscale, "mscale_all_dim": mscale}
    return values


def _latent_attention(header: Header) -> dict[str, Value]:
    heads = header.integer("attention.head_count")
    rank, rope_dim = (
        header.integer("attention.kv_lora_rank"),
        header.integer("rope.dimension_count"),
    )
    key, value = header.integer("attention.key_length"), header.integer("attention.value_length")
    if header.has("attention.key_length_mla"):
        # The newer form: key_length is of the cache's one head, and these are of the heads.
        if (key, value) != (rank + rope_dim, rank):
            raise header.refuse(
                "attention.key_length",
                said("{key} is not {rank} + {rope_dim}", key=key, rank=rank, rope_dim=rope_dim),
            )
        key = header.integer("attention.key_length_mla")
        value = header.integer("attention.value_length_mla")
    kv_heads = header.integer("attention.head_count_kv", 1)
    if kv_heads not in (1, heads):
        raise header.refuse(
            "attention.head_count_kv",
            said("{kv_heads} is neither 1 nor {heads}", kv_heads=kv_heads, heads=heads),
        )
    return {
        "q_lora_rank": header.integer("attention.q_lora_rank", 0) or None,
        "kv_lora_rank": rank,
        "qk_rope_head_dim": rope_dim,
        "qk_nope_head_dim": key - rope_dim,
        "v_head_dim": value,
    }


def _experts(header: Header) -> dict[str, Value]:
    count = header.integer("expert_count")
    layers = header.integer("block_count") - _mtp_layers(header)
    groups = header.integer("expert_group_count", 0)
    top_groups = header.integer("expert_group_used_count", 0)
    if not groups:
        groups, top_groups = _GROUPS_OF_OLD_FILES.get((layers, count), (1, 1))
    return {
        "n_routed_experts": count,
        "num_experts_per_tok": header.integer("expert_used_count"),
        "moe_intermediate_size": header.integer("expert_feed_forward_length"),
        "n_shared_experts": header.integer("expert_shared_count", 0),
        "routed_scaling_factor": header.number("expert_weights_scale", 1.0),
        "norm_topk_prob": header.boolean("expert_weights_norm", False),
        "n_group": groups,
        "topk_group": top_groups,
        "first_k_dense_replace": header.integer("leading_dense_block_count", 0),
        "num_nextn_predict_layers": _mtp_layers(header),
    }


def _gating(header: Header) -> int:
    """The router's function: files from before the field are of V2, or of GLM."""
    default = _SIGMOID if _embedded_tokens(header) == _GLM_VOCAB else _SOFTMAX
    gating = header.integer("expert_gating_func", default)
    if gating not in (_SOFTMAX, _SIGMOID):
        raise header.refuse(
            "expert_gating_func", said("{gating} is neither softmax nor sigmoid", gating=gating)
        )
    return gating


def _mtp_layers(header: Header) -> int:
    """Layers of multi-token prediction: GGUF counts them among the blocks."""
    return header.integer("nextn_predict_layers", 0)


def _has_bias(header: Header, name: str) -> bool:
    return f"blk.0.{name}.bias" in header.shapes


def _embedded_tokens(header: Header) -> int:
    embedding = header.shapes.get("token_embd.weight", ())
    if len(embedding) != 2:
        raise CheckpointError(
            "the model file", "token_embd.weight", "the embedding matrix is missing or not a matrix"
        )
    return embedding[0]
