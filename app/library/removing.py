"""Taking a model off this computer: never half of one under its name.

For: `models remove`, the models page, and a bundle that replaces an earlier one. What goes is
renamed first into a folder that is no model, and deleted there; what a kill leaves in it goes with
the next one. A model that belongs to others is only forgotten.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import paths
from app.library.models import ModelChoice, model_files
from app.library.places import Place, Places
from inference.sentence import said

_GOING = ".removing"
_log = logging.getLogger(__name__)


class NotRemovableError(Exception):
    """A model that neither lies in the models folder nor is remembered is not ours to remove."""


def is_removable(model: ModelChoice) -> bool:
    """Whether its files are this program's: in the models folder, or moved elsewhere by it."""
    if model.path.parent == paths.models_dir():
        return True
    place = _place_of(model)
    return place is not None and place.is_ours


def remove_model(model: ModelChoice) -> None:
    """Delete a model of ours, or forget one of others; its prepared copy, which is a cache, goes.

    Raises NotRemovableError, PlacesError, OSError.
    """
    place = _place_of(model)
    if place is None and not is_removable(model):
        raise NotRemovableError(
            said(
                "{name} does not lie in the models folder {folder} and is not removed from here. "
                "Nothing was changed.",
                name=model.name,
                folder=paths.models_dir(),
            )
        )
    copies = _prepared_copies(model) if model.path.exists() else []
    if is_removable(model):
        delete_model(model)
        _forget_bundle(model)
    if place is not None:
        Places().forget(place.name)
    for copy in copies:
        shutil.rmtree(copy, ignore_errors=True)


def delete_model(model: ModelChoice) -> None:
    """Delete its files alone, whatever is remembered of it. Raises OSError."""
    if not os.path.lexists(model.path):
        return
    going = _going_folder(model.path.parent)
    for path in [model.path] if model.path.is_dir() else model_files(model.path):
        path.rename(going / path.name)
    _delete(going)


def _forget_bundle(model: ModelChoice) -> None:
    """From now on another model of that name need not have come by a bundle."""
    from app.library.bundles.errors import KeyFileError
    from app.library.bundles.seen import SeenBundles

    try:
        SeenBundles().forget_installed(model.path.name)
    except KeyFileError:
        _log.warning("The record of bundles can't be used", exc_info=True)


def _place_of(model: ModelChoice) -> Place | None:
    return next((p for p in Places().all() if p.path == model.path), None)


@contextmanager
def removed(target: Path) -> Iterator[None]:
    """Take a model's folder away while something gets its name; put it back where that fails."""
    if not os.path.lexists(target):
        yield
        return
    going = _going_folder(target.parent)
    aside = going / target.name
    target.rename(aside)
    try:
        yield
    except BaseException:
        aside.rename(target)
        raise
    _delete(going)


def _prepared_copies(model: ModelChoice) -> list[Path]:
    """The one for the kernels, and what a preparation that was stopped keeps to go on from."""
    from inference.prepared.automatic import MIX
    from inference.prepared.cache import prepared_for
    from inference.prepared.lock import SUFFIX
    from inference.prepared.manifest import is_prepared

    copy = prepared_for(model.path, paths.prepared_dir(), MIX)
    begun = copy.with_name(copy.name + SUFFIX)
    return [path for path in (copy, begun) if path == begun or is_prepared(path)]


def _going_folder(models_folder: Path) -> Path:
    folder = models_folder / _GOING / secrets.token_hex(8)
    folder.mkdir(parents=True)
    return folder


def _delete(going: Path) -> None:
    """Everything that goes, of earlier times too; a link goes and what it leads to stays."""
    for each in going.parent.iterdir():
        shutil.rmtree(each)
    going.parent.rmdir()
