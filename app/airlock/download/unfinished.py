"""Downloads that were begun and are not done: which there are, and giving one up.

For: the library's page and the command line. A model grows in `.arriving/NAME` in the models
folder, which is no model, until it is renamed. Knows no network.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.airlock.download.choices import Kind
from app.airlock.download.errors import AlreadyArrivingError, DiskError
from app.airlock.download.names import is_file_name
from app.airlock.download.plan import read_plan
from app.airlock.download.record import kept_bytes
from inference.errors import PreparationError
from inference.prepared.lock import work_folder
from inference.sentence import said

ARRIVING = ".arriving"
FILES, RECORDS = "files", "records"
_MOST_SHOWN = 1_000


@dataclass(frozen=True)
class Unfinished:
    """A download that goes on when the same model is fetched again. `name`: its folder's."""

    name: str
    repository: str
    revision: str
    commit: str
    kind: Kind
    label: str
    total_bytes: int
    done_bytes: int


def unfinished(models_folder: Path) -> tuple[Unfinished, ...]:
    """All of them, by name; as the records have it, which is compared with the disk later."""
    try:
        names = sorted(entry.name for entry in os.scandir(models_folder / ARRIVING))
    except OSError:
        return ()
    found = (_one(models_folder / ARRIVING / name) for name in names[:_MOST_SHOWN])
    return tuple(each for each in found if each is not None)


def discard(models_folder: Path, name: str) -> None:
    """Delete what has arrived of it; nothing where it is not there.

    Raises AlreadyArrivingError where it is being fetched, DiskError.
    """
    work = models_folder / ARRIVING / name
    if not is_file_name(name) or not os.path.lexists(work):
        return
    with arriving_folder(models_folder, name) as folder:
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise DiskError(
                said("{name} can’t be deleted: {why}.", name=name, why=error.strerror or "")
            ) from error


@contextmanager
def arriving_folder(models_folder: Path, name: str) -> Iterator[Path]:
    """The folder that a model grows in, made and kept for this process alone.

    Raises AlreadyArrivingError, DiskError for a link in its place, OSError.
    """
    parent = models_folder / ARRIVING
    models_folder.mkdir(parents=True, exist_ok=True)
    for folder in (parent, parent / name):
        if folder.is_symlink() or (os.path.lexists(folder) and not folder.is_dir()):
            raise DiskError(
                said("{folder} is no folder. Remove it, and start again.", folder=folder)
            )
    try:
        with work_folder(parent / name, "") as work:
            yield work
    except PreparationError as error:
        raise AlreadyArrivingError(
            said(
                "{name} is being fetched by another process just now. Wait for it, or stop it.",
                name=name,
            )
        ) from error


def _one(folder: Path) -> Unfinished | None:
    if folder.is_symlink() or not is_file_name(folder.name):
        return None
    plan = read_plan(folder)
    if plan is None or not (folder / FILES).is_dir():  # what is left of one that is done
        return None
    done = sum(kept_bytes(folder / RECORDS / f"{file.name}.json") for file in plan.files)
    return Unfinished(
        folder.name,
        plan.repository,
        plan.revision,
        plan.commit,
        plan.kind,
        plan.label,
        plan.total_bytes,
        min(done, plan.total_bytes),
    )
