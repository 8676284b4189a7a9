"""From the path that a user names to the reader of its format.

For: `inference.loading`. A GGUF file or any part of one, a safetensors file or any shard
of a model, its index, or a folder that holds one model; a sentence for everything else.
"""

from __future__ import annotations

from pathlib import Path

from inference.checkpoint.file_kinds import looks_like_safetensors, no_model
from inference.checkpoint.folder import part_name
from inference.checkpoint.gguf import GgufFile
from inference.checkpoint.gguf_split import SplitGguf, open_gguf
from inference.checkpoint.mapped_file import read_head
from inference.checkpoint.safetensors import SafetensorsModel
from inference.checkpoint.safetensors_index import INDEX_NAME, SUFFIX
from inference.errors import CheckpointError
from inference.sentence import said

_GGUF = ".gguf"
_HEAD_BYTES = 512
_MOST_ENTRIES = 1 << 14
# What other programs keep weights in that may hold code.
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")

OpenCheckpoint = GgufFile | SplitGguf | SafetensorsModel


def open_checkpoint(path: Path) -> OpenCheckpoint:
    """Open and check; raises CheckpointError, UnsupportedModelError, OSError."""
    if path.is_dir():
        return _open_folder(path)
    head = read_head(path, _HEAD_BYTES)
    if head.startswith(b"GGUF"):
        return open_gguf(path)
    if path.name == INDEX_NAME or looks_like_safetensors(head):
        return SafetensorsModel.open(path)
    raise CheckpointError(path.name, "", no_model(head))


def _open_folder(folder: Path) -> OpenCheckpoint:
    names = _names(folder)
    ggufs = _models([name for name in names if name.endswith(_GGUF)])
    has_safetensors = any(name == INDEX_NAME or name.endswith(SUFFIX) for name in names)
    if has_safetensors and ggufs:
        raise _fail(
            folder, said("it holds safetensors and {file}; name the file to open", file=ggufs[0])
        )
    if has_safetensors:
        return SafetensorsModel.open(folder)
    if len(ggufs) > 1:
        raise _fail(
            folder,
            said(
                "it holds {count} GGUF models ({file}, …); name one of them",
                count=len(ggufs),
                file=ggufs[0],
            ),
        )
    if ggufs:
        return open_gguf(folder / ggufs[0])
    if any(name.endswith(_PICKLES) for name in names):
        raise _fail(folder, "its weights are pickles, which may hold code and are never read")
    raise _fail(folder, "there is no GGUF and no safetensors file in this folder")


def _names(folder: Path) -> list[str]:
    names = []
    for entry in folder.iterdir():
        names.append(entry.name)
        if len(names) > _MOST_ENTRIES:
            raise _fail(
                folder,
                said(
                    "it holds more than {most_entries:,} files; name the model's",
                    most_entries=_MOST_ENTRIES,
                ),
            )
    return sorted(names)


def _models(names: list[str]) -> list[str]:
    """One name for each model: of parts, the first that is there."""
    found: dict[tuple[str, int], str] = {}
    for name in names:
        part = part_name(name)
        found.setdefault((part.stem, part.count) if part else (name, 0), name)
    return list(found.values())


def _fail(folder: Path, reason: str) -> CheckpointError:
    return CheckpointError(folder.name or str(folder), "", reason)
