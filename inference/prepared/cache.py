"""Where models lie that are prepared without being asked: a folder for each original.

For: whoever loads a model and may prepare it first. Names only; prepares nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from inference.errors import CheckpointError
from inference.prepared.manifest import is_prepared, read_manifest
from kernels.schemes.panels import LAYOUT_VERSION

_KEY_CHARACTERS = 12
_MOST_NAME_CHARACTERS = 80
_WEIGHTS = (".gguf", ".safetensors")


def prepared_for(source: Path, cache_folder: Path, mix: str = "") -> Path:
    """The folder for `source` as it is now: another once it changes, or the layout or the
    mix does. Raises OSError where there is no such source.
    """
    facts = [LAYOUT_VERSION, mix, str(source.resolve())]
    for path in _files(source):
        status = path.stat()
        facts += [path.name, str(status.st_size), str(status.st_mtime_ns)]
    key = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:_KEY_CHARACTERS]
    stem = source.name if source.is_dir() else source.stem
    plain = re.sub(r"[^\w.-]+", "-", stem)[:_MOST_NAME_CHARACTERS]
    return cache_folder / f"{plain}-{key}"


def is_current(folder: Path, source: Path) -> bool:
    """Whether `folder` holds a prepared model in this layout, whole as far as its files' sizes
    say, made from files of the names and sizes that `source` has. What `prepared_for` names is of
    the right times too.
    """
    if not is_prepared(folder):
        return False
    try:
        manifest = read_manifest(folder)
    except CheckpointError:
        return False
    for file in (manifest.weights, *manifest.beside):
        # One that was cut short would be refused each time it is opened, and never made again.
        path = folder / file.name
        if not path.is_file() or path.stat().st_size != file.size:
            return False
    made_from = {(file.name, file.size) for file in manifest.sources}
    return made_from <= {(path.name, path.stat().st_size) for path in _files(source)}


def _files(source: Path) -> list[Path]:
    """The file, and its sisters where it is one of several; a folder's weights."""
    if source.is_dir():
        return sorted(path for path in source.iterdir() if path.suffix in _WEIGHTS)
    source.stat()
    part = re.fullmatch(r"(.+)-\d{5}-of-(\d{5})", source.stem)
    if part is None:
        return [source]
    pattern = re.compile(rf"{re.escape(part[1])}-\d{{5}}-of-{part[2]}{re.escape(source.suffix)}")
    return sorted(path for path in source.parent.iterdir() if pattern.fullmatch(path.name))
