"""`models list`, and the way to every other action on models."""

from __future__ import annotations

import argparse

from app.airlock.report import LockReport
from app.cli import inspect
from app.cli.terminal import show, show_json
from app.library.models import installed, stored_bytes


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """Every action; raises InferenceError, NoSuchModelError, NotRemovableError, BundleError,
    CommandError and OSError.
    """
    if arguments.action == "list":
        return _list(arguments.json)
    if arguments.action == "inspect":
        return inspect.run(arguments)
    if arguments.action == "key":
        from app.cli import bundle_keys

        return bundle_keys.run(arguments)
    from app.cli import prepare

    if arguments.action == "prepare":
        return prepare.run_prepare(arguments)
    from app.cli import bundles

    runs = {
        "verify": bundles.run_verify,
        "export": bundles.run_export,
        "import": bundles.run_import,
        "remove": bundles.run_remove,
    }
    return runs[arguments.action](arguments)


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
