"""`qwen3`: Qwen3's dense models, R1-0528-Qwen3-8B.

Special about it: queries and keys are normalised a head at a time, before rope.
"""

from __future__ import annotations

from dataclasses import replace

from inference.models.base import (
    Architecture,
    Configuration,
    GqaSpec,
    LayerSpec,
    ModelSpec,
    Source,
)
from inference.models.decoder_fields import (
    Sizes,
    read_gqa,
    read_mlp,
    read_sizes,
    refuse_sliding_window,
)
from inference.models.fields import Fields

_NAME = "qwen3"
_DEFAULT_HEAD_DIM = 128


def _spec(config: Configuration, source: Source) -> ModelSpec:
    fields = Fields(config)
    sizes = read_sizes(fields)
    refuse_sliding_window(fields, sizes.num_layers)
    attention = read_normed_gqa(fields, sizes, source, _DEFAULT_HEAD_DIM)
    mlp = read_mlp(fields)
    fields.finish()
    return sizes.model(_NAME, (LayerSpec(attention, mlp),) * sizes.num_layers)


def read_normed_gqa(
    fields: Fields, sizes: Sizes, source: Source, default_head_dim: int | None = None
) -> GqaSpec:
    """Qwen3's attention, with or without biases."""
    bias = fields.boolean("attention_bias", False)
    attention = read_gqa(fields, sizes, source, default_head_dim=default_head_dim)
    return replace(attention, qkv_bias=bias, o_bias=bias, qk_norm_eps=sizes.norm_eps)


QWEN3 = Architecture(_NAME, _spec)
