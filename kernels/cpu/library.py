"""Loading the native library and declaring its C interface (`csrc/pk.h`).

For: `plan`, `backend`, `quantizer`, `doctor`, benchmarks. ctypes and no compiled binding: a
forward pass is one call, so the cost of a call (2 µs) does not matter, ctypes gives up the
GIL for its length, and the library needs no Python headers, so that it can be built for other
systems with a cross-compiler. Not here: what the functions are used for.
"""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import c_char_p, c_double, c_int, c_int64, c_size_t, c_void_p
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kernels.sentence import said

INTERFACE_VERSION = 1
LEVEL_VARIABLE = "PITCHER_CPU_LEVEL"
# Every build that there is, as `csrc/levels/flags.txt` names them; a library has some of them.
LEVEL_NAMES = (
    *("baseline", "avx2", "avxvnni", "avxvnni_twin", "avx512", "avx512vnni", "avx512bf16"),
    *("neon", "neon_dotprod", "neon_i8mm"),
)
_FOLDER = Path(__file__).resolve().parent / "lib"
_NAMES = {
    "win32": "pitcher_kernels.dll",
    "darwin": "libpitcher_kernels.dylib",
}

# Function → (result, arguments).
_SIGNATURES: dict[str, tuple[object, tuple[object, ...]]] = {
    "pk_interface_version": (c_int, ()),
    "pk_error": (c_char_p, ()),
    "pk_level_count": (c_int, ()),
    "pk_level_name": (c_char_p, (c_int,)),
    "pk_level_missing": (c_char_p, (c_int,)),
    "pk_pool_new": (c_void_p, (c_int,)),
    "pk_pool_free": (None, (c_void_p,)),
    "pk_pool_threads": (c_int, (c_void_p,)),
    "pk_pool_redone": (c_int64, (c_void_p,)),
    "pk_pool_disturb": (None, (c_void_p, c_int, c_int, c_int)),
    "pk_pool_quiesce": (None, (c_void_p,)),
    "pk_plan_new": (c_void_p, (c_char_p, c_int)),
    "pk_plan_free": (None, (c_void_p,)),
    "pk_plan_level": (c_char_p, (c_void_p,)),
    "pk_plan_held_bytes": (c_size_t, (c_void_p,)),
    "pk_plan_memory": (c_void_p, (c_void_p, c_size_t)),
    "pk_plan_activations": (c_void_p, (c_void_p, c_int, c_int)),
    "pk_plan_add": (c_int, (c_void_p, c_int, c_void_p, c_size_t)),
    "pk_plan_end_section": (c_int, (c_void_p,)),
    "pk_plan_run": (c_int, (c_void_p, c_void_p, c_void_p, *(c_int,) * 6)),
    "pk_top_k": (c_int64, (c_void_p, c_int64, c_int64, c_void_p, c_void_p)),
    "pk_panel_bytes": (c_int64, (c_int, c_int64)),
    "pk_measure_read": (c_double, (c_void_p, c_void_p, c_int64)),
    "pk_measure_int8": (c_double, (c_void_p, c_char_p, c_int64)),
    "pk_measure_bf16": (c_double, (c_void_p, c_char_p, c_int64)),
}


class NativeLibraryError(Exception):
    """The native kernels can't be used; the message says why and what to do."""


class NativeMemoryError(NativeLibraryError, MemoryError):
    """The system has no memory, or no thread, for what the kernels need."""


@dataclass(frozen=True)
class Level:
    """One build of the kernels; `missing` says what this machine lacks for it, if anything."""

    name: str
    missing: str


@dataclass(frozen=True)
class NativeStatus:
    """What there is of the native kernels here: the builds, and the one that runs (or why none)."""

    levels: tuple[Level, ...]
    chosen: str
    reason: str


def library_path() -> Path:
    """Where the build puts the library."""
    return _FOLDER / _NAMES.get(sys.platform, "libpitcher_kernels.so")


@cache
def load() -> ctypes.CDLL:
    """The library with its functions declared. Raises NativeLibraryError."""
    path = library_path()
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise NativeLibraryError(
            said(
                "The native kernels could not be loaded ({error}). `make setup` builds them.",
                error=error,
            )
        ) from error
    for name, (result, arguments) in _SIGNATURES.items():
        try:
            function = getattr(library, name)
        except AttributeError as error:
            raise NativeLibraryError(
                said(
                    "{file} has no {name}: it was built from another version. `make setup` "
                    "builds it anew.",
                    file=path.name,
                    name=name,
                )
            ) from error
        function.restype, function.argtypes = result, arguments
    if library.pk_interface_version() != INTERFACE_VERSION:
        raise NativeLibraryError(
            said(
                "{file} was built from another version. `make setup` builds it anew.",
                file=path.name,
            )
        )
    return library


def levels(library: ctypes.CDLL) -> tuple[Level, ...]:
    """Every build, best first."""
    found = []
    for index in range(library.pk_level_count()):
        missing = library.pk_level_missing(index)
        name = library.pk_level_name(index).decode()
        found.append(Level(name, missing.decode() if missing else ""))
    return tuple(found)


def choose_level(library: ctypes.CDLL, wanted: str | None = None) -> str:
    """The build to run: `wanted`, or what the environment names, or the best one.

    Raises NativeLibraryError where the processor can't run it.
    """
    wanted = wanted or os.environ.get(LEVEL_VARIABLE, "")
    found = levels(library)
    if not wanted:
        for level in found:
            # A twin is there for tests: another build serves its machines better.
            if not level.missing and not level.name.endswith("_twin"):
                return level.name
        lacking = found[-1].missing if found else said("there are none")
        raise NativeLibraryError(
            said("This processor can't run the native kernels: {lacking}.", lacking=lacking)
        )
    for level in found:
        if level.name == wanted:
            if level.missing:
                raise NativeLibraryError(
                    said(
                        "This processor can't run the kernels for {wanted}: {missing}.",
                        wanted=wanted,
                        missing=level.missing,
                    )
                )
            return wanted
    known = ", ".join(level.name for level in found)
    raise NativeLibraryError(
        said("There are no kernels for {wanted}; there are {known}.", wanted=wanted, known=known)
    )


def status() -> NativeStatus:
    """For `doctor` and for whoever decides: never raises."""
    try:
        library = load()
        found = levels(library)
    except NativeLibraryError as error:
        return NativeStatus((), "", str(error))
    try:
        return NativeStatus(found, choose_level(library), "")
    except NativeLibraryError as error:
        return NativeStatus(found, "", str(error))


def error_of(library: ctypes.CDLL) -> str:
    """Why the last call failed."""
    message = library.pk_error()
    return message.decode() if message else said("no reason was given")
