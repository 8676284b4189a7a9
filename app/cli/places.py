"""`models found`, `add`, `move` and `locate`: models that lie elsewhere than in the models folder.

Ctrl-C stops and keeps what is done; the next start goes on from there.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from app.cli.failure import CommandError
from app.cli.meter import Meter
from app.cli.services import allow
from app.cli.stopping import LEFT_BY_CTRL_C, stopped_by_ctrl_c
from app.cli.terminal import note, plain, show, show_json
from app.library.found import found_models
from app.library.models import resolve
from app.library.moving import model_at, move_model, take_in, use_in_place
from app.library.places import Places
from inference.errors import PreparationCancelledError
from inference.prepared.preparing import Watch

_GB = 1e9


def run_found(arguments: argparse.Namespace) -> int:
    """What other programs keep."""
    found = found_models()
    for model in found:
        if arguments.json:
            show_json(
                {"program": model.program.value, "name": model.name, "path": str(model.path),
                 "bytes": model.size_bytes}
            )  # fmt: skip
        else:
            size = f"{model.size_bytes / _GB:,.1f} GB"
            name = plain(model.name, keep_lines=False)
            show(f"{model.program.value:13} {name:32} {size:>9}  {model.path}")
    if not found and not arguments.json:
        show("Ollama, LM Studio and the Hub’s cache have no models here.")
    return 0


def run_add(arguments: argparse.Namespace) -> int:
    """Use a model where it lies, or copy it; raises LibraryError, PreparationError, OSError."""
    path = model_at(Path(arguments.path).expanduser().absolute())
    allow(path)
    name = arguments.name or (path.name if path.is_dir() else path.stem)
    if not arguments.copy:
        model = use_in_place(path, name)
    else:
        meter = Meter(arguments.json)
        with stopped_by_ctrl_c() as stop:
            try:
                model = take_in(path, name, Watch(meter.tell, stop.is_set))
            except PreparationCancelledError as stopped:
                return _stopped(meter, stopped)
        meter.end()
    if arguments.json:
        show_json({"type": "added", "name": model.name, "path": str(model.path)})
    else:
        show(f"Added: {model.name}, {model.path}")
    return 0


def run_move(arguments: argparse.Namespace) -> int:
    """Move a model to another disk; raises LibraryError, PreparationError, OSError."""
    model = resolve(arguments.name)
    meter = Meter(arguments.json)
    with stopped_by_ctrl_c() as stop:
        try:
            target = move_model(
                model, Path(arguments.to).expanduser(), Watch(meter.tell, stop.is_set)
            )
        except PreparationCancelledError as stopped:
            return _stopped(meter, stopped)
    meter.end()
    if arguments.json:
        show_json({"type": "moved", "name": model.name, "path": str(target)})
    else:
        show(f"Moved: {model.name}, {target}")
    return 0


def run_locate(arguments: argparse.Namespace) -> int:
    """Remember where a model is now; raises CommandError, LibraryError."""
    places = Places()
    place = places.named(arguments.name)
    if place is None:
        raise CommandError(f"There is no model “{arguments.name}” in another place.")
    path = model_at(Path(arguments.path).expanduser().absolute())
    places.remember(replace(place, path=path))
    if arguments.json:
        show_json({"type": "located", "name": place.name, "path": str(path)})
    else:
        show(f"Located: {place.name}, {path}")
    return 0


def _stopped(meter: Meter, stopped: PreparationCancelledError) -> int:
    meter.end()
    note(str(stopped))
    return LEFT_BY_CTRL_C
