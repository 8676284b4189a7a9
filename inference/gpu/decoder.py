"""A decoder whose layers run where a plan puts them: on a card, on the processor, or on both.

For: whoever loads a model for a card. It is `layers.decoder.Decoder`, an op at a time: what
differs is each layer's backends and where its weights lie. Not here: which backends a card has,
or what goes where (`placement`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import torch

from inference.compute import ComputePath
from inference.experts.store import MappedExperts
from inference.gpu.placement import CardPlan, Home, LayerHome
from inference.gpu.weights import PlacedExperts, PlacedTensors
from inference.layers.decoder import Decoder, Paths
from inference.models.base import ModelSpec
from kernels.contracts import Backend, Op
from kernels.hardware import Hardware
from kernels.hybrid import HybridBackend
from kernels.registry import Registry
from kernels.schemes.base import PackedTensor
from kernels.workspace import Workspace


@dataclass(frozen=True)
class PlacedWeights:
    """A model's weights where a plan has them; whoever else computes with them shares copies."""

    tensors: PlacedTensors
    store: PlacedExperts


def place_weights(
    tensors: Mapping[str, PackedTensor],
    plan: CardPlan,
    device: torch.device,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stop_now: Callable[[], bool] = lambda: False,
) -> PlacedWeights:
    """Copies experts at once, the rest when it is asked for. Raises CopyCancelledError."""
    store = PlacedExperts(MappedExperts(tensors), plan, device, on_progress, stop_now)
    return PlacedWeights(PlacedTensors(tensors, plan, device), store)


def decoder_over(
    spec: ModelSpec,
    weights: PlacedWeights,
    host: ComputePath,
    card: ComputePath,
    plan: CardPlan,
) -> Decoder:
    """The model over what is placed; copies what is left. `card` is what `card_path` made. Raises
    NoBackendError and GpuError."""
    both = _divided(host, card, weights.store)
    paths = tuple(_path_of(home, host, card, both) for home in plan.layers)
    head = card if plan.head is Home.CARD else host
    return Decoder(spec, weights.tensors, host, weights.store, Paths(paths, head))


def card_path(
    host: ComputePath,
    backends: Sequence[Backend],
    device: torch.device,
    hardware: Hardware,
    first_for: Mapping[Op, str] | None = None,
) -> ComputePath:
    """The card's: its backends in order of preference, and scratch in its memory."""
    registry = Registry(backends, hardware, first_for)
    return replace(host, registry=registry, work=Workspace(device))


def _divided(host: ComputePath, card: ComputePath, store: PlacedExperts) -> ComputePath:
    """The card's path for layers of whose experts some are in memory."""

    def is_host(expert: object) -> bool:
        return not store.is_copy(expert)

    pairs = [
        HybridBackend(mine, other, is_host)
        for mine in card.registry.backends
        for other in host.registry.backends
    ]
    return replace(card, registry=card.registry.behind(pairs))


def _path_of(
    home: LayerHome, host: ComputePath, card: ComputePath, both: ComputePath
) -> ComputePath:
    if home.always is not Home.CARD:
        return host
    return card if home.count_at(Home.CARD) == len(home.experts) else both
