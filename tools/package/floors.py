"""How old a system may be: the newest symbols that any file of a tree asks glibc and libstdc++ for.

`python -m tools.package.floors [TREE]` prints the table of packaging/README.md. For: that file,
the packages' dependencies, and updates, which say in their manifest what they need.
"""

from __future__ import annotations

import mmap
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.package.elf import is_elf, read_elf

FAMILIES = ("GLIBC", "GLIBCXX", "CXXABI", "GCC")
# What PySide6's own wheels ask for: no file of ours asks for more (RHEL 9, Ubuntu 22.04).
NEWEST = {"GLIBC": "2.34", "GLIBCXX": "3.4.29"}
_VERSION = re.compile(r"(GLIBC|GLIBCXX|CXXABI|GCC)_(\d+(?:\.\d+)*)")
_DEFAULT = Path(__file__).resolve().parents[2] / "build" / "package" / "pitcher"
_MOST_NAMED = 3


@dataclass(frozen=True)
class Floor:
    """The newest version that is asked for of a family of symbols, and which files ask for it."""

    family: str
    version: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Scan:
    """`foreign`: library → the files that need it, though it is not in the tree."""

    count: int
    machines: tuple[str, ...]
    floors: tuple[Floor, ...]
    foreign: dict[str, tuple[str, ...]]


def scan(tree: Path) -> Scan:
    """Every ELF file of a tree. Raises ElfError."""
    asked: dict[str, dict[str, list[str]]] = {family: defaultdict(list) for family in FAMILIES}
    needed: dict[str, list[str]] = defaultdict(list)
    names, machines, count = set(), set(), 0
    for file in _files(tree):
        names.add(file.name)
        if not is_elf(file):
            continue
        path = file.relative_to(tree).as_posix()
        with (
            open(file, "rb") as stream,
            mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as m,
        ):
            found = read_elf(m)
        count += 1
        machines.add(found.machine)
        for name in found.needed:
            needed[name].append(path)
        for version in (v for versions in found.versions.values() for v in versions):
            if match := _VERSION.fullmatch(version):
                asked[match[1]][match[2]].append(path)
    floors = tuple(_floor(family, asked[family]) for family in FAMILIES if asked[family])
    foreign = {name: tuple(sorted(files)) for name, files in needed.items() if name not in names}
    return Scan(count, tuple(sorted(machines)), floors, dict(sorted(foreign.items())))


def _files(tree: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(tree):
        folders.sort()
        yield from (Path(folder, name) for name in sorted(names))


def as_numbers(version: str) -> list[int]:
    """By which versions are compared: 2.9 is older than 2.34."""
    return [int(part) for part in version.split(".")]


def _floor(family: str, asked: dict[str, list[str]]) -> Floor:
    newest = max(asked, key=as_numbers)
    return Floor(family, newest, tuple(sorted(set(asked[newest]))))


def table(found: Scan) -> str:
    """As Markdown."""
    lines = ["| symbols of | newest asked for | by |", "|---|---|---|"]
    for floor in found.floors:
        named = ", ".join(f"`{Path(file).name}`" for file in floor.files[:_MOST_NAMED])
        more = len(floor.files) - _MOST_NAMED
        by = f"{named} and {more} more" if more > 0 else named
        lines.append(f"| {floor.family} | {floor.version} | {by} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Print the table, and what the system has to have."""
    found = scan(Path(arguments[0]) if arguments else _DEFAULT)
    print(f"{found.count} ELF files for {', '.join(found.machines)}\n\n{table(found)}")
    print("Not in the tree:")
    for name, files in found.foreign.items():
        print(f"  {name:28} {len(files):3} ({files[0]})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
