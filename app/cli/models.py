"""`models list`, and the way to `inspect`, `prepare` and `verify`."""

from __future__ import annotations

import argparse

from app.airlock.report import LockReport
from app.cli import inspect
from app.cli.terminal import show, show_json
from app.library.models import installed, stored_bytes


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """Every action; raises InferenceError and NoSuchModelError."""
    if arguments.action == "list":
        return _list(arguments.json)
    if arguments.action == "inspect":
        return inspect.run(arguments)
    from app.cli import prepare

    if arguments.action == "prepare":
        return prepare.run_prepare(arguments)
    return prepare.run_verify(arguments)


def _list(as_json: bool) -> int:
    models = installed()
    for model in models:
        size = stored_bytes(model)
        if as_json:
            show_json({"name": model.name, "path": str(model.path), "file_bytes": size})
        else:
            show(f"{model.name:24} {_size(size):>10}  {model.path}")
    if not models and not as_json:
        show("No models yet. “make setup” brings the starter model.")
    return 0


def _size(stored_bytes: int) -> str:
    return f"{stored_bytes / 1e6:,.0f} MB" if stored_bytes < 1e9 else f"{stored_bytes / 1e9:.1f} GB"
