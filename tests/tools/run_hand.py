"""What a run of the installer for one user left, and how one is run."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

Install = Callable[..., subprocess.CompletedProcess[str]]


def prefix_of(home: Path) -> Path:
    """Where it installs for a user."""
    return home / ".local" / "lib" / "pitcher"


def files_of(folder: Path) -> set[str]:
    """All that is no folder, by its path."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def starts(prefix: Path, *arguments: str) -> list[str]:
    """What the program says, which tells its version and arguments."""
    done = subprocess.run([prefix / "pitcher", *arguments], capture_output=True, text=True)
    return done.stdout.splitlines()
