"""Reads of an ELF file what it asks of others: libraries by name, and versions of their symbols.

For: `floors`. Source: System V ABI, chapter 5, and the LSB's symbol versioning
(https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html).
It goes by the dynamic section, which a stripped file still has. 64 bits, little-endian.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"\x7fELF"
_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SEGMENT = struct.Struct("<IIQQQQQQ")
_DYNAMIC = struct.Struct("<qQ")
_NEED = struct.Struct("<HHIII")
_NEED_ENTRY = struct.Struct("<IHHII")
_LOAD, _DYNAMIC_SEGMENT = 1, 2
_NEEDED, _STRINGS, _SONAME, _VERSIONS, _VERSION_COUNT = 1, 5, 14, 0x6FFFFFFE, 0x6FFFFFFF
_MACHINES = {62: "x86-64", 183: "AArch64"}


class ElfError(Exception):
    """It is no ELF file of 64 bits, or it is damaged."""


@dataclass(frozen=True)
class Elf:
    """`versions`: library → the versions of its symbols that are asked for."""

    machine: str
    soname: str
    needed: tuple[str, ...]
    versions: dict[str, tuple[str, ...]]


def is_elf(file: Path) -> bool:
    """Whether it begins as one; a link is none."""
    if file.is_symlink() or not file.is_file():
        return False
    with open(file, "rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


def read_elf(raw: bytes | mmap.mmap) -> Elf:
    """Raises ElfError."""
    try:
        return _Reader(raw).read()
    except (struct.error, IndexError, ValueError) as error:
        raise ElfError(f"damaged: {error}") from error


class _Reader:
    def __init__(self, raw: bytes | mmap.mmap) -> None:
        if raw[:6] != MAGIC + b"\x02\x01":
            raise ElfError("no ELF file of 64 bits, little-endian")
        self._raw = raw
        header = _HEADER.unpack_from(raw)
        self._machine, start, size, count = header[2], header[5], header[9], header[10]
        self._segments = [_SEGMENT.unpack_from(raw, start + n * size) for n in range(count)]

    def read(self) -> Elf:
        entries = list(self._dynamic())
        values = dict(entries)
        machine = _MACHINES.get(self._machine, str(self._machine))
        if _STRINGS not in values:
            return Elf(machine, "", (), {})  # linked with nothing
        strings = self._offset(values[_STRINGS])
        needed = tuple(self._text(strings + at) for tag, at in entries if tag == _NEEDED)
        soname = self._text(strings + values[_SONAME]) if _SONAME in values else ""
        versions: dict[str, tuple[str, ...]] = {}
        if _VERSIONS in values:
            at, count = self._offset(values[_VERSIONS]), values[_VERSION_COUNT]
            versions = dict(self._versions(at, count, strings))
        return Elf(machine, soname, needed, versions)

    def _dynamic(self) -> Iterator[tuple[int, int]]:
        for kind, _flags, offset, _address, _physical, size, *_rest in self._segments:
            if kind != _DYNAMIC_SEGMENT:
                continue
            for at in range(offset, offset + size, _DYNAMIC.size):
                tag, value = _DYNAMIC.unpack_from(self._raw, at)
                if tag == 0:
                    return
                yield tag, value

    def _versions(self, at: int, count: int, strings: int) -> Iterator[tuple[str, tuple[str, ...]]]:
        for _ in range(count):
            _form, entries, file, first, following = _NEED.unpack_from(self._raw, at)
            names, entry = [], at + first
            for _ in range(entries):
                _hash, _flags, _other, name, more = _NEED_ENTRY.unpack_from(self._raw, entry)
                names.append(self._text(strings + name))
                entry += more
            yield self._text(strings + file), tuple(sorted(names))
            at += following

    def _offset(self, address: int) -> int:
        for kind, _flags, offset, start, _physical, size, *_rest in self._segments:
            if kind == _LOAD and start <= address < start + size:
                return int(offset + address - start)
        raise ValueError("an address lies outside the file")

    def _text(self, at: int) -> str:
        return self._raw[at : self._raw.find(b"\0", at)].decode("utf-8", "replace")
