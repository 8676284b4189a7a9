"""The host shim: it does what CUDA does, and finds what a GPU would punish."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

from kernels.cuda.rows import RowOps
from kernels.cuda.shim import build as building
from kernels.cuda.shim.build import ShimBuildError, build
from kernels.cuda.shim.launcher import ShimError, ShimLauncher, orders
from kernels.cuda.shim.orders import EveryOrder, chosen_launcher
from kernels.gpu.launching import Kernel, Kind, Launch, Parameter

CASES = Path(__file__).parent / "shim_cases.cu"
KERNELS = Path(building.__file__).parents[1] / "csrc"
KINDS = {
    torch.float32: Kind.F32_POINTER,
    torch.float16: Kind.F16_POINTER,
    torch.bfloat16: Kind.BF16_POINTER,
    torch.uint8: Kind.U8_POINTER,
    torch.int32: Kind.I32_POINTER,
}


@pytest.fixture(scope="module")
def library() -> Path:
    return build(sources=[CASES])


def launched(
    launcher: ShimLauncher | EveryOrder,
    name: str,
    *arguments: Tensor | float | tuple[Kind, int | float],
    threads: int = 32,
    blocks: int = 1,
    shared_bytes: int = 0,
) -> None:
    """Launches with parameters of the kinds that the arguments have."""
    kinds, values = [], []
    for argument in arguments:
        if isinstance(argument, Tensor):
            kinds.append(KINDS[argument.dtype])
            values.append(argument)
        else:
            kind, value = argument if isinstance(argument, tuple) else (Kind.I32, argument)
            kinds.append(kind)
            values.append(value)
    parameters = tuple(Parameter(f"p{i}", kind) for i, kind in enumerate(kinds))
    kernel = Kernel(name, parameters)
    launcher.launch(Launch(kernel, (blocks, 1, 1), values, threads, shared_bytes))


def ints(*shape: int) -> Tensor:
    return torch.zeros(shape, dtype=torch.int32)


@pytest.mark.parametrize("order", orders())
def test_threads_share_memory_in_every_order(library: Path, order: int) -> None:
    x, out = torch.arange(320, dtype=torch.int32), ints(320)
    launched(ShimLauncher(order=order, library=library), "t_turn", x, out, threads=64, blocks=5)
    assert torch.equal(out, x.view(5, 64).flip(1).flatten())


@pytest.mark.parametrize("kernel", ["t_turn_early", "t_warp_early"])
def test_a_missing_wait_shows_in_another_order(library: Path, kernel: str) -> None:
    x, seen = torch.arange(64, dtype=torch.int32), set()
    for order in orders():
        out = ints(64)
        threads = 64 if kernel == "t_turn_early" else 32
        launched(ShimLauncher(order=order, library=library), kernel, x, out, threads=threads)
        seen.add(tuple(out.tolist()))
    assert len(seen) > 1


@pytest.mark.parametrize("order", orders())
def test_lanes_see_one_another(library: Path, order: int) -> None:
    x, out = torch.arange(32, dtype=torch.int32), ints(8, 32)
    launched(ShimLauncher(order=order, library=library), "t_warp_words", x, out)
    lanes = list(range(32))
    assert out[0].tolist() == [5] * 32
    assert out[1].tolist() == [i ^ 3 for i in lanes]
    assert out[2].tolist() == [i + 4 if i < 28 else i for i in lanes]
    assert out[3].tolist() == [i - 4 if i >= 4 else i for i in lanes]
    assert out[4, 0].item() & 0xFFFFFFFF == 0xFFFFF800
    assert out[5].tolist() == [i ^ 1 for i in lanes]
    assert out[6].tolist() == [sum(range(16))] * 16 + [16] * 16
    assert out[7].tolist() == [1] * 32


@pytest.mark.parametrize("order", orders())
def test_the_block_counts(library: Path, order: int) -> None:
    x, out = torch.arange(64, dtype=torch.int32), ints(64)
    launched(ShimLauncher(order=order, library=library), "t_block_words", x, out, threads=64)
    assert out.tolist() == [53 + 2000] * 64


def test_sixteen_bit_floats_are_torchs(library: Path) -> None:
    special = [0.0, -0.0, 1.0, -2.5, 65504.0, 65519.9, 65520.0, 1e-8, 6e-8, 3.1e-5, 6.1e-5]
    special += [float("inf"), float("-inf"), 1 + 2**-11, 1 + 3 * 2**-11, 1 / 3, 2047.5, 1e-7]
    x = torch.tensor(special)
    out, halves = torch.zeros(len(special), 3), torch.zeros(len(special), dtype=torch.float16)
    launched(
        ShimLauncher(library=library),
        *("t_numbers", x, x.half(), x.bfloat16(), out, halves),
        threads=len(special),
    )
    assert torch.equal(out[:, 0], x.half().float())
    assert torch.equal(out[:, 1], x.bfloat16().float())
    assert torch.equal(out[:, 2], x)
    assert torch.equal(halves.view(torch.int16), x.half().view(torch.int16))


def test_words_of_bits(library: Path) -> None:
    x = torch.tensor([0x01FF7F80, 0x05060708, 0x00F0], dtype=torch.int32)
    out = ints(6)
    launched(
        ShimLauncher(library=library), "t_bits", x, out, (Kind.I64, 40), (Kind.F32, 0.25), threads=1
    )
    # 1·5 + -1·6 + 127·7 + -128·8 + 5
    assert out[0].item() == 5 - 6 + 889 - 1024 + 5
    # byte 4 of the pair, 1, the sign of byte 2, 7; from the lowest
    assert out[1].item() == 0x08 | 0x7F << 8 | 0xFF << 16 | 0x05 << 24
    assert out[2].item() == bin(0x01FF7F80).count("1") + 100 * 24 + 10000 * 5
    assert out[3].item() == 0x0801FF7F
    assert out[4].item() == 42
    assert out[5].item() == 2 - 40


@pytest.mark.parametrize("order", orders())
def test_blocks_can_wait_for_one_another(library: Path, order: int) -> None:
    count, left, out = ints(4), ints(9), ints(9, 32)
    launcher = ShimLauncher(order=order, library=library)
    launched(launcher, "t_grid_barrier", count, left, out, blocks=9)
    assert out.unique().tolist() == [sum(range(1, 10))]


def test_copies_arrive_when_they_are_waited_for(library: Path) -> None:
    source = torch.arange(32, dtype=torch.uint8)
    launcher, out = ShimLauncher(library=library), ints(2)
    launched(launcher, "t_late_copy", source, out, 1, threads=1, shared_bytes=32)
    assert out.tolist() == source.view(torch.int32)[[0, 4]].tolist()
    launched(launcher, "t_late_copy", source, out, 0, threads=1, shared_bytes=32)
    assert out[1].item() == -1


@pytest.mark.parametrize(
    ("kernel", "says"),
    [
        ("t_half_at_barrier", "16 threads of 32 wait at a barrier, 16 have ended"),
        ("t_lanes_apart", "__shfl_sync of thread"),
        ("t_different_ways", "lanes went different ways"),
        ("t_outside_mask", "a lane that its mask leaves out"),
    ],
)
def test_what_would_hang_or_be_undefined_is_an_error(library: Path, kernel: str, says: str) -> None:
    for order in orders():
        with pytest.raises(ShimError, match=says):
            launched(ShimLauncher(order=order, library=library), kernel, ints(32))


def test_polling_for_ever_is_an_error(library: Path) -> None:
    with pytest.raises(ShimError, match="polls for ever"):
        launched(ShimLauncher(library=library), "t_polls", ints(4), blocks=2)


def test_a_target_has_only_so_much_shared_memory(library: Path) -> None:
    out = torch.zeros(4)
    launched(ShimLauncher(90, library=library), "t_large", out)
    with pytest.raises(ShimError, match="80000 bytes"):
        launched(ShimLauncher(75, library=library), "t_large", out)
    with pytest.raises(ShimError, match="bytes of shared memory"):
        launched(ShimLauncher(75, library=library), "t_large", out, shared_bytes=66000)


def test_a_launch_must_fit_its_kernel(library: Path) -> None:
    launcher, x = ShimLauncher(library=library), ints(64)
    bad = [
        (("t_none", x), {}, "no kernel is named t_none"),
        (("t_turn", x), {}, "named are"),
        (("t_turn", x, x[1:]), {"threads": 64}, "not aligned"),
        (("t_turn", x, x), {"threads": 2048}, "2048 threads"),
        (("t_turn", x, x), {"blocks": 0}, "a grid of"),
        (("t_late_copy", x.to(torch.uint8), x, 1 << 40), {}, "does not fit i32"),
        (("t_late_copy", x.to(torch.uint8), x, (Kind.I32, 0.5)), {}, "is no i32"),
        (("t_half_at_barrier", x.to("meta")), {}, "lies on meta"),
        (("t_half_at_barrier", (Kind.I32_POINTER, 3)), {}, "is no tensor"),
    ]
    for arguments, rest, says in bad:
        with pytest.raises(ShimError, match=says):
            launched(launcher, *arguments, **rest)  # type: ignore[arg-type]
    assert launcher.kernels()["t_turn"] == ("*i32", "*i32")


def test_what_can_not_be_built_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "wrong.cu"
    wrong.write_text('#include "device.h"\nextern "C" __global__ void f() { __shared__ int x; }\n')
    with pytest.raises(ShimBuildError, match="SHARED_is_the_macro_to_use"):
        build(sources=[wrong], folder=tmp_path)
    with pytest.raises(ShimBuildError, match="one is missing"):
        build(sources=[wrong], folder=tmp_path, compiler="no-such-compiler")
    monkeypatch.setattr(building.platform, "machine", lambda: "aarch64")
    with pytest.raises(ShimBuildError, match="one is missing"):
        build(sources=[wrong], folder=tmp_path)


SANITIZED = """
import sys, torch
from pathlib import Path
from kernels.cuda.shim.build import build
from kernels.cuda.shim.launcher import ShimLauncher
from kernels.gpu.launching import Kernel, Kind, Launch, Parameter
parameters = (Parameter("out", Kind.I32_POINTER), Parameter("at", Kind.I32))
launcher = ShimLauncher(library=Path(sys.argv[1]))
out = torch.zeros(32, dtype=torch.int32)
kernel = Kernel("t_beyond_shared", parameters)
launcher.launch(Launch(kernel, (1, 1, 1), [out, int(sys.argv[2])], 32, 128))
print("went on")
"""


@pytest.mark.slow
def test_sanitizers_see_a_thread_leave_its_memory() -> None:
    sanitized = build(sources=[CASES], sanitized=True)
    for beyond, expected in ((0, "went on"), (1, "heap-buffer-overflow")):
        done = subprocess.run(
            [sys.executable, "-c", SANITIZED, str(sanitized), str(beyond)],
            env=sanitizing(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert expected in done.stdout + done.stderr


def without_coverage() -> dict[str, str]:
    """The environment for a process that finds our packages and measures no coverage."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def sanitizing() -> dict[str, str]:
    """The environment in which a sanitized library can be loaded into Python."""
    found = subprocess.run(
        ["g++", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    )
    options = {"ASAN_OPTIONS": "detect_leaks=0", "LD_PRELOAD": found.stdout.strip()}
    return without_coverage() | options


def test_the_race_check_names_what_an_order_changes(library: Path) -> None:
    x, out = torch.arange(64, dtype=torch.int32), ints(64)
    checked = EveryOrder(ShimLauncher(library=library))
    launched(checked, "t_turn", x, out, threads=64)
    assert torch.equal(out, x.flip(0))
    assert (checked.name, checked.target) == ("shim", 75)
    with pytest.raises(ShimError, match="t_turn_early: order 1 changes p1"):
        launched(checked, "t_turn_early", x, out, threads=64)


class Rows(RowOps):
    def __init__(self, launcher: EveryOrder) -> None:
        self._launcher = launcher


@pytest.mark.parametrize("sound", [True, False])
def test_a_wait_taken_out_of_a_kernel_is_missed(tmp_path: Path, sound: bool) -> None:
    text = (KERNELS / "rows.cu").read_text()
    assert text.count("__syncthreads();") == 1
    source = tmp_path / "rows.cu"
    source.write_text(text if sound else text.replace("__syncthreads();", ""))
    rows = Rows(EveryOrder(ShimLauncher(library=build(sources=[source]))))
    x, out = torch.randn(3, 1024), torch.empty(3, 1024)
    if sound:
        rows.rms_norm(x, torch.ones(1024), 1e-6, out)
        return
    with pytest.raises(ShimError, match="pk_rms_norm_wide: order 1 changes y"):
        rows.rms_norm(x, torch.ones(1024), 1e-6, out)


def test_a_run_is_put_under_a_check_by_a_variable() -> None:
    assert isinstance(chosen_launcher({}), ShimLauncher)
    assert isinstance(chosen_launcher({"PITCHER_SHIM": "orders"}), EveryOrder)
    with pytest.raises(ValueError, match="PITCHER_SHIM is 'x'"):
        chosen_launcher({"PITCHER_SHIM": "x"})
