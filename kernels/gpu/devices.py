"""Which NVIDIA GPUs there are, which of them our kernels run on, and else why not.

For: `doctor`, and whoever chooses what a model runs on. The driver is asked here and nowhere
at start-up. Not here: what fits in a card's memory (`inference.gpu`).
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field

from kernels.gpu.artefacts import Artefacts, read_manifest, spelt
from kernels.gpu.driver_api import (
    COMPUTE_CAPABILITY_MAJOR,
    COMPUTE_CAPABILITY_MINOR,
    LIBRARY,
    DriverApi,
)
from kernels.gpu.errors import GpuError, GpuUnavailableError
from kernels.sentence import said, sentence_of

# Below this a card holds no layer of a model beside what the driver and the cache take.
LEAST_MEMORY_BYTES = 4 << 30
OLDEST_CAPABILITY = 75
_NAME_BYTES = 128


@dataclass(frozen=True)
class GpuDevice:
    """One card, by the number that the driver and torch know it by. `capability`: 86 for 8.6."""

    index: int
    name: str
    capability: int
    memory_bytes: int


@dataclass(frozen=True)
class Unusable:
    """A card that our kernels do not run on, and why."""

    device: GpuDevice
    reason: str


@dataclass(frozen=True)
class GpuReport:
    """What `find_gpus` saw. `reason` is empty where a card is usable; `driver` 13000 for 13.0."""

    usable: tuple[GpuDevice, ...] = ()
    unusable: tuple[Unusable, ...] = ()
    reason: str = ""
    driver: int = 0
    api: DriverApi | None = field(default=None, compare=False, repr=False)

    @property
    def devices(self) -> tuple[GpuDevice, ...]:
        """Every card that the driver sees, in its order."""
        seen = (*self.usable, *(other.device for other in self.unusable))
        return tuple(sorted(seen, key=lambda device: device.index))

    @property
    def chosen(self) -> GpuDevice | None:
        """The one with the most memory, and the first of those."""
        return max(self.usable, key=lambda d: (d.memory_bytes, -d.index), default=None)


def torch_cuda() -> str | None:
    """The CUDA version that torch was built with; None for a build without."""
    import torch  # late: where the driver sees no card nobody needs it

    return torch.version.cuda


def find_gpus(library: str | None = None, artefacts: Artefacts | None = None) -> GpuReport:
    """Ask the driver; raises nothing, every obstacle is a reason."""
    try:
        api = DriverApi(library or LIBRARY)
        devices = list_devices(api)
    except GpuError as error:
        return GpuReport(reason=sentence_of(error))
    artefacts = artefacts or read_manifest()
    reasons = [_obstacle(device, artefacts) for device in devices]
    judged = list(zip(devices, reasons, strict=True))
    usable = tuple(device for device, reason in judged if not reason)
    unusable = tuple(Unusable(device, reason) for device, reason in judged if reason)
    if usable:
        reason = ""
    else:
        reason = unusable[0].reason if unusable else said("the NVIDIA driver sees no card")
    return GpuReport(usable, unusable, reason, api.version, api)


def list_devices(api: DriverApi) -> list[GpuDevice]:
    """Every card that the driver sees; raises GpuError."""
    count = ctypes.c_int()
    try:
        api.call("cuDeviceGetCount", ctypes.byref(count))
    except GpuUnavailableError as error:
        if "NO_DEVICE" in str(error):
            return []
        raise
    return [_device(api, index) for index in range(count.value)]


def _device(api: DriverApi, index: int) -> GpuDevice:
    handle, memory = ctypes.c_int(), ctypes.c_size_t()
    name = ctypes.create_string_buffer(_NAME_BYTES)
    api.call("cuDeviceGet", ctypes.byref(handle), index)
    api.call("cuDeviceGetName", name, _NAME_BYTES, handle)
    api.call("cuDeviceTotalMem_v2", ctypes.byref(memory), handle)
    major, minor = (
        _attribute(api, handle, which)
        for which in (COMPUTE_CAPABILITY_MAJOR, COMPUTE_CAPABILITY_MINOR)
    )
    return GpuDevice(index, name.value.decode("utf-8", "replace"), 10 * major + minor, memory.value)


def _attribute(api: DriverApi, handle: ctypes.c_int, which: int) -> int:
    value = ctypes.c_int()
    api.call("cuDeviceGetAttribute", ctypes.byref(value), which, handle)
    return value.value


def _obstacle(device: GpuDevice, artefacts: Artefacts) -> str:
    """Why our kernels do not run on it, or empty."""
    have = spelt(device.capability)
    if device.capability < OLDEST_CAPABILITY:
        return said(
            "{card} has compute capability {have}, and {need} is needed",
            card=device.name, have=have, need=spelt(OLDEST_CAPABILITY),
        )  # fmt: skip
    if device.memory_bytes < LEAST_MEMORY_BYTES:
        return said(
            "{card} has {have:.1f} GiB of memory, and {need:.0f} are needed",
            card=device.name, have=device.memory_bytes / 2**30, need=LEAST_MEMORY_BYTES / 2**30,
        )  # fmt: skip
    if torch_cuda() is None:
        return said("the extra pitcher[cuda] is not installed, so torch has no part for it")
    if not artefacts.modules:
        return said("this installation has no compiled kernels for it")
    if artefacts.target_for(device.capability) is None:
        return said("no kernels were compiled for {card} ({have})", card=device.name, have=have)
    return ""
