"""The parts of a bundle as files: their names, the head that says which one it is, their check.

For: making, installing and checking. A head is 128 bytes and no secret: it tells a part that was
swapped or is of another bundle from one that was altered. Whether the bytes are those that were
signed is the hash's to say.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from app.library.bundles.errors import Fault, Problem, StickError
from app.library.bundles.files import chunks, opened
from app.library.bundles.manifest import HEADER_BYTES, Manifest, Part
from inference.sentence import said, system_words

_GONE = (errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ESTALE)
_HEAD = re.compile(rb"pitcher part 1 ([0-9a-f]{32}) (\d{12}) (\d{5}) *\n")


class PartRefusedError(Exception):
    """A part is not what was signed; carries the problem to whoever gathers them."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


def part_name(number: int) -> str:
    """The file's name."""
    return f"part-{number:05}.bin"


def part_head(bundle_id: str, made_at_s: int, number: int) -> bytes:
    """The first bytes of the file."""
    text = f"pitcher part 1 {bundle_id} {made_at_s:012} {number:05}"
    return text.ljust(HEADER_BYTES - 1).encode() + b"\n"


def told_by(head: bytes) -> tuple[str, int, int] | None:
    """Bundle, time and number that a head tells; None where it is none."""
    found = _HEAD.fullmatch(head)
    return (found[1].decode(), int(found[2]), int(found[3])) if found else None


def payload(folder: Path, manifest: Manifest, part: Part) -> Iterator[bytes]:
    """The part's bytes, of which nothing may count before the last one came.

    Raises PartRefusedError at once for a wrong head or size, and at the end for a wrong hash;
    StickError where it can't be read.
    """
    name = part_name(part.number)
    try:
        with opened(folder / name) as stream:
            head = b"".join(chunks(stream, HEADER_BYTES))
            if head != part_head(manifest.bundle_id, manifest.made_at_s, part.number):
                raise PartRefusedError(_other(manifest, part, head))
            size = os.fstat(stream.fileno()).st_size - HEADER_BYTES
            if size != part.size:
                raise PartRefusedError(_wrong_size(part, size))
            digest = hashlib.sha256()
            for chunk in chunks(stream, part.size):
                digest.update(chunk)
                yield chunk
            if digest.hexdigest() != part.sha256:
                raise PartRefusedError(_altered(part))
    except FileNotFoundError:
        raise PartRefusedError(missing(part)) from None
    except OSError as error:
        if not folder.is_dir() or _is_gone(error):
            raise StickError(
                said(
                    "{name} can’t be read any more: {why}. Put the stick in again and start "
                    "again; what is done is kept.",
                    name=name,
                    why=system_words(error),
                )
            ) from error
        sentence = said("{name} can’t be read: {why}.", name=name, why=system_words(error))
        raise PartRefusedError(Problem(name, Fault.ALTERED, sentence)) from error


def missing(part: Part) -> Problem:
    """It is not there."""
    name = part_name(part.number)
    return Problem(
        name,
        Fault.MISSING,
        said("{name} is missing ({file}).", name=name, file=part.file.name),
    )


def _is_gone(error: OSError) -> bool:
    return error.errno in _GONE


def _other(manifest: Manifest, part: Part, head: bytes) -> Problem:
    name, told = part_name(part.number), told_by(head)
    if told is None:
        return _altered(part)
    bundle_id, made_at_s, number = told
    if bundle_id == manifest.bundle_id:
        if made_at_s != manifest.made_at_s or number == part.number:
            return _altered(part)
        return Problem(
            name,
            Fault.SWAPPED,
            said(
                "{name} is another part of this bundle under its name: number {number}.",
                name=name,
                number=number,
            ),
        )
    if made_at_s == manifest.made_at_s:
        return _altered(part)
    if made_at_s < manifest.made_at_s:
        sentence = said("{name} is of an older bundle than the rest.", name=name)
        return Problem(name, Fault.OLDER, sentence)
    return Problem(name, Fault.NEWER, said("{name} is of a later bundle than the rest.", name=name))


def _wrong_size(part: Part, size: int) -> Problem:
    name = part_name(part.number)
    return Problem(
        name,
        Fault.ALTERED,
        said(
            "{name} holds {size:,} bytes of {file} where {wanted:,} were signed: copy it again.",
            name=name,
            size=max(0, size),
            file=part.file.name,
            wanted=part.size,
        ),
    )


def _altered(part: Part) -> Problem:
    name = part_name(part.number)
    return Problem(
        name,
        Fault.ALTERED,
        said(
            "{name} is not as it was signed: it was altered, or damaged on its way. Copy it again.",
            name=name,
        ),
    )
