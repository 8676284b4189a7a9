"""What a recorded decode step reads and writes: inputs that change from token to token, a
conversation's cache, and experts that nobody need look up.

For: `recorded` beside this file. Not here: recording.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

import torch
from torch import Tensor

from inference.cache.gqa import GqaCache
from inference.cache.latent import LatentCache
from inference.experts.store import ExpertStore
from inference.gpu.weights import PlacedExperts
from inference.layers.rope import Angles
from kernels.contracts import Expert
from kernels.cuda.expert_tables import ExpertTables
from kernels.cuda.stepping import SteppingBackend
from kernels.schemes.base import Scheme

GrowingCache = GqaCache | LatentCache
# Floats: each part begins at 64 bytes.
_ALIGNED = 16


class StepInputs:
    """A row's embedding, its angles and how many positions it sees, in one piece of the card's
    memory that never moves: a token is one copy."""

    def __init__(self, hidden_size: int, half: int, device: torch.device) -> None:
        """`half`: pairs that rotary positions turn."""
        lengths = (hidden_size, half, half, 1)
        ends = accumulate((-(-n // _ALIGNED) * _ALIGNED for n in lengths), initial=0)
        self._places = [
            slice(first, first + length)
            for (first, _), length in zip(pairwise(ends), lengths, strict=True)
        ]
        room = sum(-(-n // _ALIGNED) * _ALIGNED for n in lengths)
        self._host = torch.zeros(room, dtype=torch.float32)
        self._there = torch.zeros(room, dtype=torch.float32, device=device)
        hidden, cos, sin, seen = (self._there[place] for place in self._places)
        self.hidden = hidden.view(1, -1)
        self.angles = Angles(cos.view(1, -1), sin.view(1, -1))
        self.seen = seen.view(torch.int32)

    def write(self, hidden: Tensor, angles: Angles, seen: int) -> None:
        """hidden [1, hidden_size] and angles of the processor's memory."""
        row, cos, sin, count = (self._host[place] for place in self._places)
        for target, source in ((row, hidden), (cos, angles.cos), (sin, angles.sin)):
            target.copy_(source.view(-1))
        count.view(torch.int32).fill_(seen)
        self._there.copy_(self._host)


class StepCache:
    """A conversation's cache as a recorded step extends it: by launches, behind what `seen` says.
    Room must be there."""

    def __init__(self, cache: GrowingCache, backend: SteppingBackend) -> None:
        self._cache = cache
        self._backend = backend

    def append(self, layer: int, first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
        """As the cache's own `append` for one row, but that both results are all that there is
        room for."""
        places = self._cache.reserve(layer, 1)
        for row, place in zip((first, second), places, strict=True):
            # Keys and values have heads, latents have none.
            heads = row[0] if row.dim() == 3 else row
            self._backend.append(heads, place if place.dim() == 3 else place.unsqueeze(0))
        return places


class CardExperts:
    """Routed experts that are all on the card, each layer with its tables of addresses."""

    def __init__(self, store: PlacedExperts, counts: Sequence[int], device: torch.device) -> None:
        """`counts`: experts of each layer, 0 where it has none."""
        self._store: ExpertStore = store
        self._tables = {
            layer: ExpertTables(store.acquire(layer, range(count)), device)
            for layer, count in enumerate(counts)
            if count
        }

    def acquire(self, layer: int, ids: Sequence[int]) -> Mapping[int, Expert]:
        """As the store."""
        return self._store.acquire(layer, ids)

    def kind(self, layer: int) -> tuple[Scheme, tuple[int, ...]]:
        """As the store."""
        return self._store.kind(layer)

    def whole(self, layer: int) -> Mapping[int, Expert]:
        """A layer's tables."""
        return self._tables[layer]
