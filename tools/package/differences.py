"""Why two files that should be the same are not: by what they are, as far as that can be told.

For: `reproducible`. Archives are looked into: an ar (.deb), a tar under any compression, a zip.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping

_MOST = 5
_PIECE_BYTES = 1 << 16
_PYC_HEADER_BYTES = 16
_BUILD_ID = b"\x04\x00\x00\x00\x14\x00\x00\x00\x03\x00\x00\x00GNU\x00"
_BUILD_ID_BYTES = 20
_AR = b"!<arch>\n"
_AR_HEAD_BYTES = 60
_PACKED: tuple[tuple[bytes, str, Callable[[bytes], bytes]], ...] = (
    (b"\x1f\x8b", "gzip", gzip.decompress),
    (b"\xfd7zXZ\x00", "xz", lzma.decompress),
    (b"BZh", "bzip2", bz2.decompress),
)

_Entry = tuple[Mapping[str, object], bytes]


def why(one: bytes, other: bytes) -> str:
    """A few words."""
    for magic, name, unpack in _PACKED:
        if one.startswith(magic) and other.startswith(magic):
            return _of_packed(name, unpack(one), unpack(other))
    if one.startswith(_AR) and other.startswith(_AR):
        return _of_entries("ar", dict(_ar(one)), dict(_ar(other)))
    if _is_tar(one) and _is_tar(other):
        return _of_entries("tar", dict(_tar(one)), dict(_tar(other)))
    if one.startswith(b"PK\x03\x04") and other.startswith(b"PK\x03\x04"):
        return _of_entries("zip", dict(_zip(one)), dict(_zip(other)))
    if one.startswith(b"\x7fELF") and other.startswith(b"\x7fELF"):
        return _of_elf(one, other)
    if one[2:4] == other[2:4] == b"\r\n" and one[_PYC_HEADER_BYTES:] == other[_PYC_HEADER_BYTES:]:
        return "the same code, compiled from a source of another time"
    return _of_bytes(one, other)


def _of_packed(name: str, one: bytes, other: bytes) -> str:
    if one == other:
        return f"the same content, {name} packed it otherwise or wrote a time into its head"
    return f"in {name}: {why(one, other)}"


def _of_elf(one: bytes, other: bytes) -> str:
    """Everything but the linker's own number of the build may be the same."""
    if _without_build_id(one) == _without_build_id(other):
        return "the same code with another build id"
    return _of_bytes(one, other)


def _without_build_id(raw: bytes) -> bytes:
    at = raw.find(_BUILD_ID)
    if at < 0:
        return raw
    start = at + len(_BUILD_ID)
    return raw[:start] + bytes(_BUILD_ID_BYTES) + raw[start + _BUILD_ID_BYTES :]


def _of_bytes(one: bytes, other: bytes) -> str:
    ends = min(len(one), len(other))
    pieces = range(0, ends, _PIECE_BYTES)  # a library has hundreds of megabytes
    size = _PIECE_BYTES
    start = next((n for n in pieces if one[n : n + size] != other[n : n + size]), ends)
    at = next((n for n in range(start, min(start + size, ends)) if one[n] != other[n]), ends)
    sizes = "" if len(one) == len(other) else f", {len(one):,} and {len(other):,} bytes"
    return f"other bytes from {at:,} on{sizes}"


def _of_entries(kind: str, one: Mapping[str, _Entry], other: Mapping[str, _Entry]) -> str:
    found = list(_entries(one, other))
    if not found and list(one) != list(other):
        found = ["the same entries in another order"]
    shown = found[:_MOST] or ["the same entries, packed or padded otherwise"]
    more = f"; and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return f"{kind}: {'; '.join(shown)}{more}"


def _entries(one: Mapping[str, _Entry], other: Mapping[str, _Entry]) -> Iterator[str]:
    yield from (f"{name} is only in one" for name in sorted(one.keys() ^ other.keys()))
    for name in sorted(one.keys() & other.keys()):
        (head, raw), (second, content) = one[name], other[name]
        for field in head:
            if head[field] != second.get(field):
                yield f"{name} has {field} {head[field]} here, {second.get(field)} there"
        if raw != content:
            yield f"{name}: {why(raw, content)}"


def _ar(raw: bytes) -> Iterator[tuple[str, _Entry]]:
    at = len(_AR)
    while at + _AR_HEAD_BYTES <= len(raw):
        head = raw[at : at + _AR_HEAD_BYTES].decode("ascii", "replace")
        size = int(head[48:58])
        start = at + _AR_HEAD_BYTES
        fields = {"time": head[16:28].strip(), "mode": head[40:48].strip()}
        yield head[:16].strip().rstrip("/"), (fields, raw[start : start + size])
        at = start + size + size % 2


def _is_tar(raw: bytes) -> bool:
    return raw[257:262] == b"ustar"


def _tar(raw: bytes) -> Iterator[tuple[str, _Entry]]:
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isfile() else None
            fields = {
                "time": member.mtime,
                "mode": f"{member.mode:o}",
                "owner": (member.uid, member.gid, member.uname, member.gname),
                "link": member.linkname,
            }
            yield member.name, (fields, stream.read() if stream else b"")


def _zip(raw: bytes) -> Iterator[tuple[str, _Entry]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for info in archive.infolist():
            fields = {"time": info.date_time, "mode": info.external_attr >> 16}
            yield info.filename, (fields, archive.read(info))
