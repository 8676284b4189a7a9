"""Loading compiled kernels through NVIDIA's driver and launching them on torch's streams.

For: backends on a real GPU. The kernels are loaded into torch's own context (a device's primary
one), so that its tensors are theirs, and a launch goes to torch's current stream, so that it
is ordered with torch's own work and captured with it into a CUDA graph. Nothing waits here.
It was never run on a GPU: a stand-in for the driver tests what is called, and no more.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from kernels.gpu.artefacts import Artefacts, BuiltKernel, Module, spelt
from kernels.gpu.devices import GpuDevice
from kernels.gpu.driver_api import MAX_DYNAMIC_SHARED_SIZE_BYTES, DriverApi
from kernels.gpu.errors import MissingKernelError
from kernels.gpu.launching import Kernel, Kind, Launch
from kernels.sentence import said

_NUMBERS = (Kind.I32, Kind.I64, Kind.F32)
# Triton's kernels take two pointers more, to scratch memory that ours ask for none of.
_HIDDEN_POINTERS = {"cuda": 0, "triton": 2}
_WARP = 32
# What a block may have without asking for more.
_PLAIN_SHARED_BYTES = 48 << 10


@dataclass
class _Loaded:
    """A kernel in the device's memory, and the most shared memory that was asked for it."""

    function: ctypes.c_void_p
    module: Module
    built: BuiltKernel
    shared_bytes: int = _PLAIN_SHARED_BYTES


def current_stream(index: int) -> int:
    """The handle of torch's current stream on a device."""
    return int(torch.cuda.current_stream(index).cuda_stream)


class DriverLauncher:
    """A `kernels.gpu.launching.Launcher` on one GPU. One for each engine thread."""

    def __init__(
        self,
        api: DriverApi,
        gpu: GpuDevice,
        artefacts: Artefacts,
        stream: Callable[[int], int] = current_stream,
    ) -> None:
        """Raises GpuError where the device gives no context, or has no kernels."""
        target = artefacts.target_for(gpu.capability)
        if target is None:
            raise MissingKernelError(
                said("no kernels were compiled for {card} ({have})",
                     card=gpu.name, have=spelt(gpu.capability))
            )  # fmt: skip
        self.target = target
        self.name = f"sm_{target}"
        self.device = torch.device("cuda", gpu.index)
        self._api, self._gpu, self._artefacts, self._stream = api, gpu, artefacts, stream
        self._context = _primary_context(api, gpu.index)
        self._modules: dict[str, ctypes.c_void_p] = {}
        self._kernels: dict[Kernel, _Loaded] = {}

    def has(self, origin: str) -> bool:
        """Whether there are kernels of this origin for the card: `cuda`, `triton`."""
        return self._artefacts.serves(self._gpu.capability, origin)

    def load(self, kernel: Kernel) -> None:
        """Have it ready, so that no launch loads anything. Raises MissingKernelError, and what
        the driver answers."""
        self._loaded(kernel)

    def launch(self, launch: Launch) -> None:
        """On torch's current stream. An error may be of an earlier launch's work."""
        loaded = self._loaded(launch.kernel)
        threads = loaded.built.threads or launch.block_threads
        shared = (
            loaded.built.shared_bytes if loaded.module.origin == "triton" else launch.shared_bytes
        )
        self._allow(loaded, shared)
        values = _values(launch) + [ctypes.c_void_p()] * _HIDDEN_POINTERS[loaded.module.origin]
        arguments = (ctypes.c_void_p * len(values))(*map(ctypes.addressof, values))
        stream = ctypes.c_void_p(self._stream(self._gpu.index))
        block = (threads, 1, 1)
        self._api.call("cuCtxSetCurrent", self._context)
        if launch.cooperative:
            self._api.call(
                "cuLaunchCooperativeKernel",
                *(loaded.function, *launch.grid, *block, shared, stream, arguments),
            )
        else:
            self._api.call(
                "cuLaunchKernel",
                *(loaded.function, *launch.grid, *block, shared, stream, arguments, None),
            )

    def _loaded(self, kernel: Kernel) -> _Loaded:
        found = self._kernels.get(kernel)
        if found is None:
            module, built = self._artefacts.find(kernel, self._gpu.capability)
            function = ctypes.c_void_p()
            handle = self._module(module)
            symbol = built.symbol.encode()
            self._api.call("cuModuleGetFunction", ctypes.byref(function), handle, symbol)
            found = self._kernels[kernel] = _Loaded(function, module, built)
        return found

    def _module(self, module: Module) -> ctypes.c_void_p:
        if module.file not in self._modules:
            image = self._artefacts.read(module)
            if module.form == "ptx":  # the driver reads a text up to its zero
                image += b"\0"
            handle = ctypes.c_void_p()
            self._api.call("cuCtxSetCurrent", self._context)
            self._api.call("cuModuleLoadData", ctypes.byref(handle), image)
            self._modules[module.file] = handle
        return self._modules[module.file]

    def _allow(self, loaded: _Loaded, shared_bytes: int) -> None:
        """More dynamic shared memory than a kernel has without being asked."""
        if shared_bytes > loaded.shared_bytes:
            which = MAX_DYNAMIC_SHARED_SIZE_BYTES
            self._api.call("cuFuncSetAttribute", loaded.function, which, shared_bytes)
            loaded.shared_bytes = shared_bytes


def _primary_context(api: DriverApi, index: int) -> ctypes.c_void_p:
    """Torch's context of a device; it is never given back, as torch's is not."""
    device, context = ctypes.c_int(), ctypes.c_void_p()
    api.call("cuDeviceGet", ctypes.byref(device), index)
    api.call("cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
    return context


_Value = ctypes.c_void_p | ctypes.c_int32 | ctypes.c_int64 | ctypes.c_float


def _values(launch: Launch) -> list[_Value]:
    kernel = launch.kernel
    if len(launch.arguments) != len(kernel.parameters):
        raise TypeError(f"{kernel.name} takes {len(kernel.parameters)} arguments")
    named = zip(kernel.parameters, launch.arguments, strict=True)
    return [_value(parameter.kind, argument) for parameter, argument in named]


def _value(kind: Kind, argument: Tensor | int | float) -> _Value:
    if isinstance(argument, Tensor) != (kind not in _NUMBERS):
        raise TypeError(f"{type(argument).__name__} for a parameter of kind {kind}")
    if isinstance(argument, Tensor):
        return ctypes.c_void_p(argument.data_ptr())
    if kind is Kind.F32:
        return ctypes.c_float(argument)
    return (ctypes.c_int64 if kind is Kind.I64 else ctypes.c_int32)(int(argument))
