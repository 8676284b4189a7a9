"""The one file of an update: head, signature, manifest, payload. Read as if anybody had made it.

For: showing and applying. In that order and with nothing between:

    pitcher update 1\\n         17 bytes
    two lengths               of the signature and the manifest, 4 bytes each, little-endian
    the signature             as a bundle's, for another purpose (`app/library/bundles/signing`)
    the manifest              `manifest.py`; what the signature signs
    the payload               one xz stream, to the end of the file

Nothing of a file is used before its signature is checked, and the decompressor sees no byte whose
hash the manifest does not have.
"""

from __future__ import annotations

import hashlib
import lzma
import os
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.library.bundles.errors import ManifestError
from app.library.bundles.files import chunks, opened
from app.library.bundles.signing import (
    MOST_SIGNATURE_BYTES,
    UPDATE_PURPOSE,
    PublicKey,
    signer_of,
)
from app.updates.errors import UpdateFileError
from app.updates.manifest import (
    MOST_MANIFEST_BYTES,
    PIECE_BYTES,
    UpdateManifest,
    read_manifest,
)
from inference.sentence import said, system_words

MAGIC = b"pitcher update 1\n"
LENGTHS = struct.Struct("<II")
_MOST_DECODER_BYTES = 96 << 20


@dataclass(frozen=True)
class OpenUpdate:
    """An update whose signature is sound, and who made it. `stream` stands at the payload."""

    manifest: UpdateManifest
    signer: PublicKey
    stream: BinaryIO


@contextmanager
def open_update(file: Path) -> Iterator[OpenUpdate]:
    """The update in `file`; raises UpdateFileError. Whose key it is, is not looked at."""
    with ExitStack() as closing:
        try:
            stream = closing.enter_context(opened(file))
            update = _open(stream, file)
        except OSError as error:
            raise UpdateFileError(
                said("{file} can’t be read: {why}.", file=file, why=system_words(error))
            ) from error
        yield update


def _open(stream: BinaryIO, file: Path) -> OpenUpdate:
    head = _read(stream, len(MAGIC) + LENGTHS.size)
    if head[: len(MAGIC)] != MAGIC:
        raise UpdateFileError(
            said("{name} is no update of Pitcher’s, or one for a later Pitcher.", name=file.name)
        )
    signature_bytes, manifest_bytes = LENGTHS.unpack(head[len(MAGIC) :])
    if signature_bytes > MOST_SIGNATURE_BYTES or manifest_bytes > MOST_MANIFEST_BYTES:
        raise damaged()
    signature, signed = _read(stream, signature_bytes), _read(stream, manifest_bytes)
    try:
        signer = signer_of(signed, signature, UPDATE_PURPOSE)
    except ManifestError:
        raise damaged() from None
    manifest = read_manifest(signed)
    rest = os.fstat(stream.fileno()).st_size - stream.tell()
    if rest != manifest.payload_bytes:
        raise damaged()
    return OpenUpdate(manifest, signer, stream)


def _read(stream: BinaryIO, size: int) -> bytes:
    data = b"".join(chunks(stream, size))
    if len(data) != size:
        raise damaged()
    return data


def _read_piece(stream: BinaryIO, size: int) -> bytes:
    try:
        return _read(stream, size)
    except OSError as error:
        raise UpdateFileError(
            said(
                "The update can’t be read on: {why}. Nothing was changed; connect its disk or "
                "stick again, then try again.",
                why=system_words(error),
            )
        ) from error


def damaged() -> UpdateFileError:
    """What is said of every file that is not as it was signed."""
    return UpdateFileError(
        said(
            "The update is not as it was signed: it was altered, or damaged on its way. Nothing of "
            "it was used; copy it again."
        )
    )


class Payload:
    """The files' bytes, one after another; raises UpdateFileError where they are not as signed."""

    def __init__(self, update: OpenUpdate) -> None:
        self._pieces = self._checked(update)
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_DECODER_BYTES)

    def read(self, most_bytes: int) -> bytes:
        """Up to that many bytes; none at the end."""
        try:
            while not self._decoder.eof:
                piece = next(self._pieces, b"") if self._decoder.needs_input else b""
                if self._decoder.needs_input and not piece:
                    raise damaged()
                found = self._decoder.decompress(piece, most_bytes)
                if found:
                    return found
        except lzma.LZMAError as error:
            raise damaged() from error
        return b""

    def end(self) -> None:
        """Nothing may be left."""
        if self.read(1) or self._decoder.unused_data or next(self._pieces, b""):
            raise damaged()

    @staticmethod
    def _checked(update: OpenUpdate) -> Iterator[bytes]:
        left = update.manifest.payload_bytes
        for sha256 in update.manifest.piece_sha256:
            piece = _read_piece(update.stream, min(left, PIECE_BYTES))
            if hashlib.sha256(piece).hexdigest() != sha256:
                raise damaged()
            left -= len(piece)
            yield piece
