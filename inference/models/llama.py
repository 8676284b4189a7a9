"""`llama` as GGUF brings it: grouped-query attention, rope, RMSNorm, SwiGLU.

Special about it: GGUF permutes the query and key rows so that rope turns adjacent pairs
(the `convert_hf_to_gguf` permutation); a tied head is said by leaving `output.weight`
out, and Llama 3.1's rope scaling comes worked out as the tensor `rope_freqs.weight`.
"""

from __future__ import annotations

from collections.abc import Mapping

from inference.errors import CheckpointError, UnsupportedModelError
from inference.models.base import (
    Architecture,
    Configuration,
    GqaSpec,
    LayerSpec,
    MlpSpec,
    ModelSpec,
    RopeSpec,
    TensorSlot,
)
from inference.models.limits import bounded, divides

_NAME = "llama"
_HONOURED = frozenset(
    f"{_NAME}.{field}"
    for field in (
        "block_count",
        "context_length",
        "embedding_length",
        "feed_forward_length",
        "vocab_size",
        "attention.head_count",
        "attention.head_count_kv",
        "attention.key_length",
        "attention.value_length",
        "attention.layer_norm_rms_epsilon",
        "rope.dimension_count",
        "rope.freq_base",
        "rope.scaling.type",
        "rope.scaling.factor",
        # What follows is allowed at the value that means "not used", checked below.
        "expert_count",
        "expert_used_count",
        # Says how the context was stretched, for information.
        "rope.scaling.original_context_length",
    )
)


def _spec(config: Configuration, shapes: Mapping[str, tuple[int, ...]]) -> ModelSpec:
    _refuse_what_is_not_honoured(config)
    hidden_size = bounded(config, "llama.embedding_length", 1, 1 << 20)
    layer = LayerSpec(
        attention=_attention(config, hidden_size, "rope_freqs.weight" in shapes),
        feed_forward=MlpSpec(width=bounded(config, "llama.feed_forward_length", 1, 1 << 22)),
    )
    return ModelSpec(
        architecture=_NAME,
        vocab_size=_vocab_size(config, shapes),
        hidden_size=hidden_size,
        context_tokens=bounded(config, "llama.context_length", 1, 1 << 30),
        norm_eps=config.number("llama.attention.layer_norm_rms_epsilon"),
        tied_head="output.weight" not in shapes,
        layers=(layer,) * bounded(config, "llama.block_count", 1, 4096),
    )


def _attention(config: Configuration, hidden_size: int, has_factors: bool) -> GqaSpec:
    num_heads = bounded(config, "llama.attention.head_count", 1, 1 << 16)
    num_kv_heads = bounded(config, "llama.attention.head_count_kv", 1, 1 << 16, num_heads)
    divides("llama.attention.head_count_kv", num_kv_heads, num_heads)
    default_dim = hidden_size // num_heads
    head_dim = bounded(config, "llama.attention.key_length", 2, 1 << 16, default_dim)
    value_dim = bounded(config, "llama.attention.value_length", 2, 1 << 16, head_dim)
    if value_dim != head_dim:
        raise UnsupportedModelError(
            f"llama.attention.value_length is {value_dim} and key_length {head_dim}; "
            "this program runs llama models where they are equal."
        )
    rope_dim = bounded(config, "llama.rope.dimension_count", 2, head_dim, head_dim)
    divides("llama.rope.dimension_count", 2, rope_dim)
    rope = RopeSpec(
        dim=rope_dim,
        theta=config.number("llama.rope.freq_base", 10000.0),
        interleaved=True,
        linear_factor=_linear_factor(config),
        has_factors=has_factors,
    )
    return GqaSpec(num_heads, num_kv_heads, head_dim, rope)


def _linear_factor(config: Configuration) -> float:
    kind = config.string("llama.rope.scaling.type", "none")
    if kind == "none":
        return 1.0
    if kind != "linear":
        raise UnsupportedModelError(
            f"llama.rope.scaling.type is “{kind}”; this program knows none and linear."
        )
    factor = config.number("llama.rope.scaling.factor")
    if not 0 < factor < 1e6:
        raise UnsupportedModelError(f"llama.rope.scaling.factor is {factor}, not a usable factor.")
    return factor


def _refuse_what_is_not_honoured(config: Configuration) -> None:
    fields = (key for key in config.keys() if key.startswith(f"{_NAME}."))  # noqa: SIM118
    for key in sorted(fields):
        if key not in _HONOURED:
            raise UnsupportedModelError(f"The field {key} is not known to this program.")
    if config.integer("llama.expert_count", 0):
        raise UnsupportedModelError("llama.expert_count: llama models with experts do not run.")


def _vocab_size(config: Configuration, shapes: Mapping[str, tuple[int, ...]]) -> int:
    embedding = shapes.get("token_embd.weight")
    if embedding is None or len(embedding) != 2:
        raise CheckpointError(
            "the model file", "token_embd.weight", "the embedding matrix is missing or not a matrix"
        )
    return bounded(config, "llama.vocab_size", 1, 1 << 24, embedding[0])


def _slots(spec: ModelSpec) -> Mapping[str, TensorSlot]:
    hidden, vocab = spec.hidden_size, spec.vocab_size
    slots = {
        "embedding": TensorSlot("token_embd.weight", (vocab, hidden)),
        "norm": TensorSlot("output_norm.weight", (hidden,)),
    }
    if not spec.tied_head:
        slots["head"] = TensorSlot("output.weight", (vocab, hidden))
    rope = spec.layers[0].attention.rope
    if rope.has_factors:
        slots["rope_factors"] = TensorSlot("rope_freqs.weight", (rope.dim // 2,))
    for index, layer in enumerate(spec.layers):
        slots |= _layer_slots(index, layer, hidden)
    return slots


def _layer_slots(index: int, layer: LayerSpec, hidden: int) -> dict[str, TensorSlot]:
    theirs, ours = f"blk.{index}", f"layers.{index}"
    attention, width = layer.attention, layer.feed_forward.width
    q_features = attention.num_heads * attention.head_dim
    kv_features = attention.num_kv_heads * attention.head_dim
    return {
        f"{ours}.attention_norm": TensorSlot(f"{theirs}.attn_norm.weight", (hidden,)),
        f"{ours}.q": TensorSlot(f"{theirs}.attn_q.weight", (q_features, hidden)),
        f"{ours}.k": TensorSlot(f"{theirs}.attn_k.weight", (kv_features, hidden)),
        f"{ours}.v": TensorSlot(f"{theirs}.attn_v.weight", (kv_features, hidden)),
        f"{ours}.o": TensorSlot(f"{theirs}.attn_output.weight", (hidden, q_features)),
        f"{ours}.feed_forward_norm": TensorSlot(f"{theirs}.ffn_norm.weight", (hidden,)),
        f"{ours}.gate": TensorSlot(f"{theirs}.ffn_gate.weight", (width, hidden)),
        f"{ours}.up": TensorSlot(f"{theirs}.ffn_up.weight", (width, hidden)),
        f"{ours}.down": TensorSlot(f"{theirs}.ffn_down.weight", (hidden, width)),
    }


LLAMA = Architecture(name=_NAME, spec=_spec, slots=_slots)
