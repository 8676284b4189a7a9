"""What every mix-in of CUDA ops stands on: a launcher, and the tiles of its target.

For: the mix-ins beside this file, which `backend.CudaBackend` puts together.
"""

from __future__ import annotations

from torch import Tensor

from kernels.cuda.tiles import TILES, Tiles
from kernels.gpu.launching import Kernel, Launch, Launcher
from kernels.partial import PartialBackend


class CudaOps(PartialBackend):
    """Launches kernels by name. Activations are float32; `precise` keeps 14 bits of them where
    they meet quantized weights, instead of 8."""

    def __init__(self, launcher: Launcher, *, precise: bool = True) -> None:
        self.name = f"cuda-{launcher.name}"
        self._launcher = launcher
        self._precise = precise

    @property
    def _tiles(self) -> Tiles:
        return TILES[self._launcher.target]

    def _launch(
        self,
        kernel: Kernel,
        grid: tuple[int, int, int],
        threads: int,
        *arguments: Tensor | int | float,
        cooperative: bool = False,
    ) -> None:
        """`threads`: of a block."""
        launch = Launch(kernel, grid, arguments, threads, cooperative=cooperative)
        self._launcher.launch(launch)
