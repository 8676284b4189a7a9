"""`models prepare` and `models verify`: a model laid out for this program, and whether it is
still as it was written.

Ctrl-C stops and keeps what is done; the next start goes on from there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from app import paths
from app.cli.meter import Meter
from app.cli.services import allow
from app.cli.stopping import LEFT_BY_CTRL_C, stopped_by_ctrl_c
from app.cli.terminal import note, show, show_json
from app.library.models import ModelChoice, resolve
from inference.errors import PreparationCancelledError
from inference.prepared.preparing import (
    PreparationProgress,
    Quantizing,
    Watch,
    prepare,
    quantizing_by,
)
from inference.prepared.verifying import verify

_GB = 1e9
_NO_MIX = "none"
SUFFIX = "-prepared"


def run_prepare(arguments: argparse.Namespace) -> int:
    """Prepare; raises InferenceError, NoSuchModelError, OSError."""
    model = resolve(arguments.path)
    allow(model.path)
    target = Path(arguments.to).expanduser() if arguments.to else _beside_the_others(model)
    meter = Meter(arguments.json)
    with stopped_by_ctrl_c() as stop:
        try:
            folder = prepare(
                model.path,
                target.absolute(),
                _quantizing(arguments.mix),
                Watch(meter.tell, stop.is_set),
            )
        except PreparationCancelledError as stopped:
            meter.end()
            note(str(stopped))
            return LEFT_BY_CTRL_C
    meter.end()
    stored_bytes = sum(file.stat().st_size for file in folder.iterdir())
    if arguments.json:
        show_json({"type": "prepared", "path": str(folder), "bytes": stored_bytes})
    else:
        show(f"Prepared: {folder} ({stored_bytes / _GB:,.2f} GB)")
    return 0


def verify_prepared(folder: Path, as_json: bool) -> int:
    """Read all of it; raises CheckpointError by file and tensor, PreparationError, OSError."""
    meter = Meter(as_json)
    manifest = verify(
        folder, lambda done, total: meter.tell(PreparationProgress("Verifying", done, total))
    )
    meter.end()
    if as_json:
        show_json(
            {"type": "verified", "path": str(folder), "name": manifest.name,
             "bytes": manifest.weights.size}
        )  # fmt: skip
    else:
        size = manifest.weights.size / _GB
        show(f"{manifest.name}: all of it ({size:,.2f} GB) is as it was written.")
    return 0


def _beside_the_others(model: ModelChoice) -> Path:
    return paths.models_dir() / f"{model.name}{SUFFIX}"


def _quantizing(mix: str) -> Quantizing | None:
    return None if mix == _NO_MIX else quantizing_by(mix)
