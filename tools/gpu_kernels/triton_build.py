"""Triton's kernels: each of the catalogue's to a cubin for a target.

Imports triton, which must not have been told to interpret. Lines and paths of sources stay out
of the code, so that the same sources give the same bytes wherever they lie.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kernels.gpu.artefacts import BuiltKernel, Module
from kernels.gpu.launching import Kernel
from tools.gpu_kernels.resources import instructions, of_usage
from tools.gpu_kernels.toolchain import CompileError, Tools, run

# Scratch memory of a launch and of a profiler, which ours use none of; `driver` passes nulls.
HIDDEN_PARAMETERS = 2
FIRST_TARGET = 80  # Triton compiles no products of tensor cores for 75


def prepare(cache: Path) -> None:
    """Settings that triton reads when it is imported, and where it keeps what it has compiled."""
    os.environ.pop("TRITON_INTERPRET", None)
    os.environ["TRITON_DISABLE_LINE_INFO"] = "1"
    os.environ["TRITON_CACHE_DIR"] = str(cache)


def kernels_for(target: int) -> Sequence[Kernel]:
    """What backends launch on such a card, each once, in the catalogue's order."""
    from kernels.triton.catalogue import kernels_for as listed

    return tuple(dict.fromkeys(listed(target)))


def compile_kernel(kernel: Kernel, target: int, folder: Path, tools: Tools) -> Module:
    """Into `folder`/sm_…; raises CompileError."""
    made = _compiled(kernel, target)
    ptx: str = made.asm["ptx"]
    _check_parameters(kernel, ptx)
    place = folder / f"sm_{target}"
    place.mkdir(parents=True, exist_ok=True)
    cubin = place / f"{file_stem(kernel)}.cubin"
    cubin.write_bytes(made.asm["cubin"])
    return Module(
        file=cubin.relative_to(folder).as_posix(),
        origin="triton",
        form="cubin",
        target=target,
        exact=re.search(r"^\.target sm_\d+[af]\b", ptx, re.M) is not None,
        sha256=hashlib.sha256(cubin.read_bytes()).hexdigest(),
        kernels=(_built(kernel, made.metadata, cubin, tools),),
    )


def file_stem(kernel: Kernel) -> str:
    """A name of its own: the kernel's, and a number made of all that its code depends on."""
    depends = repr((kernel.parameters, kernel.constants, kernel.num_warps, kernel.num_stages))
    return f"triton_{kernel.name}_{hashlib.sha256(depends.encode()).hexdigest()[:12]}"


def _compiled(kernel: Kernel, target: int) -> Any:
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    from kernels.triton.bodies import body

    function = body(kernel.name)
    names: list[str] = function.arg_names  # type: ignore[attr-defined]
    kinds = {parameter.name: str(parameter.kind) for parameter in kernel.parameters}
    constants = dict(kernel.constants)
    source = ASTSource(
        fn=function,
        signature={name: kinds.get(name, "constexpr") for name in names},
        constexprs={(names.index(name),): value for name, value in constants.items()},
        attrs={
            (at,): [["tt.divisibility", 16]]
            for at, name in enumerate(names)
            if kinds.get(name, "").startswith("*")
        },
    )
    options = {"num_warps": kernel.num_warps, "num_stages": kernel.num_stages}
    try:
        return triton.compile(source, target=GPUTarget("cuda", target, 32), options=options)
    except Exception as error:
        raise CompileError(f"{kernel.name} for sm_{target}: {error}") from error


def _check_parameters(kernel: Kernel, ptx: str) -> None:
    """As the launcher will pass them: those of the kernel, and Triton's own behind them."""
    entry = re.search(r"\.entry \w+\((.*?)\)", ptx, re.S)
    count = entry[1].count(".param") if entry else 0
    if count != len(kernel.parameters) + HIDDEN_PARAMETERS:
        raise CompileError(f"{kernel.name} takes {count} parameters, and not what its caller gives")


def _built(kernel: Kernel, metadata: Any, cubin: Path, tools: Tools) -> BuiltKernel:
    usage = of_usage(run([tools.cuobjdump, "--dump-resource-usage", cubin]))[metadata.name]
    told = instructions(run([tools.cuobjdump, "-sass", cubin]))
    if metadata.global_scratch_size or metadata.profile_scratch_size:
        raise CompileError(f"{kernel.name} wants scratch memory, which no launcher gives")
    return BuiltKernel(
        name=kernel.name,
        symbol=metadata.name,
        constants=kernel.constants,
        num_warps=kernel.num_warps,
        num_stages=kernel.num_stages,
        threads=32 * metadata.num_warps,
        most_threads=32 * metadata.num_warps,
        shared_bytes=metadata.shared,
        registers=usage.registers,
        spill_bytes=usage.spill_bytes,
        stack_bytes=usage.stack_bytes,
        instructions=told[metadata.name],
    )
