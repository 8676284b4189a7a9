"""bundle.json: what a bundle holds, to the byte. It alone is signed, and all else follows from it.

For: making, installing and checking. Its text is canonical: the same content is the same bytes,
so that nothing can stand in it that is not checked. Parts have no names and places of their own:
files in order of their names, each cut every `part_bytes`, numbered through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields

from app.library.bundles.errors import ManifestError
from app.library.bundles.fields import count, hex_digits, section
from app.library.bundles.names import check_names, is_plain
from inference.checkpoint.config_json import JsonConfig
from inference.checkpoint.json_text import parse_document
from inference.errors import CheckpointError, one_line
from inference.prepared.hashed_file import HashedFile
from inference.sentence import said, sentence_of

MANIFEST_NAME = "bundle.json"
SBOM_NAME = "bundle-sbom.json"
FORMAT = "pitcher bundle 1"
MOST_BYTES = 16 << 20  # 2 TB in parts of 2 GiB are 0.1 MB
HEADER_BYTES = 128
# FAT32 holds files of up to 4 GiB less one byte.
MOST_PART_BYTES = (4 << 30) - 1 - HEADER_BYTES
LEAST_PART_BYTES = 1 << 10
MOST_FILES = 4096
MOST_PARTS = 50_000
_MOST_FILE_BYTES = 1 << 44
_MOST_TEXT = 400
_MOST_SBOM_BYTES = 16 << 20
_HEX_32, _HEX_64 = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{64}")
_LATEST_S = 253402300799  # the end of the year 9999


@dataclass(frozen=True)
class Entry:
    """What is known of the model, as a catalogue would have it; empty or 0 where it is not."""

    title: str
    family: str
    parameters: int
    context_tokens: int
    quantization: str
    licence: str
    source: str
    is_prepared: bool


@dataclass(frozen=True)
class BundleFile:
    """A file of the model, and the SHA-256 of each of its parts."""

    name: str
    size: int
    sha256: str
    part_sha256: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Bytes start:start+size of a file; the parts of a bundle count from 1."""

    number: int
    file: BundleFile
    start: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All that a bundle says. `made_at_s`: seconds since 1970, and what older and later go by."""

    bundle_id: str
    made_at_s: int
    made_by: str
    name: str
    entry: Entry
    part_bytes: int
    files: tuple[BundleFile, ...] = field(repr=False)
    sbom: HashedFile

    @property
    def total_bytes(self) -> int:
        """Of the model's files."""
        return sum(file.size for file in self.files)

    def parts(self) -> Iterator[Part]:
        """Every part, in order."""
        number = 0
        for file in self.files:
            for index, sha256 in enumerate(file.part_sha256):
                number += 1
                start = index * self.part_bytes
                yield Part(number, file, start, min(self.part_bytes, file.size - start), sha256)

    def canonical(self) -> bytes:
        """The bytes that are signed."""
        said_fields = {
            "format": FORMAT,
            "bundle_id": self.bundle_id,
            "made_at_s": self.made_at_s,
            "made_by": self.made_by,
            "name": self.name,
            "entry": asdict(self.entry),
            "part_bytes": self.part_bytes,
            "files": {
                file.name: {
                    "bytes": file.size,
                    "sha256": file.sha256,
                    "part_sha256": list(file.part_sha256),
                }
                for file in self.files
            },
            "sbom": {"bytes": self.sbom.size, "sha256": self.sbom.sha256},
        }
        return (json.dumps(said_fields, sort_keys=True, separators=(",", ":")) + "\n").encode()


def parts_of(size: int, part_bytes: int) -> int:
    """How many parts a file of this size has; an empty one has none."""
    return -(-size // part_bytes)


def read_manifest(data: bytes) -> Manifest:
    """Parse and check every field; raises ManifestError. Looks at no file."""
    try:
        manifest = _parsed(JsonConfig(MANIFEST_NAME, parse_document(data, MANIFEST_NAME)))
    except CheckpointError as error:
        raise ManifestError(sentence_of(error)) from None
    if manifest.canonical() != data:
        raise ManifestError(
            said("{file}: it is not written in the one form that is signed.", file=MANIFEST_NAME)
        )
    return manifest


def _parsed(values: JsonConfig) -> Manifest:
    if values.string("format") != FORMAT:
        raise values.fail("format", said("it is not “{format}”", format=FORMAT))
    part_bytes = count(values, "part_bytes", MOST_PART_BYTES)
    if part_bytes < LEAST_PART_BYTES:
        raise values.fail("part_bytes", "it is too small")
    name = values.string("name")
    if not is_plain(name):
        raise values.fail("name", "it is no plain name of a folder")
    sbom = section(values, "sbom")
    return Manifest(
        bundle_id=hex_digits(values, "bundle_id", _HEX_32),
        made_at_s=count(values, "made_at_s", _LATEST_S),
        made_by=_text(values, "made_by"),
        name=name,
        entry=_entry(section(values, "entry")),
        part_bytes=part_bytes,
        files=_files(section(values, "files"), part_bytes),
        sbom=HashedFile(
            SBOM_NAME, count(sbom, "bytes", _MOST_SBOM_BYTES), hex_digits(sbom, "sha256", _HEX_64)
        ),
    )


def _entry(values: JsonConfig) -> Entry:
    found: dict[str, object] = {}
    for each in fields(Entry):
        if each.type == "int":
            found[each.name] = count(values, each.name, (1 << 63) - 1)
        elif each.type == "bool":
            found[each.name] = values.boolean(each.name)
        else:
            found[each.name] = _text(values, each.name)
    return Entry(**found)  # type: ignore[arg-type]  # each by the type of its field


def _files(values: JsonConfig, part_bytes: int) -> tuple[BundleFile, ...]:
    names = sorted(values.keys())
    if not 0 < len(names) <= MOST_FILES:
        raise values.fail(
            "", said("it has {count:,} files; 1 to {most:,} can be", count=len(names),
                     most=MOST_FILES)
        )  # fmt: skip
    check_names(names, MANIFEST_NAME)
    found = []
    for name in names:
        entry = section(values, name)
        size = count(entry, "bytes", _MOST_FILE_BYTES)
        hashes = entry.strings("part_sha256")
        if len(hashes) != parts_of(size, part_bytes):
            raise entry.fail("part_sha256", "there is not one hash for each part")
        if not all(_HEX_64.fullmatch(text) for text in hashes):
            raise entry.fail("part_sha256", "it is no SHA-256")
        found.append(BundleFile(name, size, hex_digits(entry, "sha256", _HEX_64), tuple(hashes)))
    if sum(len(file.part_sha256) for file in found) > MOST_PARTS:
        raise values.fail("", said("it has more than {most:,} parts", most=MOST_PARTS))
    return tuple(found)


def _text(values: JsonConfig, key: str) -> str:
    text = values.string(key)
    if len(text) > _MOST_TEXT or one_line(text, _MOST_TEXT) != text:
        raise values.fail(key, "it is no short line of text")
    return text
