"""NVIDIA's driver interface as far as it is needed here, by ctypes: signatures, codes, errors.

For: `driver` and `devices`. The signatures are those of CUDA 13.0's `cuda.h`, each written once; a
test holds them to the header itself. Not here: what is called when.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Mapping
from typing import Any

from kernels.gpu.errors import (
    GpuError,
    GpuLostError,
    GpuOutOfMemoryError,
    GpuUnavailableError,
    MissingKernelError,
)
from kernels.sentence import said

# The kernels are compiled by CUDA 13.0, and drivers know code of their own version or before.
OLDEST_VERSION = 13000
LIBRARY = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"

# The header's types → ctypes. Handles are pointers; a device is a number.
C_TYPES: Mapping[str, Any] = {
    "unsigned int": ctypes.c_uint,
    "int": ctypes.c_int,
    "int *": ctypes.POINTER(ctypes.c_int),
    "size_t": ctypes.c_size_t,
    "size_t *": ctypes.POINTER(ctypes.c_size_t),
    "char *": ctypes.c_char_p,
    "const char *": ctypes.c_char_p,
    "const char **": ctypes.POINTER(ctypes.c_char_p),
    "const void *": ctypes.c_void_p,
    "void **": ctypes.POINTER(ctypes.c_void_p),
    "CUresult": ctypes.c_int,
    "CUdevice": ctypes.c_int,
    "CUdevice *": ctypes.POINTER(ctypes.c_int),
    "CUdevice_attribute": ctypes.c_int,
    "CUfunction_attribute": ctypes.c_int,
    **dict.fromkeys(("CUcontext", "CUmodule", "CUfunction", "CUstream"), ctypes.c_void_p),
    **dict.fromkeys(("CUcontext *", "CUmodule *", "CUfunction *"), ctypes.POINTER(ctypes.c_void_p)),
}
_LAUNCH = ("CUfunction", *("unsigned int",) * 7, "CUstream", "void **")
SIGNATURES: Mapping[str, tuple[str, ...]] = {
    "cuInit": ("unsigned int",),
    "cuDriverGetVersion": ("int *",),
    "cuGetErrorName": ("CUresult", "const char **"),
    "cuDeviceGetCount": ("int *",),
    "cuDeviceGet": ("CUdevice *", "int"),
    "cuDeviceGetName": ("char *", "int", "CUdevice"),
    "cuDeviceGetAttribute": ("int *", "CUdevice_attribute", "CUdevice"),
    "cuDeviceTotalMem_v2": ("size_t *", "CUdevice"),
    "cuDevicePrimaryCtxRetain": ("CUcontext *", "CUdevice"),
    "cuCtxSetCurrent": ("CUcontext",),
    "cuModuleLoadData": ("CUmodule *", "const void *"),
    "cuModuleGetFunction": ("CUfunction *", "CUmodule", "const char *"),
    "cuFuncSetAttribute": ("CUfunction", "CUfunction_attribute", "int"),
    "cuLaunchKernel": (*_LAUNCH, "void **"),
    "cuLaunchCooperativeKernel": _LAUNCH,
}

# CUdevice_attribute and CUfunction_attribute.
COMPUTE_CAPABILITY_MAJOR = 75
COMPUTE_CAPABILITY_MINOR = 76
MAX_DYNAMIC_SHARED_SIZE_BYTES = 8

# CUresult → what it means for whoever asked. Every other code is a mistake of ours.
UNAVAILABLE = {
    "CUDA_ERROR_NOT_INITIALIZED": 3,
    "CUDA_ERROR_STUB_LIBRARY": 34,
    "CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER": 36,
    "CUDA_ERROR_DEVICE_UNAVAILABLE": 46,
    "CUDA_ERROR_NO_DEVICE": 100,
    "CUDA_ERROR_INVALID_DEVICE": 101,
    "CUDA_ERROR_OPERATING_SYSTEM": 304,
    "CUDA_ERROR_SYSTEM_NOT_READY": 802,
    "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH": 803,
    "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE": 804,
}
MISSING = {
    "CUDA_ERROR_INVALID_IMAGE": 200,
    "CUDA_ERROR_NO_BINARY_FOR_GPU": 209,
    "CUDA_ERROR_INVALID_PTX": 218,
    "CUDA_ERROR_JIT_COMPILER_NOT_FOUND": 221,
    "CUDA_ERROR_UNSUPPORTED_PTX_VERSION": 222,
    "CUDA_ERROR_JIT_COMPILATION_DISABLED": 223,
    "CUDA_ERROR_NOT_FOUND": 500,
}
OUT_OF_MEMORY = {"CUDA_ERROR_OUT_OF_MEMORY": 2}
LOST = {
    "CUDA_ERROR_DEINITIALIZED": 4,
    "CUDA_ERROR_ECC_UNCORRECTABLE": 214,
    "CUDA_ERROR_NVLINK_UNCORRECTABLE": 220,
    "CUDA_ERROR_CONTAINED": 226,
    "CUDA_ERROR_ILLEGAL_ADDRESS": 700,
    "CUDA_ERROR_LAUNCH_TIMEOUT": 702,
    "CUDA_ERROR_CONTEXT_IS_DESTROYED": 709,
    "CUDA_ERROR_ASSERT": 710,
    "CUDA_ERROR_HARDWARE_STACK_ERROR": 714,
    "CUDA_ERROR_ILLEGAL_INSTRUCTION": 715,
    "CUDA_ERROR_MISALIGNED_ADDRESS": 716,
    "CUDA_ERROR_INVALID_ADDRESS_SPACE": 717,
    "CUDA_ERROR_INVALID_PC": 718,
    "CUDA_ERROR_LAUNCH_FAILED": 719,
    "CUDA_ERROR_UNKNOWN": 999,
}


class DriverApi:
    """The driver's library, checked: every function is there, and it is new enough."""

    def __init__(self, library: str = LIBRARY) -> None:
        """Raises GpuUnavailableError: no library, a function missing, or too old a driver."""
        try:
            self._library = ctypes.CDLL(library)
        except OSError:
            raise GpuUnavailableError(said("no NVIDIA driver is installed")) from None
        # The version first: what an old driver lacks is no riddle then.
        self.version = self._read_version()
        if self.version < OLDEST_VERSION:
            have, need = (_spelt(v) for v in (self.version, OLDEST_VERSION))
            raise GpuUnavailableError(
                said(
                    "the NVIDIA driver is for CUDA {have}, and {need} is needed",
                    have=have,
                    need=need,
                )
            )
        self._functions = {name: self._function(name) for name in SIGNATURES}
        self.call("cuInit", 0)

    def call(self, name: str, *arguments: Any) -> None:
        """Raises the typed error of `kernels.gpu.errors` that its result stands for."""
        code = self._functions[name](*arguments)
        if code:
            raise error_of(code, name, self._error_name(code))

    def _read_version(self) -> int:
        version = ctypes.c_int()
        code = self._function("cuDriverGetVersion")(ctypes.byref(version))
        if code:
            raise error_of(code, "cuDriverGetVersion", str(code))
        return version.value

    def _function(self, name: str) -> Callable[..., int]:
        try:
            function = getattr(self._library, name)
        except AttributeError:
            raise GpuUnavailableError(
                said("the NVIDIA driver has no {function}", function=name)
            ) from None
        function.argtypes = [C_TYPES[word] for word in SIGNATURES[name]]
        function.restype = ctypes.c_int
        return function  # type: ignore[no-any-return]

    def _error_name(self, code: int) -> str:
        text = ctypes.c_char_p()
        failed = self._functions["cuGetErrorName"](code, ctypes.byref(text))
        return str(code) if failed or not text.value else text.value.decode("ascii", "replace")


def error_of(code: int, call: str, name: str) -> GpuError:
    """The error that a CUresult stands for; `name` is the driver's own word for it."""
    if code in OUT_OF_MEMORY.values():
        return GpuOutOfMemoryError(said("The graphics card’s memory is full."))
    if code in LOST.values():
        return GpuLostError(said("The graphics card stopped answering ({name}).", name=name))
    if code in UNAVAILABLE.values():
        return GpuUnavailableError(said("the NVIDIA driver answers {name}", name=name))
    if code in MISSING.values():
        return MissingKernelError(
            said("the NVIDIA driver does not take a kernel ({name})", name=name)
        )
    return GpuError(said("The NVIDIA driver refused {call} ({name}).", call=call, name=name))


def _spelt(version: int) -> str:
    """13000 → 13.0."""
    return f"{version // 1000}.{version % 1000 // 10}"
