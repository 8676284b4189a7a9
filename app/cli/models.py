"""`models list`, and the way to every other action on models."""

from __future__ import annotations

import argparse

from app.airlock.report import LockReport
from app.cli import inspect
from app.cli.terminal import show, show_json, size_words
from app.library.incomplete import incomplete
from app.library.models import installed, stored_bytes
from app.library.places import Places


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """Every action; raises InferenceError, NoSuchModelError, NotRemovableError, BundleError,
    LibraryError, CommandError and OSError.
    """
    if arguments.action == "list":
        return _list(arguments.json)
    if arguments.action == "inspect":
        return inspect.run(arguments)
    if arguments.action in ("catalogue", "fit"):
        from app.cli import catalogue

        is_list = arguments.action == "catalogue"
        return (catalogue.run_catalogue if is_list else catalogue.run_fit)(arguments)
    if arguments.action == "card":
        from app.cli import card

        return card.run(arguments)
    if arguments.action == "download":
        from app.cli import download

        return download.run_download(arguments)
    if arguments.action == "key":
        from app.cli import bundle_keys

        return bundle_keys.run(arguments)
    from app.cli import prepare

    if arguments.action == "prepare":
        return prepare.run_prepare(arguments)
    from app.cli import bundles, places

    runs = {
        "found": places.run_found,
        "add": places.run_add,
        "move": places.run_move,
        "locate": places.run_locate,
        "verify": bundles.run_verify,
        "export": bundles.run_export,
        "import": bundles.run_import,
        "remove": bundles.run_remove,
    }
    return runs[arguments.action](arguments)


def _list(as_json: bool) -> int:
    """Those that are there, then those whose disk is not connected; raises PlacesError."""
    models, places, damaged = installed(), Places().all(), incomplete()
    for model in models:
        size = stored_bytes(model)
        if as_json:
            show_json({"name": model.name, "path": str(model.path), "file_bytes": size})
        else:
            show(f"{model.name:24} {size_words(size):>10}  {model.path}")
    names = {model.name for model in models}
    for place in places:
        if not place.is_there and place.name not in names:
            if as_json:
                show_json({"name": place.name, "path": str(place.path), "is_there": False})
            else:
                show(f"{place.name:24} {'offline':>10}  {place.path}")
    for model in damaged:
        if as_json:
            show_json({"name": model.name, "path": str(model.path), "is_damaged": True})
        else:
            show(f"{model.name:24} {'damaged':>10}  {model.path}")
    if not models and not damaged and not as_json:
        show("No models yet. “make setup” brings the starter model.")
    return 0
