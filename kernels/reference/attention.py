"""Attention as its formula: scores, causal mask, softmax, weighted sum.

Up to 8 rows go one at a time over just the positions that they see, on one thread, so
that a row's bits depend neither on the rows beside it nor on the threads; more rows go in
tiles, to bound the score matrix.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from kernels.contracts import MAX_INVARIANT_ROWS
from kernels.fixed_order import fixed_order

_TILE_ROWS = 128


def gqa(q: Tensor, keys: Tensor, values: Tensor, scale: float, out: Tensor) -> None:
    """As `Backend.gqa`: q, out [rows, heads, …]; keys, values [kv_heads, positions, …]."""
    kv_heads, positions, _ = keys.shape
    rows, heads, head_dim = q.shape
    with fixed_order(rows):
        for start, stop, seen in _tiles(rows, positions):
            tile = q[start:stop].view(stop - start, kv_heads, heads // kv_heads, head_dim)
            scores = torch.einsum("rhgd,hpd->hgrp", tile, keys[:, :seen]) * scale
            weights = _causal_softmax(scores, start, seen, positions - rows)
            mixed = torch.einsum("hgrp,hpd->rhgd", weights, values[:, :seen])
            out[start:stop] = mixed.flatten(1, 2)


def mla(
    q_latent: Tensor, q_rope: Tensor, latent: Tensor, k_rope: Tensor, scale: float, out: Tensor
) -> None:
    """As `Backend.mla`: every head reads the same latent [positions, kv_lora_rank]."""
    rows, positions = q_latent.shape[0], latent.shape[0]
    with fixed_order(rows):
        for start, stop, seen in _tiles(rows, positions):
            scores = torch.einsum("rhc,pc->hrp", q_latent[start:stop], latent[:seen])
            scores += torch.einsum("rhd,pd->hrp", q_rope[start:stop], k_rope[:seen])
            weights = _causal_softmax(scores * scale, start, seen, positions - rows)
            out[start:stop] = torch.einsum("hrp,pc->rhc", weights, latent[:seen])


def _tiles(rows: int, positions: int) -> Iterator[tuple[int, int, int]]:
    """(start, stop, positions that the tile's last row sees)."""
    step = 1 if rows <= MAX_INVARIANT_ROWS else _TILE_ROWS
    for start in range(0, rows, step):
        stop = min(start + step, rows)
        yield start, stop, positions - rows + stop


def _causal_softmax(scores: Tensor, start: int, seen: int, past: int) -> Tensor:
    """Softmax over the last axis of scores [..., tile_rows, seen], later positions masked."""
    tile_rows = scores.shape[-2]
    if tile_rows > 1:
        last_seen = torch.arange(past + start, past + start + tile_rows).unsqueeze(1)
        scores = scores.masked_fill(torch.arange(seen) > last_seen, float("-inf"))
    return scores.softmax(-1)
