"""A kernel as its caller sees it, and who launches one.

For: the backends beside this package, which say what is launched over which grid; launchers,
which do it: Triton's interpreter and the host shim on the processor, for tests, and CUDA's
driver on a GPU. A backend never knows which of them it has. Not here: what a kernel computes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import torch
from torch import Tensor


class Kind(StrEnum):
    """The type of a parameter, in the words of Triton's signatures."""

    F32_POINTER = "*fp32"
    F16_POINTER = "*fp16"
    BF16_POINTER = "*bf16"
    U8_POINTER = "*u8"
    I8_POINTER = "*i8"
    I32_POINTER = "*i32"
    I64_POINTER = "*i64"
    I32 = "i32"
    I64 = "i64"
    F32 = "fp32"


@dataclass(frozen=True)
class Parameter:
    """One parameter, as the kernel's source names it. Pointers are aligned to 16 bytes."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class Kernel:
    """A kernel by name, with its parameters in order.

    `constants` are fixed when it is compiled: each value of them is a kernel of its own. CUDA's
    kernels have none; what a template fixes is a part of their name.
    """

    name: str
    parameters: tuple[Parameter, ...]
    constants: tuple[tuple[str, int], ...] = ()
    num_warps: int = 4
    num_stages: int = 1


@dataclass(frozen=True)
class Launch:
    """One launch. `block_threads` and `shared_bytes` (dynamic) are CUDA's alone: Triton's
    kernels bring theirs with them. `arguments`: a tensor for a pointer, else a number.
    `cooperative`: all blocks must be there at once, as a barrier of the grid asks."""

    kernel: Kernel
    grid: tuple[int, int, int]
    arguments: Sequence[Tensor | int | float]
    block_threads: int = 0
    shared_bytes: int = 0
    cooperative: bool = False


class Launcher(Protocol):
    """Who launches: on the current stream of the tensors' device, waiting for nothing."""

    @property
    def name(self) -> str:
        """For people and for the backend's name: `interpreter`, `shim`, `sm_86`."""

    @property
    def device(self) -> torch.device:
        """Where the tensors of a launch lie."""

    @property
    def target(self) -> int:
        """The compute capability to choose tiles by, as 10 · major + minor: 86, 120."""

    def launch(self, launch: Launch) -> None:
        """Raises a typed error of `kernels.gpu.errors` where the device refuses or is lost."""
