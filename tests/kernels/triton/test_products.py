"""What the tests of every backend do not see of products and experts in Triton: which kernels a
card is given, FP8 operands, and that all that may be launched is in the catalogue."""

import math
import os
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from kernels.contracts import Accepted, Expert, Op, Rejected
from kernels.gpu.launching import Kernel, Kind, Launch, Parameter
from kernels.hardware import probe
from kernels.schemes import SCHEMES
from kernels.schemes.base import Tolerance
from kernels.schemes.panels import PANEL_SCHEMES
from kernels.testing.cases import random_values
from kernels.testing.compare import compare
from kernels.testing.hostile import HostileWorkspace
from kernels.triton import catalogue, formats
from kernels.triton.backend import TritonBackend
from kernels.triton.interpreter import InterpreterLauncher
from kernels.triton.tiles import TARGETS
from kernels.workspace import Workspace
from tests.kernels.every_backend import columns_of, scheme_of, weight_of

pytestmark = pytest.mark.skipif(find_spec("triton") is None, reason="triton is not installed")

FP8 = SCHEMES["FP8_E4M3_128"]


class Leftovers(Workspace):
    """Scratch memory in which an earlier call left numbers that would be right in this one."""

    def take(self, name, shape, dtype):
        return super().take(name, shape, dtype).fill_(0)


class RecordingLauncher:
    """Runs nothing, and keeps what it was asked for."""

    name = "recording"
    device = torch.device("cpu")

    def __init__(self, target):
        self.target = target
        self.launches = []

    def launch(self, launch):
        self.launches.append(launch)


@cache
def interpreted(target):
    return TritonBackend(InterpreterLauncher(target))


def test_the_kernels_know_the_schemes_by_the_same_numbers():
    from kernels.triton.bodies import panels

    for name, number in formats.NUMBERS.items():
        short = name.removesuffix("_P16").removesuffix("_E4M3_128")
        assert int(getattr(panels, short)) == number


def run_every_op(backend, name):
    """Products, heads, embedding and experts over few, some and many rows of one scheme."""
    columns = columns_of(name, 2)
    weight = weight_of(name, 48, columns)
    for rows in (1, 8, 9, 200):
        x, out = random_values(1, rows, columns), torch.empty(rows, 48)
        backend.linear(x, weight, None, out, HostileWorkspace())
        heads, wide = out.view(rows, 1, 48), torch.empty(rows, 1, columns)
        backend.head_linear(heads, [weight], True, wide, HostileWorkspace())
        backend.head_linear(wide, [weight], False, heads, HostileWorkspace())
        backend.embedding(torch.arange(rows), weight, torch.empty(rows, columns))
        down = weight_of(name, columns, columns)
        chosen, shares = torch.zeros(rows, 1, dtype=torch.int64), torch.ones(rows, 1)
        expert = Expert(down, down, down)
        backend.experts(x, {0: expert}, chosen, shares, torch.empty_like(x), HostileWorkspace())
    many = dict.fromkeys(range(8), expert)
    chosen = torch.arange(200).view(-1, 1) % 8
    backend.experts(x, many, chosen, shares, torch.empty_like(x), HostileWorkspace())


@pytest.mark.parametrize("target", TARGETS)
def test_whatever_is_launched_is_built_for_that_card(target):
    launcher = RecordingLauncher(target)
    backend = TritonBackend(launcher)
    for name in formats.SCHEMES:
        run_every_op(backend, name)
    built = set(catalogue.kernels_for(target))
    launched = {launch.kernel for launch in launcher.launches}
    assert launched <= built
    ours = ("product", "expert", "embedding", "scaled_rows", "split_rows", "count", "place")
    never = {k for k in built - launched if k.name.startswith(ours)}
    assert not never, "built and never launched"


def test_names_and_constants_are_the_bodies_own():
    from kernels.triton.bodies import body

    for target in TARGETS:
        for kernel in set(catalogue.kernels_for(target)):
            taken = [p.name for p in kernel.parameters] + [name for name, _ in kernel.constants]
            assert body(kernel.name).arg_names == taken, kernel.name


