"""What the machine gives at this moment: read bandwidth, and the int8 peak.

For: `benchmarks.ours`, beside every round, because both drift by half within minutes. The
native kernels' library measures them with its own threads; without it the bandwidth is
that of a sum in torch and the peak is not known.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.bandwidth import BUFFER_BYTES, read_gigabytes_per_s

KERNELS = Path(__file__).resolve().parent.parent / "kernels" / "cpu"


@dataclass(frozen=True)
class Limits:
    """`int8_gops` is None where no native library is there to measure it."""

    read_gigabytes_per_s: float
    int8_gops: float | None


@cache
def native() -> ctypes.CDLL | None:
    """The library that exports both measurements, if it has been built."""
    for path in sorted(KERNELS.rglob("*.so")):
        library = ctypes.CDLL(str(path))
        if hasattr(library, "pk_measure_read") and hasattr(library, "pk_measure_int8"):
            library.pk_measure_read.argtypes = [ctypes.c_int, ctypes.c_size_t]
            library.pk_measure_int8.argtypes = [ctypes.c_int]
            library.pk_measure_read.restype = library.pk_measure_int8.restype = ctypes.c_double
            return library
    return None


def measure(threads: int) -> Limits:
    """Both, now."""
    library = native()
    if library is None:
        return Limits(read_gigabytes_per_s(threads), None)
    return Limits(
        float(library.pk_measure_read(threads, BUFFER_BYTES)),
        float(library.pk_measure_int8(threads)),
    )
