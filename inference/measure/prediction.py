"""How fast a model will be on this machine, before it is there: tokens a second of both kinds.

For: preflight. Pure: from what the prepared model would consist of (`prepared.foreseen`, or the
recipe of one that is there) and what the kernels' own speed was measured as. No figure in here
was fitted to a model: a token takes as long as reading its weights at the measured speed of each
scheme, or multiplying them by many rows, and the ops between; and all of it as much longer as
whole layers were found to take here (`whole_layers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from inference.models.base import GqaSpec, LayerSpec, ModelSpec, MoeSpec
from inference.planned.decoder import PRECISE_BELOW
from inference.prepared.recipe import Part, Recipe
from kernels.cpu.speed import KernelSpeed, SchemeSpeed

# Ops of one row between products, as `planned.recording` records them, by `csrc/body`: norms,
# quantizing, products that wait for one another, attention's three phases, experts' three.
_GQA_PHASES = 6
_MLA_PHASES = 9
_DENSE_PHASES = 4
_MIXTURE_PHASES = 6
# Of a causal square of scores, what lies under its diagonal.
_CAUSAL = 0.5
# Absorbed into queries and values in decode; in prefill latents are expanded by them.
_EXPANDED = ("kv_b.keys", "kv_b.values", "k_b.weight", "v_b.weight")


@dataclass(frozen=True)
class Prediction:
    """Tokens a second; `decode_bytes`: what one token of an empty context reads of weights."""

    decode_tokens_per_s: float
    prefill_tokens_per_s: float
    decode_bytes: int


@dataclass(frozen=True)
class _Use:
    """A matrix (or all alike of a layer), and the share of it that one token uses."""

    part: Part
    count: int
    share: float

    @property
    def stored_bytes(self) -> float:
        return self.part.stored_bytes * self.count * self.share

    @property
    def operations(self) -> float:
        return 2 * prod(self.part.shape) * self.count * self.share


def predict(
    spec: ModelSpec, recipe: Recipe, speed: KernelSpeed, prompt_tokens: int = 512
) -> Prediction:
    """Prefill of `prompt_tokens`, and decode, both of an empty context."""
    rates = _Rates(speed, precise=spec.hidden_size < PRECISE_BELOW)
    uses = list(_uses(spec, recipe))
    decode_bytes = sum(use.stored_bytes for use in uses)
    decode_s = sum(use.stored_bytes / rates.row(use.part) for use in uses)
    decode_s += _phases(spec) * speed.phase_s
    prefill_s = sum(_prefill_s(use, prompt_tokens, rates) for use in uses)
    prefill_s += _attention_s(spec, prompt_tokens, speed)
    prefill_s += prompt_tokens * _values_between(spec) * speed.value_s
    grouped = isinstance(spec.layers[0].attention, GqaSpec)
    layers = speed.grouped_layers if grouped else speed.latent_layers
    return Prediction(
        1 / (decode_s * layers.decode),
        prompt_tokens / (prefill_s * layers.prefill),
        round(decode_bytes),
    )


class _Rates:
    """What a matrix runs at; a scheme that was not measured as the slowest of those that were."""

    def __init__(self, speed: KernelSpeed, *, precise: bool) -> None:
        self.kernels = speed
        self._precise = precise
        measured = speed.schemes.values()
        self._slowest = SchemeSpeed(
            row_bytes_per_s=min(one.row_bytes_per_s for one in measured),
            tile_ops_per_s=min(one.tile_ops_per_s for one in measured),
            precise_row_bytes_per_s=min(one.precise_row_bytes_per_s for one in measured),
            precise_tile_ops_per_s=min(one.precise_tile_ops_per_s for one in measured),
        )

    def row(self, part: Part) -> float:
        """Bytes a second against one row."""
        one = self._of(part)
        return one.precise_row_bytes_per_s if self._precise else one.row_bytes_per_s

    def tile(self, part: Part) -> float:
        """Operations a second against many rows."""
        one = self._of(part)
        return one.precise_tile_ops_per_s if self._precise else one.tile_ops_per_s

    def _of(self, part: Part) -> SchemeSpeed:
        return self.kernels.schemes.get(part.scheme, self._slowest)


def _uses(spec: ModelSpec, recipe: Recipe) -> Iterator[_Use]:
    """Every matrix that a token is multiplied by; an embedding is looked up."""
    for part, count in recipe.parts():
        if part.panels is None or (part.name == "embedding" and not spec.tied_head):
            continue
        share = 1.0
        if ".experts." in part.name:
            mixture = spec.layers[int(part.name.split(".")[1])].feed_forward
            assert isinstance(mixture, MoeSpec)
            share = mixture.rule.top_k / mixture.num_experts
        yield _Use(part, count, share)


def _prefill_s(use: _Use, tokens: int, rates: _Rates) -> float:
    if use.part.name in ("head", "embedding"):
        return use.stored_bytes / rates.row(use.part)  # the last row's alone
    if use.part.name.endswith(_EXPANDED):
        return 0.0  # within attention
    # Many experts of few rows each wait for memory.
    read_s = use.part.stored_bytes * use.count / rates.kernels.read_bytes_per_s
    return max(read_s, tokens * use.operations / rates.tile(use.part))


def _attention_s(spec: ModelSpec, tokens: int, speed: KernelSpeed) -> float:
    """Scores and mixed values, of every token with those before it; and of latent attention the
    keys and values that its latents are expanded to."""
    pairs, seconds = tokens * tokens * _CAUSAL, 0.0
    for layer in spec.layers:
        attention = layer.attention
        if isinstance(attention, GqaSpec):
            operations = 2 * attention.num_heads * 2 * attention.head_dim * pairs
            seconds += operations / speed.grouped_ops_per_s
        else:
            scores = attention.num_heads * (attention.qk_dim + attention.value_dim) * pairs
            width = attention.num_heads * (attention.nope_dim + attention.value_dim)
            seconds += (
                2 * (scores + tokens * width * attention.kv_lora_rank) / speed.latent_ops_per_s
            )
    return seconds


def _phases(spec: ModelSpec) -> int:
    total = 0
    for layer in spec.layers:
        total += _GQA_PHASES if isinstance(layer.attention, GqaSpec) else _MLA_PHASES
        total += _MIXTURE_PHASES if isinstance(layer.feed_forward, MoeSpec) else _DENSE_PHASES
    return total


def _values_between(spec: ModelSpec) -> int:
    """Values of one token that are normed, turned, activated or quantized, over all layers."""
    return sum(_attention_values(layer) + _feed_forward_values(layer, spec.hidden_size)
               + 2 * spec.hidden_size for layer in spec.layers)  # fmt: skip


def _attention_values(layer: LayerSpec) -> int:
    attention = layer.attention
    if isinstance(attention, GqaSpec):
        return 2 * (attention.num_heads + attention.num_kv_heads) * attention.head_dim
    latents = (attention.q_lora_rank or 0) + attention.kv_lora_rank
    return latents + attention.num_heads * (attention.qk_dim + attention.value_dim)


def _feed_forward_values(layer: LayerSpec, hidden_size: int) -> int:
    """Gate, up and what is quantized between; rows are gathered for every chosen expert."""
    feed_forward = layer.feed_forward
    if not isinstance(feed_forward, MoeSpec):
        return 3 * feed_forward.width
    shared = 3 * feed_forward.shared.width if feed_forward.shared else 0
    chosen = feed_forward.rule.top_k * (hidden_size + 3 * feed_forward.width)
    return feed_forward.num_experts + shared + chosen
