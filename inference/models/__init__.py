"""Architectures: one short file each, named by its `model_type`; `base` is the contract."""

from __future__ import annotations

from collections.abc import Mapping

from inference.errors import UnsupportedModelError
from inference.models.base import Architecture, Configuration
from inference.models.deepseek_v2 import DEEPSEEK_V2
from inference.models.deepseek_v3 import DEEPSEEK_V3
from inference.models.glm4_moe_lite import GLM4_MOE_LITE
from inference.models.llama import LLAMA
from inference.models.qwen2 import QWEN2
from inference.models.qwen3 import QWEN3
from inference.models.qwen3_moe import QWEN3_MOE
from inference.sentence import said

_ALL = (DEEPSEEK_V2, DEEPSEEK_V3, GLM4_MOE_LITE, LLAMA, QWEN2, QWEN3, QWEN3_MOE)

# By `model_type`. Kimi-K2 has a name of its own for DeepSeek-V3's architecture.
ARCHITECTURES: Mapping[str, Architecture] = {
    **{architecture.name: architecture for architecture in _ALL},
    "kimi_k2": DEEPSEEK_V3,
}


def architecture_of(config: Configuration) -> Architecture:
    """The one that a configuration names; raises UnsupportedModelError."""
    name = config.string("model_type")
    found = ARCHITECTURES.get(name)
    if found is None:
        raise UnsupportedModelError(
            said(
                "The model is of the architecture “{name}”; this version of Pitcher runs {known}.",
                name=name,
                known=", ".join(sorted(ARCHITECTURES)),
            )
        )
    return found
