"""Compares what two builds of a commit made, file by file, and says what differs and why.

`python -m tools.package.reproducible ONE OTHER`: two trees, two folders of artefacts, or two files.
0 where all bytes, modes and links are the same; else a line for each difference.
"""

from __future__ import annotations

import argparse
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.package.differences import why


def compare(one: Path, other: Path) -> Iterator[str]:
    """A line for each difference; nothing where there is none."""
    if one.is_file() and other.is_file():
        yield from _of_pair(one.name, one, other)
        return
    here, there = _paths(one), _paths(other)
    yield from (f"{path}: only in {one}" for path in sorted(here - there))
    yield from (f"{path}: only in {other}" for path in sorted(there - here))
    for path in sorted(here & there):
        yield from _of_pair(path, one / path, other / path)


def _paths(folder: Path) -> set[str]:
    """Of everything below it, folders too."""
    return {
        os.path.relpath(os.path.join(parent, name), folder)
        for parent, folders, names in os.walk(folder)
        for name in (*folders, *names)
    }


def _of_pair(name: str, one: Path, other: Path) -> Iterator[str]:
    first, second = one.lstat(), other.lstat()
    kinds = {_kind(first.st_mode), _kind(second.st_mode)}
    if len(kinds) > 1:
        yield f"{name}: {_kind(first.st_mode)} here, {_kind(second.st_mode)} there"
        return
    modes = stat.S_IMODE(first.st_mode), stat.S_IMODE(second.st_mode)
    if kinds != {"link"} and len(set(modes)) > 1:
        yield f"{name}: mode {modes[0]:o} here, {modes[1]:o} there"
    if kinds == {"link"} and os.readlink(one) != os.readlink(other):
        yield f"{name}: leads to {os.readlink(one)} here, to {os.readlink(other)} there"
    if kinds == {"file"} and not _same_bytes(one, other):
        yield f"{name}: {why(one.read_bytes(), other.read_bytes())}"


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "link"
    return "folder" if stat.S_ISDIR(mode) else "file"


def _same_bytes(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with open(one, "rb") as first, open(other, "rb") as second:
        while chunk := first.read(1 << 20):
            if chunk != second.read(1 << 20):
                return False
    return True


def main(arguments: list[str]) -> int:
    """0 where there is no difference."""
    parser = argparse.ArgumentParser(prog="tools.package.reproducible", description=__doc__)
    parser.add_argument("one", type=Path)
    parser.add_argument("other", type=Path)
    chosen = parser.parse_args(arguments)
    for each in (chosen.one, chosen.other):
        if not each.exists():
            print(f"{each} is not there.", file=sys.stderr)
            return 2
    found = list(compare(chosen.one, chosen.other))
    for line in found:
        print(line)
    print(f"{len(found)} differences" if found else "The same bytes, modes and links.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
