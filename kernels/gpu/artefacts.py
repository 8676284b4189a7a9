"""The kernels as they are shipped: compiled modules, and the list of what is in them.

For: `driver`, which loads them, the build (`tools.build_gpu_kernels`), which writes them, and
`devices`, which asks for which cards there are any. Not here: the driver.

A module is a cubin, code of one target that runs on later cards of the same generation too, or
PTX, which a driver compiles for any later card. Triton's use what one target alone has (`exact`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kernels.gpu.errors import MissingKernelError
from kernels.sentence import said

if TYPE_CHECKING:  # it imports torch
    from kernels.gpu.launching import Kernel

FOLDER = Path(__file__).parent / "lib"
MANIFEST = "manifest.json"
FORMAT = 1
TARGETS = (75, 80, 86, 89, 90, 100, 120)


@dataclass(frozen=True)
class BuiltKernel:
    """One kernel in a module, and what it takes of a multiprocessor.

    `spill_bytes`: of registers, to memory. `shared_bytes`: static in CUDA's, and what a launch
    gives in Triton's. `threads`: of a block, or 0 where the launch says it; `most_threads`: what
    it was compiled for.
    """

    name: str
    symbol: str
    constants: tuple[tuple[str, int], ...]
    num_warps: int
    num_stages: int
    threads: int
    most_threads: int
    shared_bytes: int
    registers: int
    spill_bytes: int
    stack_bytes: int
    instructions: tuple[str, ...]


@dataclass(frozen=True)
class Module:
    """One file under `FOLDER`. `origin` says what compiled it."""

    file: str
    origin: Literal["cuda", "triton"]
    form: Literal["cubin", "ptx"]
    target: int
    exact: bool
    sha256: str
    kernels: tuple[BuiltKernel, ...]

    def runs_on(self, capability: int) -> bool:
        """Whether a card of this compute capability (86) takes it."""
        if self.exact or capability < self.target:
            return capability == self.target
        return self.form == "ptx" or capability // 10 == self.target // 10


Key = tuple[str, tuple[tuple[str, int], ...], int, int]


class Artefacts:
    """What a build has written, or nothing where there was none."""

    def __init__(
        self, modules: tuple[Module, ...], folder: Path = FOLDER, sources: str = ""
    ) -> None:
        self.modules = modules
        self.sources = sources
        self._folder = folder
        self._places: dict[Key, list[tuple[Module, BuiltKernel]]] = {}
        for module in modules:
            for built in module.kernels:
                self._places.setdefault(_key(module, built), []).append((module, built))

    def find(self, kernel: Kernel, capability: int) -> tuple[Module, BuiltKernel]:
        """The best for a card: its own cubin, else an earlier one of its generation, else PTX.

        Raises MissingKernelError.
        """
        places = self._places.get(_wanted(kernel), []) or self._places.get(
            (kernel.name, (), 0, 0), []
        )
        fitting = [place for place in places if place[0].runs_on(capability)]
        if not fitting:
            raise MissingKernelError(
                said(
                    "no kernel {kernel} was compiled for compute capability {capability}",
                    kernel=kernel.name,
                    capability=spelt(capability),
                )
            )
        return max(fitting, key=lambda place: (place[0].form == "cubin", place[0].target))

    def read(self, module: Module) -> bytes:
        """Its bytes, which are those that were built; raises MissingKernelError."""
        try:
            image = (self._folder / module.file).read_bytes()
        except OSError as error:
            raise MissingKernelError(
                said("the kernels’ file {file} can’t be read", file=module.file)
            ) from error
        if hashlib.sha256(image).hexdigest() != module.sha256:
            raise MissingKernelError(said("the kernels’ file {file} is damaged", file=module.file))
        return image

    def serves(self, capability: int, origin: str = "cuda") -> bool:
        """Whether there is anything for such a card."""
        return any(m.origin == origin and m.runs_on(capability) for m in self.modules)

    def target_for(self, capability: int) -> int | None:
        """The target whose kernels and tiles a card gets; None where there are none."""
        targets = [m.target for m in self.modules if m.runs_on(capability)]
        return max(targets, default=None)


def spelt(capability: int) -> str:
    """86 → 8.6."""
    return f"{capability // 10}.{capability % 10}"


def _key(module: Module, built: BuiltKernel) -> Key:
    if module.origin == "cuda":  # threads are the launch's
        return built.name, (), 0, 0
    return built.name, built.constants, built.num_warps, built.num_stages


def _wanted(kernel: Kernel) -> Key:
    return kernel.name, kernel.constants, kernel.num_warps, kernel.num_stages


def read_manifest(folder: Path = FOLDER) -> Artefacts:
    """What is in `folder`; nothing where there is no list, a damaged one or one of another
    format."""
    try:
        listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if listed["format"] != FORMAT:
            return Artefacts((), folder)
        return Artefacts(tuple(map(_module, listed["modules"])), folder, listed["sources"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Artefacts((), folder)


def write_manifest(modules: list[Module], sources: str, folder: Path) -> None:
    """The same bytes for the same modules."""
    ordered = sorted(modules, key=lambda module: module.file)
    listed = {
        "format": FORMAT,
        "sources": sources,
        "modules": [asdict(module) for module in ordered],
    }
    text = json.dumps(listed, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _module(listed: dict[str, Any]) -> Module:
    return Module(**{**listed, "kernels": tuple(map(_kernel, listed["kernels"]))})


def _kernel(listed: dict[str, Any]) -> BuiltKernel:
    constants = tuple((name, value) for name, value in listed["constants"])
    instructions = tuple(listed["instructions"])
    return BuiltKernel(**{**listed, "constants": constants, "instructions": instructions})
