"""Compiles the kernels for NVIDIA cards ahead of time, into kernels/gpu/lib.

For: whoever builds a wheel that has them, and the table of what they are compiled to. Needs the
extra gpu-dev and no GPU. What was compiled from the same sources by the same tools is kept
under build/gpu, and the same sources give the same bytes.

    .venv/bin/python -m tools.build_gpu_kernels [--targets 86,120] [--only cuda|triton]
        [--kernels PART] [--out FOLDER] [--table]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from kernels.gpu.artefacts import FOLDER, TARGETS, Module, read_manifest, write_manifest
from tools.gpu_kernels import cuda_build, triton_build
from tools.gpu_kernels.table import table
from tools.gpu_kernels.toolchain import CompileError, Tools, ToolsMissingError, find_tools

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "build" / "gpu"
_HASHED = (
    *("kernels/cuda/csrc/**/*", "kernels/triton/**/*.py", "kernels/gpu/launching.py"),
    "tools/gpu_kernels/*.py",
)
# What each of CUDA's files depends on beside itself.
_COMMON = ("kernels/cuda/csrc/**/*.h", "tools/gpu_kernels/*.py")
_TOOL_PACKAGES = ("nvidia-cuda-nvcc", "nvidia-nvvm", "triton")


def sources_hash(root: Path = ROOT, patterns: Iterable[str] = _HASHED) -> str:
    """Of everything that the code is made of, the compilers' versions among it."""
    digest = hashlib.sha256()
    for file in sorted({f for pattern in patterns for f in root.glob(pattern) if f.is_file()}):
        if "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    for package in _TOOL_PACKAGES:
        digest.update(f"{package} {version(package)}\0".encode())
    return digest.hexdigest()


def build_cuda(targets: Iterable[int], part: str, tools: Tools) -> Iterator[Module]:
    """Cubins for `targets`, and PTX for cards after the newest of all."""
    for source in cuda_build.source_files(ROOT):
        if part not in source.stem:
            continue
        own = f"{cuda_build.SOURCES.as_posix()}/{source.name}"
        known = sources_hash(patterns=(*_COMMON, own))
        for target in targets:
            say(f"{source.name} for sm_{target}")
            yield _kept(known, f"{source.stem}-{target}") or _keep(
                known, f"{source.stem}-{target}",
                cuda_build.compile_file(source, target, CACHE / "lib", tools),
            )  # fmt: skip
        if max(TARGETS) in targets:
            say(f"{source.name} as PTX")
            yield cuda_build.compile_ptx(source, max(TARGETS), CACHE / "lib", tools)


def build_triton(targets: Iterable[int], part: str, tools: Tools) -> Iterator[Module]:
    """Cubins for those of `targets` that Triton compiles for."""
    triton_build.prepare(CACHE / "triton")
    for target in targets:
        if target < triton_build.FIRST_TARGET:
            continue
        for kernel in triton_build.kernels_for(target):
            if part in kernel.name:
                say(f"{triton_build.file_stem(kernel)} for sm_{target}")
                yield triton_build.compile_kernel(kernel, target, CACHE / "lib", tools)


def _record(known: str, name: str) -> Path:
    return CACHE / "kept" / f"{name}-{known[:16]}.json"


def _kept(known: str, name: str) -> Module | None:
    """What an earlier build made of the same sources, if its file is still whole."""
    record = _record(known, name)
    made = read_manifest(record.parent / record.stem).modules
    whole = made and (CACHE / "lib" / made[0].file).is_file()
    if not whole:
        return None
    image = (CACHE / "lib" / made[0].file).read_bytes()
    return made[0] if hashlib.sha256(image).hexdigest() == made[0].sha256 else None


def _keep(known: str, name: str, module: Module) -> Module:
    record = _record(known, name)
    folder = record.parent / record.stem
    folder.mkdir(parents=True, exist_ok=True)
    write_manifest([module], known, folder)
    return module


def say(text: str) -> None:
    """A line of progress, beside what is printed."""
    print(text, file=sys.stderr, flush=True)


def install(modules: list[Module], folder: Path) -> None:
    """The files and their list, in place of what `folder` held."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for module in modules:
        place = folder / module.file
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(CACHE / "lib" / module.file, place)
    write_manifest(modules, sources_hash(), folder)


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Compile the kernels for NVIDIA cards.")
    all_targets = ",".join(map(str, TARGETS))
    parser.add_argument("--targets", default=all_targets, help="such as 86,120")
    parser.add_argument("--only", choices=("cuda", "triton"), help="one of the two kinds")
    parser.add_argument("--kernels", default="", help="those with this in their name")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where they go")
    parser.add_argument("--table", action="store_true", help="print what is in --out and stop")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """0, or 1 with a sentence."""
    asked = parse(arguments)
    if asked.table:
        print(table(read_manifest(asked.out)))
        return 0
    targets = [int(target) for target in asked.targets.split(",")]
    try:
        tools = find_tools()
        modules: list[Module] = []
        if asked.only != "triton":
            modules += build_cuda(targets, asked.kernels, tools)
        if asked.only != "cuda":
            modules += build_triton(targets, asked.kernels, tools)
        install(modules, asked.out)
    except (CompileError, ToolsMissingError) as error:
        print(error, file=sys.stderr)
        return 1
    size = sum((asked.out / module.file).stat().st_size for module in modules)
    kernels = sum(len(module.kernels) for module in modules)
    print(json.dumps({"modules": len(modules), "kernels": kernels, "bytes": size}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
