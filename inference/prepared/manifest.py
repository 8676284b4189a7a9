"""manifest.json of a prepared model: what it is, from what it was made, and every hash.

For: `preparing` writes it last, `opening` and `verifying` read it. The file is hostile until
checked: sizes, names, schemes and its own hash, which stands at its end over all before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from inference.checkpoint.config_json import JsonConfig
from inference.checkpoint.folder import file_in
from inference.checkpoint.json_text import parse_document
from inference.checkpoint.mapped_file import read_file
from inference.errors import CheckpointError
from inference.prepared.hashed_file import HashedFile
from inference.sentence import said
from kernels.schemes.panels import LAYOUT_VERSION, PANEL_SCHEMES

MANIFEST_NAME = "manifest.json"
WEIGHTS_NAME = "weights.safetensors"
PIECES_NAME = "pieces.json"
FORMAT = "pitcher prepared model"
VECTOR_SCHEME = "F32"
_MOST_BYTES = 16 << 20  # DeepSeek-V3's is 0.1 MB, and its pieces' hashes 2 MB
_MOST_PIECES_BYTES = 256 << 20
_MOST_BESIDE_BYTES = 256 << 20  # what is copied beside the weights is no larger
_HASH_KEY = "manifest_sha256"
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class ListedPart:
    """How a part of a tensor is stored: its scheme and logical shape."""

    scheme: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class ListedPieces:
    """The pieces of a tensor of the weights: how long each is, and its hash."""

    sizes: tuple[int, ...]
    sha256: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """All that it says. `source_format` is the reader's own name of it (`GGUF 3`); `tensors`
    by our names, the experts of a layer as one (`layers.3.experts.*.gate`)."""

    engine_version: str
    name: str
    licence: str
    source_format: str
    parameters: int
    mix: str
    sources: tuple[HashedFile, ...]
    beside: tuple[HashedFile, ...]
    weights: HashedFile
    header_bytes: int
    header_sha256: str
    bytes_by_scheme: Mapping[str, int]
    tensors: Mapping[str, ListedPart] = field(repr=False)

    def write(self, path: Path) -> None:
        """Write it whole."""
        body = json.dumps(self._fields(), ensure_ascii=False, indent=0).encode()
        path.write_bytes(_signed(body))

    def _fields(self) -> dict[str, object]:
        return {
            "format": FORMAT,
            "layout_version": LAYOUT_VERSION,
            "engine_version": self.engine_version,
            "name": self.name,
            "licence": self.licence,
            "source_format": self.source_format,
            "parameters": self.parameters,
            "mix": self.mix,
            "bytes_by_scheme": dict(self.bytes_by_scheme),
            "sources": _file_fields(self.sources),
            "beside": _file_fields(self.beside),
            "weights": _file_fields((self.weights,)),
            "header_bytes": self.header_bytes,
            "header_sha256": self.header_sha256,
            "tensors": {
                name: {"scheme": part.scheme, "shape": list(part.shape)}
                for name, part in self.tensors.items()
            },
        }


def _file_fields(files: tuple[HashedFile, ...]) -> dict[str, object]:
    return {file.name: {"bytes": file.size, "sha256": file.sha256} for file in files}


def is_prepared(folder: Path) -> bool:
    """Whether a folder says that it is a prepared model; it may still be unsound."""
    return (folder / MANIFEST_NAME).is_file() and (folder / WEIGHTS_NAME).is_file()


def read_manifest(folder: Path) -> Manifest:
    """Read and check; raises CheckpointError and OSError. Looks at no other file."""
    data = read_file(folder / MANIFEST_NAME, _MOST_BYTES)
    fields = JsonConfig(MANIFEST_NAME, parse_document(data, MANIFEST_NAME))
    if fields.string("format") != FORMAT:
        raise fields.fail("format", said("it is not “{format}”", format=FORMAT))
    layout = fields.integer("layout_version")
    if layout != LAYOUT_VERSION:
        raise fields.fail(
            "layout_version",
            said(
                "this model was prepared in layout {layout} and this program reads layout "
                "{layout_version}; prepare it again from its original",
                layout=layout,
                layout_version=LAYOUT_VERSION,
            ),
        )
    _check_signed(data, fields)
    return Manifest(
        engine_version=fields.string("engine_version"),
        name=fields.string("name"),
        licence=fields.string("licence"),
        source_format=fields.string("source_format"),
        parameters=_count(fields, "parameters"),
        mix=fields.string("mix"),
        sources=_files(fields, "sources"),
        beside=_files(fields, "beside", folder),
        weights=_weights(fields),
        header_bytes=_count(fields, "header_bytes"),
        header_sha256=_hash(fields, "header_sha256"),
        bytes_by_scheme=_sizes(_section(fields, "bytes_by_scheme")),
        tensors=_tensors(_section(fields, "tensors")),
    )


def _signed(body: bytes) -> bytes:
    """The object with its own hash as its last field."""
    digest = hashlib.sha256(body).hexdigest()
    return body.removesuffix(b"\n}") + f',\n"{_HASH_KEY}": "{digest}"\n}}\n'.encode()


def _check_signed(data: bytes, fields: JsonConfig) -> None:
    told = _hash(fields, _HASH_KEY)
    end = f',\n"{_HASH_KEY}": "{told}"\n}}\n'.encode()
    body = data.removesuffix(end) + b"\n}"
    if not data.endswith(end) or hashlib.sha256(body).hexdigest() != told:
        raise fields.fail("", "it is not as it was written: the file is damaged")


def _section(fields: JsonConfig, key: str) -> JsonConfig:
    section = fields.section(key)
    if section is None:
        raise fields.fail(key, "this field is missing")
    return section


def _count(fields: JsonConfig, key: str) -> int:
    count = fields.integer(key)
    if count < 0:
        raise fields.fail(key, "it is below 0")
    return count


def _hash(fields: JsonConfig, key: str) -> str:
    return _hex(fields, key, fields.string(key))


def _hex(fields: JsonConfig, key: str, text: str) -> str:
    if len(text) != 64 or not set(text) <= _HEX:
        raise fields.fail(key, "it is no SHA-256")
    return text


def _files(fields: JsonConfig, key: str, folder: Path | None = None) -> tuple[HashedFile, ...]:
    section = _section(fields, key)
    found = []
    for name in sorted(section.keys()):
        if folder is not None:
            file_in(folder, name, MANIFEST_NAME)
        entry = _section(section, name)
        found.append(HashedFile(name, _count(entry, "bytes"), _hash(entry, "sha256")))
    return tuple(found)


def _weights(fields: JsonConfig) -> HashedFile:
    files = _files(fields, "weights")
    if len(files) != 1 or files[0].name != WEIGHTS_NAME:
        raise fields.fail("weights", said("it is not {weights_name}", weights_name=WEIGHTS_NAME))
    return files[0]


def _sizes(fields: JsonConfig) -> dict[str, int]:
    return {key: _count(fields, key) for key in fields.keys()}  # noqa: SIM118


def _tensors(fields: JsonConfig) -> dict[str, ListedPart]:
    return {name: _part(_section(fields, name)) for name in fields.keys()}  # noqa: SIM118


def _part(fields: JsonConfig) -> ListedPart:
    scheme, shape = fields.string("scheme"), fields.integers("shape")
    if not 1 <= len(shape) <= 3 or any(size < 0 for size in shape):
        raise fields.fail("shape", "it is no shape of a vector, a matrix or a stack")
    if scheme not in PANEL_SCHEMES and (scheme != VECTOR_SCHEME or len(shape) != 1):
        known = ", ".join(sorted(PANEL_SCHEMES))
        raise fields.fail(
            "scheme", said("“{scheme}” is none of {known}", scheme=scheme[:40], known=known)
        )
    return ListedPart(scheme, tuple(shape))


def write_pieces(folder: Path, pieces: Mapping[str, ListedPieces]) -> HashedFile:
    """The hashes of all pieces by the names of the file's tensors: a file of its own, since
    only `verifying` wants them."""
    fields = {
        name: {"bytes": list(listed.sizes), "sha256": list(listed.sha256)}
        for name, listed in pieces.items()
    }
    data = json.dumps(fields, indent=0).encode()
    (folder / PIECES_NAME).write_bytes(data)
    return HashedFile(PIECES_NAME, len(data), hashlib.sha256(data).hexdigest())


def read_pieces(folder: Path) -> dict[str, ListedPieces]:
    """Read and check; raises CheckpointError and OSError."""
    data = read_file(folder / PIECES_NAME, _MOST_PIECES_BYTES)
    fields = JsonConfig(PIECES_NAME, parse_document(data, PIECES_NAME))
    return {name: _pieces(_section(fields, name)) for name in fields.keys()}  # noqa: SIM118


def _pieces(fields: JsonConfig) -> ListedPieces:
    hashes = [_hex(fields, "sha256", text) for text in fields.strings("sha256")]
    sizes = fields.integers("bytes")
    if len(sizes) != len(hashes) or any(size <= 0 for size in sizes):
        raise fields.fail("bytes", "there is not one size above 0 for each hash")
    return ListedPieces(tuple(sizes), tuple(hashes))


def check_file(folder: Path, file: HashedFile) -> None:
    """Size and hash of a file beside the weights; raises CheckpointError, OSError."""
    data = read_file(folder / file.name, min(file.size, _MOST_BESIDE_BYTES))
    if len(data) != file.size:
        raise CheckpointError(
            file.name,
            "",
            said("it has {count:,} bytes; {size:,} were written", count=len(data), size=file.size),
        )
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise CheckpointError(file.name, "", "it is not as it was written: the file is damaged")
