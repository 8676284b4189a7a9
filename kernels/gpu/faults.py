"""What torch raises when a card fails or is not to be had, as the typed errors of this package.

For: the engine, which ends an answer by them. Torch has classes for memory that is full and,
since 2.8, for errors of the device; older ones are known by CUDA's own words alone. An error
may stand for work that was launched long before: whose it was can't be told from it.
"""

from __future__ import annotations

import torch

from kernels.gpu.driver_api import LOST, error_of
from kernels.gpu.errors import GpuError, GpuLostError, GpuUnavailableError
from kernels.sentence import said

_ACCELERATOR_ERROR: type[BaseException] | None = getattr(torch, "AcceleratorError", None)
_CUDA_WORDS = "CUDA error:"
_FULL_WORDS = "out of memory"
_OUT_OF_MEMORY = 2


def start_torch() -> None:
    """Have torch begin with its cards now: what stops it there is a plain RuntimeError that says
    nothing of CUDA, where any tensor may be the first. Raises GpuUnavailableError."""
    try:
        torch.cuda.init()  # type: ignore[no-untyped-call]
    except (RuntimeError, AssertionError, torch.cuda.DeferredCudaCallError) as error:
        words = str(error).strip().partition("\n")[0].rstrip(".")
        raise GpuUnavailableError(
            said("torch can’t use the graphics card ({reason})", reason=words)
        ) from error


def gpu_fault(error: BaseException) -> GpuError | None:
    """The error of this package that it stands for; None where it is not a card's."""
    if isinstance(error, GpuError):
        return error
    if isinstance(error, torch.OutOfMemoryError):
        return error_of(_OUT_OF_MEMORY, "", "")
    if _ACCELERATOR_ERROR is not None and isinstance(error, _ACCELERATOR_ERROR):
        code = getattr(error, "error_code", None)
        return error_of(code, "torch", _name(code)) if isinstance(code, int) else _lost(error)
    if isinstance(error, RuntimeError) and _CUDA_WORDS in str(error):
        return _lost(error)
    return None


def _name(code: int) -> str:
    names = {number: name for name, number in LOST.items()}
    return names.get(code, str(code))


def _lost(error: BaseException) -> GpuError:
    """By CUDA's words: its memory is full, or it can't be relied on any more."""
    words = str(error).partition(_CUDA_WORDS)[2].strip().partition("\n")[0]
    if _FULL_WORDS in words:
        return error_of(_OUT_OF_MEMORY, "", "")
    return GpuLostError(said("The graphics card stopped answering ({name}).", name=words))
