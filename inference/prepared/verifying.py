"""Whether a prepared model's bytes are those that were written: all of them, piece by piece.

For: `models verify`, and whoever copied a model. Names the tensor that is damaged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from inference.errors import CheckpointError, PreparationError
from inference.prepared.manifest import WEIGHTS_NAME, Manifest, is_prepared
from inference.prepared.opening import open_prepared, prepared_checkpoint
from inference.prepared.sources import chunks


def verify(
    folder: Path, on_progress: Callable[[int, int], None] = lambda done, total: None
) -> Manifest:
    """Read everything; `on_progress` gets bytes done and of all. The manifest, if all is well.

    Raises CheckpointError that names the file and the tensor, PreparationError, OSError.
    """
    if not is_prepared(folder):
        raise PreparationError(f"{folder} is no prepared model.")
    with open_prepared(folder) as opened:
        model = prepared_checkpoint(opened)
        order = [name for name, _ in model.places()]
        manifest = model.manifest
    done, total = manifest.header_bytes, manifest.weights.size
    for name in order:
        tensor = manifest.tensors[name]
        for size, wanted in zip(tensor.piece_bytes, tensor.sha256, strict=True):
            found = hashlib.sha256()
            for chunk in chunks(folder / WEIGHTS_NAME, done, done + size):
                found.update(chunk)
            if found.hexdigest() != wanted:
                raise CheckpointError(
                    WEIGHTS_NAME,
                    name,
                    f"its bytes {done:,} to {done + size:,} are not as they were written: "
                    "the file is damaged; copy or prepare it again",
                )
            done += size
            on_progress(done, total)
    return manifest
