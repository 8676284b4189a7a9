"""Counting how often each expert is chosen while a text is read.

For: plans with a card (`inference.gpu.placement`), which put the most wanted experts there. It
runs the model an op at a time, with a router that remembers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from inference.compute import ComputePath
from inference.errors import RequestError
from inference.layers.decoder import Decoder, Step
from inference.models.base import ModelSpec, MoeSpec
from inference.sentence import said
from kernels.contracts import Accepted, Answer, Backend, Op, Rejected, RouterRule
from kernels.hardware import Hardware
from kernels.partial import PartialBackend
from kernels.registry import Registry
from kernels.schemes.base import PackedTensor, Scheme


def count_experts(
    spec: ModelSpec,
    tensors: Mapping[str, PackedTensor],
    path: ComputePath,
    token_ids: Sequence[int],
    context: int,
    on_window: Callable[[int, int], None] = lambda done, total: None,
) -> list[list[int]]:
    """`counts[layer][expert]` over `token_ids`, read in windows of `context` tokens; a layer
    without experts has none. Raises RequestError for a model without any, and without tokens."""
    sparse = [layer.feed_forward for layer in spec.layers]
    if not any(isinstance(one, MoeSpec) for one in sparse):
        raise RequestError("This model has no experts to count.")
    if not token_ids:
        raise RequestError("The text has no tokens.")
    inner = path.registry.choose(Op.ROUTER).backend
    router = _CountingRouter(inner, [one.num_experts for one in sparse if isinstance(one, MoeSpec)])
    registry = Registry((router, *path.registry.backends), path.registry.hardware)
    decoder = Decoder(spec, tensors, replace(path, registry=registry))
    windows = range(0, len(token_ids), context)
    for done, start in enumerate(windows):
        ids = torch.tensor(token_ids[start : start + context], dtype=torch.int64)
        decoder.forward(Step(ids), decoder.new_cache(len(ids)), slice(0, 0))
        on_window(done + 1, len(windows))
    counts = iter(router.counts)
    return [next(counts).tolist() if isinstance(one, MoeSpec) else [] for one in sparse]


class _CountingRouter(PartialBackend):
    """Another backend's router, whose calls come layer by layer, one for each sparse layer."""

    name = "counting"

    def __init__(self, inner: Backend, num_experts: Sequence[int]) -> None:
        self.counts = [torch.zeros(count, dtype=torch.int64) for count in num_experts]
        self._inner = inner
        self._next = 0

    def accepts(
        self, op: Op, scheme: Scheme | None, shape: Sequence[int], hardware: Hardware
    ) -> Answer:
        """The router alone."""
        return Accepted() if op is Op.ROUTER else Rejected(said("it only counts experts"))

    def router(
        self, logits: Tensor, bias: Tensor | None, rule: RouterRule
    ) -> tuple[Tensor, Tensor]:
        """As the other one has it."""
        chosen, weights = self._inner.router(logits, bias, rule)
        counts = self.counts[self._next]
        counts += torch.bincount(chosen.flatten().cpu(), minlength=counts.shape[0])
        self._next = (self._next + 1) % len(self.counts)
        return chosen, weights
