"""How much memory this process has held at most, and giving back what it no longer needs."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path


def give_back() -> None:
    """Hand freed memory to the system, where the C library would keep it for later."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's
        if trim is not None:
            trim(0)


def peak_rss_bytes(status: Path = Path("/proc/self/status")) -> int:
    """Peak resident set of this process's own life, in bytes.

    Linux: VmHWM, as getrusage's figure still holds what the process was before exec.
    """
    if sys.platform == "linux":
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    import psutil  # late: Linux does without, and the window waits for nothing

    info = psutil.Process().memory_info()
    return int(getattr(info, "peak_wset", info.rss))
