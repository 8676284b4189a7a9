"""Facts about the lock: what `audit` tries, and what the kernel says of this process and its
children.

For: `gathering`. Takes about a third of a second, most of it in a child process.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

import psutil

from app.airlock.report import Attempt, LockReport
from app.airlock.roads import open_roads
from app.diagnostics.about_machine import Facts
from app.diagnostics.form import OpenDoor
from app.diagnostics.words import ROADS

_FILTERED = 2  # /proc's number for a process under a seccomp filter


def lock(at_start: LockReport, found: LockReport) -> Facts:
    """`at_start`: as the process was verified; `found`: as `audit` has just answered."""
    own = _status(os.getpid())
    children = [child.pid for child in psutil.Process().children(recursive=True)]
    modes = [_status(process).get("Seccomp") for process in children]
    roads = [road.partition(": ")[0] for road in open_roads()]
    return {
        "at_start": at_start.state,
        "now": found.state,
        "tried": len(found.attempts),
        "refused": sum(attempt.refused for attempt in found.attempts),
        "not_refused": [_door(attempt) for attempt in found.attempts if not attempt.refused],
        "seccomp_mode": own.get("Seccomp"),
        "no_new_privileges": bool(own["NoNewPrivs"]) if "NoNewPrivs" in own else None,
        "children": len(children),
        "children_filtered": modes.count(_FILTERED),
        "runs_as_root": os.geteuid() == 0 if hasattr(os, "geteuid") else None,
        "open_roads": [road for road in roads if road in ROADS],
    }


def _door(attempt: Attempt) -> OpenDoor:
    answer = attempt.answer.partition(":")[0]
    return OpenDoor({"door": attempt.name, "answer": answer})


def _status(process: int) -> dict[str, int]:
    """The numbers of /proc/…/status; none where there is no such file, or no such process."""
    with suppress(OSError):
        text = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace")
        return {name: int(value) for name, value in re.findall(r"(?m)^(\w+):\t([0-9]+)$", text)}
    return {}
