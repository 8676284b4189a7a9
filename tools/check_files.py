"""Checks what holds for every file: its length, and nothing of one machine in it.

For: `make check`. A source file over 400 lines is named, one over 600 fails. A path of
somebody's home or an address of a package registry works on one machine and fails. Every
kernel backend must stand in import-linter's contract 3.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.project_files import project_files

ASK_LINES, SPLIT_LINES = 400, 600
TEXT_SUFFIXES = {".py", ".md", ".toml", ".txt", ".sh", ".json", ".svg", ""}
NOT_BACKENDS = {"gpu", "schemes", "testing"}
# Written in two parts so that this file does not find itself.
MACHINE = re.compile(
    r"(?<![\w.])/(?:ro"
    r"ot|work|Users/\w+|home/(?!user\b)\w+)/|pypi\.o"
    r"rg|files\.pythonho"
    r"sted"
)


@dataclass(frozen=True)
class Finding:
    """What is wrong where, and whether it fails the check."""

    where: str
    what: str
    fails: bool


def length_findings(path: Path, text: str) -> Iterator[Finding]:
    """Source files that are long, or too long."""
    lines = text.count("\n")
    if path.suffix != ".py" or lines <= ASK_LINES:
        return
    yield Finding(str(path), f"{lines} lines", lines > SPLIT_LINES)


def machine_findings(path: Path, text: str) -> Iterator[Finding]:
    """Lines that hold a path or an address of one machine."""
    if path.parts[:2] == ("tests", "data"):
        return  # somebody else's text, or recorded
    for number, line in enumerate(text.splitlines(), 1):
        found = MACHINE.search(line)
        if found:
            yield Finding(f"{path}:{number}", f"names one machine: {found[0]}", True)


def backend_findings(root: Path) -> Iterator[Finding]:
    """Kernel backends that no contract keeps apart."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    apart = {m for c in contracts if c["name"].startswith("3.") for m in c["modules"]}
    for package in sorted(root.glob("kernels/*/__init__.py")):
        name = package.parent.name
        if name not in NOT_BACKENDS and f"kernels.{name}" not in apart:
            yield Finding(f"kernels/{name}", "stands in no contract 3 of import-linter", True)


def findings(root: Path) -> Iterator[Finding]:
    """All of them."""
    for path in project_files(root):
        if path.suffix in TEXT_SUFFIXES:
            text = (root / path).read_text(encoding="utf-8", errors="replace")
            yield from length_findings(path, text)
            yield from machine_findings(path, text)
    yield from backend_findings(root)


def main() -> int:
    """Prints the findings; 1 if one of them fails."""
    found = list(findings(Path()))
    for finding in found:
        print(f"{finding.where}: {finding.what}{'' if finding.fails else ' (consider a split)'}")
    return 1 if any(finding.fails for finding in found) else 0


if __name__ == "__main__":
    sys.exit(main())
