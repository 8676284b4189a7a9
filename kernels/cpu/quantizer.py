"""Python's door to the native quantizer (`csrc/quantize`): float32 rows → GGUF's blocks.

For: `inference.prepared.quantizing`. ctypes gives up the GIL for a call's length, and rows are
independent, so threads share them out: the bytes are the same however they are split. Not
here: which scheme a tensor gets (`inference.prepared.mixes`), and any quantizing in Python.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ctypes import c_char_p, c_int, c_int64, c_void_p
from enum import IntEnum

import torch
from torch import Tensor

from kernels.schemes import BLOCK_SCHEMES
from kernels.schemes.base import PackedTensor
from kernels.sentence import said

QUANTIZED = ("Q4_K", "Q5_K", "Q6_K", "Q8_0", "Q5_0", "Q4_0")
# Below this many values a thread costs more than it brings: 1.5 ms of Q4_K.
_LEAST_VALUES = 1 << 16


class Status(IntEnum):
    """What the native function answers; as `quantize.h` has it."""

    DONE = 0
    UNKNOWN_SCHEME = 1
    BAD_SHAPE = 2
    NOT_FINITE = 3
    TOO_LARGE = 4
    BAD_WEIGHTS = 5
    NULL = 6


_REASONS = {
    Status.UNKNOWN_SCHEME: said("this build can't quantize to it"),
    Status.BAD_SHAPE: said("its rows are not whole blocks"),
    Status.NOT_FINITE: said("a value is not a number, or infinite"),
    Status.TOO_LARGE: said("values are too large for its float16 scales"),
    Status.BAD_WEIGHTS: said("a column's weight is negative or not finite, or all of them are 0"),
}


class QuantizerError(ValueError):
    """Values that can't be quantized; `status` says why."""

    def __init__(self, scheme: str, status: Status) -> None:
        super().__init__(
            said(
                "{scheme}: {why}",
                scheme=scheme,
                why=_REASONS.get(status, said("the native quantizer refused")),
            )
        )
        self.status = status


def quantize_rows(
    values: Tensor,
    scheme_name: str,
    column_weights: Tensor | None = None,
    threads: int = 1,
    library: ctypes.CDLL | None = None,
) -> PackedTensor:
    """float32 [..., columns] → packed, with searched scales.

    `column_weights` [columns] says how much an error in each column counts (none: all alike).
    Raises QuantizerError, and NativeLibraryError where the library is missing.
    """
    if scheme_name not in QUANTIZED:
        raise QuantizerError(scheme_name, Status.UNKNOWN_SCHEME)
    scheme, shape = BLOCK_SCHEMES[scheme_name], tuple(values.shape)
    if shape[-1] % scheme.block_elements:
        raise QuantizerError(scheme_name, Status.BAD_SHAPE)
    if column_weights is not None and tuple(column_weights.shape) != shape[-1:]:
        raise QuantizerError(scheme_name, Status.BAD_WEIGHTS)
    packed = scheme.empty(shape, "cpu")
    if values.numel():
        call = _Call(library or _default_library(), scheme_name, column_weights)
        rows = values.to(torch.float32).reshape(-1, shape[-1]).contiguous()
        call.share(rows, packed.buffers["blocks"].view(rows.shape[0], -1), threads)
    return packed


class _Call:
    """One tensor's quantization, in as many native calls as threads."""

    def __init__(self, library: ctypes.CDLL, scheme: str, weights: Tensor | None) -> None:
        self._scheme = scheme
        # Held here: the native side sees an address alone.
        self._weights = None if weights is None else weights.to(torch.float32).contiguous()
        self._native = _declared(library)

    def share(self, rows: Tensor, out: Tensor, threads: int) -> None:
        """rows [rows, columns] → out uint8 [rows, row_bytes]."""
        parts = list(_parts(rows, threads))
        if len(parts) == 1:
            self._one(rows, out)
            return
        with ThreadPoolExecutor(len(parts)) as pool:
            for done in [pool.submit(self._one, rows[part], out[part]) for part in parts]:
                done.result()

    def _one(self, rows: Tensor, out: Tensor) -> None:
        weights = None if self._weights is None else self._weights.data_ptr()
        count, columns = rows.shape
        name = self._scheme.encode()
        status = self._native(name, rows.data_ptr(), count, columns, weights, out.data_ptr())
        if status != Status.DONE:
            raise QuantizerError(self._scheme, Status(status))


def _parts(rows: Tensor, threads: int) -> Iterator[slice]:
    """Runs of rows, one a thread, none so small that it is not worth a thread."""
    count = max(1, min(threads, rows.shape[0], rows.numel() // _LEAST_VALUES))
    edges = [rows.shape[0] * part // count for part in range(count + 1)]
    for start, stop in itertools.pairwise(edges):
        yield slice(start, stop)


def _declared(library: ctypes.CDLL) -> ctypes._NamedFuncPointer:
    function = library.pk_quantize
    function.restype = c_int
    function.argtypes = (c_char_p, c_void_p, c_int64, c_int64, c_void_p, c_void_p)
    return function


def _default_library() -> ctypes.CDLL:
    # Late, so that a caller who brings a library needs no other one.
    from kernels.cpu.library import load

    return load()
