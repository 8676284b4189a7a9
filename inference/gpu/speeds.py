"""This machine's measured speed, as rooflines with a card take it."""

from __future__ import annotations

import statistics

from inference.gpu.roofline import HostSpeed
from kernels.cpu.speed import KernelSpeed


def host_speed(measured: KernelSpeed) -> HostSpeed:
    """Memory as it was read, and products of many rows as the middle of the schemes has them."""
    tiles = statistics.median(one.tile_ops_per_s for one in measured.schemes.values())
    return HostSpeed(measured.read_bytes_per_s, tiles)
