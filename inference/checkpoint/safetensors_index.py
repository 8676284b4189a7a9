"""Which files of a folder make up a safetensors model, and what their index says.

For: `safetensors`. The index is `model.safetensors.index.json`, as transformers writes it:
`weight_map` says for each tensor which shard holds it. Opens no shard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from inference.checkpoint.folder import MOST_PARTS, PartName, file_in, part_name
from inference.checkpoint.json_text import Scanner
from inference.checkpoint.mapped_file import map_file
from inference.checkpoint.safetensors_header import MOST_NAME_BYTES, MOST_TENSORS
from inference.errors import CheckpointError, one_line
from inference.sentence import said

INDEX_NAME = "model.safetensors.index.json"
SUFFIX = ".safetensors"
_SINGLE_NAME = "model.safetensors"
_MOST_INDEX_BYTES = 64 << 20
_MOST_OTHER_BYTES = 64 << 10
_MOST_FILE_NAME_BYTES = 1 << 10


@dataclass(frozen=True)
class Shards:
    """The files of a model, and the tensors that the index expects in each (None: no index)."""

    paths: tuple[Path, ...]
    expected: Mapping[str, str] | None = None


def find_shards(path: Path) -> Shards:
    """What belongs to the folder, shard or index that the user named.

    Raises CheckpointError and OSError.
    """
    if path.is_dir():
        return _in_folder(path)
    index = path.parent / INDEX_NAME
    if path.name == INDEX_NAME:
        return _indexed(path)
    if index.is_file():
        found = _indexed(index)
        if path in found.paths:
            return found
    part = part_name(path.name)
    if part is None or part.count == 1:
        return Shards((path,))
    return _parts(path.parent, part)


def _in_folder(folder: Path) -> Shards:
    names = sorted(p.name for p in folder.iterdir() if p.name.endswith(SUFFIX))
    if (folder / INDEX_NAME).is_file():
        found = _indexed(folder / INDEX_NAME)
        if _SINGLE_NAME in names and folder / _SINGLE_NAME not in found.paths:
            raise CheckpointError(
                folder.name,
                "",
                said(
                    "it holds {single_name} and an index of other files; name the one to open",
                    single_name=_SINGLE_NAME,
                ),
            )
        return found
    if _SINGLE_NAME in names:
        return Shards((folder / _SINGLE_NAME,))
    parts = {name: part_name(name) for name in names}
    families = {(p.stem, p.count): p for p in parts.values() if p}
    if len(families) == 1 and all(parts.values()):
        return _parts(folder, next(iter(families.values())))
    if len(names) == 1:
        return Shards((folder / names[0],))
    if not names:
        raise CheckpointError(folder.name, "", "there is no safetensors file in this folder")
    raise CheckpointError(
        folder.name,
        "",
        said(
            "it holds {count} safetensors files and no index ({one}, {other}, …); "
            "name the one to open",
            count=len(names),
            one=names[0],
            other=names[1],
        ),
    )


def _parts(folder: Path, part: PartName) -> Shards:
    """Every part of a family of names, without an index."""
    if part.count > MOST_PARTS:
        raise CheckpointError(
            folder.name, "", said("{count:,} parts are more than are read", count=part.count)
        )
    names = [part.sibling(number) for number in range(1, part.count + 1)]
    return Shards(tuple(_present(folder, names, part.sibling(part.number))))


def _present(folder: Path, names: Iterable[str], named_by: str) -> list[Path]:
    found = []
    for name in names:
        path = file_in(folder, name, named_by)
        if not path.exists():
            raise CheckpointError(
                named_by, "", said("{name} is missing beside it", name=one_line(name, 120))
            )
        found.append(path)
    return found


def _indexed(index: Path) -> Shards:
    expected = read_index(index)
    names = sorted(set(expected.values()))
    if len(names) > MOST_PARTS:
        raise CheckpointError(
            index.name, "", said("{count:,} files are more than are read", count=len(names))
        )
    for name in names:
        if not name.endswith(SUFFIX):
            file_in(index.parent, name, index.name)
            raise CheckpointError(
                index.name,
                "",
                said(
                    "“{name}” is not named as a {suffix} file",
                    name=one_line(name, 80),
                    suffix=SUFFIX,
                ),
            )
    paths = _present(index.parent, names, index.name)
    _refuse_strangers(index, names)
    return Shards(tuple(paths), expected)


def _refuse_strangers(index: Path, names: list[str]) -> None:
    """A shard of the same family that the index does not name: one of the two is wrong."""
    families = {(p.stem, p.count) for p in map(part_name, names) if p}
    for path in index.parent.iterdir():
        part = part_name(path.name)
        if part and (part.stem, part.count) in families and path.name not in names:
            raise CheckpointError(
                index.name, "", said("it does not name {file} beside it", file=path.name)
            )


def read_index(path: Path) -> Mapping[str, str]:
    """Tensor → shard, as the index says; raises CheckpointError and OSError."""
    data = map_file(path)
    if len(data) > _MOST_INDEX_BYTES:
        raise CheckpointError(
            path.name,
            "",
            said(
                "it has {count:,} bytes; up to {most_index_bytes:,} are read",
                count=len(data),
                most_index_bytes=_MOST_INDEX_BYTES,
            ),
        )
    scanner = Scanner(data, 0, len(data), lambda reason: CheckpointError(path.name, "", reason))
    found: dict[str, str] | None = None
    for member in scanner.members(MOST_NAME_BYTES):
        if member != "weight_map":
            scanner.value(_MOST_OTHER_BYTES)
        elif found is not None:
            raise CheckpointError(path.name, member, "this name is there twice")
        else:
            found = _weight_map(scanner, path.name)
    scanner.finish()
    if not found:
        raise CheckpointError(path.name, "weight_map", "it names no tensor")
    return found


def _weight_map(scanner: Scanner, file_name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    shards: dict[str, str] = {}
    for name in scanner.members(MOST_NAME_BYTES):
        if name in found:
            raise CheckpointError(file_name, name, "this name is there twice")
        if len(found) == MOST_TENSORS:
            raise CheckpointError(
                file_name,
                "",
                said("it names more than {most_tensors:,} tensors", most_tensors=MOST_TENSORS),
            )
        shard = scanner.string(_MOST_FILE_NAME_BYTES)
        # One string for each shard, not for each tensor.
        found[name] = shards.setdefault(shard, shard)
    return found
