"""CUDA's kernels on the shim, beyond the shared case list: sizes of real models, any order."""

from __future__ import annotations

from functools import cache

import pytest
import torch
from torch import Tensor

from kernels.contracts import RouterRule
from kernels.cuda.attention import FEW, MANY, splits_of
from kernels.cuda.attention_tiles import most_splits, shared_bytes_of
from kernels.cuda.backend import CudaBackend
from kernels.cuda.sampling import MOST, greatest
from kernels.cuda.shim.launcher import ShimLauncher
from kernels.cuda.tiles import TILES
from kernels.reference import ReferenceBackend
from kernels.schemes.base import Tolerance
from kernels.testing.cases import random_values
from kernels.testing.compare import compare
from kernels.workspace import Workspace

REFERENCE = ReferenceBackend()
ATTENTION = Tolerance(relative=2e-3)


@cache
def backend(target: int = 75, order: int = 0) -> CudaBackend:
    return CudaBackend(ShimLauncher(target, order))


def gqa(runner: object, rows: int, past: int, sizes: tuple[int, int, int, int]) -> Tensor:
    heads, kv_heads, dim, value_dim = sizes
    q = random_values(1, rows, heads, dim)
    keys = random_values(2, kv_heads, past + rows, dim)
    values = random_values(3, kv_heads, past + rows, value_dim)
    out = torch.full((rows, heads, value_dim), float("nan"))
    runner.gqa(q, keys, values, dim**-0.5, out, Workspace())  # type: ignore[attr-defined]
    return out


def mla(runner: object, rows: int, past: int, heads: int) -> Tensor:
    q_latent, q_rope = random_values(4, rows, heads, 512), random_values(5, rows, heads, 64)
    cache = random_values(6, past + rows, 576)
    out = torch.full((rows, heads, 512), float("nan"))
    runner.mla(q_latent, q_rope, cache[:, :512], cache[:, 512:], 0.04, out, Workspace())  # type: ignore[attr-defined]
    return out


@pytest.mark.parametrize("target", [75, 86])
@pytest.mark.parametrize(("rows", "past", "heads"), [(1, 70, 16), (2, 0, 20), (9, 30, 16)], ids=str)
def test_latent_attention_of_real_sizes(target: int, rows: int, past: int, heads: int) -> None:
    """512 latents and 64 rotary values, as V2-Lite and GLM-4.7-Flash have them."""
    got, want = mla(backend(target), rows, past, heads), mla(REFERENCE, rows, past, heads)
    compare(got, want, ATTENTION)


@pytest.mark.parametrize(
    ("rows", "sizes"),
    [(1, (8, 2, 128, 128)), (1, (2, 1, 256, 256)), (17, (4, 4, 192, 128)), (33, (2, 1, 256, 256))],
    ids=str,
)
def test_grouped_attention_of_real_sizes(rows: int, sizes: tuple[int, int, int, int]) -> None:
    got, want = gqa(backend(), rows, 41, sizes), gqa(REFERENCE, rows, 41, sizes)
    compare(got, want, ATTENTION)


def test_operands_that_begin_anywhere_are_copied() -> None:
    q, keys, values = (
        random_values(7, *shape)[..., 1:] for shape in ((3, 2, 17), (2, 9, 17), (2, 9, 17))
    )
    outs = []
    for runner in (backend(), REFERENCE):
        out = torch.empty(3, 2, 17)[..., 1:]
        runner.gqa(q, keys, values, 0.25, out, Workspace())
        outs.append(out)
    compare(*outs, ATTENTION)


def test_rows_that_nobody_has_launch_nothing() -> None:
    none = torch.empty(0, 2, 16)
    backend().gqa(none, torch.empty(2, 3, 16), torch.empty(2, 3, 16), 1.0, none, Workspace())
    backend().rope(none, torch.empty(0, 8), torch.empty(0, 8), True)
    backend().rms_norm(none, torch.empty(16), 1e-6, none)
    chosen, weights = backend().router(torch.empty(0, 8), None, RouterRule(2, "softmax"))
    assert chosen.shape == weights.shape == (0, 2)


