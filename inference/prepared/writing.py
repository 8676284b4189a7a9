"""Writing the weights of a prepared model: a safetensors file, from front to back, in pieces.

For: `preparing`. Every offset is known before the first byte, so what is there after a kill
is a beginning of the file; pieces whose bytes are as the journal says are kept.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inference.prepared.journal import Journal
from inference.prepared.pieces import Maker, Piece, pieces_of
from inference.prepared.recipe import PAGE, Output, Recipe
from inference.prepared.sources import chunks

_FLOAT_BYTES = 4
_LENGTH_BYTES = 8
# What the source's map may hold in this process before its pages are let go.
_RELEASE_EVERY_BYTES = 128 << 20


@dataclass(frozen=True)
class Written:
    """The finished file: its hash, the header's, and those of its pieces in order."""

    size: int
    sha256: str
    header_bytes: int
    header_sha256: str
    pieces: tuple[tuple[Piece, str], ...]


def header_of(recipe: Recipe) -> bytes:
    """The length and the JSON, padded with spaces to whole pages."""
    fields: dict[str, object] = {"__metadata__": {"format": "pitcher prepared model"}}
    start = 0
    for output in recipe.outputs():
        stop = start + output.stored_bytes
        fields[output.name] = {
            "dtype": dtype_of(output),
            "shape": list(stored_shape(output)),
            "data_offsets": [start, stop],
        }
        start = stop
    text = json.dumps(fields, separators=(",", ":")).encode()
    size = -(-(_LENGTH_BYTES + len(text)) // PAGE) * PAGE - _LENGTH_BYTES
    return size.to_bytes(_LENGTH_BYTES, "little") + text.ljust(size)


def dtype_of(output: Output) -> str:
    """What the file calls it: bytes, or floats with floats of 0 behind them."""
    return "F32" if output.is_vector else "U8"


def stored_shape(output: Output) -> tuple[int]:
    """The shape in the file, padding included."""
    return (output.stored_bytes // (_FLOAT_BYTES if output.is_vector else 1),)


class WeightsWriter:
    """Writes `path`, going on where the journal ends.

    `on_bytes` is told of bytes that are done; it may raise to stop, which keeps them.
    """

    def __init__(
        self, path: Path, recipe: Recipe, journal: Journal, on_bytes: Callable[[int], None]
    ) -> None:
        self._path = path
        self._recipe = recipe
        self._journal = journal
        self._on_bytes = on_bytes
        self._header = header_of(recipe)
        self._pieces = tuple(pieces_of(recipe))
        self._hashes: list[str] = []
        self._whole = hashlib.sha256(self._header)

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return len(self._header) + self._recipe.stored_bytes

    @property
    def pieces_done(self) -> int:
        """How many pieces the file has."""
        return len(self._hashes)

    def keep(self, told: list[str]) -> int:
        """Check what is there against the journal's hashes; how many bytes are kept."""
        if not self._path.is_file():
            return 0
        head = b"".join(bytes(c) for c in chunks(self._path, 0, len(self._header)))
        if head != self._header:
            return 0
        for piece, was in zip(self._pieces, told, strict=False):
            found, size = hashlib.sha256(), 0
            whole = self._whole.copy()
            for chunk in chunks(self._path, *self._range(piece)):
                found.update(chunk)
                whole.update(chunk)
                size += len(chunk)
            # A file that ends within the piece could still have the hash of a shorter one.
            if found.hexdigest() != was or size != piece.stop - piece.start:
                break
            self._whole = whole
            self._hashes.append(was)
            self._on_bytes(piece.stop - piece.start)
        return self._reached()

    def write(self, maker: Maker, release: Callable[[], None]) -> Written:
        """Make and write all that is missing; the file is synced at the end."""
        with self._path.open("r+b" if self._path.exists() else "wb", buffering=0) as file:
            file.truncate(self._reached())
            file.seek(self._reached())
            if not self._hashes:
                file.seek(0)
                _write_all(file.fileno(), self._header)
            unreleased = 0
            for piece in self._pieces[len(self._hashes) :]:
                made = maker.make(piece)
                _write_all(file.fileno(), made)
                self._note(piece, made)
                unreleased += len(made)
                if unreleased >= _RELEASE_EVERY_BYTES:
                    release()
                    unreleased = 0
            os.fsync(file.fileno())
        self._journal.sync()
        return Written(
            size=self.size,
            sha256=self._whole.hexdigest(),
            header_bytes=len(self._header),
            header_sha256=hashlib.sha256(self._header).hexdigest(),
            pieces=tuple(zip(self._pieces, self._hashes, strict=True)),
        )

    def _note(self, piece: Piece, made: memoryview) -> None:
        digest = hashlib.sha256(made).hexdigest()
        self._whole.update(made)
        self._hashes.append(digest)
        self._journal.append({"piece": digest})
        self._on_bytes(len(made))

    def _reached(self) -> int:
        if not self._hashes:
            return 0
        return len(self._header) + self._pieces[len(self._hashes) - 1].stop

    def _range(self, piece: Piece) -> tuple[int, int]:
        return len(self._header) + piece.start, len(self._header) + piece.stop


def _write_all(descriptor: int, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
