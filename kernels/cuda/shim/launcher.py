"""Launching CUDA kernels on the processor, through the shim.

For: tests, which give it to the CUDA backend in the place of a GPU's launcher. It checks what a
driver can't: the kinds of a kernel's parameters, the tensors' dtypes and alignment, the limits
of the target's blocks. `order` is the order of threads and blocks (README.md).
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from kernels.cuda.shim.build import build
from kernels.gpu.launching import Kind, Launch

_DTYPES = {
    Kind.F32_POINTER: (torch.float32,),
    Kind.F16_POINTER: (torch.float16,),
    Kind.BF16_POINTER: (torch.bfloat16,),
    Kind.U8_POINTER: (torch.uint8,),
    Kind.I8_POINTER: (torch.int8,),
    Kind.I32_POINTER: (torch.int32,),
    Kind.I64_POINTER: (torch.int64,),
}
_WHOLE: dict[Kind, type[ctypes.c_int32] | type[ctypes.c_int64]] = {
    Kind.I32: ctypes.c_int32,
    Kind.I64: ctypes.c_int64,
}
# Shared memory that a block may have, in KiB (CUDA C++ Programming Guide, technical
# specifications per compute capability).
_SHARED_KIB = {75: 64, 80: 163, 86: 99, 89: 99, 90: 227, 100: 227, 120: 99}
_MOST_THREADS = 1024
_MESSAGE_BYTES = 512


class ShimError(AssertionError):
    """A kernel did what a GPU forbids, or a launch does not fit its kernel: says which and what."""


class ShimLauncher:
    """A `kernels.gpu.launching.Launcher` over tensors of the processor."""

    device = torch.device("cpu")

    def __init__(self, target: int = 75, order: int = 0, library: Path | None = None) -> None:
        """`library`: as `build` makes it, by default now. Raises ShimBuildError."""
        self.name = "shim"
        self.target = target
        self.order = order
        self._library = ctypes.CDLL(str(library or build()))
        self._library.shim_kinds.restype = ctypes.c_char_p
        self._library.shim_name.restype = ctypes.c_char_p
        self._message = ctypes.create_string_buffer(_MESSAGE_BYTES)

    def kernels(self) -> dict[str, tuple[str, ...]]:
        """Every kernel of the library, with the kinds of its parameters."""
        found, index = {}, 0
        while (name := self._library.shim_name(index)) is not None:
            found[name.decode()] = self._kinds(name)
            index += 1
        return found

    def launch(self, launch: Launch) -> None:
        """Returns when the kernel has run. Raises ShimError."""
        name = launch.kernel.name
        self._check(launch)
        values = [
            _value(name, p.name, p.kind, given)
            for p, given in zip(launch.kernel.parameters, launch.arguments, strict=True)
        ]
        addresses = (ctypes.c_void_p * len(values))(*map(ctypes.addressof, values))
        failed = self._library.shim_launch(
            name.encode(),
            (ctypes.c_uint32 * 3)(*launch.grid),
            ctypes.c_uint32(launch.block_threads),
            ctypes.c_uint64(launch.shared_bytes),
            ctypes.c_uint64(_SHARED_KIB[self.target] << 10),
            ctypes.c_uint64(self.order),
            addresses,
            self._message,
            ctypes.c_uint64(_MESSAGE_BYTES),
        )
        if failed:
            raise ShimError(f"{name}: {self._message.value.decode()}")

    def _check(self, launch: Launch) -> None:
        name, kinds = launch.kernel.name, self._kinds(launch.kernel.name.encode())
        wanted = tuple(str(p.kind) for p in launch.kernel.parameters)
        if kinds != wanted:
            raise ShimError(f"{name} takes {', '.join(kinds)}; named are {', '.join(wanted)}")
        if not 1 <= launch.block_threads <= _MOST_THREADS:
            raise ShimError(f"{name}: a block of {launch.block_threads} threads")
        x, y, z = launch.grid
        if not (1 <= x < 1 << 31 and 1 <= y < 1 << 16 and 1 <= z < 1 << 16):
            raise ShimError(f"{name}: a grid of {launch.grid}")
        if launch.shared_bytes > _SHARED_KIB[self.target] << 10:
            raise ShimError(f"{name}: {launch.shared_bytes} bytes of shared memory")

    def _kinds(self, name: bytes) -> tuple[str, ...]:
        kinds: bytes | None = self._library.shim_kinds(name)
        if kinds is None:
            raise ShimError(f"no kernel is named {name.decode()}")
        return tuple(kinds.decode().split(",")) if kinds else ()


def _value(
    kernel: str, name: str, kind: Kind, given: Tensor | int | float
) -> ctypes.c_void_p | ctypes.c_int32 | ctypes.c_int64 | ctypes.c_float:
    if kind not in _DTYPES:
        return _number(kernel, name, kind, given)
    if not isinstance(given, Tensor) or given.dtype not in _DTYPES[kind]:
        raise ShimError(f"{kernel}: {name} is no tensor of {kind}")
    if given.device.type != "cpu":
        raise ShimError(f"{kernel}: {name} lies on {given.device}")
    if given.data_ptr() % 16:
        raise ShimError(f"{kernel}: {name} is not aligned to 16 bytes")
    return ctypes.c_void_p(given.data_ptr())


def _number(
    kernel: str, name: str, kind: Kind, given: Tensor | int | float
) -> ctypes.c_int32 | ctypes.c_int64 | ctypes.c_float:
    if isinstance(given, Tensor) or (kind is not Kind.F32 and not isinstance(given, int)):
        raise ShimError(f"{kernel}: {name} is no {kind}")
    if isinstance(given, float) or kind is Kind.F32:
        return ctypes.c_float(given)
    made = _WHOLE[kind](given)
    if made.value != given:
        raise ShimError(f"{kernel}: {given} as {name} does not fit {kind}")
    return made


def orders() -> Sequence[int]:
    """Those that the race check goes through: as numbered, backwards, and some at random."""
    return (0, 1, 2, 3, 4, 5)