@pytest.mark.parametrize("target", [89, 90])
@pytest.mark.parametrize("shape", [(9, 33, 96), (20, 65, 272)], ids=str)
def test_fp8_operands_are_as_exact_as_the_scheme_asks(target, shape):
    rows, features, columns = shape
    weight = FP8.pack(random_values(1, features + 130, columns)).rows(130, features + 130)
    x = random_values(2, rows, columns) * torch.logspace(-3, 3, rows).unsqueeze(1)
    x[1] = 0
    out = torch.full((rows, features), math.nan)
    interpreted(target).linear(x, weight, None, out, HostileWorkspace())
    want = x.double() @ weight.dequantize(torch.float64).T
    compare(out, want, Tolerance(relative=4e-3))


def test_activations_that_float16_cannot_hold_are_multiplied_all_the_same():
    weight = weight_of("Q8_0_P16", 17, 64)
    x = random_values(3, 9, 64)
    x[0] *= 1e20
    x[1] *= 1e-20
    x[2] = 0
    x[3, 5] = math.inf
    out = torch.full((9, 17), math.nan)
    interpreted(80).linear(x, weight, None, out, HostileWorkspace())
    some = [0, 1, 2, 4, 5, 6, 7, 8]
    compare(out[some], x[some].double() @ weight.dequantize(torch.float64).T, Tolerance(4e-3))
    assert not out[3].isfinite().any()


def test_the_greatest_and_the_least_activations_keep_their_values():
    """Powers of two end before float32 does."""
    weight = SCHEMES["Q8_0"].pack(random_values(6, 16, 64) * 0.1)
    weight = PANEL_SCHEMES["Q8_0_P16"].pack_from(weight)
    x = torch.zeros(9, 64)
    x[0, 5], x[1, 7], x[2, 9] = 3e38, 1e-38, -2e-39
    out = torch.full((9, 16), math.nan)
    interpreted(80).linear(x, weight, None, out, HostileWorkspace())
    want = (x.double() @ weight.dequantize(torch.float64).T).float()
    compare(out[:2], want[:2], Tolerance(relative=4e-3))
    compare(out[2:], want[2:], Tolerance(relative=0.05))  # subnormal, and zeros


def test_slots_that_an_earlier_call_left_are_not_read():
    """Of three assignments; a tile has 16 slots, and 0 is an assignment."""
    weights = [weight_of("Q8_0_P16", 32, 32, seed) for seed in range(3)]
    experts = {i: Expert(w, w, w) for i, w in enumerate(weights)}
    x, chosen = random_values(7, 3, 32) * 0.02, torch.tensor([[0], [2], [1]])
    outs = []
    for work in (HostileWorkspace(), Leftovers()):
        outs.append(torch.full((3, 32), math.nan))
        interpreted(80).experts(x, experts, chosen, torch.ones(3, 1), outs[-1], work)
    assert torch.equal(*outs)


def test_tensors_that_begin_anywhere_are_read_and_written():
    weight = weight_of("Q8_0_P16", 17, 64)
    x = torch.empty(2 * 65)[1:].as_strided((2, 64), (65, 1)).copy_(random_values(4, 2, 64))
    for width in (17, 64):
        out = torch.full((2 * width + 1,), math.nan)[1:].view(2, width)
        if width == 17:
            interpreted(80).linear(x, weight, None, out, HostileWorkspace())
            want = x.double() @ weight.dequantize(torch.float64).T
        else:
            interpreted(80).embedding(torch.tensor([16, 3]), weight, out)
            want = weight.dequantize()[[16, 3]]
        compare(out, want, Tolerance(relative=1e-5))


def test_experts_write_where_nothing_is_aligned():
    weight = weight_of("Q8_0_P16", 64, 64)
    x = random_values(5, 2, 64) * 0.02
    out = torch.full((2 * 64 + 1,), math.nan)[1:].view(2, 64)
    chosen, shares = torch.zeros(2, 1, dtype=torch.int64), torch.ones(2, 1)
    experts = {0: Expert(weight, weight, weight)}
    interpreted(80).experts(x, experts, chosen, shares, out, HostileWorkspace())
    w = weight.dequantize(torch.float64)
    gate = x.double() @ w.T
    compare(out, (torch.nn.functional.silu(gate) * gate) @ w.T, Tolerance(relative=1e-5))


