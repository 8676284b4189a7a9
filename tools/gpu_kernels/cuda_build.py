"""CUDA's kernels: each source file to a cubin for a target, and to PTX for cards to come."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from kernels.gpu.artefacts import BuiltKernel, Module
from tools.gpu_kernels.resources import Resources, instructions, of_report
from tools.gpu_kernels.toolchain import Tools, run

SOURCES = Path("kernels/cuda/csrc")
OPTIONS = ("-std=c++17", "-O3", "-I.")


def source_files(root: Path) -> list[Path]:
    """Every file that is compiled by itself."""
    return sorted((root / SOURCES).glob("*.cu"))


def compile_file(source: Path, target: int, folder: Path, tools: Tools) -> Module:
    """`source` for `target`, into `folder`/sm_…; raises CompileError.

    The steps run where the source lies and name it without a path, so that none gets into
    the code.
    """
    place = folder / f"sm_{target}"
    place.mkdir(parents=True, exist_ok=True)
    ptx, cubin = place / f"{source.stem}.ptx", place / f"{source.stem}.cubin"
    arch = f"-arch=compute_{target}"
    run([tools.nvcc, "-ptx", *OPTIONS, arch, source.name, "-o", ptx.resolve()], source.parent)
    report = run([tools.ptxas, "-v", f"-arch=sm_{target}", ptx.name, "-o", cubin.name], place)
    bounds = _bounds(ptx.read_text(encoding="utf-8"))
    ptx.unlink()
    found = instructions(run([tools.cuobjdump, "-sass", cubin]))
    kernels = [
        _built(name, resources, found.get(name, ()), bounds.get(name, 0))
        for name, resources in sorted(of_report(report).items())
    ]
    return _module(cubin, folder, "cubin", target, kernels)


def compile_ptx(source: Path, target: int, folder: Path, tools: Tools) -> Module:
    """`source` as a text that drivers compile for cards of `target` and all later ones."""
    place = folder / "ptx"
    place.mkdir(parents=True, exist_ok=True)
    ptx = place / f"{source.stem}.ptx"
    arch = f"-arch=compute_{target}"
    run([tools.nvcc, "-ptx", *OPTIONS, arch, source.name, "-o", ptx.resolve()], source.parent)
    bounds = _bounds(ptx.read_text(encoding="utf-8"))
    unknown = Resources(0, 0, 0, 0)
    kernels = [_built(name, unknown, (), bounds[name]) for name in sorted(bounds)]
    return _module(ptx, folder, "ptx", target, kernels)


def _bounds(ptx: str) -> dict[str, int]:
    """Every kernel, and the greatest block that its __launch_bounds__ allows."""
    found = re.findall(r"\.entry (\w+)\([^)]*\)\s*(?:\.maxntid (\d+))?", ptx)
    return {name: int(most or 0) for name, most in found}


def _built(
    name: str, resources: Resources, told: tuple[str, ...], most_threads: int
) -> BuiltKernel:
    return BuiltKernel(
        name=name,
        symbol=name,
        constants=(),
        num_warps=0,
        num_stages=0,
        threads=0,
        most_threads=most_threads,
        shared_bytes=resources.shared_bytes,
        registers=resources.registers,
        spill_bytes=resources.spill_bytes,
        stack_bytes=resources.stack_bytes,
        instructions=told,
    )


def _module(file: Path, folder: Path, form: str, target: int, kernels: list[BuiltKernel]) -> Module:
    assert form in ("cubin", "ptx")
    return Module(
        file=file.relative_to(folder).as_posix(),
        origin="cuda",
        form="ptx" if form == "ptx" else "cubin",
        target=target,
        exact=False,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        kernels=tuple(kernels),
    )
