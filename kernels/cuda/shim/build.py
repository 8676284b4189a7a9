"""Compiling `csrc/*.cu` as C++ for the processor, once for each state of the sources.

For: `launcher.py`, and checks that want sanitizers. The library lies under `build/shim/`, named
by the hash of all that goes into it. Needs g++ on x86-64. Not for users: they get what nvcc made.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

_ROOT = Path(__file__).parents[3]
_SHIM = Path(__file__).parent
_KERNELS = _SHIM.parent / "csrc"
# Kernels read bytes as words, which C++ forbids and CUDA's compiler allows.
_FLAGS = (
    *("-std=c++20", "-O1", "-g1", "-fPIC", "-ffp-contract=off", "-fno-strict-aliasing"),
    *("-Wall", "-Wextra", "-Wno-unknown-pragmas", "-Wno-unused-function", "-Werror=return-type"),
)
_INCLUDE = re.compile(r'^\s*#include "([^"]+)"', re.MULTILINE)
_SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")


class ShimBuildError(Exception):
    """The shim can't be built; the message is the compiler's, or says what is missing."""


def build(
    *,
    sanitized: bool = False,
    sources: Sequence[Path] = (),
    folder: Path = _ROOT / "build" / "shim",
    compiler: str = "g++",
) -> Path:
    """The library of `sources` (by default all of csrc/*.cu), compiled if it is not there yet.

    Raises ShimBuildError.
    """
    kernels = sorted(sources or _KERNELS.glob("*.cu"))
    units = [*sorted(_SHIM.glob("*.cpp")), *kernels]
    found = shutil.which(compiler)
    if found is None or platform.machine() != "x86_64":
        raise ShimBuildError(f"the shim is built with {compiler} on x86-64, and one is missing")
    flags = (*_FLAGS, *(_SANITIZERS if sanitized else ()))
    names = [f"{unit.stem}-{_digest(_read_by(unit), *flags)}" for unit in units]
    library = folder / f"shim-{hashlib.sha256(' '.join(names).encode()).hexdigest()[:16]}.so"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ("lock-sanitized" if sanitized else "lock")).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # what another test run is building is not built twice
        if not library.exists():
            with ThreadPoolExecutor(max_workers=2) as pool:
                compiled = pool.map(partial(_compile, found, flags, folder), units, names)
                objects = list(compiled)
            _link(found, flags, objects, library)
    return library


def _read_by(unit: Path) -> list[Path]:
    """The file and all headers of ours that it includes, so that a change compiles only what
    it reaches."""
    found, left = {unit}, [unit]
    while left:
        file = left.pop()
        for name in _INCLUDE.findall(file.read_text()):
            for folder in (file.parent, _SHIM, _KERNELS):
                header = folder / name
                if header.is_file() and header not in found:
                    found.add(header)
                    left.append(header)
    return sorted(found)


def _digest(files: Sequence[Path], *also: str) -> str:
    """Of the files' names and bytes; short, as names go."""
    whole = hashlib.sha256(" ".join(also).encode())
    for file in sorted(files):
        whole.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()[:16]


def _compile(compiler: str, flags: Sequence[str], folder: Path, unit: Path, name: str) -> Path:
    out = folder / f"{name}.o"
    if not out.exists():
        own = folder / f"{name}.{os.getpid()}.o"  # a killed build leaves nothing by its name
        includes = (f"-I{_SHIM}", f"-I{_KERNELS}")
        _run([compiler, *flags, *includes, "-x", "c++", "-c", str(unit), "-o", str(own)])
        own.replace(out)
    return out


def _link(compiler: str, flags: Sequence[str], objects: Sequence[Path], library: Path) -> None:
    own = library.with_suffix(f".{os.getpid()}.so")
    _run([compiler, *flags, "-shared", *map(str, objects), "-o", str(own)])
    own.replace(library)


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ShimBuildError(done.stderr)
