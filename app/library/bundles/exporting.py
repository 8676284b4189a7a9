"""Making a bundle: a model's files in parts that any stick takes, hashed and signed.

For: `models export`. It works in a folder of its own, which gets the bundle's name when all of
it is on the disk: what a kill, Ctrl-C or a pulled stick leaves never looks whole, and the next
start goes on from it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.library.bundles.checking import check_bundle, open_bundle
from app.library.bundles.errors import (
    BundleError,
    ModelThereError,
    SourceError,
    StickError,
)
from app.library.bundles.files import (
    chunks,
    opened,
    replacing,
    sync_folder,
    write_all,
    write_small,
)
from app.library.bundles.manifest import (
    HEADER_BYTES,
    LEAST_PART_BYTES,
    MANIFEST_NAME,
    MOST_PART_BYTES,
    MOST_PARTS,
    SBOM_NAME,
    BundleFile,
    Manifest,
    parts_of,
    read_manifest,
)
from app.library.bundles.parts import part_head, part_name, told_by
from app.library.bundles.sbom import sbom_of
from app.library.bundles.signing import SIGNATURE_NAME, SigningKey
from app.library.bundles.sources import Source
from inference.errors import NotEnoughDiskError, PreparationCancelledError
from inference.prepared.hashed_file import HashedFile
from inference.prepared.lock import work_folder
from inference.prepared.preparing import SILENT, PreparationProgress, Watch
from inference.prepared.sources import SourceFile, sha256_of
from inference.sentence import said, sentence_of, system_words
from inference.version import ENGINE_VERSION

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

PART_BYTES = 2 << 30
SUFFIX = "-bundle"
_WORKING = ".exporting"
# Manifest, signature, SBOM, and what a file system needs for names.
_BESIDE_BYTES = 16 << 20
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def export_bundle(
    source: Source,
    folder: Path,
    key: SigningKey,
    part_bytes: int = PART_BYTES,
    watch: Watch = SILENT,
) -> tuple[Path, Manifest]:
    """Write the bundle into a folder of its own in `folder`; that folder, and what it holds.

    Raises BundleError, PreparationError (no room, stopped, somebody else is at it), OSError for
    the model's own files. A whole bundle of the same files that is there already is left as it is.
    """
    if not LEAST_PART_BYTES <= part_bytes <= MOST_PART_BYTES:
        raise SourceError(
            said(
                "Parts have {least:,} to {most:,} bytes.",
                least=LEAST_PART_BYTES,
                most=MOST_PART_BYTES,
            )
        )
    if not folder.is_dir():
        raise StickError(said("There is no folder {folder}. Is the stick in?", folder=folder))
    target = folder / f"{source.name}{SUFFIX}"
    if os.path.lexists(target):
        return target, _same_bundle(target, source, watch)
    with work_folder(target, _WORKING) as work:
        try:
            manifest = _Export(source, work, key, part_bytes, watch).run()
            work.rename(target)
            sync_folder(folder)
        except OSError as error:
            raise _disk_error(error, work, source) from error
    return target, manifest


def _same_bundle(target: Path, source: Source, watch: Watch) -> Manifest:
    """What is there already, if it is whole and of these files; raises ModelThereError."""
    there = said(
        "{target} is there already and is no whole bundle of these files: remove it, or name "
        "another folder.",
        target=target,
    )
    try:
        bundle = open_bundle(target)
        sizes = {file.name: file.size for file in bundle.manifest.files}
        if sizes != {path.name: path.stat().st_size for path in source.files}:
            raise ModelThereError(there)
        check_bundle(bundle, watch)
    except BundleError as error:
        if isinstance(error, ModelThereError):
            raise
        raise ModelThereError(said("{there} {why}", there=there, why=sentence_of(error))) from error
    for file, path in zip(bundle.manifest.files, _in_order(source), strict=True):
        if sha256_of(path, lambda _: _go_on(watch)) != file.sha256:
            raise ModelThereError(there)
    return bundle.manifest


def _in_order(source: Source) -> list[Path]:
    return sorted(source.files, key=lambda path: path.name)


def _disk_error(error: OSError, work: Path, source: Source) -> Exception:
    if error.errno in _NO_ROOM:
        return NotEnoughDiskError(work.name, _BESIDE_BYTES, shutil.disk_usage(work).free)
    if error.filename is not None and Path(str(error.filename)) in source.files:
        return error
    return StickError(
        said(
            "The bundle can’t be written to {folder}: {why}. Put the stick in and start again; "
            "what is done is kept.",
            folder=work.parent,
            why=system_words(error),
        )
    )


def _go_on(watch: Watch) -> None:
    if watch.cancelled():
        raise PreparationCancelledError


@dataclass
class _Export:
    """One bundle in the making."""

    source: Source
    work: Path
    key: SigningKey
    part_bytes: int
    watch: Watch
    done_bytes: int = 0
    total_bytes: int = 0
    number: int = 0
    names: set[str] = field(default_factory=set)
    bundle_id: str = ""
    made_at_s: int = 0

    def run(self) -> Manifest:
        files = _in_order(self.source)
        before = [SourceFile.of(path) for path in files]
        self.total_bytes = sum(file.size for file in before)
        self._check_room([file.size for file in before])
        self.bundle_id, self.made_at_s = self._begun()
        hashed = tuple(
            self._file(path, file.size) for path, file in zip(files, before, strict=True)
        )
        if [SourceFile.of(path) for path in files] != before:
            raise _changed(self.source)
        return self._signed(hashed)

    def _check_room(self, sizes: list[int]) -> None:
        parts = sum(parts_of(size, self.part_bytes) for size in sizes)
        if parts > MOST_PARTS:
            raise SourceError(
                said(
                    "That makes {count:,} parts; a bundle has up to {most:,}. Make them larger.",
                    count=parts,
                    most=MOST_PARTS,
                )
            )
        done = sum(p.stat().st_size for p in self.work.iterdir() if p.name.startswith("part-"))
        needed = self.total_bytes + parts * HEADER_BYTES - done + _BESIDE_BYTES
        free = shutil.disk_usage(self.work).free
        if needed > free:
            raise NotEnoughDiskError(self.work.name, needed, free)

    def _begun(self) -> tuple[str, int]:
        """The identity of what an earlier start began here, or a new one."""
        first = self.work / part_name(1)
        if os.path.lexists(first):
            with opened(first) as stream:
                told = told_by(stream.read(HEADER_BYTES))
            if told is not None:
                return told[0], told[1]
        return secrets.token_hex(16), int(time.time())

    def _file(self, path: Path, size: int) -> BundleFile:
        whole, hashes = hashlib.sha256(), []
        with path.open("rb") as stream:
            for start in range(0, size, self.part_bytes):
                hashes.append(self._part(stream, min(self.part_bytes, size - start), whole))
        sha256 = whole.hexdigest()
        if self.source.known_sha256.get(path.name, sha256) != sha256:
            raise SourceError(
                said(
                    "{file} is not what it was when the model was prepared: it was changed, or "
                    "is damaged.",
                    file=path.name,
                )
            )
        return BundleFile(path.name, size, sha256, tuple(hashes))

    def _part(self, stream: BinaryIO, size: int, whole: Hash) -> str:
        """Write the next part, unless it is there as it must be; its bytes' SHA-256."""
        self.number += 1
        file = self.work / part_name(self.number)
        self.names.add(file.name)
        head = part_head(self.bundle_id, self.made_at_s, self.number)
        start, digest = stream.tell(), hashlib.sha256()

        def taken() -> Iterator[bytes]:
            for chunk in self._slice(stream, size):
                digest.update(chunk)
                whole.update(chunk)
                self._tell(len(chunk))
                yield chunk

        if os.path.lexists(file):
            if not _is_same(file, head, taken()):
                stream.seek(start)
                _write_part(file, head, self._slice(stream, size))
        else:
            _write_part(file, head, taken())
        return digest.hexdigest()

    def _slice(self, stream: BinaryIO, size: int) -> Iterator[bytes]:
        """The next bytes of a model's file; raises SourceError where it is shorter by now."""
        for chunk in chunks(stream, size):
            _go_on(self.watch)
            yield chunk
            size -= len(chunk)
        if size:
            raise _changed(self.source)

    def _tell(self, count: int) -> None:
        self.done_bytes += count
        self.watch.on_progress(
            PreparationProgress(said("Writing the bundle"), self.done_bytes, self.total_bytes)
        )

    def _signed(self, files: tuple[BundleFile, ...]) -> Manifest:
        """Everything beside the parts, and nothing else beside it; the signature comes last."""
        made_by = f"Pitcher {ENGINE_VERSION}"
        sbom = sbom_of(
            self.source.name, self.bundle_id, self.made_at_s, made_by, self.source.entry, files
        )
        manifest = Manifest(
            bundle_id=self.bundle_id,
            made_at_s=self.made_at_s,
            made_by=made_by,
            name=self.source.name,
            entry=self.source.entry,
            part_bytes=self.part_bytes,
            files=files,
            sbom=HashedFile(SBOM_NAME, len(sbom), hashlib.sha256(sbom).hexdigest()),
        )
        text = manifest.canonical()
        if read_manifest(text) != manifest:
            raise AssertionError("a manifest that does not read as it was written")
        beside = {SBOM_NAME: sbom, MANIFEST_NAME: text, SIGNATURE_NAME: self.key.signature_of(text)}
        for path in self.work.iterdir():
            if path.name not in self.names:
                path.unlink()
        for name, data in beside.items():
            write_small(self.work / name, data)
        sync_folder(self.work)
        return manifest


def _changed(source: Source) -> SourceError:
    return SourceError(
        said("The files of {name} changed meanwhile. Start again.", name=source.name)
    )


def _is_same(file: Path, head: bytes, wanted: Iterator[bytes]) -> bool:
    """Whether a part is there already; takes all of `wanted` in any case."""
    with opened(file) as there:
        is_same = b"".join(chunks(there, len(head))) == head
        for chunk in wanted:
            is_same = is_same and b"".join(chunks(there, len(chunk))) == chunk
        return is_same and not there.read(1)


def _write_part(file: Path, head: bytes, payload: Iterator[bytes]) -> None:
    with replacing(file) as stream:
        write_all(stream, head)
        for chunk in payload:
            write_all(stream, chunk)
