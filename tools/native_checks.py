"""Runs the native kernels' own tests: with sanitizers, as they are shipped, and for ARM.

For: `make check`. Four things, each built in build/native-checks only when its sources changed:

- products of one token on every level, under the address and undefined-behaviour sanitizers;
- products of any number of tokens, of the levels as tools.build_kernels compiled them;
- the thread pool under the thread sanitizer;
- the NEON levels under qemu-aarch64, where that and a cross compiler are installed.

All of them at once, two compilers or programs at a time, what takes longest first: one file of
`driver/` compiles for a minute, and would keep a core idle at the end of its own check.

What can't run here is printed with its reason. It also holds that a level's object shares no
function with another's: the linker would keep one copy, perhaps for AVX-512, for all.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "kernels" / "cpu" / "csrc"
SHIPPED = ROOT / "build" / "kernels"
BUILD = ROOT / "build" / "native-checks"
BASE = ("-std=c++20", "-ffp-contract=off", "-g1", "-w", f"-I{SOURCES}")
# `null` and `object-size` double the time to compile and find nothing that a guard page doesn't.
# Not optimized, all of it takes half the time (141 s of a processor, 276 with -O1), and every
# access is looked at: none is optimized away.
SANITIZERS = (
    "-O0",
    "-fsanitize=address,undefined",
    "-fno-sanitize=null,object-size",
    "-fno-sanitize-recover=all",
)
CORE = ("core/levels.cpp", "core/features.cpp", "core/dequantize.cpp", "core/matrix.cpp")
OP_TESTS = ("values_test", "attention_test", "rows_test")  # what takes longest first
OP_CORE = ("core/dequantize.cpp", "core/matrix.cpp", "core/sampling.cpp")
CROSS, EMULATOR = "aarch64-linux-gnu-g++", "qemu-aarch64"
# Against hanging: on a slow machine one sanitized file compiles for more than five minutes.
TIME_LIMIT_S = 900
# A sanitized level takes up to 1 GB to compile: no more than two, however many cores there are.
AT_ONCE = min(2, os.cpu_count() or 1)
_TURNS = threading.Semaphore(AT_ONCE)


class CheckError(Exception):
    """A build or a test failed; the message is what it said."""


@dataclass(frozen=True)
class Level:
    """A line of levels/flags.txt, and what the level's file defines."""

    name: str
    machine: str
    flags: tuple[str, ...]

    @property
    def defines(self) -> tuple[str, ...]:
        lines = (SOURCES / "levels" / f"{self.name}.cpp").read_text(encoding="utf-8").splitlines()
        pairs = [line.split(maxsplit=2)[1:] for line in lines if line.startswith("#define ")]
        return tuple(f"-D{name}={value}" for name, value in pairs)

    @property
    def announced(self) -> str:
        """What tells core/levels.cpp that the level is linked in."""
        return f"-DPK_HAVE_{self.name.upper()}=1"


def levels_of(machine: str) -> list[Level]:
    """The levels of a processor family, as the build has them."""
    lines = (SOURCES / "levels" / "flags.txt").read_text(encoding="utf-8").splitlines()
    all_of_them = [Level(name, m, tuple(flags)) for name, m, *flags in map(str.split, lines)]
    return [level for level in all_of_them if level.machine == machine]


