"""What an update holds, to the byte: its manifest, which alone is signed.

For: making, showing and applying. As a bundle's, its text is canonical: the same content is the
same bytes. The payload has no form of its own that could say anything else: it is the bytes of
the files in order of their paths, compressed, and the manifest has the hash of each of its pieces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.library.bundles.fields import count, hex_digits, section
from app.library.bundles.names import is_plain
from app.updates.errors import UpdateFileError
from app.updates.versions import is_version
from inference.checkpoint.config_json import JsonConfig
from inference.checkpoint.json_text import parse_document
from inference.errors import CheckpointError, one_line
from inference.sentence import said, sentence_of

FORMAT = "pitcher update 1"
MOST_MANIFEST_BYTES = 16 << 20
PIECE_BYTES = 4 << 20
MOST_FILES = 20_000
BUILD_FILE = "build.json"
_NAME = "the update’s manifest"
_MOST_FILE_BYTES = 4 << 30
_MOST_TOTAL_BYTES = 16 << 30
_MOST_PAYLOAD_BYTES = 8 << 30
_MOST_PATH, _MOST_DEPTH, _MOST_TEXT, _MOST_SCHEMA = 240, 24, 100, 10_000
_LATEST_S = 253402300799  # the end of the year 9999
_SHA256, _COMMIT = re.compile("[0-9a-f]{64}"), re.compile("(?:[0-9a-f]{7,64})?")
_GLIBC = re.compile(r"(?:\d{1,3}\.\d{1,3})?", re.ASCII)
_WORD = re.compile("[a-z0-9_]{1,20}")


@dataclass(frozen=True)
class UpdateFile:
    """A file of the program; `path` with slashes, below the version's folder."""

    path: str
    size: int
    sha256: str
    is_executable: bool


@dataclass(frozen=True)
class UpdateLink:
    """A symbolic link; `target`: the path of a file of the same update, from the same folder."""

    path: str
    target: str


@dataclass(frozen=True)
class Release:
    """What is said of a version beside its files. `history_schema`: the newest form of a history
    that it reads. `glibc`: the least version of the C library; "" where the system has another.
    """

    version: str
    commit: str
    made_at_s: int
    system: str
    architecture: str
    glibc: str
    history_schema: int


@dataclass(frozen=True)
class UpdateManifest(Release):
    """All that an update says."""

    payload_bytes: int
    piece_sha256: tuple[str, ...] = field(repr=False)
    files: tuple[UpdateFile, ...] = field(repr=False)
    links: tuple[UpdateLink, ...] = field(repr=False)

    @property
    def total_bytes(self) -> int:
        """Of the files, unpacked."""
        return sum(file.size for file in self.files)

    @property
    def executable(self) -> str:
        """The path of what is started."""
        return "pitcher.exe" if self.system == "windows" else "pitcher"

    def canonical(self) -> bytes:
        """The bytes that are signed."""
        told = {
            "format": FORMAT,
            "version": self.version,
            "commit": self.commit,
            "made_at_s": self.made_at_s,
            "system": self.system,
            "architecture": self.architecture,
            "glibc": self.glibc,
            "history_schema": self.history_schema,
            "payload": {"bytes": self.payload_bytes, "piece_sha256": list(self.piece_sha256)},
            "files": {
                file.path: {
                    "bytes": file.size,
                    "sha256": file.sha256,
                    "executable": file.is_executable,
                }
                for file in self.files
            },
            "links": {link.path: link.target for link in self.links},
        }
        return (json.dumps(told, sort_keys=True, separators=(",", ":")) + "\n").encode()


