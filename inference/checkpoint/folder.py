"""Files beside one another: names that may not leave their folder, names of parts.

For: readers of models in several files, and whoever opens a file of a model's folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from inference.errors import CheckpointError, one_line
from inference.sentence import said

_PART = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})(?P<suffix>\.\w+)")
_MOST_NAME_CHARACTERS = 255
MOST_PARTS = 4096


@dataclass(frozen=True)
class PartName:
    """`stem-00002-of-00007.suffix`; the number counts from 1."""

    stem: str
    number: int
    count: int
    suffix: str

    def sibling(self, number: int) -> str:
        """The name of another part."""
        return f"{self.stem}-{number:05}-of-{self.count:05}{self.suffix}"


def part_name(name: str) -> PartName | None:
    """What a file's name says of its place among parts; None where it says nothing."""
    found = _PART.fullmatch(name)
    if found is None:
        return None
    part = PartName(found["stem"], int(found["number"]), int(found["count"]), found["suffix"])
    return part if 1 <= part.number <= part.count else None


def file_in(folder: Path, name: str, named_by: str) -> Path:
    """The path of a file that `named_by` names; raises CheckpointError where it leads out.

    A link may stay inside the folder or, as the Hub's cache lays models out, lead from
    `snapshots/REVISION/` to the `blobs/` beside `snapshots`. Whether the file is there is
    not asked.
    """
    plain = name not in ("", ".", "..") and not set(name) & set("/\\\0:")
    if not plain or len(name) > _MOST_NAME_CHARACTERS:
        raise CheckpointError(
            named_by,
            "",
            said("“{name}” is no plain name of a file in its folder", name=one_line(name, 80)),
        )
    path = folder / name
    try:
        home, target = folder.resolve(), path.resolve()
    except (OSError, RuntimeError):
        raise CheckpointError(named_by, name, "this link leads nowhere") from None
    allowed = {home}
    if home.parent.name == "snapshots":
        allowed.add(home.parent.parent / "blobs")
    if not allowed & set(target.parents):
        raise CheckpointError(named_by, name, "this is a link that leads out of its folder")
    return path
