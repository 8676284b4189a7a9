"""The arithmetic that a loaded model runs on: dtype, backends, threads, work space.

For: `engine.load`, which makes one, and `layers`, which draw their kernels from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from inference.request import Compute
from inference.sentence import said
from kernels.contracts import Backend
from kernels.cpu.backend import CpuBackend
from kernels.cpu.library import NativeStatus, status
from kernels.hardware import Hardware, probe
from kernels.reference import ReferenceBackend
from kernels.registry import Registry
from kernels.torch_bf16 import TorchBf16Backend
from kernels.workspace import Workspace

NOT_ASKED_FOR = NativeStatus((), "", said("The reference was asked for."))


@dataclass(frozen=True)
class ComputePath:
    """What every layer of one model shares. `dtype` is the activations' and the cache's.

    `native.chosen` names the build of the native kernels that prepared models run on; empty
    where there is none, and `native.reason` says why. `add`: the sum of two
    activations of one shape, as a new tensor.
    """

    compute: Compute
    dtype: torch.dtype
    threads: int
    registry: Registry
    native: NativeStatus
    work: Workspace = field(default_factory=Workspace)
    add: Callable[[Tensor, Tensor], Tensor] = torch.add

    @property
    def device(self) -> torch.device:
        """Where activations, the cache and what is dequantized lie."""
        return self.work.device


def backends_for(compute: Compute, native: NativeStatus, threads: int) -> tuple[Backend, ...]:
    """In order of preference: the reference alone, or what is fast and then the reference.

    The native backend is for models that can't be planned whole; where it can't run, it is
    asked all the same, so that its reason is told.
    """
    if compute is Compute.REFERENCE:
        return (ReferenceBackend(),)
    own = CpuBackend(native.chosen, threads, native.reason)
    return (own, TorchBf16Backend(), ReferenceBackend())


def compute_path(
    compute: Compute,
    threads: int | None = None,
    dtype: torch.dtype = torch.float32,
    hardware: Hardware | None = None,
) -> ComputePath:
    """A path on this machine (or on `hardware`).

    float64 is for tests of structure, and for the reference alone: other backends round.
    """
    hardware = hardware or probe()
    threads = threads or hardware.default_threads()
    native = NOT_ASKED_FOR if compute is Compute.REFERENCE else status()
    return ComputePath(
        compute=compute,
        dtype=dtype,
        threads=threads,
        registry=Registry(backends_for(compute, native, threads), hardware),
        native=native,
    )
