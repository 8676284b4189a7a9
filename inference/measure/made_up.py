"""A decoder of any shape over weights that are made up: as fast as a real one, and never written.

For: the machine's test (`whole_layers`), and `benchmarks.preflight`, which asks how fast shapes
are that nobody has fetched. Nearly all weights are one byte over and over in memory of their real
size; embeddings and routers are random, so that tokens choose experts as evenly as in a real
model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch

from inference.compute import compute_path
from inference.experts.store import MappedExperts
from inference.models.base import ModelSpec
from inference.planned.decoder import PlannedDecoder
from inference.prepared.places import Places
from inference.prepared.recipe import VECTOR_SCHEME, Part, Recipe
from inference.request import Compute
from kernels.schemes import BLOCK_SCHEMES
from kernels.schemes.base import PackedTensor
from kernels.schemes.floats import FloatScheme
from kernels.schemes.panels import PANEL_SCHEMES

# As floats and as float16 scales a small, ordinary number.
_FILL = 0x11


class MadeUpTensors(Mapping[str, PackedTensor]):
    """What a prepared file of `recipe` would hold, by our names."""

    def __init__(self, recipe: Recipe) -> None:
        self._places = Places(recipe, 0)
        self._data = torch.full((recipe.stored_bytes,), _FILL, dtype=torch.uint8)

    def __getitem__(self, name: str) -> PackedTensor:
        place = self._places.find(name)
        if place is None:
            raise KeyError(name)
        part = place.part
        if part.panels is None:
            blocks = torch.ones(part.shape).view(torch.uint8)
            return PackedTensor(BLOCK_SCHEMES[VECTOR_SCHEME], {"blocks": blocks}, part.shape)
        if name.endswith("router.weight"):
            return _random_router(part)
        scheme = PANEL_SCHEMES[part.scheme]
        (shape,) = scheme.buffer_shapes(part.shape).values()
        if name == "embedding":
            # Bytes below 0x40 are finite as the high ones of float16 scales.
            codes = torch.randint(0x40, shape, dtype=torch.uint8, generator=_generator())
            return PackedTensor(scheme, {"panels": codes}, part.shape)
        strides: tuple[int, ...] = (place.stride, 1)
        if len(shape) == 3:
            strides = (part.matrix_bytes, *strides)
        panels = self._data.as_strided(shape, strides, place.start)
        return PackedTensor(scheme, {"panels": panels}, part.shape)

    def __iter__(self) -> Iterator[str]:
        return self._places.names()

    def __len__(self) -> int:
        return len(self._places)


def _random_router(part: Part) -> PackedTensor:
    """Among equals the same experts would be chosen for ever."""
    values = torch.randn(part.shape, generator=_generator())
    plain = FloatScheme(VECTOR_SCHEME, torch.float32, 0.0).pack(values)
    return PANEL_SCHEMES[part.scheme].pack_from(plain)


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(1)


def made_up_decoder(spec: ModelSpec, recipe: Recipe, threads: int) -> PlannedDecoder:
    """Planned as a prepared model would be; takes the recipe's bytes of memory."""
    tensors = MadeUpTensors(recipe)
    path = compute_path(Compute.FAST, threads)
    return PlannedDecoder(spec, tensors, path, MappedExperts(tensors), path.native.chosen)
