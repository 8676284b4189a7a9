"""Triton's attention where the shared cases do not reach: several splits, keys in two parts, and
which tiles are chosen."""

from importlib.util import find_spec

import pytest
import torch

from kernels.reference import ReferenceBackend
from kernels.schemes.base import Tolerance
from kernels.testing.cases import random_values
from kernels.testing.compare import compare
from kernels.testing.hostile import HostileWorkspace, before_nans
from kernels.triton.attention import AttentionOps, attention_kernels, head_shape, splits_of
from kernels.triton.attention_tiles import SPAN, SPLITS, HeadShape, few_tile, many_tile
from kernels.triton.interpreter import InterpreterLauncher
from kernels.workspace import Workspace

pytestmark = pytest.mark.skipif(find_spec("triton") is None, reason="triton is not installed")

REFERENCE = ReferenceBackend()
CLOSE = Tolerance(relative=2e-3)


class Attention(AttentionOps):
    def __init__(self):
        self._launcher = InterpreterLauncher()


TRITON = Attention()


class Operands:
    """One call of grouped-query attention, of which rows may be asked for by themselves."""

    def __init__(self, rows, past, key_dim, value_dim, heads=2):
        self.past, self.rows = past, rows
        self.q = random_values(1, rows, heads, key_dim)
        self.keys = random_values(2, 1, past + rows, key_dim)
        self.values = random_values(3, 1, past + rows, value_dim)

    def run(self, some, backend=TRITON):
        seen = self.past + some.stop
        keys, values = (before_nans(t[:, :seen], 1, "cpu") for t in (self.keys, self.values))
        out = torch.full((some.stop - some.start, self.q.shape[1], values.shape[-1]), torch.nan)
        backend.gqa(self.q[some], keys, values, 0.2, out, HostileWorkspace())
        return out

    def wanted(self):
        return self.run(slice(0, self.rows), REFERENCE)


@pytest.mark.parametrize(
    ("rows", "past"),
    [
        pytest.param(3, 2 * SPAN - 2, id="rows with two splits and with three"),
        pytest.param(1, 3 * SPAN, id="a last split of one"),
        pytest.param(2, SPLITS * SPAN - 1, id="longer splits", marks=pytest.mark.slow),
    ],
)
def test_a_long_context_is_read_in_splits(rows, past):
    """Rows beside one another may differ in how many splits they have, and how long these are."""
    operands = Operands(rows, past, 16, 16)
    together = operands.run(slice(0, rows))
    compare(together, operands.wanted(), CLOSE)
    for row in range(rows):
        assert torch.equal(operands.run(slice(row, row + 1))[0], together[row])


def test_a_split_is_never_read_by_a_row_that_does_not_see_it():
    """The last position is NaN: all but the last row are as they were."""
    operands = Operands(3, SPAN - 2, 16, 16)
    before = operands.run(slice(0, 3))
    operands.keys[:, -1] = torch.nan
    operands.values[:, -1] = torch.nan
    after = operands.run(slice(0, 3))
    assert torch.equal(after[:2], before[:2])
    assert after[2].isnan().all()


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("rows", [1, 9])
def test_scores_whose_powers_overflow_are_weighed(rows, sign):
    """All of them far above 128, or far below, in base 2: numbers that float16 has exactly."""
    operands = Operands(rows, 2 * SPAN, 16, 16)
    operands.q = torch.full_like(operands.q, 16.0 * sign)
    operands.keys = 32.0 + operands.keys.sign()
    compare(operands.run(slice(0, rows)), operands.wanted(), CLOSE)


def test_splits_are_at_most_so_many_and_grow_with_what_is_seen():
    assert [splits_of(n) for n in (1, SPAN, SPAN + 1, SPLITS * SPAN)] == [1, 1, 2, SPLITS]
    assert splits_of(SPLITS * SPAN + 1) == SPLITS // 2 + 1
    assert max(splits_of(n) for n in range(1, 200_000, 997)) <= SPLITS


@pytest.mark.parametrize("rows", [1, 9])
@pytest.mark.parametrize(("key_dim", "value_dim"), [(48, 20), (80, 64), (33, 33)])
def test_keys_are_read_in_two_parts_where_these_are_smaller(rows, key_dim, value_dim):
    operands = Operands(rows, 20, key_dim, value_dim)
    compare(operands.run(slice(0, rows)), operands.wanted(), CLOSE)


def test_keys_of_192_values_are_128_and_64():
    assert head_shape(192, 128) == HeadShape(128, 64, 128, latent=False)
    assert head_shape(96, 96) == HeadShape(64, 32, 96, latent=False)
    for whole in (2, 16, 24, 64, 100, 128, 256):
        assert head_shape(whole, whole) == HeadShape(whole, 0, whole, latent=False)


@pytest.mark.parametrize("rows", [2, 9])
def test_memory_that_begins_at_no_16_bytes_is_read_and_written(rows):
    heads, rank, rope_dim = 3, 19, 5
    q = random_values(4, rows, heads, rank + rope_dim)
    cache = random_values(5, 30, rank + rope_dim)
    wide = torch.full((rows, heads, rank + 1), torch.nan)
    want = torch.empty(rows, heads, rank)
    parts = q[..., :rank], q[..., rank:], cache[:, :rank], cache[:, rank:]
    TRITON.mla(*parts, 0.2, wide[..., 1:], HostileWorkspace())
    REFERENCE.mla(*parts, 0.2, want, Workspace())
    compare(wide[..., 1:], want, CLOSE)
    assert wide[..., 0].isnan().all()


def test_no_rows_are_no_launch():
    empty, keys = torch.empty(0, 2, 16), random_values(6, 1, 4, 16)
    TRITON.gqa(empty, keys, keys, 0.2, empty, Workspace())


def test_only_large_targets_have_large_tiles():
    """What fits into the shared memory of a block of 9.0 does not into that of 8.6."""
    shape = HeadShape(128, 0, 128, latent=False)
    assert many_tile(90, shape).positions > many_tile(86, shape).positions
    assert few_tile(86, shape) == few_tile(90, shape)


@pytest.mark.parametrize("target", [80, 86, 89, 90, 100, 120])
def test_every_kernel_to_build_is_listed_once(target):
    listed = list(attention_kernels(target))
    assert len(set(listed)) == len(listed) == 12
