"""For 1 to 8 rows a row's bits are its own: whatever stands beside it, however many threads,
and whichever of them the system takes off its core in the middle of a chunk."""

import pytest
import torch

from kernels.contracts import Expert
from kernels.cpu.backend import CpuBackend
from kernels.testing.cases import invariant_rows, random_values
from kernels.workspace import Workspace
from tests.kernels.cpu.native import LEVELS, SOURCES, random_panels

ROWS = 8
# Sizes of several chunks, and of a ragged last one.
OUT, COLUMNS = 712, 512
EXPERTS = [("Q4_K_P16", "Q6_K_P16"), ("F32_P16", "Q8_0_P16")]


@pytest.fixture(scope="module", params=[1, 2, 3, 4], ids="{}-threads".format)
def threads(request):
    return request.param


@pytest.fixture(scope="module", params=[False, True], ids=["quiet", "disturbed"])
def disturbed(request):
    return request.param


def make(level, threads, disturbed, precise):
    own = CpuBackend(level, threads, precise=precise, row_ops=True)
    if disturbed:
        for thread in range(threads):
            own.pool.disturb(thread, 5 + thread, 150)
    return own


def linear(own, name, rows):
    weight = random_panels(name, OUT, COLUMNS, seed=1)
    out = torch.empty(rows, OUT)
    own.linear(random_values(2, ROWS, COLUMNS)[:rows], weight, None, out, Workspace())
    return out


def experts(own, names, rows):
    gate, down = names
    held = {
        i: Expert(
            random_panels(gate, 256, 256, seed=100 + i),
            random_panels(gate, 256, 256, seed=200 + i),
            random_panels(down, 256, 256, seed=300 + i),
        )
        for i in range(4)
    }
    chosen = torch.tensor([[0, 1], [1, 2], [0, 1], [3, 0], [1, 0], [2, 3], [0, 1], [1, 3]])[:rows]
    weights = random_values(15, ROWS, 2).softmax(-1)
    x, out = random_values(16, ROWS, 256) * 0.02, torch.empty(rows, 256)
    some = {i: held[i] for i in torch.unique(chosen).tolist()}
    own.experts(x[:rows], some, chosen, weights[:rows], out, Workspace())
    return out


def rms_norm(own, width, rows):
    x, out = random_values(10, ROWS, width)[:rows].contiguous(), torch.empty(rows, width)
    own.rms_norm(x, random_values(11, width), 1e-5, out)
    return out


def assert_the_same(op, what, level, threads, disturbed):
    """Every row of every number of rows has the bits that it has alone on one quiet thread."""
    for precise in (False, True):
        plain = CpuBackend(level, 1, precise=precise, row_ops=True)
        alone = op(plain, what, 1)[0]
        whole = op(plain, what, ROWS)
        own = make(level, threads, disturbed, precise)
        for rows in invariant_rows():
            found = op(own, what, rows)
            assert torch.equal(found[0], alone), f"{rows} rows beside one"
            assert torch.equal(found, whole[:rows]), f"{rows} rows beside {ROWS}"


@pytest.mark.parametrize("level", LEVELS)
def test_linear(level, threads, disturbed):
    # Under disturbance, one of each family of formats: a sleep takes longer than a product.
    names = ("Q4_K_P16", "Q5_0_P16", "A8G16_P16", "F32_P16") if disturbed else SOURCES
    for name in names:
        assert_the_same(linear, name, level, threads, disturbed)


@pytest.mark.parametrize("level", LEVELS)
def test_experts(level, threads, disturbed):
    for names in EXPERTS:
        assert_the_same(experts, names, level, threads, disturbed)


@pytest.mark.parametrize("level", LEVELS)
def test_rms_norm(level, threads, disturbed):
    for width in (576, 4096):
        assert_the_same(rms_norm, width, level, threads, disturbed)


def test_the_check_can_fail():
    own = CpuBackend(LEVELS[0], 1, precise=False)
    other = CpuBackend(LEVELS[0], 1, precise=True)
    assert not torch.equal(linear(own, "Q4_K_P16", 1), linear(other, "Q4_K_P16", 1))
