"""Write the IQ schemes' lattices, as the `gguf` package defines them, into a data file.

Run as `python -m tools.make_lattices`; its output is committed.
"""

from __future__ import annotations

from pathlib import Path

import gguf.quants
import torch
from safetensors.torch import save_file

OUT = Path(__file__).parent.parent / "kernels" / "schemes" / "lattices.safetensors"
NAMES = {
    "iq1s": gguf.quants.IQ1_S,
    "iq2xxs": gguf.quants.IQ2_XXS,
    "iq2xs": gguf.quants.IQ2_XS,
    "iq2s": gguf.quants.IQ2_S,
    "iq3xxs": gguf.quants.IQ3_XXS,
    "iq3s": gguf.quants.IQ3_S,
}


def main() -> None:
    lattices = {}
    for name, quantization in NAMES.items():
        quantization.init_grid()
        grid = torch.from_numpy(quantization.grid).reshape(quantization.grid_shape)
        lattices[name] = grid.to(torch.int8).contiguous()
    save_file(lattices, OUT)
    print(f"{OUT.name}: {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
