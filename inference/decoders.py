"""What a loaded model's decoder is, whichever way it computes.

For: sessions, measurements and the engine. `layers.decoder.Decoder` calls an op at a time;
`planned.decoder.PlannedDecoder` replays a recorded plan on the native kernels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from torch import Tensor

from inference.cache.base import KVCache
from inference.compute import ComputePath
from inference.layers.decoder import Step
from inference.models.base import ModelSpec


class AnyDecoder(Protocol):
    """A model, ready to run."""

    @property
    def spec(self) -> ModelSpec:
        """What it computes."""

    @property
    def path(self) -> ComputePath:
        """On what."""

    @property
    def kernels(self) -> str:
        """What its weights are multiplied by, for people: a backend or a native build."""

    @property
    def torch_threads(self) -> int:
        """Threads that torch may use beside it: two pools that spin take turns badly."""

    @property
    def threads(self) -> int:
        """How many compute."""

    def use_threads(self, threads: int) -> None:
        """So many from now on; between two passes."""

    def new_cache(self, capacity_tokens: int) -> KVCache:
        """An empty cache for one conversation."""

    def forward(
        self,
        step: Step,
        cache: KVCache,
        rows_wanted: slice,
        stop_now: Callable[[], bool] = ...,
    ) -> Tensor:
        """Logits [rows in `rows_wanted`, vocab_size]; see `layers.decoder.Decoder.forward`."""
