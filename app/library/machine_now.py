"""What preflight has to know of this machine at this moment; quick, and measures nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psutil

from app import paths
from app.library.preflight import Here
from app.library.speed import stored_speed
from inference.machine import KernelSpeed


def here_now(
    models_dir: Path | None = None,
    prepared_dir: Path | None = None,
    speed: KernelSpeed | None = None,
) -> Here:
    """Memory, the disks of both folders (which need not be there yet), and the speed that was
    measured, where none is given. Raises OSError where a disk does not say what it has."""
    memory = psutil.virtual_memory()
    models = _there(models_dir or paths.models_dir())
    prepared = _there(prepared_dir or models)
    same = os.stat(models).st_dev == os.stat(prepared).st_dev
    return Here(
        memory_bytes=memory.total,
        available_bytes=memory.available,
        disk_free_bytes=shutil.disk_usage(models).free,
        prepared_disk_free_bytes=None if same else shutil.disk_usage(prepared).free,
        speed=speed or stored_speed(),
    )


def _there(folder: Path) -> Path:
    """The folder, or the nearest above it that there is: it will lie on that disk."""
    return next(path for path in (folder, *folder.parents) if path.exists())
