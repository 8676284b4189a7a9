"""The race check: every launch in several orders of its threads, which must agree in every bit.

For: tests. What a missing wait changes depends on who runs first; shared memory that is read
before it is written holds other bytes in every second order. `chosen_launcher` is how a whole
test run is put under the check, or under sanitizers, by the variable `PITCHER_SHIM`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import torch
from torch import Tensor

from kernels.cuda.shim.build import build
from kernels.cuda.shim.launcher import ShimError, ShimLauncher, orders
from kernels.gpu.launching import Launch, Launcher


class EveryOrder:
    """A launcher that runs each launch once for each of `orders`, from the same memory."""

    device = torch.device("cpu")

    def __init__(self, launcher: ShimLauncher) -> None:
        self.name = launcher.name
        self.target = launcher.target
        self._launcher = launcher

    def launch(self, launch: Launch) -> None:
        """Raises ShimError where two orders leave different bytes in what the launch was given.

        What it reaches through tables of addresses is taken to be read alone.
        """
        memory = _memory_of(launch)
        before = {name: held.clone() for name, held in memory.items()}
        after: dict[str, Tensor] = {}
        for order in orders():
            for name, held in memory.items():
                held.copy_(before[name])
            self._launcher.order = order
            self._launcher.launch(launch)
            for name, held in memory.items():
                if not torch.equal(after.setdefault(name, held.clone()), held):
                    raise ShimError(f"{launch.kernel.name}: order {order} changes {name}")


def chosen_launcher(environment: Mapping[str, str] = os.environ) -> Launcher:
    """The shim as PITCHER_SHIM asks: `orders`, `sanitized`, or unset. Raises ShimBuildError."""
    match environment.get("PITCHER_SHIM", ""):
        case "orders":
            return EveryOrder(ShimLauncher())
        case "sanitized":
            return ShimLauncher(library=build(sanitized=True))
        case "":
            return ShimLauncher()
        case other:
            raise ValueError(f"PITCHER_SHIM is {other!r}")


def _memory_of(launch: Launch) -> dict[str, Tensor]:
    """The bytes of every tensor's storage, by the name of the first parameter that lies in it."""
    found: dict[int, tuple[str, Tensor]] = {}
    for parameter, given in zip(launch.kernel.parameters, launch.arguments, strict=True):
        if isinstance(given, Tensor):
            storage = given.untyped_storage()
            bytes_of = torch.empty(0, dtype=torch.uint8).set_(storage)
            found.setdefault(storage.data_ptr(), (parameter.name, bytes_of))
    return dict(found.values())
