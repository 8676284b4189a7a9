"""The files that a model is prepared from: what identifies them, and their hashes.

For: `preparing` (has the source changed meanwhile?) and the manifest.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from inference.checkpoint.base import Checkpoint
from inference.errors import PreparationError
from inference.sentence import said

_CHUNK_BYTES = 8 << 20
# A header changes with any tensor's name, shape or place, mostly within this.
_HEAD_BYTES = 1 << 20


@dataclass(frozen=True)
class SourceFile:
    """A file as it was found. `head`: SHA-256 of its first megabyte."""

    name: str
    size: int
    modified_ns: int
    head: str

    @classmethod
    def of(cls, path: Path) -> SourceFile:
        """Look at it; raises OSError."""
        status = path.stat()
        with path.open("rb") as file:
            head = hashlib.sha256(file.read(_HEAD_BYTES)).hexdigest()
        return cls(path.name, status.st_size, status.st_mtime_ns, head)

    def facts(self) -> dict[str, object]:
        """For a fingerprint."""
        return asdict(self)


def found(source: Checkpoint) -> tuple[SourceFile, ...]:
    """The model's files as they are now."""
    return tuple(SourceFile.of(path) for path in source.files)


def check_unchanged(source: Checkpoint, before: tuple[SourceFile, ...]) -> None:
    """Raises PreparationError if a file is not what it was."""
    for path, was in zip(source.files, before, strict=True):
        if not path.exists() or SourceFile.of(path) != was:
            raise PreparationError(
                said("{file} has changed while it was being prepared. Start again.", file=path.name)
            )


def sha256_of(path: Path, on_bytes: Callable[[int], None]) -> str:
    """Hash a file; `on_bytes` is told of each chunk and may raise to stop."""
    digest = hashlib.sha256()
    for chunk in chunks(path, 0, None):
        digest.update(chunk)
        on_bytes(len(chunk))
    return digest.hexdigest()


def chunks(path: Path, start: int, stop: int | None) -> Iterator[memoryview]:
    """Bytes start:stop of a file, some megabytes at a time in one buffer."""
    buffer = bytearray(_CHUNK_BYTES)
    view = memoryview(buffer)
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        left = os.fstat(file.fileno()).st_size - start if stop is None else stop - start
        while left > 0:
            count = file.readinto(view[: min(left, _CHUNK_BYTES)])
            if not count:
                return
            yield view[:count]
            left -= count
