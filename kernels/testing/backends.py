"""Every backend that the shared tests hold to the reference: how each is made on this machine.

For: `tests/kernels/test_every_backend.py`. A new backend is a line in `candidates` and needs no
test of its own for what the contract says. Nothing of a GPU's tools is imported before `make`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

from kernels.contracts import Backend
from kernels.cpu.backend import CpuBackend
from kernels.cpu.library import NativeLibraryError, levels, load
from kernels.cuda.backend import CudaBackend
from kernels.cuda.shim.build import ShimBuildError
from kernels.cuda.shim.orders import chosen_launcher
from kernels.gpu.artefacts import read_manifest
from kernels.gpu.devices import find_gpus
from kernels.gpu.driver import DriverLauncher
from kernels.reference import ReferenceBackend
from kernels.torch_bf16 import TorchBf16Backend
from kernels.triton.backend import TritonBackend
from kernels.triton.interpreter import InterpreterLauncher


class NotHereError(Exception):
    """This backend can't be had on this machine; the message says why."""


@dataclass(frozen=True)
class Candidate:
    """One backend to hold to the reference.

    `make` raises NotHereError. `whole`: its family must accept every op of `contracts.Op` for
    every panel scheme. `slow_launcher`: a launch costs so much that cases of more than a few
    thousand products are for `make soak`. `on_gpu`: it needs an NVIDIA GPU. `rounds_to_bf16`:
    both operands of a product are rounded so, and it is held to that product.
    """

    name: str
    make: Callable[[], Backend]
    device: str = "cpu"
    whole: bool = False
    slow_launcher: bool = False
    on_gpu: bool = False
    rounds_to_bf16: bool = False


def candidates() -> Iterator[Candidate]:
    """All of them, whether or not they can be had here; names are told apart by `-k`."""
    yield Candidate("reference", ReferenceBackend)
    yield Candidate("torch-bf16", TorchBf16Backend, rounds_to_bf16=True)
    made = _native_levels()
    for level in dict.fromkeys((*made[:1], *made[-1:])):
        # All levels have tests of their own; here the first, which runs, and the last, plainest.
        for precise in (False, True):
            name = f"native-{level}-{'14' if precise else '8'}"
            make = partial(CpuBackend, level, 2, precise=precise, row_ops=True)
            yield Candidate(name, make)
    yield Candidate("cuda-shim", _cuda_shim, whole=True)
    yield Candidate("triton-80", partial(_triton, 80), whole=True, slow_launcher=True)

    yield from _on_a_gpu()


def _on_a_gpu() -> Iterator[Candidate]:
    """Both families on this machine's card, where it has one that will do."""
    found = find_gpus()
    if found.chosen is None or found.api is None:
        return
    launcher = DriverLauncher(found.api, found.chosen, read_manifest())
    device = str(launcher.device)
    yield Candidate("cuda-gpu", partial(CudaBackend, launcher), device, whole=True, on_gpu=True)
    if launcher.has("triton"):
        make = partial(TritonBackend, launcher)
        yield Candidate("triton-gpu", make, device, whole=True, on_gpu=True)


def _triton(target: int) -> Backend:
    if find_spec("triton") is None:
        raise NotHereError("triton is not installed")
    return TritonBackend(InterpreterLauncher(target))


def _cuda_shim() -> Backend:
    try:
        return CudaBackend(chosen_launcher())
    except ShimBuildError as error:
        raise NotHereError(str(error)) from None


def _native_levels() -> list[str]:
    try:
        return [level.name for level in levels(load()) if not level.missing]
    except NativeLibraryError:
        return []
