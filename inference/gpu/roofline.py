"""How fast a placed model would be, on paper: a roofline whose terms are named.

For: people who choose a card, beside the plan. Every figure is worked out from what makers say
of cards, from how fast this machine's memory and kernels are, and from the shares below, which
are assumptions; none was measured on a GPU. Expectations over a token's chosen experts are
taken before the slower of two places is, so that real tokens, whose choices vary, are slower.
Scores of a prompt's tokens against one another are left out: little at some hundred tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from inference.gpu.placement import CardPlan, Home, LayerHome
from inference.gpu.popularity import Popularity, even
from inference.gpu.sizes import LayerSizes, ModelSizes
from kernels.gpu.cards import Card

# Shares of what a card's maker names that kernels are assumed to reach.
READ_SHARE = 0.8
OPS_SHARE = 0.4
BUS_SHARE = 0.8
# Between two kernels of a replayed graph; a copy's way over the bus with its event.
KERNEL_S = 2e-6
COPY_S = 15e-6
# Kernels of one layer in decode: norms, products, rotation, attention in two, router, experts.
KERNELS_A_LAYER = 12
_FLOAT_BYTES = 4


@dataclass(frozen=True)
class HostSpeed:
    """What this machine's memory, kernels and disk do; `inference.machine` measures them."""

    read_bytes_per_s: float
    ops_per_s: float
    disk_bytes_per_s: float = 1e9


@dataclass(frozen=True)
class Term:
    """A part of the time that one token (or one prompt) takes; `hidden` ones run beside a
    longer one and add nothing."""

    name: str
    seconds: float
    hidden: bool = False


@dataclass(frozen=True)
class PaperSpeed:
    """Tokens a second of decode at a depth and of a prompt, with the terms of each."""

    decode_tokens_per_s: float
    decode_terms: tuple[Term, ...]
    prefill_tokens_per_s: float
    prefill_terms: tuple[Term, ...]


def predict(
    sizes: ModelSizes,
    plan: CardPlan,
    host: HostSpeed,
    depth_tokens: int = 0,
    prompt_tokens: int = 512,
    popularity: Popularity | None = None,
) -> PaperSpeed:
    """`depth_tokens` lie in the cache while decoding; the prompt begins an empty one.
    `popularity` as the plan was made with."""
    popularity = popularity or even(sizes.routing)
    decode = _Sum(_decode(sizes, plan, host, depth_tokens))
    prefill = _Sum(_prefill(sizes, plan, host, prompt_tokens, popularity))
    return PaperSpeed(
        1 / decode.seconds, decode.terms, prompt_tokens / prefill.seconds, prefill.terms
    )


class _Sum:
    """Terms of the same name together, in order of their first."""

    def __init__(self, terms: Iterator[Term]) -> None:
        found: dict[tuple[str, bool], float] = {}
        for term in terms:
            key = (term.name, term.hidden)
            found[key] = found.get(key, 0.0) + term.seconds
        self.terms = tuple(
            Term(name, seconds, hidden) for (name, hidden), seconds in found.items() if seconds
        )
        self.seconds = sum(term.seconds for term in self.terms if not term.hidden)


def _decode(
    sizes: ModelSizes, plan: CardPlan, host: HostSpeed, depth_tokens: int
) -> Iterator[Term]:
    read = {
        Home.CARD: plan.card.read_bytes_per_s * READ_SHARE,
        Home.MEMORY: host.read_bytes_per_s,
        Home.DISK: host.disk_bytes_per_s,
    }
    for layer, at in zip(sizes.layers, plan.layers, strict=True):
        place = at.always
        yield Term(f"{place}: attention", layer.attention.stored_bytes / read[place])
        cached = depth_tokens * layer.cache_bytes_per_token
        yield Term(f"{place}: cache", cached / read[place])
        if place is Home.CARD:
            yield Term("card: starts of kernels", KERNELS_A_LAYER * KERNEL_S)
        sides = {home: at.used_at(home) * layer.expert.stored_bytes / read[home] for home in Home}
        shared_s = layer.feed_forward.stored_bytes / read[place]
        yield from _side_by_side(place, shared_s, sides, _bus_s(sizes, plan.card, 1))
    yield Term(f"{plan.head}: head", sizes.head.stored_bytes / read[plan.head])
    yield from _crossings(sizes, plan, 1)


