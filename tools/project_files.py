"""Which files belong to the project: for the checks that read all of them.

Asks git (tracked, and new ones that it does not ignore), and where there is no git walks
the folder.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

ASIDE = (".git", ".venv", ".venv-bench", ".venv-bench-avx2", ".venv-bench-ik", ".venv-package")


def project_files(root: Path) -> list[Path]:
    """Every file, relative to `root`, sorted."""
    listing = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
    )
    if listing.returncode:
        found = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
        names = {path for path in found if path.parts[0] not in ASIDE}
    else:
        names = {Path(name) for name in listing.stdout.split("\0") if name}
    return sorted(path for path in names if (root / path).is_file())
