"""Triton's interpreter as a launcher: kernels on the processor, over tensors in its memory.

For: tests. It shows what a kernel computes, and nothing of how fast; a program of the grid
runs after another, so it finds no races. Not for run time: it imports triton, which decides
when it is first imported whether its functions are interpreted.
"""

from __future__ import annotations

import os
import sys
import warnings
from importlib import import_module
from typing import Any

import torch
from torch import Tensor

from kernels.gpu.launching import Kind, Launch

_SWITCH = "TRITON_INTERPRET"
_DTYPES = {
    Kind.F32_POINTER: torch.float32,
    Kind.F16_POINTER: torch.float16,
    Kind.BF16_POINTER: torch.bfloat16,
    Kind.U8_POINTER: torch.uint8,
    Kind.I8_POINTER: torch.int8,
    Kind.I32_POINTER: torch.int32,
    Kind.I64_POINTER: torch.int64,
}


class InterpreterLauncher:
    """Runs each launch at once. `target` only says which tiles and kernels are chosen."""

    name = "interpreter"
    device = torch.device("cpu")

    def __init__(self, target: int = 80) -> None:
        self.target = target

    def launch(self, launch: Launch) -> None:
        """Raises TypeError for an argument that is not of its parameter's kind, and RuntimeError
        where triton was imported before, to compile."""
        kernel = launch.kernel
        if len(launch.arguments) != len(kernel.parameters):
            raise TypeError(f"{kernel.name} takes {len(kernel.parameters)} arguments")
        for parameter, argument in zip(kernel.parameters, launch.arguments, strict=True):
            _check(f"{kernel.name}: {parameter.name}", parameter.kind, argument)
        names = (parameter.name for parameter in kernel.parameters)
        named = dict(zip(names, launch.arguments, strict=True))
        function = _interpreted(kernel.name)
        with warnings.catch_warnings():
            # NumPy's words for what a GPU does without any: infinities and NaN.
            warnings.simplefilter("ignore", RuntimeWarning)
            function[launch.grid](**named, **dict(kernel.constants))


def _interpreted(name: str) -> Any:
    """A body. Whether it is interpreted triton asks of the environment when it is imported, and
    of its own switches later; no other process is to inherit it."""
    if "triton" not in sys.modules and _SWITCH not in os.environ:
        os.environ[_SWITCH] = "1"
        try:
            knobs = import_module("triton").knobs
        finally:
            del os.environ[_SWITCH]
        knobs.propagate_env = False
        knobs.runtime.interpret = True
        knobs.propagate_env = True
    if not import_module("triton").knobs.runtime.interpret:
        raise RuntimeError("triton was imported before, and interprets nothing")
    interpreter: Any = import_module("triton.runtime.interpreter")
    if not isinstance(interpreter.np, _InOrder):
        interpreter.np = _InOrder(interpreter.np)
    from kernels.triton.bodies import body

    return body(name)


class _InOrder:
    """NumPy for Triton's interpreter, with products whose sums have one order for every row, as a
    tensor core's. In which order BLAS adds depends on the processor, and on some of them on
    where in a tile a row lies.
    """

    def __init__(self, numpy: Any) -> None:
        self._numpy = numpy

    def __getattr__(self, name: str) -> Any:
        return getattr(self._numpy, name)

    def matmul(self, left: Any, right: Any, dtype: Any) -> Any:
        """left [..., rows, inner], right [..., inner, columns]."""
        left, right = left.astype(dtype, copy=False), right.astype(dtype, copy=False)
        return self._numpy.einsum("...ik,...kj->...ij", left, right)


def _check(what: str, kind: Kind, argument: Tensor | int | float) -> None:
    """What a driver would read as something else, or at an address that is not aligned."""
    if kind not in _DTYPES:
        if isinstance(argument, Tensor) or (kind is not Kind.F32 and isinstance(argument, float)):
            raise TypeError(f"{what} is a number of kind {kind}")
        return
    if not isinstance(argument, Tensor) or argument.dtype is not _DTYPES[kind]:
        raise TypeError(f"{what} is a tensor of kind {kind}")
    if argument.data_ptr() % 16:
        raise TypeError(f"{what} is not aligned to 16 bytes")
