"""`doctor` and `audit`: what the machine has, and what the lock refuses."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from app.airlock.report import LockReport, LockState
from app.cli.terminal import show, show_json

if TYPE_CHECKING:
    from inference.machine import Choice


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """One of the two."""
    return (
        _doctor(arguments.json, lock) if arguments.command == "doctor" else _audit(arguments.json)
    )


def _audit(as_json: bool) -> int:
    from app.airlock.lock import audit, open_roads

    found, roads = audit(), open_roads()
    refused = found.state is LockState.ENFORCED and all(a.refused for a in found.attempts)
    if as_json:
        show_json({**asdict(found), "all_refused": refused, "open_roads": list(roads)})
        return 0 if refused else 1
    for attempt in found.attempts:
        show(f"{'refused' if attempt.refused else 'ALLOWED':8} {attempt.name:40} {attempt.answer}")
    show("")
    show(f"The lock is {found.state}: {found.reason}")
    for road in roads:
        show(f"open     {road}")
    return 0 if refused else 1


def _doctor(as_json: bool, lock: LockReport) -> int:
    from inference.machine import report

    found = report()
    hardware = asdict(found.hardware)
    hardware["instruction_sets"] = sorted(found.hardware.instruction_sets)
    if as_json:
        show_json(
            {
                "lock": {"state": lock.state, "reason": lock.reason},
                "hardware": hardware,
                "threads": found.threads,
                "read_bandwidth_bytes_per_s": found.read_bandwidth_bytes_per_s,
                "backends": list(found.backends),
                "ops": [_choice(choice) for choice in found.choices],
            }
        )
        return 0
    show(f"lock       {lock.state}: {lock.reason}")
    show(f"processor  {found.hardware.cpu_name} ({', '.join(hardware['instruction_sets'])})")
    show(f"cores      {found.hardware.physical_cores} physical, {found.threads} used")
    show(
        f"memory     {found.hardware.memory_bytes / 1e9:.1f} GB, "
        f"read at {found.read_bandwidth_bytes_per_s / 1e9:.1f} GB/s"
    )
    gpus = ", ".join(gpu.name for gpu in found.hardware.gpus)
    show(f"graphics   {gpus or 'no CUDA device'}")
    for choice in found.choices:
        rejected = "; ".join(f"not {r.backend}: {r.reason}" for r in choice.rejected)
        name = f"{choice.op} {choice.scheme}".strip()
        show(f"{name:24} {choice.backend.name:12} {rejected}")
    return 0


def _choice(choice: Choice) -> dict[str, object]:
    return {
        "op": choice.op,
        "scheme": choice.scheme or None,
        "backend": choice.backend.name,
        "rejected": [asdict(rejection) for rejection in choice.rejected],
    }