def _side_by_side(
    place: Home, shared_s: float, experts_s: dict[Home, float], bus_s: float
) -> Iterator[Term]:
    """A feed-forward: what lies on the card beside what lies elsewhere, the longer one counts.
    On the processor's own layers everything adds up."""
    elsewhere_s = experts_s[Home.MEMORY] + experts_s[Home.DISK]
    both = place is Home.CARD and elsewhere_s > 0
    here_s = shared_s + experts_s[Home.CARD]
    card_waits = both and here_s < elsewhere_s + bus_s
    yield Term(f"{place}: dense and shared feed-forwards", shared_s, card_waits)
    yield Term("card: experts", experts_s[Home.CARD], card_waits)
    others_hidden = both and not card_waits
    yield Term("memory: experts", experts_s[Home.MEMORY], others_hidden)
    yield Term("disk: experts", experts_s[Home.DISK], others_hidden)
    if both:
        yield Term("bus: activations", bus_s, others_hidden)


def _prefill(
    sizes: ModelSizes, plan: CardPlan, host: HostSpeed, tokens: int, popularity: Popularity
) -> Iterator[Term]:
    rates = _Rates(plan.card, host)
    for index, (layer, at) in enumerate(zip(sizes.layers, plan.layers, strict=True)):
        place = at.always
        attention = rates.seconds(
            place, layer.attention.stored_bytes, layer.attention.values, tokens
        )
        yield Term(f"{place}: attention", attention)
        shared = layer.feed_forward
        shared_s = rates.seconds(place, shared.stored_bytes, shared.values, tokens)
        sides = dict(_experts_s(layer, at, popularity.of(index), tokens, rates))
        yield from _side_by_side(place, shared_s, sides, _bus_s(sizes, plan.card, tokens))
    head = sizes.head
    yield Term(f"{plan.head}: head", rates.seconds(plan.head, head.stored_bytes, head.values, 1))
    yield from _crossings(sizes, plan, tokens)


class _Rates:
    """Reading weights once, or multiplying many rows by them: the longer one."""

    def __init__(self, card: Card, host: HostSpeed) -> None:
        self._read = {
            Home.CARD: card.read_bytes_per_s * READ_SHARE,
            Home.MEMORY: host.read_bytes_per_s,
            Home.DISK: host.disk_bytes_per_s,
        }
        self._ops = {
            Home.CARD: card.fp16_ops_per_s * OPS_SHARE,
            Home.MEMORY: host.ops_per_s,
            Home.DISK: host.ops_per_s,
        }

    def seconds(self, home: Home, stored_bytes: float, values: float, rows: float) -> float:
        """`stored_bytes` read once; each of `values` used by `rows` rows."""
        return max(stored_bytes / self._read[home], 2 * values * rows / self._ops[home])


def _experts_s(
    layer: LayerSizes, at: LayerHome, shares: Sequence[float], tokens: int, rates: _Rates
) -> Iterator[tuple[Home, float]]:
    """Experts that at least one of the tokens is expected to choose are read, once."""
    for home in Home:
        some = [share for share, where in zip(shares, at.experts, strict=True) if where is home]
        touched = sum(1 - (1 - min(share, 1.0)) ** tokens for share in some)
        rows = tokens * sum(some) / touched if touched else 0.0
        one = layer.expert
        yield home, rates.seconds(home, touched * one.stored_bytes, touched * one.values, rows)


def _bus_s(sizes: ModelSizes, card: Card, rows: int) -> float:
    """Activations to the processor and what it made of them back."""
    return 2 * _one_way_s(sizes, card, rows)


def _one_way_s(sizes: ModelSizes, card: Card, rows: int) -> float:
    moved = rows * sizes.hidden_size * _FLOAT_BYTES
    return moved / (card.bus_bytes_per_s * BUS_SHARE) + COPY_S


def _crossings(sizes: ModelSizes, plan: CardPlan, rows: int) -> Iterator[Term]:
    """Where a layer's place is not that of the one before: the embedding is in memory."""
    places = [Home.MEMORY, *(at.always for at in plan.layers), plan.head]
    changes = sum(1 for a, b in pairwise(places) if a is not b)
    yield Term("bus: activations", changes * _one_way_s(sizes, plan.card, rows))
