"""An ELF file of a few hundred bytes that asks for what a test says."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_START = 64 + 2 * 56  # after the header and two segments
_ADDRESS = 0x1000


def made_elf(
    needed: Mapping[str, tuple[str, ...]], soname: str = "libmade.so", machine: int = 62
) -> bytes:
    """A library that needs others; of each, versions of symbols."""
    strings, at = b"\0", {}
    for text in (soname, *needed, *(v for versions in needed.values() for v in versions)):
        at[text] = len(strings)
        strings += text.encode() + b"\0"
    strings += b"\0" * (-len(strings) % 8)
    versions = b""
    asked = [(name, each) for name, each in needed.items() if each]
    for number, (name, each) in enumerate(asked):
        following = 0 if number == len(asked) - 1 else 16 + 16 * len(each)
        versions += struct.pack("<HHIII", 1, len(each), at[name], 16, following)
        for place, version in enumerate(each):
            more = 0 if place == len(each) - 1 else 16
            versions += struct.pack("<IHHII", 0, 0, 2, at[version], more)
    address = _ADDRESS + _START
    entries = [(1, at[name]) for name in needed] + [(14, at[soname]), (5, address)]
    if asked:
        entries += [(0x6FFFFFFE, address + len(strings)), (0x6FFFFFFF, len(asked))]
    dynamic = b"".join(struct.pack("<qQ", *entry) for entry in [*entries, (0, 0)])
    place = _START + len(strings) + len(versions)
    size = place + len(dynamic)
    header = struct.pack(
        "<16sHHIQQQIHHHHHH",
        *(b"\x7fELF\x02\x01\x01".ljust(16, b"\0"), 3, machine, 1, 0, 64, 0, 0),
        *(64, 56, 2, 0, 0, 0),
    )
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, _ADDRESS, _ADDRESS, size, size, 4096)
    dynamics = struct.pack(
        "<IIQQQQQQ", 2, 6, place, _ADDRESS + place, 0, len(dynamic), len(dynamic), 8
    )
    return header + load + dynamics + strings + versions + dynamic
