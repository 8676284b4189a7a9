"""`llama`: Llama 2 and 3, R1-Distill-Llama, SmolLM2.

Special about it: GGUF permutes the query and key rows so that rope turns adjacent pairs.
"""

from __future__ import annotations

from dataclasses import replace

from inference.models.base import Architecture, Configuration, LayerSpec, ModelSpec, Source
from inference.models.decoder_fields import read_gqa, read_mlp, read_sizes
from inference.models.fields import Fields

_NAME = "llama"


def _spec(config: Configuration, source: Source) -> ModelSpec:
    fields = Fields(config)
    sizes = read_sizes(fields)
    bias = fields.boolean("attention_bias", False)
    attention = read_gqa(fields, sizes, source, interleaved=source.is_gguf)
    attention = replace(attention, qkv_bias=bias, o_bias=bias)
    mlp = read_mlp(fields, bias=fields.boolean("mlp_bias", False))
    fields.only("rope_interleaved", False)
    fields.finish()
    return sizes.model(_NAME, (LayerSpec(attention, mlp),) * sizes.num_layers)


LLAMA = Architecture(_NAME, _spec)
