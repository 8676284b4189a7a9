"""What of a model goes to a card, what stays in memory, and what on disk.

For: people, before anything is loaded (`models inspect --card`), and whoever moves weights.
A pure function; how fast the result is says `roofline`. Not here: moving anything.

The order: what every token reads first (attention with its cache, dense and shared
feed-forwards, routers, a layer at a time, then the head), because a byte of it saves the most;
then routed experts, by how often a token wants a byte of them. A layer's experts may lie in
both places: then both compute at the same time, and activations cross the bus, not weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inference.gpu.popularity import Popularity, even
from inference.gpu.sizes import LayerSizes, ModelSizes
from inference.placement import Machine
from inference.sentence import said
from kernels.gpu.cards import Card

# CUDA's context with torch's libraries takes 0.4 to 0.6 GB, a desktop's windows some more;
# allocators leave about a fiftieth unused.
_RESERVE_BYTES = 768 << 20
_RESERVE_SHARE = 50
# What CUDA and torch load later than the context, where what is held was asked for.
_LATER_BYTES = 256 << 20
_GB = 1e9


class Home(StrEnum):
    """Where something lies, and so who computes with it."""

    CARD = "card"
    MEMORY = "memory"
    DISK = "disk"


# Of what every token reads.
_WHY = {Home.CARD: "every token reads it", Home.MEMORY: "the card has no room for it"}


@dataclass(frozen=True)
class LayerHome:
    """Of one layer: where what every token reads lies, and where each expert does.

    `used`: for each home, how many of a token's chosen experts lie there on average.
    """

    always: Home
    experts: tuple[Home, ...]
    used: tuple[tuple[Home, float], ...]

    def used_at(self, home: Home) -> float:
        """Chosen experts of a token that lie there, on average."""
        return dict(self.used).get(home, 0.0)

    def count_at(self, home: Home) -> int:
        """Experts that lie there."""
        return sum(1 for one in self.experts if one is home)


@dataclass(frozen=True)
class Row:
    """A line of the plan: what, where, how large, why."""

    name: str
    home: Home
    row_bytes: int
    reason: str


@dataclass(frozen=True)
class CardPlan:
    """Where everything goes. `runs` is false where what every token reads does not fit in
    memory beside the card."""

    card: Card
    context_tokens: int
    card_usable_bytes: int
    memory_usable_bytes: int
    layers: tuple[LayerHome, ...]
    head: Home
    rows: tuple[Row, ...]
    runs: bool
    sentence: str

    @property
    def uses_card(self) -> bool:
        """Whether anything lies there: what every token reads comes first."""
        return _uses_card(self.layers)

    def bytes_at(self, home: Home) -> int:
        """What lies there."""
        return sum(row.row_bytes for row in self.rows if row.home is home)


def _uses_card(layers: Sequence[LayerHome]) -> bool:
    return any(layer.always is Home.CARD for layer in layers)


def usable_bytes(card: Card) -> int:
    """A card's memory less what CUDA, the desktop and allocators need, or more where other
    programs hold more."""
    held = max(_RESERVE_BYTES, card.held_bytes + _LATER_BYTES if card.held_bytes else 0)
    return max(0, card.memory_bytes - held - card.memory_bytes // _RESERVE_SHARE)


def place(
    sizes: ModelSizes,
    card: Card,
    machine: Machine,
    context_tokens: int,
    work_bytes: int,
    popularity: Popularity | None = None,
) -> CardPlan:
    """`work_bytes`: what a chunk of a prompt holds beside weights and cache.
    Without a measured popularity all experts count as equally wanted."""
    popularity = popularity or even(sizes.routing)
    room = usable_bytes(card) - work_bytes
    on_card, room = _whole_layers(sizes, context_tokens, room)
    whole = on_card == len(sizes.layers) and sizes.head.stored_bytes <= room
    head = Home.CARD if whole else Home.MEMORY
    wanted = list(_by_wish(sizes, popularity))
    here = _filled(wanted, room - sizes.head.stored_bytes, frozenset()) if whole else frozenset()
    held = _held_in_memory(sizes, context_tokens, on_card, head)
    # A chunk's work lies where its layers do; of those in memory it is little beside their weights.
    memory_room = machine.usable_bytes - held - (0 if on_card else work_bytes)
    in_memory = _filled(wanted, memory_room, here)
    layers = tuple(
        _layer_home(index, one, on_card, popularity.of(index), here, in_memory)
        for index, one in enumerate(sizes.layers)
    )
    rows = tuple(_rows(sizes, layers, head, context_tokens, work_bytes))
    runs = memory_room >= 0
    return CardPlan(
        card=card,
        context_tokens=context_tokens,
        card_usable_bytes=usable_bytes(card),
        memory_usable_bytes=machine.usable_bytes,
        layers=layers,
        head=head,
        rows=rows,
        runs=runs,
        sentence=_sentence(rows, layers, card, machine, runs),
    )


_Expert = tuple[int, int]  # layer, id


def _whole_layers(sizes: ModelSizes, context_tokens: int, room: int) -> tuple[int, int]:
    """How many layers, from the first on, have what every token reads of them on the card, and
    the room left. Neighbours, so that activations cross the bus once each way."""
    for index, layer in enumerate(sizes.layers):
        needed = _always_bytes(layer, context_tokens)
        if needed > room:
            return index, max(room, 0)
        room -= needed
    return len(sizes.layers), room


def _always_bytes(layer: LayerSizes, context_tokens: int) -> int:
    return layer.always.stored_bytes + context_tokens * layer.cache_bytes_per_token


def _by_wish(sizes: ModelSizes, popularity: Popularity) -> Iterator[tuple[_Expert, int]]:
    """Experts with their bytes, the most wanted for a byte first; equal ones in order."""
    wanted = [
        (-share / layer.expert.stored_bytes, index, expert)
        for index, layer in enumerate(sizes.layers)
        for expert, share in enumerate(popularity.of(index))
    ]
    for _, index, expert in sorted(wanted):
        yield (index, expert), sizes.layers[index].expert.stored_bytes


def _filled(
    wanted: Sequence[tuple[_Expert, int]], room: int, taken: frozenset[_Expert]
) -> frozenset[_Expert]:
    """As many as there is room for, the most wanted first, of those that are not `taken`."""
    found = []
    for expert, size in wanted:
        if expert in taken or size > room:
            continue
        room -= size
        found.append(expert)
    return frozenset(found)


def _held_in_memory(sizes: ModelSizes, context_tokens: int, on_card: int, head: Home) -> int:
    """What memory holds beside experts: an embedding is always looked up there."""
    rest = sum(_always_bytes(layer, context_tokens) for layer in sizes.layers[on_card:])
    beside = sizes.head.stored_bytes if head is Home.MEMORY else 0
    return rest + beside + sizes.embedding.stored_bytes


def _layer_home(
    index: int,
    layer: LayerSizes,
    on_card: int,
    shares: Sequence[float],
    here: frozenset[_Expert],
    in_memory: frozenset[_Expert],
) -> LayerHome:
    experts = tuple(
        Home.CARD if (index, e) in here else Home.MEMORY if (index, e) in in_memory else Home.DISK
        for e in range(layer.num_experts)
    )
    used = tuple(
        (home, sum(share for share, at in zip(shares, experts, strict=True) if at is home))
        for home in Home
    )
    return LayerHome(Home.CARD if index < on_card else Home.MEMORY, experts, used)


def _rows(
    sizes: ModelSizes, layers: Sequence[LayerHome], head: Home, context_tokens: int, work: int
) -> Iterator[Row]:
    total = len(layers)
    for home in (Home.CARD, Home.MEMORY):
        some = [s for s, at in zip(sizes.layers, layers, strict=True) if at.always is home]
        if not some:
            continue
        held = sum(one.always.stored_bytes for one in some)
        name = f"attention, dense and shared feed-forwards of {len(some)} of {total} layers"
        yield Row(name, home, held, _WHY[home])
        cache = context_tokens * sum(one.cache_bytes_per_token for one in some)
        yield Row("KV cache", home, cache, f"{context_tokens:,} tokens, beside their attention")
    yield Row("head", head, sizes.head.stored_bytes, _WHY[head])
    yield Row("embedding", Home.MEMORY, sizes.embedding.stored_bytes, "a token reads one row")
    home = Home.CARD if _uses_card(layers) else Home.MEMORY
    yield Row("work space", home, work, "what a chunk of a prompt holds while it is read")
    reasons = {
        Home.CARD: "of the most wanted, as many as its memory holds",
        Home.MEMORY: "the processor computes these at the same time",
        Home.DISK: "memory has no room; they are read from the file when chosen",
    }
    for home, reason in reasons.items():
        pairs = list(zip(sizes.layers, layers, strict=True))
        count = sum(at.count_at(home) for _, at in pairs)
        if count:
            held = sum(at.count_at(home) * one.expert.stored_bytes for one, at in pairs)
            yield Row(f"{count:,} routed experts", home, held, reason)


def _sentence(
    rows: Sequence[Row],
    layers: Sequence[LayerHome],
    card: Card,
    machine: Machine,
    runs: bool,
) -> str:
    at = {home: sum(r.row_bytes for r in rows if r.home is home) for home in Home}
    if not runs:
        return said(
            "This does not fit: beside the card, what every token reads takes more than the "
            "{usable:,.1f} GB of memory that can be used.",
            usable=machine.usable_bytes / _GB,
        )
    if not _uses_card(layers):
        if card.held_bytes > _RESERVE_BYTES:
            return said(
                "The {card} has no room for any layer of this model: programs hold {held:,.1f} GB "
                "of its memory.",
                card=card.name, held=card.held_bytes / _GB,
            )  # fmt: skip
        return said("The {card} has no room for any layer of this model.", card=card.name)
    chosen = sum(one.used_at(home) for one in layers for home in Home)
    if not chosen:
        return said(
            "{there} of {count} layers on the {card}, the rest on the processor.",
            there=sum(1 for one in layers if one.always is Home.CARD),
            count=len(layers),
            card=card.name,
        )
    here = {
        "size": at[Home.CARD] / _GB,
        "card": card.name,
        "share": sum(one.used_at(Home.CARD) for one in layers) / chosen,
    }
    if at[Home.DISK]:
        return said(
            "{size:,.1f} GB on the {card}, which has {share:.0%} of the experts that tokens want, "
            "{disk:,.1f} GB of experts stay on disk.",
            **here, disk=at[Home.DISK] / _GB,
        )  # fmt: skip
    return said(
        "{size:,.1f} GB on the {card}, which has {share:.0%} of the experts that tokens want.",
        **here,
    )
