"""Recording a model's forward pass as a plan: which ops, over which buffers, in which order.

For: `planned.decoder`. Buffers are shared by all layers; the residual stream alternates
between two, because a chunk may be computed twice and so may not overwrite what it reads.
Sections: the embedding, each layer, the head.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from inference.models.base import AttentionSpec, GqaSpec, LayerSpec, ModelSpec, MoeSpec
from inference.planned.attention import AttentionMemory, record_gqa, record_mla
from inference.planned.weights import LayerWeights, PlannedWeights
from kernels.cpu.formats import is_float
from kernels.cpu.plan import ExpertSet, NativePlan, Product, Quantized, Rows
from kernels.schemes.base import PackedTensor

# Rows whose logits exist at once: 64 of 100,000 words are 26 MB.
LOGIT_ROWS = 64


class Choice(NamedTuple):
    """Addresses of the chosen experts and their weights, and how many a row has."""

    chosen: int
    weights: int
    top_k: int


@dataclass(frozen=True)
class Buffers:
    """What layers hand on to one another, and what each uses for itself."""

    hidden: tuple[Rows, Rows]
    normed: Rows
    quantized: Quantized | None
    router_logits: Rows | None
    choice: Choice
    logits: Rows

    @classmethod
    def of(cls, spec: ModelSpec, plan: NativePlan) -> Buffers:
        """Room for the plan's most rows."""
        hidden = spec.hidden_size
        mixtures = [
            x for x in (layer.feed_forward for layer in spec.layers) if isinstance(x, MoeSpec)
        ]
        experts = max((m.num_experts for m in mixtures), default=0)
        top_k = max((m.rule.top_k for m in mixtures), default=0)
        chosen = plan.memory(max(1, plan.max_rows * top_k) * 4)
        weights = plan.memory(max(1, plan.max_rows * top_k) * 4)
        return cls(
            hidden=(plan.rows(hidden), plan.rows(hidden)),
            normed=plan.rows(hidden),
            quantized=plan.quantized(hidden) if hidden % 16 == 0 else None,
            router_logits=plan.rows(experts) if experts else None,
            choice=Choice(chosen, weights, top_k),
            logits=plan.rows(spec.vocab_size, LOGIT_ROWS),
        )


class Recorder:
    """Records one model into one plan, over one conversation's cache."""

    def __init__(self, weights: PlannedWeights, plan: NativePlan, memory: AttentionMemory) -> None:
        self._weights = weights
        self._spec = weights.spec
        self._plan = plan
        self._memory = memory
        self._buffers = Buffers.of(weights.spec, plan)

    @property
    def logits(self) -> Rows:
        """Where the wanted rows' logits are after the last section."""
        return self._buffers.logits

    def record(self) -> None:
        """The whole pass."""
        hidden, spec = self._buffers.hidden, self._spec
        self._plan.embedding(self._weights.tensors["embedding"], hidden[0])
        self._plan.end_section()
        for layer, weights in zip(spec.layers, self._weights.layers, strict=True):
            self._layer(layer, weights)
            self._plan.end_section()
        self._head()
        self._plan.end_section()

    def _layer(self, spec: LayerSpec, weights: LayerWeights) -> None:
        first, second = self._buffers.hidden
        self._attention(spec, weights, first, second)
        self._feed_forward(spec, weights, second, first)

    def _attention(self, spec: LayerSpec, weights: LayerWeights, hidden: Rows, out: Rows) -> None:
        attention = spec.attention
        inputs = [weights[f"{name}.weight"] for name in _inputs(attention)]
        self._norm(hidden, weights["attention_norm"], inputs)
        memory, buffers = self._memory, self._buffers
        x = (buffers.quantized, buffers.normed)
        if isinstance(attention, GqaSpec):
            mixed = record_gqa(self._plan, attention, weights, x, memory)
        else:
            mixed = record_mla(self._plan, attention, weights, x, memory)
        o = weights["o.weight"]
        quantized = None if is_float(o.scheme.name) else memory.mixed_quantized
        if quantized is not None:
            self._plan.norm(mixed, None, 0.0, q=quantized)
        bias = self._vector(weights.get("o.bias"))
        self._plan.linear(quantized, mixed, [Product(o, out, bias, hidden)])

    def _feed_forward(
        self, spec: LayerSpec, weights: LayerWeights, hidden: Rows, out: Rows
    ) -> None:
        buffers, feed_forward = self._buffers, spec.feed_forward
        always = weights.always if weights.always.count else None
        # The router's product and experts with float weights read floats.
        mixture = isinstance(feed_forward, MoeSpec)
        self._norm(hidden, weights["feed_forward_norm"], (), floats=mixture or _floats(always))
        choice: Choice = buffers.choice
        if isinstance(feed_forward, MoeSpec):
            choice = self._route(feed_forward, weights)
        self._plan.experts(
            buffers.quantized, buffers.normed, weights.routed, always, choice, hidden, out
        )

    def _route(self, spec: MoeSpec, weights: LayerWeights) -> Choice:
        buffers = self._buffers
        assert buffers.router_logits is not None
        logits = Rows(buffers.router_logits.address, spec.num_experts, buffers.router_logits.stride)
        router = weights["router.weight"]
        self._plan.linear(buffers.quantized, buffers.normed, [Product(router, logits)])
        choice = Choice(buffers.choice.chosen, buffers.choice.weights, spec.rule.top_k)
        bias = self._vector(weights.get("router.bias"))
        self._plan.router(logits, bias, spec.rule, choice.chosen, choice.weights)
        return choice

    def _head(self) -> None:
        buffers, spec, tensors = self._buffers, self._spec, self._weights.tensors
        head = tensors["embedding" if spec.tied_head else "head"]
        self._norm(buffers.hidden[0], tensors["norm"], (head,), wanted_only=True)
        self._plan.linear(
            buffers.quantized, buffers.normed, [Product(head, buffers.logits)], wanted_only=True
        )

    def _norm(
        self,
        x: Rows,
        weight: PackedTensor,
        consumers: tuple[PackedTensor, ...] | list[PackedTensor],
        *,
        floats: bool = False,
        wanted_only: bool = False,
    ) -> None:
        """Into int8, and into floats where a consumer wants them."""
        buffers = self._buffers
        floats = floats or any(is_float(w.scheme.name) for w in consumers)
        floats = floats or buffers.quantized is None
        y = buffers.normed if floats else None
        self._plan.norm(
            x,
            self._vector(weight),
            self._spec.norm_eps,
            y=y,
            q=buffers.quantized,
            wanted_only=wanted_only,
        )

    def _vector(self, packed: PackedTensor | None) -> Rows | None:
        return None if packed is None else self._plan.constant(packed.dequantize())


def _inputs(attention: AttentionSpec) -> tuple[str, ...]:
    """The matrices that read the normalised residual stream."""
    if isinstance(attention, GqaSpec):
        return ("q", "k", "v")
    return ("q", "kv_a") if attention.q_lora_rank is None else ("q_a", "kv_a")


def _floats(experts: ExpertSet | None) -> bool:
    return experts is not None and experts.takes_floats
