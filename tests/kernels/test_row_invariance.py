"""For 1 to 8 rows a row's bits are its own, whatever its neighbours and the threads."""

import pytest
import torch

from kernels.contracts import Expert
from kernels.reference import ReferenceBackend
from kernels.schemes import SCHEMES
from kernels.testing.cases import invariant_rows, random_blocks, random_values
from kernels.workspace import Workspace

BACKEND = ReferenceBackend()
ROWS = 8


@pytest.fixture(params=[1, 2, 4])
def threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


def linear(rows):
    outs = []
    for features, columns in ((576, 1536), (1536, 576), (33, 4096), (4097, 64), (3, 32)):
        weight = random_blocks(SCHEMES["Q4_1"], (features, columns), seed=1)
        x = random_values(2, ROWS, columns)[:rows]
        out = torch.empty(rows, features)
        BACKEND.linear(x, weight, None, out, Workspace())
        outs.append(out)
    return torch.cat(outs, -1)


def gqa(rows):
    """The last `ROWS` tokens in one step of `rows`, behind 200 cached positions."""
    q = random_values(3, ROWS, 9, 64)
    keys, values = random_values(4, 3, 200 + ROWS, 64), random_values(5, 3, 200 + ROWS, 64)
    out = torch.empty(rows, 9, 64)
    seen = slice(0, 200 + rows)
    BACKEND.gqa(q[:rows], keys[:, seen], values[:, seen], 0.125, out, Workspace())
    return out


def mla(rows):
    q_latent, q_rope = random_values(6, ROWS, 4, 32), random_values(7, ROWS, 4, 8)
    latent, k_rope = random_values(8, 100 + ROWS, 32), random_values(9, 100 + ROWS, 8)
    out = torch.empty(rows, 4, 32)
    seen = slice(0, 100 + rows)
    BACKEND.mla(q_latent[:rows], q_rope[:rows], latent[seen], k_rope[seen], 0.2, out, Workspace())
    return out


def rms_norm(rows):
    x = random_values(10, ROWS, 576)[:rows].contiguous()
    out = torch.empty_like(x)
    BACKEND.rms_norm(x, random_values(11, 576), 1e-5, out)
    return out


def experts(rows):
    scheme = SCHEMES["Q8_0"]
    gate, up = (random_blocks(scheme, (4, 96, 64), seed=seed) for seed in (12, 13))
    down = random_blocks(scheme, (4, 64, 96), seed=14)
    held = {i: Expert(gate.expert(i), up.expert(i), down.expert(i)) for i in range(4)}
    chosen = torch.tensor([[0, 1], [1, 2], [0, 1], [3, 0], [1, 0], [2, 3], [0, 1], [1, 3]])
    weights = random_values(15, ROWS, 2).softmax(-1)
    out = torch.empty(rows, 64)
    x = random_values(16, ROWS, 64)
    BACKEND.experts(x[:rows], held, chosen[:rows], weights[:rows], out, Workspace())
    return out


def head_linear(transposed):
    def run(rows):
        shape = (96, 64) if transposed else (64, 96)
        weights = [random_blocks(SCHEMES["Q8_0"], shape, seed=s) for s in range(3)]
        x = random_values(19, ROWS, 3, 96)
        out = torch.empty(rows, 3, 64)
        BACKEND.head_linear(x[:rows], weights, transposed, out, Workspace())
        return out

    return run


@pytest.mark.parametrize(
    "op", [linear, gqa, mla, rms_norm, experts, head_linear(False), head_linear(True)]
)
def test_a_rows_bits_do_not_depend_on_its_neighbours_or_the_threads(op, threads):
    torch.set_num_threads(1)
    alone = op(1)[0]
    torch.set_num_threads(threads)
    for rows in invariant_rows():
        assert torch.equal(op(rows)[0], alone), f"{rows} rows, {threads} threads"


def test_the_check_can_fail():
    x = random_values(17, 64, 576)
    weight = random_values(18, 576, 576)
    assert not torch.equal((x @ weight)[:1], (x.double() @ weight.double()).float()[:1])
