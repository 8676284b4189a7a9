"""The Python that is frozen: built from Debian's sources, for systems as old as glibc 2.34.

For: `freeze`, on Linux. A Python that somebody has asks for the glibc that it was built with, and
has the faults of its day; Debian's sources have the repairs of a stable release. Built once, it is
kept in `build/python`; to have a newer one, remove that folder.

Only what the program needs is laid out: no headers, no tests, no pip.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.package.debian_source import DebianSource, SourceError, fetch

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "python"
RELEASE, PACKAGE, SHORT = "bookworm", "python3.11", "3.11"
VERSION_FILE = "debian-version"
LIBRARY = f"libpython{SHORT}.so"
# Modules that setup.py leaves out without a word where a library's headers are missing.
WANTED = ("_bz2", "_ctypes", "_hashlib", "_lzma", "_ssl", "_uuid", "pyexpat", "zlib")
HEADERS = "libbz2-dev libexpat1-dev libffi-dev liblzma-dev libssl-dev uuid-dev zlib1g-dev"
_LEFT_OUT = ("test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip", "__pycache__")
# glibc 2.35 brought hypot() anew, without the old one's errors by matherr(), which nobody has. A
# program that is linked on a newer system asks for the new one, and so does not start on an older.
_PINS = {"x86_64": {"hypot": "GLIBC_2.2.5"}, "aarch64": {"hypot": "GLIBC_2.17"}}
_CONFIGURED = (
    *("--enable-shared", "--without-ensurepip", "--disable-test-modules", "--with-system-expat"),
    "--prefix=/nonexistent",  # it finds its modules by its own place
)
# Debian builds this module into the core, and a repair of its uses what the core alone may.
_OF_THE_CORE = ("Modules/pyexpat.c", "#define Py_BUILD_CORE_MODULE 1\n")
# Nothing replaces a function of libpython's: calls within it need not ask the loader.
_FLAGS = "-fno-semantic-interposition"
_OPTIMIZED = "-DNDEBUG -fwrapv -O3 -Wall"
# Prints which modules can't be imported.
_TRY = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError:
        print(name)
"""


class PythonError(Exception):
    """Python can't be built; the message is a sentence."""


def own_python(log: Path, say: Callable[[str], None]) -> Path:
    """The executable; built first where it is missing. Raises PythonError."""
    kept = KEPT / f"of-{_recipe()}"
    if not (kept / VERSION_FILE).is_file():
        try:
            source = fetch(PACKAGE, RELEASE, KEPT / "source")
        except SourceError as error:
            raise PythonError(str(error)) from error
        say(f"Building Python {source.version} of {RELEASE} (some minutes, the first time).")
        _build(source, log)
        _lay_out(source, kept)
    return kept / "bin" / PACKAGE


def _recipe() -> str:
    """What the way in which it is built is known by: another way is another Python."""
    told = (RELEASE, PACKAGE, _CONFIGURED, _FLAGS, _OPTIMIZED, _PINS, _LEFT_OUT, _OF_THE_CORE)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def pins(machine: str) -> str:
    """A header by which the functions that glibc has twice are taken in their older form."""
    found = _PINS[machine].items()
    return "".join(f'__asm__(".symver {name},{name}@{version}");\n' for name, version in found)


def _build(source: DebianSource, log: Path) -> None:
    folder = source.folder
    environment = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TMPDIR")}
    environment |= {"SOURCE_DATE_EPOCH": str(source.seconds), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    file, first_line = _OF_THE_CORE
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(first_line + text, encoding="utf-8")
    header = folder / "pins.h"
    header.write_text(pins(os.uname().machine), encoding="utf-8")
    flags = f"{_FLAGS} -ffile-prefix-map={folder}=. -include {header}"
    given = {
        "OPT": _OPTIMIZED,
        "CFLAGS_NODIST": flags,
        "LDFLAGS_NODIST": _FLAGS,
        # The executable finds its library beside itself; what is frozen has another executable.
        "LINKFORSHARED": "-Xlinker -export-dynamic -Wl,-rpath,'$$ORIGIN/../lib'",
    }
    _run(["./configure", *_CONFIGURED], folder, environment, log)
    jobs = f"-j{len(os.sched_getaffinity(0))}"
    _run(["make", jobs, *(f"{k}={v}" for k, v in given.items())], folder, environment, log)


def _lay_out(source: DebianSource, target: Path) -> None:
    """What was built, by the names under which Python looks for it. Raises PythonError."""
    making = target.with_name(f"{target.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    library, modules = making / "lib", making / "lib" / f"python{SHORT}"
    shutil.copytree(source.folder / "Lib", modules, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    shutil.copyfile(source.folder / "LICENSE", modules / "LICENSE.txt")
    (making / "bin").mkdir()
    shutil.copy(source.folder / "python", making / "bin" / PACKAGE)
    shutil.copy(source.folder / f"{LIBRARY}.1.0", library)
    (library / LIBRARY).symlink_to(f"{LIBRARY}.1.0")
    built = source.folder / (source.folder / "pybuilddir.txt").read_text(encoding="utf-8").strip()
    (modules / "lib-dynload").mkdir()
    for path in sorted(built.glob("*.so")):
        shutil.copy(path, modules / "lib-dynload")
    for path in built.glob("_sysconfigdata_*.py"):  # it is frozen too: no folder of ours in it
        told = path.read_text(encoding="utf-8").replace(str(source.folder), ".")
        (modules / path.name).write_text(told, encoding="utf-8")
    _check(making / "bin" / PACKAGE)
    (making / VERSION_FILE).write_text(f"{source.version}\n", encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    making.rename(target)
    shutil.rmtree(source.folder.parent)


def _check(python: Path) -> None:
    done = subprocess.run([python, "-I", "-c", _TRY, *WANTED], capture_output=True, text=True)
    if done.returncode:
        raise PythonError(f"The Python that was built does not start: {done.stderr.strip()}")
    if missing := done.stdout.split():
        raise PythonError(
            f"Python was built without {', '.join(missing)}: headers are missing here (as root: "
            f"apt-get install {HEADERS})."
        )


def _run(command: list[str], folder: Path, environment: Mapping[str, str], log: Path) -> None:
    with log.open("a", encoding="utf-8") as kept:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=kept, stderr=subprocess.STDOUT
        )
    if done.returncode:
        last = (log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or [""])[-1]
        raise PythonError(f"{command[0]} of Python failed: {last} (all of it: {log}).")
