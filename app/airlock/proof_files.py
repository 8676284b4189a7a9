"""The program's own files and their hashes, so that two installations can be compared.

For: the report. Written as `sha256sum` writes them: with the report in hand, `sha256sum -c` finds
a file that was changed.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PARTS = ("main.py", "app", "inference", "kernels", "assets")
_CHUNK_BYTES = 1 << 20
_UNREADABLE = "unreadable"
_LEFT_OUT = "__pycache__"


@dataclass(frozen=True)
class FileHash:
    """One file: its path below the program's folder, and its SHA-256 in hexadecimal."""

    name: str
    sha256: str


def program_folder() -> Path:
    """Where the program lies."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).parent
    return Path(__file__).resolve().parents[2]


def program_files(folder: Path) -> tuple[FileHash, ...]:
    """Every file that the program runs or shows, by its name. A file that can't be read says so
    in the place of its hash.
    """
    parts = os.listdir(folder) if getattr(sys, "frozen", False) else _PARTS
    files = sorted(file for part in parts for file in _below(folder / part))
    return tuple(FileHash(file.relative_to(folder).as_posix(), _hash(file)) for file in files)


def hash_of_all(files: tuple[FileHash, ...]) -> str:
    """One hash over all of them, as `sha256sum FILES | sha256sum` gives it."""
    return hashlib.sha256("".join(f"{line}\n" for line in lines_of(files)).encode()).hexdigest()


def lines_of(files: tuple[FileHash, ...]) -> Iterator[str]:
    """As `sha256sum` writes them."""
    for file in files:
        yield f"{file.sha256}  {file.name}"


def _below(part: Path) -> Iterator[Path]:
    if part.is_file():
        yield part
    for folder, folders, names in os.walk(part):
        folders[:] = [name for name in folders if name != _LEFT_OUT]
        for name in names:
            file = Path(folder, name)
            if file.is_file():
                yield file


def _hash(file: Path) -> str:
    digest = hashlib.sha256()
    try:
        with open(file, "rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError:
        return _UNREADABLE
    return digest.hexdigest()
