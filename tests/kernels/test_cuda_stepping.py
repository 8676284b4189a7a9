"""What a recorded step launches, on the shim: attention that reads a cache's length from memory, a
cache's next position, sums; and what may not be recorded."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from kernels.cuda.backend import CudaBackend
from kernels.cuda.shim.orders import chosen_launcher
from kernels.cuda.stepping import SteppingBackend
from kernels.gpu.launching import Launcher
from kernels.gpu.replay import NotRecordedError, Recording, RecordingLauncher
from kernels.testing.cases import random_values
from kernels.workspace import Workspace

ROOM = 200
NAN = float("nan")


@pytest.fixture(scope="module")
def launcher() -> Launcher:
    return chosen_launcher()


def seen_at(positions: int) -> torch.Tensor:
    return torch.tensor([positions], dtype=torch.int32)


@pytest.mark.parametrize("kind", ["grouped", "latent"])
def test_one_recording_serves_every_length_with_the_plain_bits(
    launcher: Launcher, kind: str
) -> None:
    """Behind what is seen the cache holds what is no number."""
    recorder, seen = RecordingLauncher(launcher), seen_at(1)
    stepping, plain = SteppingBackend(recorder, seen), CudaBackend(launcher)
    if kind == "grouped":
        q, given = random_values(1, 1, 4, 64), random_values(2, 2, 2, ROOM, 64)
    else:
        q, given = random_values(1, 1, 4, 144), random_values(2, ROOM, 144)
    held, work = torch.full_like(given, NAN), Workspace()

    def attend(runner: CudaBackend, cache: torch.Tensor, out: torch.Tensor) -> None:
        if kind == "grouped":
            runner.gqa(q, cache[0], cache[1], 0.1, out, work)
        else:
            parts = (q[..., :128], q[..., 128:], cache[:, :128], cache[:, 128:])
            runner.mla(*parts, 0.1, out, work)

    size = 64 if kind == "grouped" else 128
    out = torch.full((1, 4, size), NAN)
    held[..., :1, :] = given[..., :1, :]
    attend(stepping, held, out)
    recording = recorder.record(lambda: attend(stepping, held, out))
    for positions in (1, 31, 32, 33, 96, ROOM):
        held[..., :positions, :] = given[..., :positions, :]
        seen.fill_(positions)
        out.fill_(NAN)
        recording.replay()
        want = torch.full_like(out, NAN)
        attend(plain, given[..., :positions, :], want)
        assert torch.equal(out, want)


@pytest.mark.parametrize(("heads", "width"), [(1, 20), (3, 128)])
def test_a_row_becomes_the_last_position_seen(launcher: Launcher, heads: int, width: int) -> None:
    seen = seen_at(1)
    stepping = SteppingBackend(launcher, seen)
    cache = torch.full((heads, 6, width), NAN)
    row = random_values(3, heads, width)
    seen.fill_(5)
    stepping.append(row, cache)
    assert torch.equal(cache[:, 4], row)
    assert cache[:, [0, 1, 2, 3, 5]].isnan().all()


@pytest.mark.parametrize("count", [1, 256, 300])
def test_sums_are_torchs(launcher: Launcher, count: int) -> None:
    x, y = random_values(4, 1, count), random_values(5, 1, count)
    assert torch.equal(SteppingBackend(launcher, seen_at(1)).add(x, y), x + y)


def test_what_is_no_launch_is_not_recorded(launcher: Launcher) -> None:
    recorder = RecordingLauncher(launcher)
    stepping = SteppingBackend(recorder, seen_at(1))
    x = random_values(6, 1, 32)
    with pytest.raises(NotRecordedError, match=r"aten\.mul"):
        recorder.record(lambda: stepping.add(x, x).mul_(2))
    stepping.add(x, x)
    alone = recorder.record(lambda: stepping.add(x[:, :16], x.view(2, 16)[1:]))
    assert isinstance(alone, Recording)
    assert [launch.kernel.name for launch in alone.launches] == ["pk_add"]


def test_recording_imports_no_compiler() -> None:
    """Torch's own takes seconds, and is no part of what people install."""
    code = (
        "import sys, torch\n"
        "from kernels.gpu.replay import RecordingLauncher\n"
        "class Host: name, target, device = 'host', 75, torch.device('cpu')\n"
        "RecordingLauncher(Host()).record(lambda: torch.empty(4).view(2, 2))\n"
        "sys.exit('torch._dynamo' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_on_a_card_the_same_step_is_a_cuda_graph(launcher: Launcher) -> None:
    """Captured by what was given, under the same rule."""

    class OnCard:
        name, target, device = "sm_86", 86, torch.device("cuda")

        def launch(self, launch: object) -> None:
            raise AssertionError("nothing is launched here")

    captured = []
    recorder = RecordingLauncher(OnCard(), captured.append)  # type: ignore[arg-type, func-returns-value]
    assert recorder.record(lambda: torch.zeros(1).add_(1)) is None
    with pytest.raises(NotRecordedError):
        captured[0]()
