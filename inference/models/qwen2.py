"""`qwen2`: Qwen 2 and 2.5, R1-Distill-Qwen.

Special about it: queries, keys and values have biases; the output has none.
"""

from __future__ import annotations

from dataclasses import replace

from inference.models.base import Architecture, Configuration, LayerSpec, ModelSpec, Source
from inference.models.decoder_fields import (
    read_gqa,
    read_mlp,
    read_sizes,
    refuse_sliding_window,
)
from inference.models.fields import Fields

_NAME = "qwen2"


def _spec(config: Configuration, source: Source) -> ModelSpec:
    fields = Fields(config)
    sizes = read_sizes(fields)
    refuse_sliding_window(fields, sizes.num_layers)
    attention = replace(read_gqa(fields, sizes, source), qkv_bias=True)
    mlp = read_mlp(fields)
    fields.finish()
    return sizes.model(_NAME, (LayerSpec(attention, mlp),) * sizes.num_layers)


QWEN2 = Architecture(_NAME, _spec)
