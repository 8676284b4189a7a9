"""What a compiled kernel takes of a multiprocessor, and which instructions it has.

For: the build, which writes it into the list, and the table. Read from ptxas's own report,
cuobjdump's, and its disassembly; nothing here is estimated but occupancy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Resources:
    """Of one kernel. `spill_bytes`: stores and loads; `shared_bytes`: static."""

    registers: int
    spill_bytes: int
    stack_bytes: int
    shared_bytes: int


_ENTRY = re.compile(r"Compiling entry function '(\w+)' for 'sm_\w+'")
_FRAME = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")
_USED = re.compile(r"Used (\d+) registers(?:.*?(\d+) bytes smem)?")


def of_report(report: str) -> dict[str, Resources]:
    """Of every kernel in what `ptxas -v` printed."""
    found = {}
    parts = _ENTRY.split(report)[1:]
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        frame, used = _FRAME.search(text), _USED.search(text)
        if frame is None or used is None:
            raise ValueError(f"ptxas says nothing of {name}")
        stack, stores, loads = map(int, frame.groups())
        found[name] = Resources(int(used[1]), stores + loads, stack, int(used[2] or 0))
    return found


_USAGE = re.compile(r"Function (\w+):\s+REG:(\d+) STACK:(\d+) SHARED:(\d+)")


def of_usage(usage: str) -> dict[str, Resources]:
    """Of every kernel in what `cuobjdump --dump-resource-usage` printed.

    It does not tell spills from other memory of a thread: all of it counts as spilt.
    """
    return {
        name: Resources(int(registers), int(stack), int(stack), int(shared))
        for name, registers, stack, shared in _USAGE.findall(usage)
    }


# What is told of a kernel: SASS opcodes → the field's words.
_TOLD = {
    "tensor cores, FP16": r"\b(HMMA|HGMMA|UTCHMMA)\b",
    "tensor cores, INT8": r"\b(IMMA|IGMMA|UTCIMMA)\b",
    "tensor cores, FP8": r"\b(QMMA|QGMMA|UTCQMMA)\b",
    "dp4a": r"\bIDP\.4A\b",
    "cp.async": r"\b(LDGSTS|UBLKCP|UTMALDG)\b",
    "128-bit loads": r"\bLDG(\.\w+)*\.128\b",
}
_FUNCTION = re.compile(r"\n\s*Function : (\w+)\n")


def instructions(disassembly: str) -> dict[str, tuple[str, ...]]:
    """Of every kernel in what `cuobjdump -sass` printed, which of `_TOLD` it has."""
    parts = _FUNCTION.split("\n" + disassembly)[1:]
    return {
        name: tuple(word for word, opcode in _TOLD.items() if re.search(opcode, text))
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


@dataclass(frozen=True)
class Multiprocessor:
    """What one has (CUDA C++ Programming Guide, technical specifications per capability)."""

    threads: int
    blocks: int
    shared_bytes: int
    registers: int = 65536


_KIB = 1024
MULTIPROCESSORS = {
    75: Multiprocessor(1024, 16, 64 * _KIB),
    80: Multiprocessor(2048, 32, 164 * _KIB),
    86: Multiprocessor(1536, 16, 100 * _KIB),
    89: Multiprocessor(1536, 24, 100 * _KIB),
    90: Multiprocessor(2048, 32, 228 * _KIB),
    100: Multiprocessor(2048, 32, 228 * _KIB),
    120: Multiprocessor(1536, 24, 100 * _KIB),
}
_WARP, _REGISTER_UNIT, _SHARED_RESERVE = 32, 256, 1024


def occupancy(target: int, threads: int, registers: int, shared_bytes: int) -> float:
    """The share of a multiprocessor's threads that blocks of this kind fill, at most 1."""
    has = MULTIPROCESSORS[target]
    warps = -(-threads // _WARP)
    a_warp = -(-registers * _WARP // _REGISTER_UNIT) * _REGISTER_UNIT
    blocks = min(has.threads // (warps * _WARP), has.blocks, has.registers // (a_warp * warps))
    taken = shared_bytes + (_SHARED_RESERVE if target >= 80 else 0)
    if shared_bytes:
        blocks = min(blocks, has.shared_bytes // taken)
    return blocks * warps * _WARP / has.threads