def run(command: Iterable[str]) -> str:
    """What it printed, once it was its turn. Raises CheckError, also after TIME_LIMIT_S."""
    command = list(command)
    try:
        with _TURNS:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT_S)
    except subprocess.TimeoutExpired:
        raise CheckError(f"{shlex.join(command)} took over {TIME_LIMIT_S} s.") from None
    if done.returncode != 0:
        raise CheckError(f"{shlex.join(command)}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def digest(path: str) -> str:
    """Of a file's bytes; empty where there is none."""
    file = Path(path)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def compiled(command: tuple[str, ...], source: str, target: Path) -> Path:
    """The object, made again if the command, the source or a header that it read changed."""
    stamp, listed = target.with_suffix(".json"), target.with_suffix(".d")
    whole = [*command, "-MMD", "-MF", str(listed), "-c", str(SOURCES / source), "-o", str(target)]
    if target.exists() and stamp.exists():
        known = json.loads(stamp.read_text(encoding="utf-8"))
        if known["command"] == whole and all(digest(p) == d for p, d in known["read"].items()):
            return target
    target.parent.mkdir(parents=True, exist_ok=True)
    started = time.time()
    run(whole)
    read = listed.read_text(encoding="utf-8").replace("\\\n", " ").split()[1:]
    # What was written while the compiler ran may not be what it read.
    known = {p: digest(p) if os.stat(p).st_mtime < started else "" for p in read}
    note = {"command": whole, "read": known}
    stamp.write_text(json.dumps(note), encoding="utf-8")
    return target


def linked(compiler: str, options: tuple[str, ...], objects: Iterable[Path], to: Path) -> Path:
    """A program of objects; linking takes a moment, so it is always done."""
    run([compiler, *options, *map(str, objects), "-o", str(to)])
    return to


def objects_of(
    compiler: str, options: tuple[str, ...], levels: list[Level], folder: str, tokens: int
) -> list[Path]:
    """The driver, what it needs of the core, and a probe for each level."""
    have = tuple(level.announced for level in levels)
    # Options last: a level that is shipped with -O1 would take 71 s instead of 40 with sanitizers.
    jobs = [
        ((compiler, *BASE, *level.flags, *level.defines, *options, f"-DPK_PROBE_TOKENS={tokens}"),
         "driver/probe.cpp", BUILD / folder / f"{level.name}.o")
        for level in levels
    ]  # fmt: skip
    jobs += [
        ((compiler, *BASE, *options, *have), source, BUILD / folder / f"{Path(source).stem}.o")
        for source in ("driver/native_test.cpp", *CORE)
    ]
    with ThreadPoolExecutor(AT_ONCE) as workers:
        return list(workers.map(lambda job: compiled(*job), jobs))


def runnable(levels: list[Level], said: str) -> list[Level]:
    """Without those that the shipped kernels' test could not run."""
    refused = {line.split(":")[0] for line in said.splitlines() if ": not run" in line}
    return [level for level in levels if level.name not in refused]


def check_sanitized(compiler: str, levels: list[Level]) -> str:
    """Products of one token, under ASan and UBSan; avx512vnni's are avx512bf16's."""
    levels = [level for level in levels if level.name != "avx512vnni"]
    objects = objects_of(compiler, SANITIZERS, levels, "sanitized", 1)
    return run([str(linked(compiler, SANITIZERS, objects, BUILD / "sanitized" / "native_test"))])


def shipped_objects() -> list[Path]:
    """What tools.build_kernels compiled for levels."""
    return sorted(SHIPPED.glob("CMakeFiles/level_*.dir/**/*.o"))


def check_shipped(compiler: str, levels: list[Level]) -> str:
    """The levels as they are shipped: every number of tokens, nothing read beyond the end."""
    shipped = shipped_objects()
    if not shipped:
        return "the shipped kernels: not tested, they were not built here\n"
    built = {path.name.split(".")[0] for path in shipped}
    have = tuple(level.announced for level in levels if level.name in built)
    options = (*BASE, "-O2", *have)
    objects = [
        compiled((compiler, *options), source, BUILD / "shipped" / f"{Path(source).stem}.o")
        for source in ("driver/native_test.cpp", *CORE)
    ]
    program = BUILD / "shipped" / "native_test"
    return run([str(linked(compiler, ("-pthread",), [*objects, *shipped], program))])


def check_nothing_shared() -> str:
    """A level's object may define weak symbols of its own namespace only."""
    for path in shipped_objects():
        level = path.name.split(".")[0]
        for line in run(["nm", "-C", str(path)]).splitlines():
            _, _, rest = line[17:].partition(" ")
            if (
                line[17:19] in ("W ", "V ", "u ")
                and line[:16].strip()
                and f"::{level}::" not in rest
            ):
                raise CheckError(f"{path.name} shares {rest} with other levels: inline it always.")
    return ""


def check_pool(compiler: str) -> str:
    """The thread pool under the thread sanitizer."""
    if not (SOURCES / "driver" / "pool_test.cpp").exists():
        return "the thread pool: not tested, there is no driver/pool_test.cpp\n"
    options = ("-O1", "-fsanitize=thread", "-pthread")
    objects = [
        compiled((compiler, *BASE, *options), source, BUILD / "threads" / f"{Path(source).stem}.o")
        for source in ("driver/pool_test.cpp", "core/pool.cpp", "core/system_posix.cpp")
    ]
    return run([str(linked(compiler, options, objects, BUILD / "threads" / "pool_test"))])


def check_ops(compiler: str, levels: list[Level]) -> str:
    """Every op but products against float64, sanitized, on the best level that runs here."""
    level = next(level for level in reversed(levels) if not level.name.endswith("_twin"))
    options = (*BASE, *SANITIZERS, *level.flags, *level.defines, "-DPK_FEW_PRODUCTS")
    folder = BUILD / "ops" / level.name
    core = [
        compiled((compiler, *options), source, folder / f"{Path(source).stem}.o")
        for source in OP_CORE
    ]

    def one(test: str) -> str:
        made = compiled((compiler, *options), f"driver/{test}.cpp", folder / f"{test}.o")
        return run([str(linked(compiler, SANITIZERS, [made, *core], folder / test)), "quick"])

    with ThreadPoolExecutor(AT_ONCE) as workers:
        list(workers.map(one, OP_TESTS))
    return ""


def check_neon() -> str:
    """The ARM levels, compiled across and run in an emulator."""
    missing = [name for name in (CROSS, EMULATOR) if not shutil.which(name)]
    if missing:
        return f"NEON: not run, {' and '.join(missing)} not installed\n"
    objects = objects_of(CROSS, ("-O1",), levels_of("aarch64"), "neon", 4)
    program = linked(CROSS, ("-static",), objects, BUILD / "neon" / "native_test")
    return run([EMULATOR, "-cpu", "max", str(program)])


def all_of(checks: list[Callable[[], str]]) -> list[str]:
    """What each of them said, in their order. Raises the CheckError of the first that failed."""
    with ThreadPoolExecutor(len(checks)) as threads:
        return list(threads.map(lambda check: check(), checks))


def main() -> int:
    compiler = os.environ.get("CXX") or "g++"
    machine = os.uname().machine
    levels = levels_of(machine)
    try:
        if not shutil.which(compiler):
            print(f"native checks: not run, there is no {compiler}")
            return 0
        said = check_nothing_shared() + check_shipped(compiler, levels)
        here = runnable(levels, said)
        checks = [
            lambda: check_ops(compiler, here),
            lambda: check_sanitized(compiler, here),
            lambda: check_pool(compiler),
        ]
        said += "".join(all_of([*checks, check_neon] if machine != "aarch64" else checks))
    except CheckError as failure:
        print(f"native checks: {failure}")
        return 1
    for line in said.splitlines():
        if "not " in line:
            print(f"native checks: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
