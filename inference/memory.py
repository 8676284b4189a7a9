"""How much memory this process has held at most."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil


def peak_rss_bytes(status: Path = Path("/proc/self/status")) -> int:
    """Peak resident set of this process's own life, in bytes.

    Linux: VmHWM, as getrusage's figure still holds what the process was before exec.
    """
    if sys.platform == "linux":
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    info = psutil.Process().memory_info()
    return int(getattr(info, "peak_wset", info.rss))
