"""`doctor`: what the machine has, and which kernel runs where; the diagnostics' file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.airlock.report import LockReport
from app.cli.program_words import program_facts, program_lines
from app.cli.terminal import note, show, show_json
from app.policy_words import policy_facts, policy_lines

if TYPE_CHECKING:
    from app.policy import Policy
    from inference.machine import Choice, MachineReport, NativeStatus

# Of the plainest builds, the next one: who lacks what it needs waits several times as long.
_LEAST_FAST = {"baseline": "avx2", "neon": "neon_dotprod"}


def run(arguments: argparse.Namespace, lock: LockReport) -> int:
    """What the machine has, or the diagnostics."""
    if arguments.export is not None:
        return _export(arguments.export, lock, replace=arguments.replace)
    return _doctor(arguments.json, lock)


def _doctor(as_json: bool, lock: LockReport) -> int:
    from app import lean_torch
    from inference.machine import measure_read_bandwidth, report

    found = report()
    bytes_per_s = measure_read_bandwidth(found.threads)
    policy = _policy()
    program = program_facts()
    hardware = asdict(found.hardware)
    hardware["instruction_sets"] = sorted(found.hardware.instruction_sets)
    if as_json:
        show_json(
            {
                "lock": {"state": lock.state, "reason": lock.reason},
                "policy": policy_facts(policy),
                "program": program,
                "hardware": hardware,
                "torch": lean_torch.in_words() or None,
                "gpu": _gpu_facts(found),
                "threads": found.threads,
                "read_bandwidth_bytes_per_s": bytes_per_s,
                "native": asdict(found.native),
                "backends": list(found.backends),
                "ops": [choice_facts(choice) for choice in found.choices],
            }
        )
        return 0
    show(f"lock       {lock.state}: {lock.reason}")
    for number, line in enumerate(policy_lines(policy)):
        show(f"{'policy' if not number else '':10} {line}")
    for number, line in enumerate(program_lines(program)):
        show(f"{'program' if not number else '':10} {line}")
    show(f"processor  {found.hardware.cpu_name} ({', '.join(hardware['instruction_sets'])})")
    show(f"cores      {found.hardware.physical_cores} physical, {found.threads} used")
    show(
        f"memory     {found.hardware.memory_bytes / 1e9:.1f} GB, "
        f"read at {bytes_per_s / 1e9:.1f} GB/s"
    )
    if words := lean_torch.in_words():
        show(f"torch      {words}")
    for line in _gpu_lines(found):
        show(line)
    for line in _builds(found.native):
        show(line)
    for line in op_lines(found.choices):
        show(line)
    return 0


def _policy() -> Policy:
    from app.settings import user_settings

    return user_settings(touches=False).policy


def _export(target: str, lock: LockReport, *, replace: bool) -> int:
    """The diagnostics, to a file or on standard output. Raises DiagnosticsError, TransferError."""
    from app.chats.profile import Profile
    from app.diagnostics.exporting import export, text_of
    from app.diagnostics.gathering import Sources, gathered
    from app.settings import user_settings

    text = text_of(gathered(Sources(lock, user_settings(touches=False), Profile())))
    if target == "-":
        show(text, end="")
        return 0
    file = Path(target).expanduser().absolute()
    export(text, file, replace=replace)
    note(f"Written: {file}. It holds no chat text; read it before you hand it on.")
    return 0


def _gpu_lines(found: MachineReport) -> Iterator[str]:
    """The card that a model would use, and why not the others; a line where there is none."""
    chosen = found.gpu.chosen
    if chosen is None:
        yield f"graphics   No NVIDIA GPU that Pitcher can use: {found.gpu.reason.rstrip('.')}."
    for device in found.gpu.usable:
        says = "used where it is asked for" if device == chosen else "could be used"
        yield (
            f"graphics   {device.name}, {device.memory_bytes / 2**30:.1f} GiB, "
            f"compute capability {device.capability / 10:.1f}: {says}"
        )
    others = found.gpu.unusable if chosen else found.gpu.unusable[1:]
    for other in others:
        yield f"{'':10} not {other.device.name}: {other.reason}"


def _gpu_facts(found: MachineReport) -> dict[str, object]:
    chosen = found.gpu.chosen
    return {
        "driver": found.gpu.driver,
        "reason": found.gpu.reason,
        "usable": [asdict(device) for device in found.gpu.usable],
        "unusable": [asdict(other) for other in found.gpu.unusable],
        "chosen": None if chosen is None else chosen.index,
    }


def _builds(native: NativeStatus) -> Iterator[str]:
    """Which build of the native kernels runs, and what each of the others lacks."""
    if native.chosen:
        slow = _slowness(native)
        yield f"kernels    {native.chosen} runs prepared models whole{slow}; below, an op at a time"
    else:
        yield f"kernels    none: {native.reason}"
    for level in native.levels:
        says = level.missing or ("runs" if level.name == native.chosen else "could run")
        yield f"           {level.name:14} {says}"


def _slowness(native: NativeStatus) -> str:
    """What the processor lacks for a build that is made for speed; empty where it has one."""
    least = _LEAST_FAST.get(native.chosen)
    missing = [level.missing for level in native.levels if level.name == least and level.missing]
    return f", slowly: {missing[0]}" if missing else ""


def why_build(native: NativeStatus) -> str:
    """Why this build of the native kernels and no other, where one runs."""
    best = next(x.name for x in native.levels if not x.missing and not x.name.endswith("_twin"))
    if native.chosen == best:
        return "the best build that this processor runs"
    return f"PITCHER_CPU_LEVEL names this build; this processor would run {best}"


def op_lines(choices: Sequence[Choice]) -> Iterator[str]:
    """An op and a backend a line, with the schemes that it is chosen for and why none before it."""
    schemes: dict[tuple[str, str, str], list[str]] = {}
    for choice in choices:
        rejected = "; ".join(f"not {r.backend}: {r.reason}" for r in choice.rejected)
        key = (str(choice.op), choice.backend.name, rejected)
        schemes.setdefault(key, []).append(choice.scheme)
    for (op, backend, rejected), names in schemes.items():
        yield f"{op:14} {backend:18} {', '.join(names)}".rstrip()
        if rejected:
            yield f"{'':14} {rejected}"


def choice_facts(choice: Choice) -> dict[str, object]:
    """The same as JSON has it."""
    return {
        "op": choice.op,
        "scheme": choice.scheme or None,
        "backend": choice.backend.name,
        "rejected": [asdict(rejection) for rejection in choice.rejected],
    }
