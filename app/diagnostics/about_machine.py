"""Facts about the program and the machine: versions, the system, processor, memory, kernels.

For: `gathering`. What a system calls itself is handed on as it is: the form takes only what it
knows. Measures nothing, so that it may run beside an answer.
"""

from __future__ import annotations

import platform
import re
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import apsw
import psutil

from app import paths
from app.bridge.memory_watch import stalled_percent
from app.diagnostics.form import Build, Gpu, Rejected, Runs
from app.diagnostics.words import leading_version, reason_word
from inference.machine import LAYOUT_VERSION, Choice, MachineReport
from inference.version import ENGINE_VERSION

Facts = dict[str, object]

_LIBRARIES = {
    "torch": "torch",
    "pyside6": "PySide6-Essentials",
    "apsw_sqlite3mc": "apsw-sqlite3mc",
    "cryptography": "cryptography",
    "keyring": "keyring",
    "safetensors": "safetensors",
    "tokenizers": "tokenizers",
    "jinja2": "jinja2",
    "markdown_it_py": "markdown-it-py",
    "pygments": "pygments",
    "psutil": "psutil",
    "ziamath": "ziamath",
}
_CPUINFO = Path("/proc/cpuinfo")
_CPU_NUMBERS = {"cpu family": "family", "model": "model", "stepping": "stepping"}
_MOST_CPUINFO_CHARS = 1 << 16


def program() -> Facts:
    """Versions of what runs."""
    return {
        "engine": ENGINE_VERSION,
        "prepared_layout": LAYOUT_VERSION,
        "is_packaged": bool(getattr(sys, "frozen", False)),
        "uptime_s": time.time() - psutil.Process().create_time(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "sqlite": apsw.sqlite_lib_version(),
        **{field: _installed(name) for field, name in _LIBRARIES.items()},
    }


def system() -> Facts:
    """What it runs on."""
    library, library_version = platform.libc_ver()
    distribution = _distribution()
    return {
        "name": platform.system(),
        "kernel": leading_version(platform.release()),
        "machine": platform.machine(),
        "distribution": distribution.get("ID"),
        "distribution_version": distribution.get("VERSION_ID"),
        "c_library": library or None,
        "c_library_version": library_version or None,
        "home_is_named": paths.home_is_named(),
        "data_free_bytes": _free_bytes(paths.data_dir()),
        "prepared_free_bytes": _free_bytes(paths.prepared_dir()),
    }


def processor(found: MachineReport, cpuinfo: Path = _CPUINFO) -> Facts:
    """Its maker, numbers and instruction sets."""
    hardware = found.hardware
    return {
        "instruction_sets": sorted(hardware.instruction_sets),
        "physical_cores": hardware.physical_cores,
        "logical_cores": hardware.logical_cores,
        "usable_cores": hardware.usable_cores,
        "threads": found.threads,
        **_cpu_numbers(cpuinfo),
    }


def memory() -> Facts:
    """Of the machine, and of this process."""
    main, swap = psutil.virtual_memory(), psutil.swap_memory()
    return {
        "total_bytes": main.total,
        "available_bytes": main.available,
        "swap_total_bytes": swap.total,
        "swap_used_bytes": swap.used,
        "own_bytes": psutil.Process().memory_info().rss,
        "stalled_percent": stalled_percent(),
    }


def graphics(found: MachineReport) -> Facts:
    """The CUDA devices."""
    devices = [
        Gpu(
            {
                "compute_capability_major": gpu.compute_capability[0],
                "compute_capability_minor": gpu.compute_capability[1],
                "memory_bytes": gpu.memory_bytes,
            }
        )
        for gpu in found.hardware.gpus
    ]
    return {"devices": devices}


def kernels(found: MachineReport) -> Facts:
    """The builds, and what runs each op."""
    native = found.native
    return {
        "chosen": native.chosen or None,
        "reason": reason_word(native.reason) or None,
        "builds": [
            Build({"level": level.name, "lacking": level.missing or None})
            for level in native.levels
        ],
        "ops": _runs(found.choices),
    }


def _runs(choices: Sequence[Choice]) -> list[Runs]:
    """Schemes that share a backend and its reasons stand together, as in `doctor`."""
    schemes: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[str]] = {}
    for choice in choices:
        rejected = tuple((each.backend, each.reason) for each in choice.rejected)
        key = (choice.op.value, choice.backend.name, rejected)
        schemes.setdefault(key, []).extend([choice.scheme] if choice.scheme else [])
    return [
        Runs({"op": op, "backend": backend, "schemes": names, "rejected": _rejected(rejected)})
        for (op, backend, rejected), names in schemes.items()
    ]


def _rejected(rejected: tuple[tuple[str, str], ...]) -> list[Rejected]:
    return [Rejected({"backend": name, "reason": reason_word(why)}) for name, why in rejected]


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _distribution() -> Mapping[str, str]:
    with suppress(OSError):
        return platform.freedesktop_os_release()
    return {}


def _free_bytes(folder: Path) -> int | None:
    """On the disk of a folder, or of the nearest one above it that is there."""
    for each in (folder, *folder.parents):
        with suppress(OSError):
            return shutil.disk_usage(each).free
    return None


def _cpu_numbers(cpuinfo: Path) -> Facts:
    """Of the first processor, where the system lists them."""
    found: Facts = {}
    try:
        with open(cpuinfo, encoding="utf-8", errors="replace") as file:
            lines = file.read(_MOST_CPUINFO_CHARS).splitlines()
    except OSError:
        return found
    for line in lines:
        name, _, value = (part.strip() for part in line.partition(":"))
        if name == "vendor_id":
            found.setdefault("vendor", value)
        elif name in _CPU_NUMBERS:
            number = int(value) if re.fullmatch(r"[0-9]{1,5}", value) else value
            found.setdefault(_CPU_NUMBERS[name], number)
    return found
