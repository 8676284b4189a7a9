"""Writes a file into a frozen tree, with the rights and the time that all others have.

For: the steps that add to it. Two builds of a commit are to be the same bytes and times.
"""

from __future__ import annotations

import os
from pathlib import Path

_RIGHTS, _FOLDER_RIGHTS = 0o644, 0o755


def write_into(tree: Path, name: str, raw: bytes) -> None:
    """`name`: its path within the tree."""
    seconds = (tree / "build.json").stat().st_mtime
    file = tree / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw)
    file.chmod(_RIGHTS)
    for made in (file, *file.parents):
        if made.is_dir():
            made.chmod(_FOLDER_RIGHTS)
        os.utime(made, (seconds, seconds))
        if made == tree:
            return


def remove_from(tree: Path, name: str) -> None:
    """Gone, if it was there."""
    seconds = (tree / "build.json").stat().st_mtime
    (tree / name).unlink(missing_ok=True)
    os.utime(tree, (seconds, seconds))
