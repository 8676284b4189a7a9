"""The kernels' report, handed on for `doctor`: hardware, builds, which op runs where and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inference.compute import compute_path
from inference.measure.whole_layers import measure_machine_speed
from inference.request import Compute
from kernels.contracts import Op
from kernels.cpu.library import LEVEL_NAMES, NativeLibraryError, NativeStatus, status
from kernels.cpu.speed import KernelSpeed, LayerShare, SchemeSpeed, SpeedTestCancelledError
from kernels.hardware import INSTRUCTION_SETS, Gpu, Hardware, measure_read_bandwidth, probe
from kernels.registry import Choice
from kernels.schemes import SCHEMES
from kernels.schemes.panels import LAYOUT_VERSION, PANEL_SCHEMES

if TYPE_CHECKING:
    from kernels.gpu.devices import GpuDevice, GpuReport

# Ops whose backend depends on how the weights are packed.
_WITH_WEIGHTS = (
    *(Op.LINEAR_FEW, Op.LINEAR_MANY, Op.LINEAR_EXACT, Op.HEAD_LINEAR),
    *(Op.EMBEDDING, Op.EXPERTS),
)
# A matrix that every scheme can hold.
_SHAPE = (256, 256)

# Every name that a report can hold.
OP_NAMES = tuple(op.value for op in Op)
SCHEME_NAMES = (*SCHEMES, *PANEL_SCHEMES)

__all__ = [
    "INSTRUCTION_SETS",
    "LAYOUT_VERSION",
    "LEVEL_NAMES",
    "OP_NAMES",
    "SCHEME_NAMES",
    "Choice",
    "Hardware",
    "KernelSpeed",
    "LayerShare",
    "MachineReport",
    "NativeLibraryError",
    "NativeStatus",
    "SchemeSpeed",
    "SpeedTestCancelledError",
    "measure_machine_speed",
    "measure_read_bandwidth",
    "probe",
    "report",
    "status",
]


@dataclass(frozen=True)
class MachineReport:
    """What this machine has, and what runs on it.

    `native`: the builds of the native kernels, and the one that runs planned models; `choices`:
    what runs a model that is not planned, an op at a time; `gpu`: which NVIDIA cards there are,
    which one a model would use that is asked to, and else why none.
    """

    hardware: Hardware
    threads: int
    native: NativeStatus
    backends: tuple[str, ...]
    choices: tuple[Choice, ...]
    gpu: GpuReport


def report(compute: Compute = Compute.FAST) -> MachineReport:
    """Ask every backend about every op and scheme, files' and prepared models'; measures nothing,
    so that it may run beside an answer. NVIDIA's driver is asked which cards there are."""
    from kernels.gpu.devices import find_gpus

    gpu = find_gpus()
    hardware = replace(probe(), gpus=tuple(map(_gpu, gpu.devices)))
    path = compute_path(compute, hardware=hardware)
    for op in Op:
        if op not in _WITH_WEIGHTS:
            path.registry.choose(op)
            continue
        for scheme in (*SCHEMES.values(), *PANEL_SCHEMES.values()):
            path.registry.choose(op, scheme, _SHAPE)
    return MachineReport(
        hardware=hardware,
        threads=path.threads,
        native=path.native,
        backends=tuple(backend.name for backend in path.registry.backends),
        choices=path.registry.choices(),
        gpu=gpu,
    )


def _gpu(device: GpuDevice) -> Gpu:
    return Gpu(device.name, divmod(device.capability, 10), device.memory_bytes)


def memory_bytes() -> int:
    """How much memory this machine has."""
    return probe().memory_bytes
