"""Builds the native kernels for Windows and runs their own tests under Wine.

For: `make soak`, and whoever changes the C++. Not part of `make check`: a first build takes
ten minutes on two cores, and Wine belongs on no machine that only develops. In build/windows:

- pitcher_kernels.dll, by packaging/windows/zig.cmake, and that it asks for nothing but the system;
- the levels as they are shipped: matrix products of every number of tokens, each row alone;
- every level's other ops, compiled as shipped: rows, values, both attentions;
- the thread pool, the quantizer (the same bytes as on this system), and the library, loaded.

    python -m tools.windows_checks            build and run
    python -m tools.windows_checks --build    build alone
    python -m tools.windows_checks --only-aarch64   compiles for Windows and macOS on ARM: not run
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tools import native_checks
from tools.native_checks import BASE, CORE, OP_CORE, OP_TESTS, SOURCES, CheckError, Level, run

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "windows"
TOOLCHAIN = ROOT / "packaging" / "windows" / "zig.cmake"
LIBRARY = BUILD / "lib" / "pitcher_kernels.dll"
# As CMakeLists.txt compiles a release.
SHIPPED = ("-O3", "-DNDEBUG", "-fno-math-errno")
# What every Windows since 10 has of its own; the C library's parts are named api-ms-win-crt-….
SYSTEM_LIBRARIES = {"kernel32.dll", "ntdll.dll", "advapi32.dll"}
_SYSTEM_SETS = "api-ms-win-"
ARM_TARGETS = ("aarch64-windows-gnu", "aarch64-macos")
_WAITING = "-lapi-ms-win-core-synch-l1-2-0"


def compiler(target: str = "x86_64-windows-gnu") -> Path:
    """A script that is zig's clang for `target`; its path takes the place of a compiler's name."""
    script = BUILD / f"zig-{target}"
    BUILD.mkdir(parents=True, exist_ok=True)
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ziglang c++ -target {target} "$@"\n')
    script.chmod(0o755)
    return script


def what_is_missing() -> list[str]:
    """Tools that are not installed here."""
    here = [] if subprocess.run(
        [sys.executable, "-c", "import ziglang"], capture_output=True
    ).returncode == 0 else ["ziglang (from PyPI)"]  # fmt: skip
    return here + [name for name in ("cmake", "ninja", "wine", "objdump") if not shutil.which(name)]


def build_library() -> None:
    """pitcher_kernels.dll and the objects of its levels. Raises CheckError."""
    folder = BUILD / "kernels"
    configure = ["cmake", "-S", str(ROOT), "-B", str(folder), "-G", "Ninja"]
    configure += [f"-DCMAKE_TOOLCHAIN_FILE={TOOLCHAIN}", f"-DPK_PYTHON={sys.executable}"]
    run([*configure, f"-DPK_LIBRARY_FOLDER={LIBRARY.parent}"])
    run(["cmake", "--build", str(folder)])


def imported(library: Path) -> set[str]:
    """The libraries that a DLL asks for, in small letters."""
    said = run(["objdump", "-p", str(library)])
    return {name.lower() for name in re.findall(r"DLL Name: (\S+)", said)}


def check_imports() -> str:
    """Nothing beside the system's own: people who have the file need no other."""
    foreign = sorted(
        name
        for name in imported(LIBRARY)
        if name not in SYSTEM_LIBRARIES and not name.startswith(_SYSTEM_SETS)
    )
    if foreign:
        raise CheckError(f"{LIBRARY.name} asks for {', '.join(foreign)}, which Windows lacks.")
    return f"{LIBRARY.name}: {LIBRARY.stat().st_size / 1e6:.1f} MB, the system's libraries alone\n"


def in_wine(program: Path, *arguments: str) -> str:
    """What a Windows program prints. Raises CheckError."""
    prefix = BUILD / "wine"
    environment = {
        "WINEPREFIX": str(prefix),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree,mshtml=",
    }
    command = ["env", *(f"{name}={value}" for name, value in environment.items())]
    return run([*command, "wine", str(program), *arguments]).replace("\r\n", "\n")


def shipped_objects() -> list[Path]:
    """The levels as CMake compiled them."""
    return sorted((BUILD / "kernels").glob("CMakeFiles/level_*.dir/**/*.obj"))


def program(
    name: str, sources: Iterable[str], options: tuple[str, ...], objects: Iterable[Path] = ()
) -> Path:
    """A Windows program of sources and objects."""
    zig = str(compiler())
    folder = BUILD / "drivers" / name
    made = [
        native_checks.compiled(
            (zig, *BASE, *SHIPPED, *options), source, folder / f"{Path(source).stem}.obj"
        )
        for source in sources
    ]
    return native_checks.linked(
        zig, (), [*made, *objects, Path(_WAITING)], folder / f"{Path(name).name}.exe"
    )


