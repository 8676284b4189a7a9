"""Where prefill of latent attention is faster absorbed and where expanded, beside the rule.

    python -m benchmarks.latent_forms [v2lite12|v3mini] [--rounds 7] [--threads 2]

Both forms of one layer of a prepared model, an op at a time, in turns, over questions of several
lengths late in chats of several lengths. The rule (`inference.layers.mla.absorbs`) counts
multiplications: what it costs is the time of its choice over that of the faster form. Native plans
have a rule of their own, which `attention_test forms` of the kernels' driver times.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from benchmarks import models
from benchmarks.rounds import in_turns
from inference.cache.latent import LatentCache
from inference.compute import ComputePath, compute_path
from inference.layers import mla
from inference.layers.rope import Rope
from inference.layers.weights import Weights
from inference.loading import open_model
from inference.models.base import MlaSpec
from inference.request import Compute

ROWS = (16, 32, 64, 96, 128, 192, 256, 512)
DEPTHS = (0, 256, 1024, 4096, 8192)
ABSORBED, EXPANDED = FORMS = ("absorbed", "expanded")
RULE = mla.absorbs.__name__


class Layer:
    """A model's first layer of attention, and what was read before."""

    def __init__(self, spec: MlaSpec, hidden: int, weights: Weights, path: ComputePath) -> None:
        self.spec = spec
        self._hidden = hidden
        self._path = path
        self._rope = Rope(spec.rope, None, path)
        self._attention = mla.MlaAttention(spec, weights, self._rope, path)
        room = max(ROWS) + max(DEPTHS)
        self._cache = LatentCache(1, spec.kv_lora_rank, spec.rope_dim, room, path.dtype)

    def begin(self, depth: int) -> None:
        """So many positions were read."""
        self._cache.truncate(0)
        if depth:
            latents = torch.randn(depth, self.spec.kv_lora_rank, dtype=self._path.dtype)
            keys = torch.randn(depth, self.spec.rope_dim, dtype=self._path.dtype)
            self._cache.append(0, latents, keys)

    def seconds(self, form: str, rows: int, depth: int) -> float:
        """Of one pass of so many rows behind `depth` positions, in that form."""
        hidden = torch.randn(rows, self._hidden, dtype=self._path.dtype)
        angles = self._rope.angles(depth, rows)
        with forced(form):
            started_s = time.perf_counter()
            self._attention(hidden, 0, angles, self._cache)
            passed_s = time.perf_counter() - started_s
        self._cache.truncate(depth)
        return passed_s


@contextmanager
def forced(form: str) -> Iterator[None]:
    """Prefill in one form, whatever the rule says."""
    rule = mla.absorbs
    setattr(mla, RULE, lambda _spec, _rows, _positions: form == ABSORBED)
    try:
        yield
    finally:
        setattr(mla, RULE, rule)


def pairs(layer: Layer, rows: int, depth: int, rounds: int) -> dict[str, list[float]]:
    """Seconds of both forms, in turns; the first of each is not counted."""
    taken: dict[str, list[float]] = {form: [] for form in FORMS}
    for number in range(rounds + 1):
        for form in in_turns(FORMS, number):
            taken[form].append(layer.seconds(form, rows, depth))
    return {form: found[1:] for form, found in taken.items()}


@torch.inference_mode()
def measure(layer: Layer, rounds: int) -> None:
    """Print a line for each pair of lengths."""
    print(
        "| before | rows | absorbed, ms | expanded, ms | absorbed / expanded | the rule | costs |"
    )
    print("|---|---|---|---|---|---|---|")
    for depth in DEPTHS:
        layer.begin(depth)
        for rows in ROWS:
            taken = pairs(layer, rows, depth, rounds)
            median = {form: statistics.median(found) for form, found in taken.items()}
            ratios = [a / e for a, e in zip(taken[ABSORBED], taken[EXPANDED], strict=True)]
            chosen = ABSORBED if mla.absorbs(layer.spec, rows, depth + rows) else EXPANDED
            ratio = statistics.median(ratios)
            costs = max(1.0, ratio if chosen == ABSORBED else 1 / ratio)
            print(
                f"| {depth} | {rows} | {median[ABSORBED] * 1e3:.2f} | {median[EXPANDED] * 1e3:.2f}"
                f" | {ratio:.2f} ({min(ratios):.2f}–{max(ratios):.2f}) | {chosen} | {costs:.2f} |",
                flush=True,
            )


def main() -> None:
    """Measure the model that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", default="v3mini", choices=["v2lite12", "v3mini"])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int)
    asked = parser.parse_args()
    path = compute_path(Compute.FAST, asked.threads)
    torch.set_num_threads(path.threads)
    with open_model(models.our_path(asked.model)) as opened:
        spec = opened.spec.layers[0].attention
        assert isinstance(spec, MlaSpec)
        weights = Weights(opened.tensors(), "layers.0.")
        measure(Layer(spec, opened.spec.hidden_size, weights, path), asked.rounds)


if __name__ == "__main__":
    main()
