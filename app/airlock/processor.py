"""Whether the processor has the instructions that the program's libraries were built for.

For: the launcher, which asks before anything is loaded: on a lesser processor Qt, PyTorch and numpy
end the process with an illegal instruction, and nobody would say why. They need x86-64-v2, which
every x86 processor for PCs since about 2009 (Intel) and 2011 (AMD) has. Measured in an emulator:
core2duo ends in all three, Nehalem in none.
"""

from __future__ import annotations

import os
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")
# x86-64-v2, as Linux calls them (SSE3 is “pni”). Source: x86-64 psABI, section 3.1.1.
_NEEDED = ("cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3")
_SENTENCE = (
    "This processor is too old for Pitcher: it lacks {missing}. Pitcher needs a processor of the "
    "level x86-64-v2, such as Intel’s since 2009 and AMD’s since 2011. In a virtual machine, pass "
    "the computer’s own processor on (“host”)."
)


def processor_problem(cpuinfo: Path = _CPUINFO, machine: str | None = None) -> str | None:
    """A sentence where it lacks some; None where it has all, or the system does not tell."""
    if machine is None:
        machine = os.uname().machine if hasattr(os, "uname") else ""
    if machine != "x86_64":
        return None
    flags = _flags(cpuinfo)
    missing = [name for name in _NEEDED if name not in flags]
    return _SENTENCE.format(missing=", ".join(missing)) if flags and missing else None


def _flags(cpuinfo: Path) -> frozenset[str]:
    """Of the first processor: a machine with hundreds lists each of them."""
    try:
        with open(cpuinfo, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                name, _, value = line.partition(":")
                if name.strip() == "flags":
                    return frozenset(value.split())
    except OSError:
        pass
    return frozenset()
