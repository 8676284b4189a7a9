"""What is copied beside the weights: enough to say what the model is and how it is talked to.

For: `preparing` (copies) and `opening` (reads, by the code that reads the originals). Of GGUF
the header, all metadata, part by part; of a folder its small files.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from inference.checkpoint.gguf import GgufFile
from inference.checkpoint.gguf_split import SplitGguf
from inference.checkpoint.open import OpenCheckpoint
from inference.prepared.hashed_file import HashedFile
from inference.prepared.sources import chunks

_STEM = "source-header"
_FOLDER_FILES = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "tiktoken.model",
    "special_tokens_map.json",
    "chat_template.jinja",
    "LICENSE",
)
_MOST_BYTES = 256 << 20  # vocabularies take up to 40 MB


class HeaderOnly(GgufFile):
    """A GGUF file that ends behind its header; it has metadata, and no tensor's bytes."""

    def _check_layout(self) -> None:
        """There is nothing to lay out."""


def copy_beside(source: OpenCheckpoint, work: Path) -> tuple[HashedFile, ...]:
    """Copy what belongs beside the weights into `work`; raises OSError."""
    return tuple(_written(work / name, data) for name, data in _copies(source))


def header_names(count: int) -> list[str]:
    """The names of copied headers, as the parts of one model are named."""
    if count == 1:
        return [f"{_STEM}.gguf"]
    return [f"{_STEM}-{n:05}-of-{count:05}.gguf" for n in range(1, count + 1)]


def open_headers(folder: Path, names: tuple[str, ...]) -> GgufFile | SplitGguf | None:
    """The copied headers as one model; None where there are none. Raises CheckpointError."""
    headers = sorted(name for name in names if name.startswith(_STEM))
    if not headers or headers != header_names(len(headers)):
        return None
    parts: list[GgufFile] = [HeaderOnly.open_part(folder / name) for name in headers]
    return parts[0] if len(parts) == 1 else SplitGguf(folder / headers[0], parts)


def _copies(source: OpenCheckpoint) -> Iterator[tuple[str, bytes]]:
    if isinstance(source, GgufFile | SplitGguf):
        parts = (source,) if isinstance(source, GgufFile) else source.parts
        for name, part in zip(header_names(len(parts)), parts, strict=True):
            yield name, b"".join(bytes(c) for c in chunks(part.path, 0, part.metadata_bytes))
        return
    for name in _FOLDER_FILES:
        path = source.folder / name
        if path.is_file() and 0 < path.stat().st_size <= _MOST_BYTES:
            yield name, path.read_bytes()


def _written(path: Path, data: bytes) -> HashedFile:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return HashedFile(path.name, len(data), hashlib.sha256(data).hexdigest())
