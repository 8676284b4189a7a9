"""Builds the native kernels into kernels/cpu/lib, with CMake, for this machine.

For: `make run`, `make test` and whoever changes the C++. It takes the C++ compiler that CXX
names, or the system's, or, where there is none, the one in PyPI's `ziglang` wheel, so that a
machine without a compiler needs nothing by hand. Only what changed is compiled again.

    .venv/bin/python -m tools.build_kernels [--no-fetch]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "kernels"
LOG = BUILD / "build.log"
LIBRARY_FOLDER = ROOT / "kernels" / "cpu" / "lib"
STAMP = LIBRARY_FOLDER / ".built"
SYSTEM_COMPILERS = ("g++", "clang++", "c++")
# C++20's <version>, atomic waiting and integer templates: g++ 11, clang 14.
PROBE = (
    "#include <atomic>\nint main() { std::atomic<int> a{0}; a.notify_all(); return a.load(); }\n"
)


class BuildError(Exception):
    """The kernels can't be built; the message is one sentence for the person who ran it."""


def tool(name: str) -> str:
    """CMake or ninja of this environment."""
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        raise BuildError(f"{name} is missing in .venv: run make setup.")
    return str(path)


def works(compiler: str) -> bool:
    """Whether it compiles C++20."""
    command = [compiler, "-std=c++20", "-x", "c++", "-fsyntax-only", "-"]
    try:
        return subprocess.run(command, input=PROBE.encode(), capture_output=True).returncode == 0
    except OSError:
        return False


def compiler(*, may_fetch: bool = True) -> str:
    """The C++ compiler to use. Raises BuildError, also where one would have to be fetched."""
    named = os.environ.get("CXX")
    if named:
        if works(named):
            return named
        raise BuildError(f"CXX names {named}, which does not compile C++20.")
    for name in SYSTEM_COMPILERS:
        if shutil.which(name) and works(name):
            return name
    if not may_fetch:
        raise BuildError("No C++ compiler is here.")
    return zig()


def zig() -> str:
    """A compiler from PyPI, installed into this environment, behind a script of its own."""
    print("No C++ compiler is here: fetching one (80 MB).", flush=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["-c", str(ROOT / "constraints.txt"), "ziglang"]
    if subprocess.run(command).returncode:
        raise BuildError(
            "The kernels need a C++ compiler, and none could be fetched: install g++ "
            "(Debian, Ubuntu: sudo apt install g++), then run make again."
        )
    script = Path(sys.executable).with_name("zig-c++")
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ziglang c++ "$@"\n')
    script.chmod(0o755)
    return str(script)


def run(command: list[str], log: Path) -> None:
    """One step, its output kept. Raises BuildError with its last words."""
    with log.open("a", encoding="utf-8") as kept:
        done = subprocess.run(command, stdout=kept, stderr=subprocess.STDOUT)
    if done.returncode:
        said = log.read_text(encoding="utf-8", errors="replace").splitlines()
        errors = [line for line in said if "error" in line.lower()] or said[-1:]
        where = log.relative_to(ROOT)
        raise BuildError(f"The native kernels did not build: {errors[0]} (all of it: {where}).")


def build(*, may_fetch: bool = True) -> None:
    """Configure and compile what is not up to date."""
    BUILD.mkdir(parents=True, exist_ok=True)
    LIBRARY_FOLDER.mkdir(parents=True, exist_ok=True)
    LOG.unlink(missing_ok=True)
    chosen = compiler(may_fetch=may_fetch)
    configure = [tool("cmake"), "-S", str(ROOT), "-B", str(BUILD), "-G", "Ninja"]
    configure += [f"-DCMAKE_MAKE_PROGRAM={tool('ninja')}", f"-DCMAKE_CXX_COMPILER={chosen}"]
    run(configure, LOG)
    run([tool("cmake"), "--build", str(BUILD)], LOG)
    STAMP.touch()


def main() -> int:
    """0, or 1 with one sentence on stderr."""
    started = time.monotonic()
    print("Building the native kernels.", flush=True)
    try:
        build(may_fetch="--no-fetch" not in sys.argv)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"They are built ({time.monotonic() - started:.0f} s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