def test_a_head_that_no_kernel_has_room_for_is_our_mistake() -> None:
    with pytest.raises(AssertionError, match="no attention kernel for keys of 512 on sm_75"):
        gqa(backend(), 1, 0, (1, 1, 512, 512))


@pytest.mark.parametrize("target", TILES)
def test_attention_fits_every_target(target: int) -> None:
    """Of the models that there are: V2-Lite's expanded heads, Qwen's and Llama's, latents."""
    for dims, value_dim, latent in ((192, 128, False), (128, 128, False), (576, 512, True)):
        for of in (FEW, MANY):
            held = [
                one
                for one in of
                if one.latent == latent
                and value_dim <= one.values
                and one.shared_bytes(dims, value_dim) <= shared_bytes_of(target)
            ]
            assert held, (target, dims, value_dim)


def test_splits_cover_the_context() -> None:
    for target in TILES:
        most = most_splits(target, 1)
        for seen in (1, 31, 32, 33, 2047, 2049, 163840):
            assert 1 <= splits_of(seen, most) <= most
        assert splits_of(32, most) == 1
        assert most_splits(target, 10000) == 1


def test_norms_of_heads_and_of_single_rows() -> None:
    for shape in ((700,), (2, 3, 4, 128), (2, 5, 513)):
        x, weight = random_values(8, *shape), random_values(9, shape[-1])
        got, want = torch.empty(shape), torch.empty(shape)
        backend().rms_norm(x, weight, 1e-6, got)
        REFERENCE.rms_norm(x, weight, 1e-6, want)
        compare(got, want, Tolerance(relative=2e-6))


def test_equal_scores_go_to_the_lower_expert() -> None:
    logits = torch.tensor([[1.0, 3.0, 3.0, -0.0, 0.0, 3.0, 2.0, 2.0]])
    for scoring in ("softmax", "sigmoid"):
        chosen, _ = backend().router(logits, None, RouterRule(5, scoring))
        assert chosen.tolist() == [[1, 2, 5, 6, 7]]
    grouped = RouterRule(2, "sigmoid", num_groups=4, top_groups=1)
    # Groups 0 and 2 have an equal best.
    assert backend().router(logits, None, grouped)[0].tolist() == [[1, 0]]


def test_a_logit_that_is_no_number_shows_and_ids_stay_valid() -> None:
    logits = random_values(10, 3, 16)
    logits[1, 5] = float("nan")
    logits[2] = float("-inf")
    for scoring in ("softmax", "sigmoid"):
        rule = RouterRule(4, scoring, num_groups=4, top_groups=2, group_score="sum_two")
        chosen, weights = backend().router(logits, None, rule)
        assert ((chosen >= 0) & (chosen < 16)).all()
        assert all(len(set(row)) == 4 for row in chosen.tolist())
        assert weights[1].isnan().any()
        assert weights[0].isfinite().all()


@pytest.mark.parametrize(("vocab", "count"), [(1, 1), (5000, 1), (9001, 50), (17000, MOST)])
def test_the_likeliest_tokens(vocab: int, count: int) -> None:
    logits = (random_values(11, vocab) * 8).round() / 8  # many are equal
    values, ids = greatest(backend()._launcher, logits, count, Workspace())
    want = torch.sort(logits, descending=True, stable=True)
    assert torch.equal(ids, want.indices[:count])
    assert torch.equal(values, want.values[:count])


def test_a_logit_that_is_no_number_is_the_likeliest() -> None:
    logits = random_values(12, 6000)
    logits[4321] = float("nan")
    values, ids = greatest(backend()._launcher, logits, 2, Workspace())
    assert ids[0].item() == 4321
    assert values[0].isnan()
    assert values[1] == logits.nan_to_num(-100.0).max()
    with pytest.raises(ValueError, match="greatest 1025"):
        greatest(backend()._launcher, logits, MOST + 1, Workspace())
