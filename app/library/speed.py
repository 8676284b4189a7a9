"""This machine's speed, measured once and kept: what preflight predicts from.

For: the models page, the first start and `models fit`. The file is a cache with the
machine's identity in it: one of another machine, of other kernels, or one that can't be read is
as good as none, and the next test replaces it.
"""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path

import psutil

from app import owner_file, paths
from inference.machine import (
    LAYOUT_VERSION,
    Hardware,
    KernelSpeed,
    LayerShare,
    NativeLibraryError,
    SchemeSpeed,
    SpeedTestCancelledError,
    measure_machine_speed,
    probe,
    status,
)
from inference.sentence import said, sentence_of

_log = logging.getLogger(__name__)
_NAME = "speed.json"
# Raised when what is measured, or how it is used, changes.
_FORM = 1
_MOST_BYTES = 64 << 10
# Nothing that computes is slower than one a second or faster than this.
_MOST = 1e18
_TEST = threading.Lock()  # of this process: one test at a time
_LOOK_S = 0.1
# A test that others disturb more than this is too slow a figure to keep for good.
_MOST_OTHERS = 0.2
_BUSY = ("user", "nice", "system", "irq", "softirq", "steal")


class NoSpeedTestError(Exception):
    """Nothing can be measured here: no native kernels, or no memory. The message says why."""


def stored_speed(file: Path | None = None) -> KernelSpeed | None:
    """What was measured on this very machine, with these kernels; else None."""
    file = file or speed_file()
    try:
        if file.stat().st_size > _MOST_BYTES:
            return None
        stored = json.loads(file.read_bytes())
        if stored["machine"] != identity():
            return None
        return _read(stored["speed"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        _log.info("What was measured of this machine's speed can't be read: it will be anew")
        return None


def measure_speed(
    stop_now: Callable[[], bool] = lambda: False,
    on_progress: Callable[[float], None] = lambda share: None,
    file: Path | None = None,
) -> KernelSpeed:
    """The test: three to five seconds of every core, so not while a model answers. Kept after it,
    unless others worked beside it: then the next start measures again. Two at once would
    measure each other: the second takes what the first found.

    Raises SpeedTestCancelledError and NoSpeedTestError.
    """
    file = file or speed_file()
    has_waited = _waited(stop_now)
    try:
        kept = stored_speed(file) if has_waited else None
        return kept or _measured(stop_now, on_progress, file)
    finally:
        _TEST.release()


def _waited(stop_now: Callable[[], bool]) -> bool:
    """Take the lock, and say whether another test held it. Raises SpeedTestCancelledError."""
    if _TEST.acquire(blocking=False):
        return False
    while not _TEST.acquire(timeout=_LOOK_S):
        if stop_now():
            raise SpeedTestCancelledError
    return True


def _measured(
    stop_now: Callable[[], bool], on_progress: Callable[[float], None], file: Path
) -> KernelSpeed:
    others = _OthersWork()
    try:
        found = measure_machine_speed(_threads(probe()), stop_now, on_progress)
    except NativeLibraryError as error:
        raise NoSpeedTestError(sentence_of(error)) from error
    except MemoryError as error:
        raise NoSpeedTestError(
            said("There is not enough memory free to measure this computer’s speed.")
        ) from error
    if others.share() > _MOST_OTHERS:
        _log.info("Others worked while this machine's speed was measured: it is not kept")
    else:
        _store(found, file)
    return found


class _OthersWork:
    """What other processes, and the host of a virtual machine, take of the processors."""

    def __init__(self) -> None:
        self._started_s = time.monotonic()
        self._busy_s = self._others_s()

    def share(self) -> float:
        """Of all cores, since it was made."""
        passed_s = (time.monotonic() - self._started_s) * (psutil.cpu_count() or 1)
        return (self._others_s() - self._busy_s) / passed_s if passed_s else 0.0

    def _others_s(self) -> float:
        times, own = psutil.cpu_times(), psutil.Process().cpu_times()
        busy = sum(getattr(times, name, 0.0) for name in _BUSY)
        return float(busy - own.user - own.system)


def speed_file() -> Path:
    """Where it is kept."""
    return paths.config_dir() / _NAME


def identity() -> dict[str, object]:
    """What a measurement holds for: this machine, its cores and these kernels."""
    hardware = probe()
    return {
        "form": _FORM,
        "processor": hardware.cpu_name,
        "architecture": hardware.machine,
        "cores": hardware.physical_cores,
        "memory_bytes": hardware.memory_bytes,
        "threads": _threads(hardware),
        "level": status().chosen,
        "layout": LAYOUT_VERSION,
    }


def _threads(hardware: Hardware) -> int:
    return hardware.default_threads()


def _store(found: KernelSpeed, file: Path) -> None:
    text = json.dumps({"machine": identity(), "speed": asdict(found)}, indent=1)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        owner_file.replace(file, text.encode())
    except OSError as error:
        # It holds for this start, and the next one measures again.
        _log.warning("The measured speed can't be kept: %s", type(error).__name__)


def _read(stored: Mapping[str, object]) -> KernelSpeed:
    """Raises ValueError, KeyError and TypeError for what no test can have found."""
    level, threads, schemes = stored["level"], stored["threads"], stored["schemes"]
    if not (isinstance(level, str) and isinstance(threads, int) and isinstance(schemes, dict)):
        raise TypeError
    if not schemes:
        raise ValueError
    return KernelSpeed(
        level=level,
        threads=threads,
        read_bytes_per_s=_rate(stored["read_bytes_per_s"]),
        grouped_ops_per_s=_rate(stored["grouped_ops_per_s"]),
        latent_ops_per_s=_rate(stored["latent_ops_per_s"]),
        phase_s=1 / _rate(1 / _positive(stored["phase_s"])),
        value_s=1 / _rate(1 / _positive(stored["value_s"])),
        schemes={str(name): _scheme(one) for name, one in schemes.items()},
        grouped_layers=_share(stored["grouped_layers"]),
        latent_layers=_share(stored["latent_layers"]),
    )


def _scheme(stored: Mapping[str, object]) -> SchemeSpeed:
    return SchemeSpeed(*(_rate(stored[each.name]) for each in fields(SchemeSpeed)))


def _share(stored: object) -> LayerShare:
    if not isinstance(stored, dict):
        raise TypeError
    return LayerShare(*(_positive(stored[each.name]) for each in fields(LayerShare)))


def _rate(stored: object) -> float:
    rate = _positive(stored)
    if not 1 <= rate <= _MOST:
        raise ValueError
    return rate


def _positive(stored: object) -> float:
    if isinstance(stored, bool) or not isinstance(stored, float | int):
        raise TypeError
    if not (math.isfinite(stored) and stored > 0):
        raise ValueError
    return float(stored)