def pieces_of(payload_bytes: int) -> int:
    """How many pieces a payload has."""
    return -(-payload_bytes // PIECE_BYTES)


def read_manifest(data: bytes) -> UpdateManifest:
    """Parse and check every field; raises UpdateFileError."""
    try:
        manifest = _parsed(JsonConfig(_NAME, parse_document(data, _NAME)))
    except CheckpointError as error:
        raise UpdateFileError(sentence_of(error)) from None
    if manifest.canonical() != data:
        raise UpdateFileError(
            said("{file}: it is not written in the one form that is signed.", file=_NAME)
        )
    return manifest


def _parsed(values: JsonConfig) -> UpdateManifest:
    if values.string("format") != FORMAT:
        raise values.fail("format", said("it is not “{format}”", format=FORMAT))
    version = values.string("version")
    if not is_version(version):
        raise values.fail("version", "it is no version")
    payload = section(values, "payload")
    payload_bytes = count(payload, "bytes", _MOST_PAYLOAD_BYTES)
    pieces = payload.strings("piece_sha256")
    if len(pieces) != pieces_of(payload_bytes) or not all(map(_SHA256.fullmatch, pieces)):
        raise payload.fail("piece_sha256", "there is not one hash for each part")
    manifest = UpdateManifest(
        version=version,
        commit=_matching(values, "commit", _COMMIT),
        made_at_s=count(values, "made_at_s", _LATEST_S),
        system=_matching(values, "system", _WORD),
        architecture=_matching(values, "architecture", _WORD),
        glibc=_matching(values, "glibc", _GLIBC),
        history_schema=count(values, "history_schema", _MOST_SCHEMA),
        payload_bytes=payload_bytes,
        piece_sha256=tuple(pieces),
        files=tuple(_files(section(values, "files"))),
        links=tuple(_links(section(values, "links"))),
    )
    check_tree(manifest)
    return manifest


def _files(values: JsonConfig) -> Iterator[UpdateFile]:
    for path in sorted(values.keys()):
        entry = section(values, path)
        yield UpdateFile(
            path,
            count(entry, "bytes", _MOST_FILE_BYTES),
            hex_digits(entry, "sha256", _SHA256),
            entry.boolean("executable"),
        )


def _links(values: JsonConfig) -> Iterator[UpdateLink]:
    for path in sorted(values.keys()):
        yield UpdateLink(path, values.string(path))


def check_tree(manifest: UpdateManifest) -> None:
    """Raises UpdateFileError unless the paths are a program's tree that stays in its folder on
    every file system.
    """
    files = {file.path: file for file in manifest.files}
    paths = [*files, *(link.path for link in manifest.links)]
    if not 0 < len(paths) <= MOST_FILES:
        raise UpdateFileError(
            said("The update has {count:,} files; 1 to {most:,} can be.", count=len(paths),
                 most=MOST_FILES)
        )  # fmt: skip
    if manifest.total_bytes > _MOST_TOTAL_BYTES:
        raise UpdateFileError(said("The update is larger than any such program."))
    _check_paths(paths)
    for link in manifest.links:
        if _led_to(link) not in files:
            raise _unfit(link.path, said("it leads to no file of the update"))
    started = files.get(manifest.executable)
    if started is None or not started.is_executable or BUILD_FILE not in files:
        raise UpdateFileError(said("The update holds no program that could be started."))


def _check_paths(paths: list[str]) -> None:
    """Plain names, none of which is another's folder or the same in other letters."""
    taken: dict[str, str] = {}  # folded → as written, of folders
    ends: set[str] = set()  # folded, of files and links
    for path in paths:
        parts = path.split("/")
        if len(path) > _MOST_PATH or len(parts) > _MOST_DEPTH or not all(map(is_plain, parts)):
            raise _unfit(path, said("it is no plain path"))
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if taken.setdefault(folder.casefold(), folder) != folder:
                raise _unfit(path, said("its folder is there twice, in other letters"))
        if path.casefold() in ends:
            raise _unfit(path, said("it is there twice"))
        ends.add(path.casefold())
    for folded in ends & set(taken):
        raise _unfit(taken[folded], said("it is a file and a folder"))


def _led_to(link: UpdateLink) -> str | None:
    """The path to which a link leads, or None where it leaves the tree or is no plain path."""
    at = link.path.split("/")[:-1]
    parts = link.target.split("/")
    if len(link.target) > _MOST_PATH:
        return None
    for part in parts:
        if part == ".." and at:
            at.pop()
        elif is_plain(part):
            at.append(part)
        else:
            return None
    return "/".join(at)


def _unfit(path: str, why: str) -> UpdateFileError:
    return UpdateFileError(
        said(
            "The update can’t be used because of “{path}”: {why}. Nothing was written.",
            path=one_line(path, 80),
            why=why,
        )
    )


def _matching(values: JsonConfig, key: str, pattern: re.Pattern[str]) -> str:
    text = values.string(key)
    if len(text) > _MOST_TEXT or not pattern.fullmatch(text):
        raise values.fail(key, "it is not what such a field holds")
    return text
