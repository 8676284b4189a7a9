"""The kernels' report, handed on for `doctor`: hardware, backends, which op runs where."""

from __future__ import annotations

from dataclasses import dataclass

from inference.compute import compute_path
from inference.request import Compute
from kernels.contracts import Op
from kernels.hardware import Hardware, measure_read_bandwidth, probe
from kernels.registry import Choice
from kernels.schemes import SCHEMES

# Ops whose backend depends on how the weights are packed.
_WITH_WEIGHTS = (
    *(Op.LINEAR_FEW, Op.LINEAR_MANY, Op.LINEAR_EXACT, Op.HEAD_LINEAR),
    *(Op.EMBEDDING, Op.EXPERTS),
)


__all__ = ["Choice", "MachineReport", "report"]


@dataclass(frozen=True)
class MachineReport:
    """What this machine has, and what runs on it."""

    hardware: Hardware
    threads: int
    read_bandwidth_bytes_per_s: float
    backends: tuple[str, ...]
    choices: tuple[Choice, ...]


def report(compute: Compute = Compute.FAST) -> MachineReport:
    """Ask every backend about every op and scheme; takes a second to measure memory."""
    hardware = probe()
    path = compute_path(compute, hardware=hardware)
    for op in Op:
        if op not in _WITH_WEIGHTS:
            path.registry.choose(op)
            continue
        for scheme in SCHEMES.values():
            path.registry.choose(op, scheme, (scheme.block_elements, scheme.block_elements))
    return MachineReport(
        hardware=hardware,
        threads=path.threads,
        read_bandwidth_bytes_per_s=measure_read_bandwidth(path.threads),
        backends=tuple(backend.name for backend in path.registry.backends),
        choices=path.registry.choices(),
    )


def memory_bytes() -> int:
    """How much memory this machine has."""
    return probe().memory_bytes
