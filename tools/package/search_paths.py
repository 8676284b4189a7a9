"""Where the system's loader looks for a library's own libraries: inside the program, nowhere else.

For: `freeze`, and the proof that it is so (`tools/package_test/surprises.py`). A Python that was
built in somebody's home carries that folder's path in each of its modules (DT_RUNPATH): whoever
has a folder of this name on another computer could lay libraries there.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

_ELF = b"\x7fELF"
_HERE = "$ORIGIN"
_TOLD = re.compile(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]")


class SearchPathError(Exception):
    """A library's search path can't be changed; the message is a sentence."""


def binaries(tree: Path) -> list[Path]:
    """Every ELF file of a folder, links aside."""
    return [path for path in sorted(tree.rglob("*")) if _is_elf(path)]


def leading_outside(binary: Path, tree: Path) -> list[str]:
    """Its search paths that lead out of `tree`."""
    paths = [path for told in _told(binary) for path in told.split(":")]
    return [path for path in paths if not is_inside(path, binary, tree)]


def is_inside(path: str, binary: Path, tree: Path) -> bool:
    """Whether a search path begins at the file itself and stays within `tree`; an empty one is the
    current folder, which may be any.
    """
    for origin in (_HERE, "${ORIGIN}"):
        if path == origin or path.startswith(f"{origin}/"):
            meant = (binary.parent / path.removeprefix(origin).lstrip("/")).resolve()
            return meant.is_relative_to(tree.resolve())
    return False


def confine(tree: Path) -> int:
    """Take the paths that lead outside out of every file; how many files were changed.

    Raises SearchPathError.
    """
    changed = 0
    for binary in binaries(tree):
        if leading_outside(binary, tree):
            _rewrite(binary, tree)
            changed += 1
    return changed


def _rewrite(binary: Path, tree: Path) -> None:
    """In place: a path that is left is never longer than what stood there."""
    content = bytearray(binary.read_bytes())
    start, end = _dynamic_strings(binary)
    for told in _told(binary):
        kept = [path for path in told.split(":") if is_inside(path, binary, tree)]
        old, new = told.encode() + b"\0", ":".join(kept or [_HERE]).encode()
        at = content.find(b"\0" + old, start, end) + 1
        if not at or len(new) >= len(old):
            raise SearchPathError(
                f"{binary.name} looks for libraries in {told}: it can't be changed."
            )
        content[at : at + len(old)] = new.ljust(len(old), b"\0")
    binary.write_bytes(content)
    if left := leading_outside(binary, tree):
        raise SearchPathError(f"{binary.name} still looks for libraries in {', '.join(left)}.")


def _told(binary: Path) -> list[str]:
    return _TOLD.findall(_readelf("--dynamic", binary))


def _dynamic_strings(binary: Path) -> tuple[int, int]:
    """Where .dynstr begins and ends in the file."""
    for line in _readelf("--section-headers", binary).splitlines():
        words = line.replace("[ ", "[").split()
        if len(words) > 5 and words[1] == ".dynstr":
            start = int(words[4], 16)
            return start, start + int(words[5], 16)
    raise SearchPathError(f"{binary.name} has no table of strings.")


def _readelf(what: str, binary: Path) -> str:
    command = ["readelf", "--wide", what, str(binary)]
    done = subprocess.run(command, capture_output=True, text=True, env={"LC_ALL": "C"})
    return done.stdout


def _is_elf(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_ELF)) == _ELF
