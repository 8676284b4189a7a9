"""Rotary positions as configurations describe them: `rope_parameters`, `rope_scaling`.

For: architecture files. Follows transformers' `modeling_rope_utils` in what defaults and
names mean; kinds whose frequencies depend on the length of the text are refused by name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from inference.models.base import LinearScaling, Llama3Scaling, RopeScaling, RopeSpec, YarnScaling
from inference.models.fields import Fields
from inference.sentence import said

_KINDS = ("default", "linear", "llama3", "yarn")
_MOST_CONTEXT = 1 << 30
_LEAST_THETA, _MOST_THETA = 1.001, 1e12
_BETA_FAST, _BETA_SLOW = 32.0, 1.0


@dataclass(frozen=True)
class RopeFields:
    """What was read: `mscale_all_dim` (0: none) also scales the scores of latent attention."""

    spec: RopeSpec
    mscale_all_dim: float

    def mscale(self) -> float:
        """YaRN's factor on scores (squared by who uses it); 1 without scaling."""
        scaling = self.spec.scaling
        if not self.mscale_all_dim or not isinstance(scaling, YarnScaling):
            return 1.0
        return yarn_mscale(scaling.factor, self.mscale_all_dim)


def read_rope(
    fields: Fields, dim: int, interleaved: bool, context_tokens: int, has_factors: bool = False
) -> RopeFields:
    """The rope of heads that turn `dim` values; raises UnsupportedModelError by field."""
    theta = fields.number("rope_theta", _LEAST_THETA, _MOST_THETA, 10000.0)
    fields.only("partial_rotary_factor", 1.0)
    newer, older = fields.section("rope_parameters"), fields.section("rope_scaling")
    section = older or newer
    if section is None:
        return RopeFields(RopeSpec(dim, theta, interleaved, None, has_factors), 0.0)
    section.only("partial_rotary_factor", 1.0)
    theta = section.number("rope_theta", _LEAST_THETA, _MOST_THETA, theta)
    key = "rope_type" if section.has("rope_type") else "type"
    section.skip("type")
    kind = section.choice(key, _KINDS, "default")
    scaling, mscale_all_dim = _scaling(kind, section, context_tokens)
    section.finish()
    return RopeFields(RopeSpec(dim, theta, interleaved, scaling, has_factors), mscale_all_dim)


def yarn_mscale(factor: float, mscale: float) -> float:
    """0.1 · mscale · ln(factor) + 1 (YaRN, Peng et al. 2023, section 3.4)."""
    return 1.0 if factor <= 1 else 0.1 * mscale * math.log(factor) + 1.0


def _scaling(kind: str, section: Fields, context_tokens: int) -> tuple[RopeScaling | None, float]:
    """The scaling, and YaRN's mscale_all_dim."""
    if kind == "default":
        # Files write the length that the model was trained with even where nothing scales.
        section.skip("original_max_position_embeddings")
        return None, 0.0
    factor = section.number("factor", 1e-3, 1e6)
    if kind == "linear":
        section.skip("original_max_position_embeddings")
        return LinearScaling(factor), 0.0
    original = section.integer("original_max_position_embeddings", 1, _MOST_CONTEXT, context_tokens)
    if kind == "llama3":
        return _llama3(section, factor, original), 0.0
    return _yarn(section, factor, original)


def _llama3(section: Fields, factor: float, original: int) -> Llama3Scaling:
    low = section.number("low_freq_factor", 1e-6, 1e6)
    high = section.number("high_freq_factor", 1e-6, 1e6)
    if low >= high:
        raise section.refuse(
            "high_freq_factor", said("{high:g} is not above low_freq_factor", high=high)
        )
    return Llama3Scaling(factor, low, high, original)


def _yarn(section: Fields, factor: float, original: int) -> tuple[YarnScaling, float]:
    mscale = section.number("mscale", 0.0, 1e3, 0.0)
    all_dim = section.number("mscale_all_dim", 0.0, 1e3, 0.0)
    # R1-0528-Qwen3-8B has it; transformers, by which we are held, passes it over.
    section.skip("attn_factor")
    if section.has("attention_factor"):
        attention_factor = section.number("attention_factor", 0.0, 1e3)
    elif mscale and all_dim:
        attention_factor = yarn_mscale(factor, mscale) / yarn_mscale(factor, all_dim)
    else:
        attention_factor = yarn_mscale(factor, 1.0)
    scaling = YarnScaling(
        factor=factor,
        original_context_tokens=original,
        beta_fast=section.number("beta_fast", 0.0, 1e6, _BETA_FAST) or _BETA_FAST,
        beta_slow=section.number("beta_slow", 0.0, 1e6, _BETA_SLOW) or _BETA_SLOW,
        attention_factor=attention_factor,
        truncate=section.boolean("truncate", True),
    )
    return scaling, all_dim
