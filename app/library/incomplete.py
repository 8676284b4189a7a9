"""Folders of the models folder that were a model's, and lack a file without which none is one.

For: `models verify`, `models remove` and the models page, which say that such a model is damaged
and what is missing, instead of knowing nothing of it. Opens no model.
"""

from __future__ import annotations

import os
from pathlib import Path

from app import paths
from app.library.errors import DamagedError
from app.library.models import ModelChoice, is_model
from inference.sentence import said

_CONFIG_NAME = "config.json"
_MOST_NAMED = 8
# Work under way, in a folder that gets its name at the end.
_UNDER_WAY = (".importing", ".exporting", ".copying", ".preparing")


def incomplete() -> tuple[ModelChoice, ...]:
    """Each of them, by name."""
    return tuple(
        ModelChoice(path, path.name, is_starter=False)
        for path in sorted(paths.models_dir().glob("*"))
        if not path.name.startswith(".") and missing_files(path)
    )


def missing_files(path: Path) -> tuple[str, ...]:
    """What is missing of the model that a folder was; nothing where it is one, or never was."""
    if path.suffix in _UNDER_WAY or not path.is_dir() or is_model(path):
        return ()
    listed = _listed(path)
    if not listed and not any(path.glob("*.safetensors")):
        return ()
    return tuple(name for name in listed if not os.path.lexists(path / name)) or (_CONFIG_NAME,)


def damage_of(model: ModelChoice) -> str:
    """A sentence that names what is missing; "" where nothing is."""
    missing = missing_files(model.path)
    if not missing:
        return ""
    return said(
        "{name} is damaged; missing: {files}. Put that back, or import or download the model "
        "again.",
        name=model.name,
        files=", ".join(missing[:_MOST_NAMED]),
    )


def refuse_incomplete(model: ModelChoice) -> None:
    """Raises DamagedError that names what is missing."""
    if damage := damage_of(model):
        raise DamagedError(damage)


def _listed(folder: Path) -> tuple[str, ...]:
    """The files that a bundle or a download brought, as far as what it left says so."""
    from app.airlock.download.source import read_source
    from app.library.bundles.checking import is_bundle, is_installed_bundle, open_bundle
    from app.library.bundles.errors import BundleError

    source = read_source(folder)
    if source is not None:
        return tuple(file.name for file in source.files)
    # A bundle of parts is somebody's copy of a stick.
    if not is_installed_bundle(folder) or is_bundle(folder):
        return ()
    try:
        return tuple(file.name for file in open_bundle(folder).manifest.files)
    except BundleError:
        return (_CONFIG_NAME,)
