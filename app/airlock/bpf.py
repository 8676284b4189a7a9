"""A small assembler for seccomp's filter language (classic BPF): instructions → bytes.

For: `rules.py`, which says what a filter refuses. Not here: any rule, any system call.

A filter sees `struct seccomp_data`: the call's number at 0, its convention at 4, and six
64-bit arguments from 16 on (linux/seccomp.h). Both architectures are little-endian, so an
argument's low half comes first.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

NUMBER_OFFSET = 0
CONVENTION_OFFSET = 4

RETURN_ALLOW = 0x7FFF0000
RETURN_ERRNO = 0x00050000

LOAD_WORD = 0x20
JUMP_IF_EQUAL = 0x15
JUMP_IF_AT_LEAST = 0x35
JUMP_IF_ANY_BIT = 0x45
RETURN = 0x06

INSTRUCTION_BYTES = 8
MAX_INSTRUCTIONS = 4096
_MAX_CONDITIONAL_JUMP = 255


def low_half_of_argument(index: int) -> int:
    """Where the low 32 bits of argument `index` (from 0) lie."""
    return 16 + 8 * index


@dataclass(frozen=True)
class Line:
    """One instruction. `then` and `otherwise` name the lines to go on at; None is the next."""

    code: int
    operand: int
    then: str | None = None
    otherwise: str | None = None
    label: str | None = None


def load(offset: int, label: str | None = None) -> Line:
    """Take the 32-bit word at `offset` of the call's description."""
    return Line(LOAD_WORD, offset, label=label)


def if_equal(value: int, then: str | None = None, otherwise: str | None = None) -> Line:
    """Compare the word taken with `value`."""
    return Line(JUMP_IF_EQUAL, value, then, otherwise)


def if_at_least(value: int, then: str) -> Line:
    """Compare the word taken, unsigned, with `value`."""
    return Line(JUMP_IF_AT_LEAST, value, then)


def if_any_bit(bits: int, then: str, otherwise: str) -> Line:
    """Whether the word taken has any of these bits."""
    return Line(JUMP_IF_ANY_BIT, bits, then, otherwise)


def answer(value: int, label: str | None = None) -> Line:
    """End with what the kernel is to do with the call."""
    return Line(RETURN, value, label=label)


def assemble(lines: Sequence[Line]) -> bytes:
    """The `struct sock_filter` array; raises ValueError where a filter can't be expressed."""
    if not 0 < len(lines) <= MAX_INSTRUCTIONS:
        raise ValueError(f"a filter of {len(lines)} instructions is not possible")
    places = {line.label: place for place, line in enumerate(lines) if line.label}
    return b"".join(_encode(line, place, places) for place, line in enumerate(lines))


def _encode(line: Line, place: int, places: dict[str, int]) -> bytes:
    jumps = [
        0 if target is None else places[target] - place - 1
        for target in (line.then, line.otherwise)
    ]
    if any(not 0 <= jump <= _MAX_CONDITIONAL_JUMP for jump in jumps):
        raise ValueError(f"instruction {place} jumps backwards or too far")
    return struct.pack("<HBBI", line.code, *jumps, line.operand)
