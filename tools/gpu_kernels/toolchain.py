"""NVIDIA's compilers and disassembler, as the extra gpu-dev brings them; it parses nothing."""

from __future__ import annotations

import importlib.util
import subprocess
from dataclasses import dataclass
from pathlib import Path


class ToolsMissingError(Exception):
    """A compiler that is needed is not installed; the message names it."""


class CompileError(Exception):
    """A kernel does not compile; the message is the compiler's."""


@dataclass(frozen=True)
class Tools:
    """nvcc and ptxas of one version; cuobjdump, which comes with Triton alone."""

    nvcc: Path
    ptxas: Path
    cuobjdump: Path


def _folders(package: str, below: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    places = [] if spec is None else spec.submodule_search_locations or []
    return [folder for place in places for folder in Path(place).glob(below)]


def _tool(name: str, folders: list[Path]) -> Path:
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise ToolsMissingError(f"{name} is not installed: the extra gpu-dev brings it.")


def find_tools() -> Tools:
    """Raises ToolsMissingError."""
    nvidia = _folders("nvidia", "cu*/bin")
    triton = _folders("triton", "backends/nvidia/bin")
    return Tools(_tool("nvcc", nvidia), _tool("ptxas", nvidia), _tool("cuobjdump", triton))


def run(command: list[str | Path], folder: Path | None = None) -> str:
    """What it prints, on both streams; raises CompileError with that where it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise CompileError(f"{Path(command[0]).name} failed:\n{done.stdout}")
    return done.stdout
