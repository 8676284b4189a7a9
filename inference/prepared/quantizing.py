"""Quantizing float values into a scheme of GGUF's, as a mix asks for it.

For: `preparing`, where a checkpoint's BF16, FP8 or F32 values are no file's blocks yet. The
work is native (`kernels.cpu.quantizer`); without the native library nothing is quantized, for
plain Python would take hours: the error says so. Not here: the choice of a scheme (`mixes`).
"""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from inference.errors import PreparationError
from inference.sentence import said
from kernels.cpu.library import NativeLibraryError
from kernels.cpu.quantizer import QUANTIZED, QuantizerError, quantize_rows
from kernels.hardware import probe
from kernels.schemes import BLOCK_SCHEMES
from kernels.schemes.base import PackedTensor
from kernels.schemes.floats import FloatScheme


class QuantizingError(PreparationError):
    """Values can't be quantized: what is wrong with them, or what is missing here."""


def quantize(
    values: Tensor,
    scheme_name: str,
    column_weights: Tensor | None = None,
    threads: int | None = None,
) -> PackedTensor:
    """float32 [..., columns] → packed in `scheme_name`: F32, F16 and BF16 by rounding, a
    scheme of blocks with searched scales. `threads`: none means as many as the machine has
    cores. The bytes do not depend on it.

    Raises QuantizingError for a scheme that nothing here writes, for rows that are not whole
    blocks, for values that are not finite or do not fit, and without the native library.
    """
    scheme = BLOCK_SCHEMES.get(scheme_name)
    if isinstance(scheme, FloatScheme):
        return _rounded(values, scheme)
    if scheme_name not in QUANTIZED:
        known = ", ".join((*QUANTIZED, "BF16", "F16", "F32"))
        raise QuantizingError(
            said(
                "Nothing here quantizes to {scheme_name}; what can be: {known}.",
                scheme_name=scheme_name,
                known=known,
            )
        )
    try:
        return quantize_rows(values, scheme_name, column_weights, threads or _threads())
    except QuantizerError as error:
        raise QuantizingError(
            said(
                "A weight of the shape {shape} can't be quantized to {error}.",
                shape=list(values.shape),
                error=error,
            )
        ) from error
    except NativeLibraryError as error:
        raise QuantizingError(
            said("Weights can't be quantized here. {error}", error=error)
        ) from error


def _rounded(values: Tensor, scheme: FloatScheme) -> PackedTensor:
    packed = scheme.pack(values)
    rounded = packed.buffers["blocks"].view(scheme.dtype)
    if values.numel() and not bool(torch.isfinite(rounded).all()):
        raise QuantizingError(
            said(
                "A weight of the shape {shape} can't be stored as {scheme}: a value is not a "
                "number, infinite, or too large for it.",
                shape=list(values.shape),
                scheme=scheme.name,
            )
        )
    return packed


@cache
def _threads() -> int:
    return probe().default_threads()
