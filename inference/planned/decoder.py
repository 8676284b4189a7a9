"""A decoder that replays a plan: what `layers.decoder.Decoder` computes, on the native kernels.

For: `loading`, on the fast compute path, for prepared models that can be planned. One plan a
conversation, because its cache lives in it; the weights' tables are shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from inference.cache.base import KVCache
from inference.compute import ComputePath
from inference.experts.store import ExpertStore
from inference.layers.decoder import ForwardCancelledError, Step
from inference.models.base import ModelSpec
from inference.planned.attention import AttentionMemory, bytes_per_token
from inference.planned.cache import PlannedCache
from inference.planned.recording import LOGIT_ROWS, Recorder
from inference.planned.weights import PlannedWeights, Tensors
from kernels.contracts import MAX_INVARIANT_ROWS
from kernels.cpu.plan import NativePlan, floats_view
from kernels.cpu.pool import NativePool

# The most rows of one pass; longer ones are cut.
MAX_ROWS = 512
# Narrower models keep 14 bits of their activations: rounding shows most in them, and they are
# fast anyway. Measured on SmolLM2 (576): with 8 bits 96 % of its greedy picks are the
# reference's, with 14 bits over 99 %.
PRECISE_BELOW = 1024


class PlannedDecoder:
    """Embedding, layers, norm, head as one plan. `tensors` are laid out in panels."""

    def __init__(
        self,
        spec: ModelSpec,
        tensors: Tensors,
        path: ComputePath,
        store: ExpertStore,
        level: str,
    ) -> None:
        self.spec = spec
        self.path = path
        self.level = level
        self._weights = PlannedWeights(spec, tensors, store)
        self._pool = NativePool(path.threads)

    @property
    def kernels(self) -> str:
        """The build of the native kernels."""
        return f"native-{self.level}"

    @property
    def torch_threads(self) -> int:
        """One: the kernels have a pool of their own."""
        return 1

    @property
    def threads(self) -> int:
        """Those of the pool."""
        return self._pool.threads

    def use_threads(self, threads: int) -> None:
        """So many from now on; between two passes. A row's bits are the same with any number."""
        self._pool.resize(threads)

    def new_cache(self, capacity_tokens: int) -> PlannedCache:
        """An empty cache, with the plan that reads and extends it."""
        rows = min(MAX_ROWS, capacity_tokens)
        precise = self.spec.hidden_size < PRECISE_BELOW
        plan = NativePlan(self._pool, rows, self.level, precise=precise)
        memory = AttentionMemory.of(self.spec, self._weights.tensors, plan, capacity_tokens)
        recorder = Recorder(self._weights, plan, memory)
        recorder.record()
        plan.keep(self._weights)
        return PlannedCache(plan, recorder.logits, capacity_tokens, bytes_per_token(self.spec))

    def forward(
        self,
        step: Step,
        cache: KVCache,
        rows_wanted: slice,
        stop_now: Callable[[], bool] = lambda: False,
    ) -> Tensor:
        """Logits [rows in `rows_wanted`, vocab_size] of the step's tokens, float32.

        As `Decoder.forward`: extends `cache`, asks `stop_now` between layers and raises
        ForwardCancelledError. A pass of up to 8 rows is one call that is not interrupted.
        """
        assert isinstance(cache, PlannedCache)
        rows = step.token_ids.shape[0]
        self._check(step.token_ids)
        cache.room_for(rows)
        wanted = range(rows)[rows_wanted]
        found: list[Tensor] = []
        for start in range(0, rows, cache.plan.max_rows):
            stop = min(start + cache.plan.max_rows, rows)
            inside = [row - start for row in wanted if start <= row < stop]
            found.extend(self._pass(step.token_ids[start:stop], cache, inside, stop_now))
        return torch.cat(found) if found else torch.empty(0, self.spec.vocab_size)

    def _check(self, token_ids: Tensor) -> None:
        if (
            token_ids.numel()
            and not 0 <= int(token_ids.min()) <= int(token_ids.max()) < self.spec.vocab_size
        ):
            raise IndexError("a token id is outside the vocabulary")

    def _pass(
        self,
        token_ids: Tensor,
        cache: PlannedCache,
        wanted: list[int],
        stop_now: Callable[[], bool],
    ) -> Iterator[Tensor]:
        plan, rows = cache.plan, token_ids.shape[0]
        token_ids = token_ids.contiguous()
        head = plan.sections - 1
        if rows <= MAX_INVARIANT_ROWS:
            if stop_now():
                raise ForwardCancelledError
            first = (wanted[0], len(wanted)) if wanted else (0, 0)
            plan.run(token_ids, cache.length, first, (0, plan.sections if wanted else head))
            if wanted:
                yield floats_view(cache.logits, len(wanted)).clone()
        else:
            for section in range(head):
                if stop_now():
                    raise ForwardCancelledError
                plan.run(token_ids, cache.length, (0, 0), (section, section + 1))
            for start in range(0, len(wanted), LOGIT_ROWS):
                some = wanted[start : start + LOGIT_ROWS]
                plan.run(token_ids, cache.length, (some[0], len(some)), (head, head + 1))
                yield floats_view(cache.logits, len(some)).clone()
        cache.extend(rows)
