"""A model's tensors where a plan puts them: copies on a card, the rest as they are mapped.

For: `decoder` beside this file. Bytes are copied as they lie in the prepared file: kernels of
cards read the same panels as those of the processor. Raises GpuOutOfMemoryError by way of the
device's own allocator; a copy that was begun is dropped with its owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import torch

from inference.experts.store import ExpertStore
from inference.gpu.placement import CardPlan, Home
from kernels.contracts import Expert
from kernels.schemes.base import PackedTensor, Scheme

_HEAD = ("head", "norm")


class CopyCancelledError(Exception):
    """Copying to a card was told to stop; what was copied goes with its owner."""


def copied(packed: PackedTensor, device: torch.device) -> PackedTensor:
    """The same bytes there, each buffer in one piece."""
    buffers = {name: held.to(device).contiguous() for name, held in packed.buffers.items()}
    return PackedTensor(packed.scheme, buffers, packed.shape)


class PlacedTensors(Mapping[str, PackedTensor]):
    """Every tensor but routed experts, by our names; those of the card are copied when they are
    first asked for. A tied head that goes to the card is one more name, `head`."""

    def __init__(
        self, tensors: Mapping[str, PackedTensor], plan: CardPlan, device: torch.device
    ) -> None:
        self._tensors = tensors
        self._plan = plan
        self._device = device
        self._copies: dict[str, PackedTensor] = {}
        self._names = dict.fromkeys(tensors)
        if plan.head is Home.CARD:
            self._names.setdefault("head")

    def __getitem__(self, name: str) -> PackedTensor:
        source = self._source(name)
        if self._home(name) is not Home.CARD:
            return source
        if name not in self._copies:
            self._copies[name] = copied(source, self._device)
        return self._copies[name]

    def _source(self, name: str) -> PackedTensor:
        if name == "head" and name in self._names and name not in self._tensors:
            return self._tensors["embedding"]
        return self._tensors[name]

    def _home(self, name: str) -> Home:
        if name in _HEAD:
            return self._plan.head
        where, _, rest = name.partition(".")
        if where != "layers" or ".experts." in name:
            return Home.MEMORY
        return self._plan.layers[int(rest.partition(".")[0])].always

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @property
    def card_bytes(self) -> int:
        """What was copied so far."""
        return sum(one.stored_bytes for one in self._copies.values())


class PlacedExperts:
    """Routed experts: those of the card are copied at once, the others stay the store's.

    `on_progress` hears how many of how many are copied; `stop_now` is asked before each, and
    where it says yes CopyCancelledError is raised.
    """

    def __init__(
        self,
        store: ExpertStore,
        plan: CardPlan,
        device: torch.device,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        stop_now: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._copies: dict[tuple[int, int], Expert] = {}
        wanted = [
            (layer, index)
            for layer, home in enumerate(plan.layers)
            for index, at in enumerate(home.experts)
            if at is Home.CARD
        ]
        for done, (layer, index) in enumerate(wanted):
            if stop_now():
                raise CopyCancelledError
            self._copies[layer, index] = self._copy(layer, index, device)
            on_progress(done + 1, len(wanted))
        self._ids = {id(expert) for expert in self._copies.values()}

    def _copy(self, layer: int, index: int, device: torch.device) -> Expert:
        held = self._store.acquire(layer, [index])[index]
        return Expert(*(copied(part, device) for part in (held.gate, held.up, held.down)))

    def acquire(self, layer: int, ids: Sequence[int]) -> Mapping[int, Expert]:
        """The card's copies, and of the others what the store has."""
        others = [index for index in ids if (layer, index) not in self._copies]
        held = self._store.acquire(layer, others) if others else {}
        return {
            index: self._copies[layer, index] if (layer, index) in self._copies else held[index]
            for index in ids
        }

    def kind(self, layer: int) -> tuple[Scheme, tuple[int, ...]]:
        """As the store says."""
        return self._store.kind(layer)

    def is_copy(self, expert: object) -> bool:
        """Whether it is one of the card's."""
        return id(expert) in self._ids

    @property
    def card_bytes(self) -> int:
        """What was copied."""
        return sum(
            part.stored_bytes
            for one in self._copies.values()
            for part in (one.gate, one.up, one.down)
        )
