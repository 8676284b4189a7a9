"""What the tensors of a decoder are called: ours, transformers', GGUF's.

For: `loading`, and architecture files whose names differ. From a specification to every
tensor that a file must hold, with its shape; pure. Names are the field's: transformers'
per-layer modules, and ggml's docs/gguf.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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

Shape = tuple[int, ...]


@dataclass(frozen=True)
class TensorSlot:
    """One tensor that the model needs: what the file calls it, and its logical shape."""

    file_name: str
    shape: Shape


@dataclass(frozen=True)
class Naming:
    """One format's names.

    `top` and `layer` map our names to theirs, a layer's below `layer_prefix`. Experts are
    separate matrices where `expert_prefix` says so (`{}` is the expert), else stacks.
    """

    top: Mapping[str, str]
    layer: Mapping[str, str]
    layer_prefix: str
    expert_prefix: str | None


_MLP = ("gate", "up", "down")
_KINDS = ("weight", "bias")

_HF_LAYER = {
    "attention_norm": "input_layernorm.weight",
    "feed_forward_norm": "post_attention_layernorm.weight",
    **{f"{n}.weight": f"self_attn.{n}_proj.weight" for n in "qkvo"},
    **{f"{n}.bias": f"self_attn.{n}_proj.bias" for n in "qkvo"},
    "q_norm": "self_attn.q_norm.weight",
    "k_norm": "self_attn.k_norm.weight",
    "q_a.weight": "self_attn.q_a_proj.weight",
    "q_a.bias": "self_attn.q_a_proj.bias",
    "q_a_norm": "self_attn.q_a_layernorm.weight",
    "q_b.weight": "self_attn.q_b_proj.weight",
    "kv_a.weight": "self_attn.kv_a_proj_with_mqa.weight",
    "kv_a.bias": "self_attn.kv_a_proj_with_mqa.bias",
    "kv_a_norm": "self_attn.kv_a_layernorm.weight",
    "kv_b.weight": "self_attn.kv_b_proj.weight",
    **{f"mlp.{n}.{k}": f"mlp.{n}_proj.{k}" for n in _MLP for k in _KINDS},
    **{f"shared.{n}.{k}": f"mlp.shared_experts.{n}_proj.{k}" for n in _MLP for k in _KINDS},
    **{f"experts.{n}": f"{n}_proj.weight" for n in _MLP},
    "router.weight": "mlp.gate.weight",
    "router.bias": "mlp.gate.e_score_correction_bias",
}

HF = Naming(
    top={
        "embedding": "model.embed_tokens.weight",
        "norm": "model.norm.weight",
        "head": "lm_head.weight",
    },
    layer=_HF_LAYER,
    layer_prefix="model.layers.{}.",
    expert_prefix="mlp.experts.{}.",
)

_GGUF_LAYER = {
    "attention_norm": "attn_norm.weight",
    "feed_forward_norm": "ffn_norm.weight",
    **{f"{n}.{k}": f"attn_{n}.{k}" for n in ("q", "k", "v", "q_a", "q_b") for k in _KINDS},
    **{f"o.{k}": f"attn_output.{k}" for k in _KINDS},
    **{f"kv_a.{k}": f"attn_kv_a_mqa.{k}" for k in _KINDS},
    **{n: f"attn_{n}.weight" for n in ("q_norm", "k_norm", "q_a_norm", "kv_a_norm")},
    **{f"{n}.weight": f"attn_{n}.weight" for n in ("kv_b", "k_b", "v_b")},
    **{f"mlp.{n}.{k}": f"ffn_{n}.{k}" for n in _MLP for k in _KINDS},
    **{f"shared.{n}.{k}": f"ffn_{n}_shexp.{k}" for n in _MLP for k in _KINDS},
    **{f"experts.{n}": f"ffn_{n}_exps.weight" for n in _MLP},
    "router.weight": "ffn_gate_inp.weight",
    "router.bias": "exp_probs_b.bias",
}

GGUF = Naming(
    top={
        "embedding": "token_embd.weight",
        "norm": "output_norm.weight",
        "head": "output.weight",
        "rope_factors": "rope_freqs.weight",
    },
    layer=_GGUF_LAYER,
    layer_prefix="blk.{}.",
    expert_prefix=None,
)

# What a layer of multi-token prediction holds beside an ordinary layer's tensors.
_MTP_OWN = {
    "model.layers.{}.": (
        "enorm.weight",
        "hnorm.weight",
        "eh_proj.weight",
        "embed_tokens.weight",
        "shared_head.norm.weight",
        "shared_head.head.weight",
    ),
    "blk.{}.": (
        "nextn.eh_proj.weight",
        "nextn.embed_tokens.weight",
        "nextn.enorm.weight",
        "nextn.hnorm.weight",
        "nextn.shared_head_head.weight",
        "nextn.shared_head_norm.weight",
    ),
}


def slots(spec: ModelSpec, naming: Naming) -> dict[str, TensorSlot]:
    """Our names → what the file calls them, and their shapes."""
    top = _top_shapes(spec)
    found = {name: TensorSlot(naming.top[name], shape) for name, shape in top.items()}
    for index, layer in enumerate(spec.layers):
        for name, slot in _layer_slots(layer, index, spec.hidden_size, naming):
            found[f"layers.{index}.{name}"] = slot
    return found


def kept_aside(spec: ModelSpec, naming: Naming) -> frozenset[str]:
    """What a file may hold and this program does not run, by name: the layers of
    multi-token prediction, each an ordinary layer with some tensors of its own; and the
    second copy of a tied head."""
    names = {naming.top["head"]} if spec.tied_head and naming is HF else set()
    for index in range(len(spec.layers), len(spec.layers) + spec.mtp_layers):
        prefix = naming.layer_prefix.format(index)
        names |= {f"{prefix}{own}" for own in _MTP_OWN[naming.layer_prefix]}
        ordinary = _layer_slots(spec.layers[-1], index, spec.hidden_size, naming)
        names |= {slot.file_name for _, slot in ordinary}
    return frozenset(names)


def _top_shapes(spec: ModelSpec) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {
        "embedding": (spec.vocab_size, spec.hidden_size),
        "norm": (spec.hidden_size,),
    }
    if not spec.tied_head:
        shapes["head"] = (spec.vocab_size, spec.hidden_size)
    rope = spec.layers[0].attention.rope
    if rope.has_factors:
        shapes["rope_factors"] = (rope.dim // 2,)
    return shapes


def _layer_slots(
    layer: LayerSpec, index: int, hidden: int, naming: Naming
) -> Iterator[tuple[str, TensorSlot]]:
    prefix = naming.layer_prefix.format(index)
    shapes = {
        "attention_norm": (hidden,),
        "feed_forward_norm": (hidden,),
        **_attention_shapes(layer.attention, hidden),
        **_feed_forward_shapes(layer.feed_forward, hidden),
    }
    for name, shape in shapes.items():
        yield name, TensorSlot(f"{prefix}{naming.layer[name]}", shape)
    if isinstance(layer.feed_forward, MoeSpec):
        yield from _expert_slots(layer.feed_forward, prefix, hidden, naming)


def _attention_shapes(spec: AttentionSpec, hidden: int) -> dict[str, Shape]:
    return _gqa_shapes(spec, hidden) if isinstance(spec, GqaSpec) else _mla_shapes(spec, hidden)


def _gqa_shapes(spec: GqaSpec, hidden: int) -> dict[str, Shape]:
    q, kv = spec.num_heads * spec.head_dim, spec.num_kv_heads * spec.head_dim
    shapes: dict[str, Shape] = {
        "q.weight": (q, hidden),
        "k.weight": (kv, hidden),
        "v.weight": (kv, hidden),
        "o.weight": (hidden, q),
    }
    if spec.qkv_bias:
        shapes |= {"q.bias": (q,), "k.bias": (kv,), "v.bias": (kv,)}
    if spec.o_bias:
        shapes["o.bias"] = (hidden,)
    if spec.qk_norm_eps is not None:
        shapes |= {"q_norm": (spec.head_dim,), "k_norm": (spec.head_dim,)}
    return shapes


def _mla_shapes(spec: MlaSpec, hidden: int) -> dict[str, Shape]:
    heads, latent = spec.num_heads, spec.kv_lora_rank
    shapes: dict[str, Shape] = {
        "kv_a.weight": (latent + spec.rope_dim, hidden),
        "kv_a_norm": (latent,),
        "o.weight": (hidden, heads * spec.value_dim),
    }
    if spec.q_lora_rank is None:
        shapes["q.weight"] = (heads * spec.qk_dim, hidden)
    else:
        shapes["q_a.weight"] = (spec.q_lora_rank, hidden)
        shapes["q_a_norm"] = (spec.q_lora_rank,)
        shapes["q_b.weight"] = (heads * spec.qk_dim, spec.q_lora_rank)
    if spec.split_kv_b:
        shapes["k_b.weight"] = (heads, latent, spec.nope_dim)
        shapes["v_b.weight"] = (heads, spec.value_dim, latent)
    else:
        shapes["kv_b.weight"] = (heads * (spec.nope_dim + spec.value_dim), latent)
    if spec.a_bias:
        shapes["kv_a.bias"] = (latent + spec.rope_dim,)
        if spec.q_lora_rank is not None:
            shapes["q_a.bias"] = (spec.q_lora_rank,)
    if spec.o_bias:
        shapes["o.bias"] = (hidden,)
    return shapes


def _feed_forward_shapes(spec: FeedForwardSpec, hidden: int) -> dict[str, Shape]:
    if isinstance(spec, MlpSpec):
        return _mlp_shapes("mlp", spec, hidden)
    shapes: dict[str, Shape] = {"router.weight": (spec.num_experts, hidden)}
    if spec.router_bias:
        shapes["router.bias"] = (spec.num_experts,)
    if spec.shared is not None:
        shapes |= _mlp_shapes("shared", spec.shared, hidden)
    return shapes


def _mlp_shapes(name: str, spec: MlpSpec, hidden: int) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {
        f"{name}.gate.weight": (spec.width, hidden),
        f"{name}.up.weight": (spec.width, hidden),
        f"{name}.down.weight": (hidden, spec.width),
    }
    if spec.bias:
        for part, size in (("gate", spec.width), ("up", spec.width), ("down", hidden)):
            shapes[f"{name}.{part}.bias"] = (size,)
    return shapes


def _expert_slots(
    spec: MoeSpec, prefix: str, hidden: int, naming: Naming
) -> Iterator[tuple[str, TensorSlot]]:
    """Stacks [experts, …], or `experts.3.gate` and its like, one matrix each."""
    for part in _MLP:
        theirs = naming.layer[f"experts.{part}"]
        matrix = (hidden, spec.width) if part == "down" else (spec.width, hidden)
        if naming.expert_prefix is None:
            stack = TensorSlot(f"{prefix}{theirs}", (spec.num_experts, *matrix))
            yield f"experts.{part}", stack
            continue
        for expert in range(spec.num_experts):
            name = f"{prefix}{naming.expert_prefix.format(expert)}{theirs}"
            yield f"experts.{expert}.{part}", TensorSlot(name, matrix)
