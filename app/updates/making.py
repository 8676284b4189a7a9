"""Makes an update of a program's folder: for who releases (`tools/package/update_bundle.py`).

The same folder and key give the same bytes: files in order of their paths, compressed with one
setting. Refuses a folder that no copy would take.
"""

from __future__ import annotations

import hashlib
import lzma
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from app.library.bundles.files import chunks, opened, replacing, write_all
from app.library.bundles.signing import UPDATE_PURPOSE, SigningKey
from app.updates.errors import UpdateFileError
from app.updates.manifest import (
    PIECE_BYTES,
    Release,
    UpdateFile,
    UpdateLink,
    UpdateManifest,
    read_manifest,
)
from app.updates.update_file import LENGTHS, MAGIC
from inference.sentence import said

_PRESET = 6
_LEAST_DICTIONARY_BYTES, _DICTIONARY_BYTES = 4 << 10, 32 << 20  # reading takes as much memory


def make_update(
    tree: Path, release: Release, key: SigningKey, file: Path, preset: int = _PRESET
) -> UpdateManifest:
    """Write the update of `tree` into `file`; raises UpdateFileError, OSError. `preset`: how much
    work xz takes upon itself, 0 to 9.
    """
    files, links = _found(tree)
    draft = file.with_name(f"{file.name}.payload")
    try:
        with opened(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC) as payload:
            files, pieces, size = _compress(tree, files, payload, preset)
            manifest = UpdateManifest(
                **vars(release),
                payload_bytes=size,
                piece_sha256=tuple(pieces),
                files=tuple(files),
                links=tuple(links),
            )
            signed = manifest.canonical()
            read_manifest(signed)  # what no copy would take is not made
            signature = key.signature_of(signed, UPDATE_PURPOSE)
            with replacing(file) as stream:
                write_all(stream, MAGIC + LENGTHS.pack(len(signature), len(signed)))
                write_all(stream, signature + signed)
                payload.seek(0)
                for chunk in chunks(payload, size):
                    write_all(stream, chunk)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _found(tree: Path) -> tuple[list[UpdateFile], list[UpdateLink]]:
    """Files and links in order of their paths, hashes left for later."""
    files, links = [], []
    for folder, folders, names in os.walk(tree):
        for name in [*folders, *names]:
            path = Path(folder, name)
            told = path.relative_to(tree).as_posix()
            status = path.lstat()
            if stat.S_ISLNK(status.st_mode):
                links.append(UpdateLink(told, os.readlink(path)))
            elif stat.S_ISREG(status.st_mode):
                is_executable = bool(status.st_mode & stat.S_IXUSR)
                files.append(UpdateFile(told, status.st_size, "", is_executable))
            elif not stat.S_ISDIR(status.st_mode):
                raise UpdateFileError(
                    said("{path} is no file, no folder and no link: it can’t be part of an update.",
                         path=path)
                )  # fmt: skip
    return sorted(files, key=lambda file: file.path), sorted(links, key=lambda link: link.path)


def _compress(
    tree: Path, files: list[UpdateFile], payload: BinaryIO, preset: int
) -> tuple[list[UpdateFile], list[str], int]:
    """The files with their hashes; the hashes of the payload's pieces, and its size."""
    total = max(sum(file.size for file in files), _LEAST_DICTIONARY_BYTES)
    window = min(total, _DICTIONARY_BYTES)
    filters = [
        {"id": lzma.FILTER_X86},
        {"id": lzma.FILTER_LZMA2, "preset": preset, "dict_size": window},
    ]
    packer = lzma.LZMACompressor(lzma.FORMAT_XZ, lzma.CHECK_NONE, filters=filters)
    hashed = []
    for file in files:
        digest = hashlib.sha256()
        with opened(tree / file.path) as stream:
            for chunk in chunks(stream, file.size):
                digest.update(chunk)
                write_all(payload, packer.compress(chunk))
        hashed.append(replace(file, sha256=digest.hexdigest()))
    write_all(payload, packer.flush())
    size = payload.tell()
    payload.seek(0)
    return hashed, list(_pieces(payload, size)), size


def _pieces(payload: BinaryIO, size: int) -> Iterator[str]:
    for start in range(0, size, PIECE_BYTES):
        yield hashlib.sha256(b"".join(chunks(payload, min(PIECE_BYTES, size - start)))).hexdigest()
