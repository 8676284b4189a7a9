"""Where and on what commit something was measured, in a few words."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from benchmarks.engine_process import ROOT


def machine() -> str:
    """Processor, cores, the instruction sets that matter here, and system."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    sets = ""
    if cpuinfo.exists():
        pairs = (line.partition(":") for line in cpuinfo.read_text("utf-8").splitlines())
        facts = {key.strip(): value.strip() for key, _, value in pairs}
        name = facts.get("model name", name)
        sets = widest_sets(facts.get("flags", "").split())
    return f"{name}, {os.cpu_count()} cores{sets}, {platform.system()}"


def widest_sets(flags: list[str]) -> str:
    """What decides the speed of int8 products."""
    known = {"avx512_vnni": "AVX-512 VNNI", "avx_vnni": "AVX-VNNI", "avx2": "AVX2"}
    found = [words for flag, words in known.items() if flag in flags]
    return f" with {found[0]}" if found else ""


def commit() -> str:
    """The commit that was measured, or that it was not one."""
    git = ["git", "-C", str(ROOT)]
    head = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True)
    if head.returncode:
        return "no commit"
    return head.stdout.strip() + (" and changes" if changed.stdout.strip() else "")
