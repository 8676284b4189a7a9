"""What several files and folders that were given at once are: models, bundles, or neither.

For: the models page, onto which they are dropped. Files of one folder's model are one model, and
what lies beside its weights belongs to it. Opens nothing but the first bytes of files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.library.bundles.checking import find_bundle, is_bundle
from app.library.bundles.errors import BundleError
from app.library.errors import MovingError
from app.library.moving import model_at


@dataclass(frozen=True)
class Dropped:
    """Each model and each bundle once, in the order given; `refused`: what was neither, and why."""

    models: tuple[Path, ...]
    bundles: tuple[Path, ...]
    refused: tuple[tuple[Path, MovingError], ...]


def sorted_out(paths: Iterable[Path]) -> Dropped:
    """What each of them is."""
    models: dict[Path, None] = {}
    bundles: dict[Path, None] = {}
    refused: list[tuple[Path, MovingError]] = []
    for path in map(Path, map(os.path.abspath, paths)):
        bundle = _bundle_of(path)
        try:
            if bundle is None:
                models[model_at(path)] = None
        except MovingError as error:
            bundle = _bundle_in(path)
            if bundle is None:
                refused.append((path, error))
        if bundle is not None:
            bundles[bundle] = None
    folders = {*models, *bundles}
    left = tuple((path, why) for path, why in refused if path.parent not in folders)
    return Dropped(tuple(models), tuple(bundles), left)


def _bundle_of(path: Path) -> Path | None:
    """The bundle that a folder is, or of which a file is one."""
    with suppress(OSError):
        folder = path if path.is_dir() else path.parent
        is_its_own = path == folder or path.name.startswith(("bundle", "part-"))
        return folder if is_its_own and is_bundle(folder) else None
    return None


def _bundle_in(path: Path) -> Path | None:
    """The only bundle in a folder, such as a stick."""
    with suppress(BundleError, OSError):
        found = find_bundle(path)
        return found if is_bundle(found) else None
    return None
