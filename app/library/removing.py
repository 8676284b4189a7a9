"""Taking a model off this computer: never half of one under its name.

For: `models remove`, and a bundle that replaces an earlier one. What goes is renamed first into a
folder that is no model, and deleted there; what a kill leaves in it goes with the next one.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import paths
from app.library.models import ModelChoice, model_files
from inference.sentence import said

_GOING = ".removing"


class NotRemovableError(Exception):
    """A model that is not in the models folder is not ours to remove."""


def remove_model(model: ModelChoice) -> None:
    """Delete a model of the models folder, and its prepared copy, which is a cache.

    Raises NotRemovableError, OSError.
    """
    if model.path.parent != paths.models_dir():
        raise NotRemovableError(
            said(
                "{name} does not lie in the models folder {folder} and is not removed from here. "
                "Nothing was changed.",
                name=model.name,
                folder=paths.models_dir(),
            )
        )
    copy = _prepared_copy(model)
    going = _going_folder(model.path.parent)
    for path in [model.path] if model.path.is_dir() else model_files(model.path):
        path.rename(going / path.name)
    _delete(going)
    if copy is not None:
        shutil.rmtree(copy, ignore_errors=True)


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


def _prepared_copy(model: ModelChoice) -> Path | None:
    from inference.prepared.automatic import MIX
    from inference.prepared.cache import prepared_for
    from inference.prepared.manifest import is_prepared

    copy = prepared_for(model.path, paths.prepared_dir(), MIX)
    return copy if is_prepared(copy) else None


def _going_folder(models_folder: Path) -> Path:
    folder = models_folder / _GOING / secrets.token_hex(8)
    folder.mkdir(parents=True)
    return folder


def _delete(going: Path) -> None:
    """Everything that goes, of earlier times too; a link goes and what it leads to stays."""
    for each in going.parent.iterdir():
        shutil.rmtree(each)
    going.parent.rmdir()