def native_test() -> Path:
    """Products, with the levels as they are shipped."""
    built = shipped_objects()
    names = {path.name.split(".")[0] for path in built}
    have = tuple(
        level.announced for level in native_checks.levels_of("x86_64") if level.name in names
    )
    return program("native_test", ("driver/native_test.cpp", *CORE), have, built)


def op_tests(level: Level) -> list[Path]:
    """Every op but products, of one level."""
    options = (*level.flags, *level.defines, "-DPK_FEW_PRODUCTS")
    return [
        program(f"{level.name}/{test}", (f"driver/{test}.cpp", *OP_CORE), options)
        for test in OP_TESTS
    ]


def pool_test() -> Path:
    """The thread pool on Windows' own waiting."""
    return program(
        "pool_test", ("driver/pool_test.cpp", "core/pool.cpp", "core/system_windows.cpp"), ()
    )


def library_test() -> Path:
    """What loads the library."""
    return program("library_test", ("driver/library_test.cpp",), ())


_QUANTIZER = tuple(f"quantize/{path.name}" for path in sorted((SOURCES / "quantize").glob("*.cpp")))


def check_quantizer() -> str:
    """The same bytes as this system's build makes."""
    sources = ("quantize/driver/digest.cpp", *_QUANTIZER)
    theirs = in_wine(program("digest", sources, (f"-I{SOURCES / 'quantize'}",)))
    options = (*BASE, *SHIPPED, f"-I{SOURCES / 'quantize'}")
    folder = BUILD / "drivers" / "digest-here"
    gcc = os.environ.get("CXX") or "g++"
    made = [
        native_checks.compiled((gcc, *options), s, folder / f"{Path(s).stem}.o") for s in sources
    ]
    ours = run([str(native_checks.linked(gcc, (), made, folder / "digest"))])
    if theirs != ours:
        raise CheckError(
            f"the quantizer makes other bytes on Windows: {theirs.strip()}, not {ours.strip()}"
        )
    return f"the quantizer: the same bytes ({ours.strip()})\n"


def check_ops(runs: list[Level]) -> str:
    """Every op of every level that runs here."""
    said = ""
    for level in runs:
        for test in op_tests(level):
            told = in_wine(test, "quick").strip().splitlines()
            said += f"{level.name} {test.stem}: {told[-1] if told else 'right'}\n"
    return said


def check_all(tell: Callable[[str], None]) -> None:
    """Everything, each part told as it ends. Raises CheckError."""
    tell(check_imports())
    products = in_wine(native_test())
    tell(products)
    tell(in_wine(pool_test()))
    tell(in_wine(library_test(), str(LIBRARY), "speed"))
    tell(check_quantizer())
    tell(check_ops(native_checks.runnable(native_checks.levels_of("x86_64"), products)))


def as_zig_names_it(flag: str) -> str:
    """-march=armv8.2-a+dotprod → -mcpu=generic+dotprod: zig has processors and no architectures."""
    return re.sub(r"^-march=armv8[.\d]*-a", "-mcpu=generic", flag)


def check_arm(tell: Callable[[str], None]) -> None:
    """Compiles every level and the core for ARM's Windows and macOS; none of it is run."""
    sources = [f"core/{path.name}" for path in sorted((SOURCES / "core").glob("*.cpp"))]
    for target in ARM_TARGETS:
        zig, folder = str(compiler(target)), BUILD / target
        for source in (*sources, *_QUANTIZER):
            native_checks.compiled(
                (zig, *BASE, *SHIPPED), source, folder / f"{Path(source).stem}.o"
            )
        for level in native_checks.levels_of("aarch64"):
            options = (*BASE, *SHIPPED, *map(as_zig_names_it, level.flags))
            native_checks.compiled(
                (zig, *options), f"levels/{level.name}.cpp", folder / f"{level.name}.o"
            )
        tell(f"{target}: compiled, not run\n")


def main(arguments: list[str]) -> int:
    """0: right, or not run and why; 1 with what failed."""
    parser = argparse.ArgumentParser(description="The native kernels for Windows, under Wine.")
    parser.add_argument("--build", action="store_true", help="build the library alone")
    parser.add_argument("--only-aarch64", action="store_true", help="compile for ARM, run nothing")
    chosen = parser.parse_args(arguments)
    missing = what_is_missing()
    if missing:
        print(f"windows checks: not run, not installed: {', '.join(missing)}")
        return 0
    started = time.monotonic()

    def tell(text: str) -> None:
        for line in text.splitlines():
            print(f"windows checks: {line}", flush=True)

    try:
        if chosen.only_aarch64:
            check_arm(tell)
        else:
            build_library()
            if not chosen.build:
                check_all(tell)
    except CheckError as failure:
        print(f"windows checks: {failure}")
        return 1
    tell(f"done in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
