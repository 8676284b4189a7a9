"""NVIDIA cards as their maker describes them: what rooflines and plans on paper are made of.

For: placement (`inference.gpu`), and the table of kernels on paper. Nothing here was measured
by us. Not here: what card this machine has (`kernels.hardware`).

Sources: NVIDIA's Turing, GA102, Ada, Hopper and RTX Blackwell architecture whitepapers and
product pages. Tensor peaks are dense, of FP16 operands with FP32 sums and of INT8; where a
whitepaper lists a larger card of the same chip family only, they are scaled by multiprocessors
and boost clock.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """One card. `bus_bytes_per_s`: one direction of its PCI Express slot, as specified.
    `held_bytes`: of its memory now, by all programs; on paper nobody knows."""

    name: str
    target: int
    memory_bytes: int
    read_bytes_per_s: float
    fp16_ops_per_s: float
    int8_ops_per_s: float
    multiprocessors: int
    bus_bytes_per_s: float
    held_bytes: int = 0


_GIB = 1 << 30
_G, _T = 1e9, 1e12
_PCIE_3_X16 = _PCIE_4_X8 = 15.75 * _G
_PCIE_4_X16 = 31.5 * _G
_PCIE_5_X16 = 63.0 * _G

_ALL = (
    Card("RTX 2060", 75, 6 * _GIB, 336 * _G, 25.8 * _T, 103 * _T, 30, _PCIE_3_X16),
    Card("RTX 4060", 89, 8 * _GIB, 272 * _G, 30.2 * _T, 121 * _T, 24, _PCIE_4_X8),
    Card("RTX 3060", 86, 12 * _GIB, 360 * _G, 25.4 * _T, 102 * _T, 28, _PCIE_4_X16),
    Card("RTX 4070", 89, 12 * _GIB, 504 * _G, 58.3 * _T, 233 * _T, 46, _PCIE_4_X16),
    Card("RTX 4080", 89, 16 * _GIB, 716.8 * _G, 97.5 * _T, 390 * _T, 76, _PCIE_4_X16),
    Card("RTX 4090", 89, 24 * _GIB, 1008 * _G, 165.2 * _T, 660.6 * _T, 128, _PCIE_4_X16),
    Card("RTX 5090", 120, 32 * _GIB, 1792 * _G, 209.5 * _T, 838 * _T, 170, _PCIE_5_X16),
    Card("RTX 6000 Ada", 89, 48 * _GIB, 960 * _G, 364 * _T, 728 * _T, 142, _PCIE_4_X16),
    Card("A100 80GB", 80, 80 * _GIB, 2039 * _G, 312 * _T, 624 * _T, 108, _PCIE_4_X16),
    Card("H100", 90, 80 * _GIB, 3352 * _G, 989 * _T, 1979 * _T, 132, _PCIE_5_X16),
)
CARDS = {card.name: card for card in _ALL}
