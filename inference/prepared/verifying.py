"""Whether a prepared model's bytes are those that were written: all of them, piece by piece.

For: `models verify`, and whoever copied a model. Names the tensor that is damaged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from inference.errors import CheckpointError, PreparationError
from inference.prepared.manifest import (
    PIECES_NAME,
    WEIGHTS_NAME,
    Manifest,
    check_file,
    is_prepared,
    read_pieces,
)
from inference.prepared.opening import open_prepared, prepared_checkpoint
from inference.prepared.recipe import Recipe
from inference.prepared.sources import chunks
from inference.prepared.writing import header_of
from inference.sentence import said


def verify(
    folder: Path, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> Manifest:
    """Read everything; `on_progress` gets bytes done and of all. The manifest, if all is well.

    Raises CheckpointError that names the file and the tensor, PreparationError, OSError.
    """
    if not is_prepared(folder):
        raise PreparationError(said("{folder} is no prepared model.", folder=folder))
    with open_prepared(folder) as opened:
        model = prepared_checkpoint(opened)
    manifest, recipe = model.manifest, model.recipe
    _check_header(folder, manifest, recipe)
    for file in manifest.beside:
        check_file(folder, file)
    pieces = read_pieces(folder)
    start, total = manifest.header_bytes, manifest.weights.size
    for output in recipe.outputs():
        if not output.stored_bytes:
            continue
        listed = pieces.get(output.name)
        if listed is None or sum(listed.sizes) != output.stored_bytes:
            raise CheckpointError(PIECES_NAME, output.name, "its pieces are not all of the tensor")
        for size, wanted in zip(listed.sizes, listed.sha256, strict=True):
            _check_piece(folder, output.name, slice(start, start + size), wanted)
            start += size
            on_progress(start, total)
    return manifest


def _check_header(folder: Path, manifest: Manifest, recipe: Recipe) -> None:
    """What other programs read of the weights is what this one knows of them."""
    found = b"".join(bytes(c) for c in chunks(folder / WEIGHTS_NAME, 0, manifest.header_bytes))
    if found != header_of(recipe):
        raise CheckpointError(
            WEIGHTS_NAME, "header", "it does not list the tensors that the manifest does"
        )


def _check_piece(folder: Path, name: str, place: slice, wanted: str) -> None:
    found = hashlib.sha256()
    for chunk in chunks(folder / WEIGHTS_NAME, place.start, place.stop):
        found.update(chunk)
    if found.hexdigest() != wanted:
        raise CheckpointError(
            WEIGHTS_NAME,
            name,
            said(
                "its bytes {start:,} to {stop:,} are not as they were written: the file is "
                "damaged; copy or prepare it again",
                start=place.start,
                stop=place.stop,
            ),
        )
