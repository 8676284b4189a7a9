"""What every architecture reads of a configuration: sizes, attention with grouped queries.

For: architecture files; they add what is special. Raises UnsupportedModelError by field.
"""

from __future__ import annotations

from dataclasses import dataclass

from inference.models.base import GqaSpec, LayerSpec, MlpSpec, ModelSpec, Source
from inference.models.fields import Fields
from inference.models.rope_fields import read_rope
from inference.sentence import said

MOST_WIDTH = 1 << 20
MOST_HEADS = 1 << 14
MOST_HEAD_DIM = 1 << 14
MOST_LAYERS = 1 << 10
_MOST_VOCAB = 1 << 24
_MOST_CONTEXT = 1 << 30


@dataclass(frozen=True)
class Sizes:
    """What a decoder is, its layers apart."""

    vocab_size: int
    hidden_size: int
    num_layers: int
    num_heads: int
    context_tokens: int
    norm_eps: float
    tied_head: bool

    def model(
        self, architecture: str, layers: tuple[LayerSpec, ...], mtp_layers: int = 0
    ) -> ModelSpec:
        """The whole specification."""
        return ModelSpec(
            architecture=architecture,
            vocab_size=self.vocab_size,
            hidden_size=self.hidden_size,
            context_tokens=self.context_tokens,
            norm_eps=self.norm_eps,
            tied_head=self.tied_head,
            layers=layers,
            mtp_layers=mtp_layers,
        )


def read_sizes(fields: Fields) -> Sizes:
    """The fields that have one name everywhere; `hidden_act` must be silu."""
    fields.choice("hidden_act", ("silu", "swish"), "silu")
    return Sizes(
        vocab_size=fields.integer("vocab_size", 1, _MOST_VOCAB),
        hidden_size=fields.integer("hidden_size", 1, MOST_WIDTH),
        num_layers=fields.integer("num_hidden_layers", 1, MOST_LAYERS),
        num_heads=fields.integer("num_attention_heads", 1, MOST_HEADS),
        context_tokens=fields.integer("max_position_embeddings", 1, _MOST_CONTEXT),
        norm_eps=fields.number("rms_norm_eps", 0.0, 1.0, 1e-6),
        tied_head=fields.boolean("tie_word_embeddings", False),
    )


def read_gqa(
    fields: Fields,
    sizes: Sizes,
    source: Source,
    *,
    interleaved: bool = False,
    default_head_dim: int | None = None,
) -> GqaSpec:
    """Grouped-query attention without biases; `interleaved` as GGUF permutes llama's rows."""
    num_heads = sizes.num_heads
    num_kv_heads = fields.integer("num_key_value_heads", 1, MOST_HEADS, num_heads)
    if num_heads % num_kv_heads:
        raise fields.refuse(
            "num_key_value_heads",
            said(
                "{num_kv_heads} does not divide {num_heads}",
                num_kv_heads=num_kv_heads,
                num_heads=num_heads,
            ),
        )
    head_dim = fields.optional_integer("head_dim", 2, MOST_HEAD_DIM)
    head_dim = head_dim or default_head_dim or sizes.hidden_size // num_heads
    # Only GGUF says it: the values of a head that turn, where not all do.
    rope_dim = fields.optional_integer("rope_dim", 2, head_dim) if source.is_gguf else None
    rope_dim = rope_dim or head_dim
    if rope_dim < 2 or rope_dim % 2:
        raise fields.refuse(
            "head_dim",
            said("heads of {rope_dim} values can't be turned in pairs", rope_dim=rope_dim),
        )
    has_factors = "rope_freqs.weight" in source.shapes
    rope = read_rope(fields, rope_dim, interleaved, sizes.context_tokens, has_factors)
    return GqaSpec(num_heads, num_kv_heads, head_dim, rope.spec)


def refuse_sliding_window(fields: Fields, num_layers: int) -> None:
    """Attention over a window is not run: it must be switched off."""
    fields.only("use_sliding_window", False)
    fields.only("use_mrope", False)
    fields.skip("sliding_window", "max_window_layers")  # without the switch they say nothing
    kinds = fields.strings("layer_types")
    if kinds is not None and kinds != ["full_attention"] * num_layers:
        raise fields.refuse("layer_types", "every layer must be full_attention")


def read_mlp(fields: Fields, key: str = "intermediate_size", *, bias: bool = False) -> MlpSpec:
    """A dense feed-forward."""
    return MlpSpec(fields.integer(key, 1, 1 << 22), bias)
