"""Checks that NOTICE names every file that is not our own source, with its licence.

For: `make check`. NOTICE is made of paragraphs `Files:` (patterns), `From:`, `Licence:`,
as Debian's copyright files are. A file in a folder that holds others' work and that no
pattern matches fails; so does a pattern that matches nothing.
"""

from __future__ import annotations

import fnmatch
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.project_files import project_files

FOREIGN_FOLDERS = ("assets/", "tests/data/", "kernels/schemes/tables/")
DATA_SUFFIXES = {
    ".bin", ".dat", ".gguf", ".gz", ".json", ".npy", ".npz", ".otf", ".png", ".safetensors",
    ".svg", ".ttf", ".woff2", ".xz", ".zip",
}  # fmt: skip


@dataclass(frozen=True)
class Paragraph:
    """Files of one origin."""

    patterns: tuple[str, ...]
    origin: str
    licence: str

    def covers(self, path: str) -> bool:
        """Whether a pattern names it; `*` crosses folders."""
        return any(fnmatch.fnmatchcase(path, pattern) for pattern in self.patterns)


def field_of(paragraph: str, name: str) -> str:
    """The text after `Name:`, with its indented lines."""
    collected: list[str] = []
    inside = False
    for line in paragraph.splitlines():
        if line.startswith(f"{name}:"):
            inside = True
            collected.append(line.partition(":")[2])
        elif inside and line.startswith(" "):
            collected.append(line)
        else:
            inside = False
    return " ".join(" ".join(collected).split())


def paragraphs(notice: str) -> Iterator[Paragraph]:
    """Those that name files."""
    for text in notice.split("\n\n"):
        if patterns := field_of(text, "Files"):
            origin, licence = field_of(text, "From"), field_of(text, "Licence")
            yield Paragraph(tuple(patterns.split()), origin, licence)


def must_be_named(path: str) -> bool:
    """Whether it lies where others' work lies, or is data in the packages."""
    in_packages = path.startswith(("app/", "inference/", "kernels/"))
    return path.startswith(FOREIGN_FOLDERS) or (in_packages and Path(path).suffix in DATA_SUFFIXES)


def faults(notice: str, files: Iterable[str]) -> Iterator[str]:
    """What NOTICE does not say, or says of nothing."""
    named, files = list(paragraphs(notice)), list(files)
    for path in filter(must_be_named, files):
        if not any(paragraph.covers(path) for paragraph in named):
            yield f"{path} is not named in NOTICE"
    for paragraph in named:
        label = " ".join(paragraph.patterns)
        if not paragraph.origin or not paragraph.licence:
            yield f"NOTICE gives no origin or no licence for {label}"
        if not any(map(paragraph.covers, files)):
            yield f"NOTICE names {label}, and there is no such file"


def main() -> int:
    """Prints the faults; 1 if there are any."""
    files = [path.as_posix() for path in project_files(Path())]
    found = list(faults(Path("NOTICE").read_text(encoding="utf-8"), files))
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
