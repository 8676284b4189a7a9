"""The program's own files and their hashes, so that two installations can be compared.

For: the report. Written as `sha256sum` writes them: with the report in hand, `sha256sum -c` finds
a file that was changed.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PARTS = ("main.py", "app", "inference", "kernels", "assets")
_CHUNK_BYTES = 1 << 20
UNREADABLE = "unreadable"
_LEFT_OUT = "__pycache__"


class StoppedError(Exception):
    """Whoever asked for the hashes wants none any more."""


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


def _never() -> bool:
    return False


def program_files(folder: Path, is_stopped: Callable[[], bool] = _never) -> tuple[FileHash, ...]:
    """Every file that the program runs or shows, by its name. A file that can't be read says so
    in the place of its hash. Raises StoppedError soon after `is_stopped` says so.
    """
    if getattr(sys, "frozen", False):
        files = sorted(_below(folder, frozenset()))
    else:
        made = frozenset({_LEFT_OUT})
        files = sorted(file for part in _PARTS for file in _below(folder / part, made))
    return tuple(
        FileHash(file.relative_to(folder).as_posix(), _hash(file, is_stopped)) for file in files
    )


def hash_of_all(files: tuple[FileHash, ...]) -> str:
    """One hash over all of them, as `sha256sum FILES | sha256sum` gives it."""
    return hashlib.sha256("".join(f"{line}\n" for line in lines_of(files)).encode()).hexdigest()


def lines_of(files: tuple[FileHash, ...]) -> Iterator[str]:
    """As `sha256sum` writes them."""
    for file in files:
        yield f"{file.sha256}  {file.name}"


def _below(part: Path, leave_out: frozenset[str]) -> Iterator[Path]:
    """Files, and what stands in the place of one: a link to a folder counts as a file, so that
    nothing that could be loaded is passed over.
    """
    if part.is_file():
        yield part
    for folder, folders, names in os.walk(part):
        folders[:] = [name for name in folders if name not in leave_out]
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in (*names, *links):
            yield Path(folder, name)


def _hash(file: Path, is_stopped: Callable[[], bool]) -> str:
    digest = hashlib.sha256()
    if not file.is_file():  # a pipe would be waited for
        return UNREADABLE
    try:
        with open(file, "rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                if is_stopped():
                    raise StoppedError
                digest.update(chunk)
    except OSError:
        return UNREADABLE
    return digest.hexdigest()
