"""The plan for a machine: how many bytes go where, why, and whether all of it fits.

For: people, before a model is loaded or even fetched (`models inspect`), and the engine's
callers. A pure function of model, machine and context: it measures nothing and moves
nothing. Weights that do not fit in memory stay in the mapped file, where the system reads
them when they are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from inference.layers.mla import EXPANDED_VALUES
from inference.models.base import GqaSpec, ModelSpec, MoeSpec
from inference.planned.attention import bytes_per_token
from inference.session import PREFILL_CHUNK_TOKENS

_FLOAT_BYTES = 4
# What the system, the window and Python take for themselves: at least 2 GB, an eighth of
# larger machines, where people run more beside it.
_LEAST_RESERVE_BYTES = 2 << 30
_RESERVE_SHARE = 8
# Two dequantized pieces of a matrix at once (`kernels.chunks`), in float32.
_CHUNK_BYTES = 2 * (1 << 21) * _FLOAT_BYTES
_GB = 1e9


class Place(StrEnum):
    """Where bytes are."""

    MEMORY = "memory"
    DISK = "disk"


@dataclass(frozen=True)
class Machine:
    """What a plan needs to know of a machine."""

    memory_bytes: int

    @property
    def usable_bytes(self) -> int:
        """Less what everything else needs."""
        reserve = max(_LEAST_RESERVE_BYTES, self.memory_bytes // _RESERVE_SHARE)
        return max(0, self.memory_bytes - reserve)


@dataclass(frozen=True)
class Part:
    """Some of what a model needs: how much, where, and why there."""

    name: str
    place: Place
    part_bytes: int
    reason: str


@dataclass(frozen=True)
class Plan:
    """Where everything goes.

    `fits`: all of it in memory. `runs`: what every token reads is in memory, and experts
    come from disk where they must. `needed_bytes` of memory would hold all of it on a
    machine; `disk_bytes_per_token` is what a token reads from disk on average, if experts
    are chosen evenly.
    """

    memory_bytes: int
    usable_bytes: int
    context_tokens: int
    parts: tuple[Part, ...]
    fits: bool
    runs: bool
    needed_bytes: int
    disk_bytes_per_token: int
    sentence: str

    def bytes_in(self, place: Place) -> int:
        """What goes there."""
        return sum(part.part_bytes for part in self.parts if part.place is place)


def plan(
    spec: ModelSpec, stored_bytes: Mapping[str, int], machine: Machine, context_tokens: int
) -> Plan:
    """`stored_bytes`: of each tensor, by our names (`models.names`)."""
    experts = sum(size for name, size in stored_bytes.items() if ".experts." in name)
    shared = sum(stored_bytes.values()) - experts
    cache = context_tokens * bytes_per_token(spec)
    work = work_bytes(spec, context_tokens)
    always = shared + cache + work
    room = machine.usable_bytes - always
    held = max(0, min(experts, room))
    read = round(experts_read_per_token(spec, experts) * (1 - held / experts)) if experts else 0
    return Plan(
        memory_bytes=machine.memory_bytes,
        usable_bytes=machine.usable_bytes,
        context_tokens=context_tokens,
        parts=(*_always(shared, cache, work, context_tokens), *_experts(experts, held)),
        fits=room >= experts,
        runs=room >= 0,
        needed_bytes=_machine_for(always + experts),
        disk_bytes_per_token=read,
        sentence=_sentence(always, experts, held, read, machine),
    )


def work_bytes(spec: ModelSpec, context_tokens: int) -> int:
    """The most that one prefill chunk holds at once beside weights and cache."""
    rows = min(PREFILL_CHUNK_TOKENS, context_tokens)
    widest = 0
    for layer in set(spec.layers):
        feed_forward, attention = layer.feed_forward, layer.attention
        if isinstance(feed_forward, MoeSpec):
            parts = (feed_forward.rule.top_k + 3) * spec.hidden_size
            widest = max(widest, parts + 3 * feed_forward.width)
        else:
            widest = max(widest, 4 * spec.hidden_size + 3 * feed_forward.width)
        heads = attention.num_heads * (
            attention.head_dim if isinstance(attention, GqaSpec) else attention.qk_dim
        )
        widest = max(widest, 4 * spec.hidden_size + 3 * heads)
    scores = EXPANDED_VALUES  # keys, values and scores of the heads of one step
    return (rows * widest + 2 * scores + spec.vocab_size) * _FLOAT_BYTES + _CHUNK_BYTES


def experts_read_per_token(spec: ModelSpec, expert_bytes: int) -> float:
    """Bytes of routed experts that one token uses."""
    layers = [e for e in (x.feed_forward for x in spec.layers) if isinstance(e, MoeSpec)]
    weight = {e: e.num_experts * e.width for e in layers}
    total = sum(weight[e] for e in layers)
    used = sum(weight[e] * e.rule.top_k / e.num_experts for e in layers)
    return expert_bytes * used / total if total else 0.0


def _always(shared: int, cache: int, work: int, context_tokens: int) -> tuple[Part, ...]:
    return (
        Part(
            "weights that every token reads",
            Place.MEMORY,
            shared,
            "attention, dense and shared feed-forwards, embedding and head are used each time",
        ),
        Part(
            "KV cache",
            Place.MEMORY,
            cache,
            f"{context_tokens:,} tokens; every new token reads all of it",
        ),
        Part("work space", Place.MEMORY, work, "what a chunk of a prompt holds while it is read"),
    )


def _experts(total: int, held: int) -> tuple[Part, ...]:
    if not total:
        return ()
    name = "routed experts"
    if held == total:
        return (Part(name, Place.MEMORY, total, "all of them fit beside the rest"),)
    in_memory = Part(
        name, Place.MEMORY, held, "the memory that is left holds those used most recently"
    )
    on_disk = Part(
        name,
        Place.DISK,
        total - held,
        "they do not fit; a token uses a few, which are read from the file when chosen",
    )
    return (in_memory, on_disk) if held else (on_disk,)


def _machine_for(wanted: int) -> int:
    """The least memory of a machine of which `wanted` is usable."""
    share = -(-wanted * _RESERVE_SHARE // (_RESERVE_SHARE - 1))
    return max(wanted + _LEAST_RESERVE_BYTES, share)


def _sentence(always: int, experts: int, held: int, read: int, machine: Machine) -> str:
    usable = machine.usable_bytes
    if always > usable:
        return (
            f"This does not fit: what every token needs takes {_gb(always)} of memory, and "
            f"{_gb(usable)} of {_gb(machine.memory_bytes)} can be used. Choose a smaller "
            "model, fewer bits, or a shorter context."
        )
    if held == experts:
        return f"All of it fits: {_gb(always + experts)} of {_gb(usable)} that can be used."
    return (
        f"It runs, slowly: {_gb(experts - held)} of experts stay on disk, and a token reads "
        f"about {_gb(read)} of them. {_gb(_machine_for(always + experts))} of memory would "
        "hold everything."
    )


def _gb(count: int) -> str:
    return f"{count / _GB:,.1f} GB"
