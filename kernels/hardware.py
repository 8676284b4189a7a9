"""What this machine can do: instruction sets, cores, caches, memory.

For: backends (`accepts`), `doctor`, the default number of threads. Reads what the
system says; measures only where asked (`measure_read_bandwidth`).
"""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

# /proc/cpuinfo's words → the field's. arm64 uses "Features" and its own words.
_CPU_FLAGS = {
    "avx": "avx",
    "avx2": "avx2",
    "fma": "fma",
    "f16c": "f16c",
    "avx_vnni": "avxvnni",
    "avx512f": "avx512f",
    "avx512bw": "avx512bw",
    "avx512vl": "avx512vl",
    "avx512_vnni": "avx512vnni",
    "avx512_bf16": "avx512bf16",
    "amx_bf16": "amx_bf16",
    "amx_int8": "amx_int8",
    "asimd": "neon",
    "asimddp": "dotprod",
    "i8mm": "i8mm",
    "bf16": "bf16",
}
INSTRUCTION_SETS = frozenset(_CPU_FLAGS.values())


@dataclass(frozen=True)
class Gpu:
    """One CUDA device."""

    name: str
    compute_capability: tuple[int, int]
    memory_bytes: int


@dataclass(frozen=True)
class Hardware:
    """The machine as kernels see it. `usable_cores` honours affinity. `gpus`: those that a driver
    was asked for (`kernels.gpu.devices`); `probe` asks none, as starting must not."""

    machine: str
    cpu_name: str
    instruction_sets: frozenset[str]
    physical_cores: int
    logical_cores: int
    usable_cores: int
    cache_bytes: tuple[tuple[str, int], ...]
    memory_bytes: int
    gpus: tuple[Gpu, ...] = ()

    def default_threads(self) -> int:
        """Physical cores that this process may use: a second thread on a core gains nothing."""
        return max(1, min(self.physical_cores, self.usable_cores))


def probe(cpuinfo: Path = Path("/proc/cpuinfo")) -> Hardware:
    """Ask the system; what it does not tell is left empty."""
    name, flags = _read_cpuinfo(cpuinfo)
    logical = psutil.cpu_count(logical=True) or 1
    return Hardware(
        machine=platform.machine(),
        cpu_name=name or platform.processor() or "unknown",
        instruction_sets=flags or _from_torch(),
        physical_cores=psutil.cpu_count(logical=False) or logical,
        logical_cores=logical,
        usable_cores=_usable_cores(logical),
        cache_bytes=_caches(Path("/sys/devices/system/cpu/cpu0/cache")),
        memory_bytes=psutil.virtual_memory().total,
    )


def measure_read_bandwidth(threads: int, buffer_bytes: int = 256 << 20, repeats: int = 5) -> float:
    """Bytes a second of a plain read-sum with torch's threads, best of `repeats`."""
    data = torch.ones(buffer_bytes // 8, dtype=torch.int64)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        best_s = float("inf")
        for _ in range(repeats):
            started = time.perf_counter()
            data.sum()
            best_s = min(best_s, time.perf_counter() - started)
    finally:
        torch.set_num_threads(before)
    return buffer_bytes / best_s


def _read_cpuinfo(path: Path) -> tuple[str, frozenset[str]]:
    try:
        text = path.read_text(errors="replace")
    except OSError:
        return "", frozenset()
    name, words = "", set()
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name" and not name:
            name = value.strip()
        elif key.strip() in ("flags", "Features"):
            words.update(value.split())
            break
    return name, frozenset(ours for theirs, ours in _CPU_FLAGS.items() if theirs in words)


def _from_torch() -> frozenset[str]:
    """Where there is no cpuinfo, torch has looked for its own kernels' sake."""
    level = torch.backends.cpu.get_cpu_capability()
    if level == "AVX512":
        return frozenset({"avx", "avx2", "fma", "avx512f", "avx512bw", "avx512vl"})
    return frozenset({"avx", "avx2", "fma"}) if level == "AVX2" else frozenset()


def _usable_cores(logical: int) -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return logical


def _caches(folder: Path) -> tuple[tuple[str, int], ...]:
    found = []
    for index in sorted(folder.glob("index*")):
        try:
            level = (index / "level").read_text().strip()
            kind = (index / "type").read_text().strip()
            size = (index / "size").read_text().strip()
        except OSError:
            continue
        if size.endswith("K") and size[:-1].isdigit():
            found.append((f"L{level} {kind.lower()}", int(size[:-1]) << 10))
    return tuple(found)