def test_a_table_is_made_once_for_the_same_weights_and_never_without_end(monkeypatch):
    monkeypatch.setattr("kernels.triton.products._MOST_TABLES", 2)
    launcher = RecordingLauncher(80)
    backend = TritonBackend(launcher)
    weights = [weight_of("Q8_0_P16", 16, 32, seed) for seed in range(3)]

    def table(weight):
        backend.linear(torch.ones(1, 32), weight, None, torch.empty(1, 16), HostileWorkspace())
        return launcher.launches[-1].arguments[2]

    first = table(weights[0])
    assert table(weights[0]) is first
    table(weights[1])
    table(weights[2])
    assert table(weights[0]) is not first


def test_what_it_refuses_and_why():
    backend, hardware = TritonBackend(RecordingLauncher(80)), probe()
    taken = backend.accepts(Op.LINEAR_EXACT, PANEL_SCHEMES["BF16_P16"], (8, 5), hardware)
    assert taken == Accepted()
    refused = (
        (Op.LINEAR_MANY, SCHEMES["Q4_1"], (8, 64), "only a prepared model's weights"),
        (Op.EMBEDDING, FP8, (8, 100), "it reads 16 FP8 values at once"),
        (Op.LINEAR_EXACT, scheme_of("Q4_1_P16"), (8, 64), "it rounds"),
    )
    for op, scheme, shape, reason in refused:
        answer = backend.accepts(op, scheme, shape, hardware)
        assert isinstance(answer, Rejected)
        assert answer.reason.startswith(reason)


def test_experts_of_several_mixes_are_our_own_mistake():
    one, other = weight_of("Q8_0_P16", 32, 32), weight_of("Q4_0_P16", 32, 32)
    experts = {0: Expert(one, one, one), 1: Expert(other, one, one)}
    x, chosen = torch.ones(1, 32), torch.tensor([[0, 1]])
    with pytest.raises(AssertionError, match="same schemes"):
        TritonBackend(RecordingLauncher(80)).experts(
            x, experts, chosen, torch.ones(1, 2), torch.empty(1, 32), HostileWorkspace()
        )


KERNEL = Kernel(
    "scaled_rows",
    (Parameter("x", Kind.F32_POINTER), Parameter("count", Kind.I32)),
)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((torch.ones(4),), "takes 2"),
        ((torch.ones(4, dtype=torch.float64), 1), "kind"),
        ((torch.ones(5)[1:], 1), "aligned"),
        ((torch.ones(4), 1.5), "number"),
        ((torch.ones(4), torch.ones(1)), "number"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_interpreter_takes_what_a_card_would_take(arguments, words):
    with pytest.raises(TypeError, match=words):
        InterpreterLauncher().launch(Launch(KERNEL, (1, 1, 1), arguments))


ALONE = """
import os, torch
from kernels.gpu.launching import Launch
from kernels.triton.interpreter import InterpreterLauncher
from kernels.triton.products import SCALED_ROWS
{first}
x, scaled, powers = torch.ones(1, 8), torch.empty(1, 8, dtype=torch.float16), torch.empty(1)
launch = Launch(SCALED_ROWS, (1, 1, 1), (x, scaled, powers, 1, 8, 8, 8))
InterpreterLauncher().launch(launch)
print(scaled.sum().item(), "TRITON_INTERPRET" in os.environ)
"""


def alone(first):
    """What a process prints that was not told to interpret."""
    told = {k: v for k, v in os.environ.items() if not k.startswith("TRITON")}
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", ALONE.format(first=first)]
    done = subprocess.run(command, cwd=root, env=told, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_no_other_process_inherits_the_interpreter():
    assert alone("").split() == ["8.0", "False"]


def test_triton_that_was_imported_to_compile_interprets_nothing():
    assert "RuntimeError: triton was imported before" in alone("import triton")
