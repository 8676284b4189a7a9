"""Which NVIDIA card a model would use on this machine, or why none.

For: the window's settings. The driver is asked when this is called and not before, and torch is
imported only where it sees a card. Not here: what of a model a card holds (`inference.gpu`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FoundCard:
    """A card that models can use, by its name; else `reason` says why there is none."""

    name: str = ""
    reason: str = ""


def find_card() -> FoundCard:
    """Ask the driver; raises nothing of a card. It may take a second where there is a driver."""
    from kernels.gpu.devices import find_gpus

    found = find_gpus()
    return FoundCard(reason=found.reason) if found.chosen is None else FoundCard(found.chosen.name)
