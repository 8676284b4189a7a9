"""A stand-in for NVIDIA's driver (fake_driver.c), and files that it takes. It proves the loader."""

import atexit
import ctypes
import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from kernels.gpu.artefacts import Artefacts, BuiltKernel, Module

GIB = 1 << 30
RTX_3060 = ("Card A", 8, 6, 12 * GIB)
RTX_5090 = ("Card B", 12, 0, 32 * GIB)
TESLA_P4 = ("Old card", 6, 1, 8 * GIB)
SMALL = ("Small card", 7, 5, 2 * GIB)
FUTURE = ("Card C", 13, 0, 48 * GIB)
ORIN = ("Card D", 8, 7, 16 * GIB)


class FakeDriver:
    """The library, and what of it tests set and read."""

    def __init__(self, path):
        self.path = str(path)
        self._library = ctypes.CDLL(self.path)
        self._library.fake_seen.restype = ctypes.c_char_p

    def fail(self, function, code):
        self._library.fake_fail(function.encode(), code)

    @property
    def seen(self):
        return self._library.fake_seen().decode().splitlines()

    def forget(self):
        self._library.fake_fail(b"", 0)
        self._library.fake_forget()


@cache
def _built(version, cards, options):
    source = Path(__file__).with_name("fake_driver.c")
    folder = mkdtemp(prefix="fake-driver-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    library = Path(folder) / "libcuda.so.1"
    listed = ", ".join(
        f'{{"{name}", {major}, {minor}, {memory}}}' for name, major, minor, memory in cards
    )
    given = [f"-DVERSION={version}", f"-DCARDS={listed}", *options]
    command = ["gcc", "-shared", "-fPIC", "-O0", "-Wall", "-Werror", *given]
    subprocess.run([*command, "-o", str(library), str(source)], check=True)
    return FakeDriver(library)


def fake_driver(*cards, version=13000, options=()):
    """A driver of this version with these cards; skips where there is no C compiler."""
    try:
        driver = _built(version, cards, options)
    except FileNotFoundError:
        pytest.skip("no C compiler builds the stand-in for the driver")
    driver.forget()
    return driver


def built(name, **changed):
    """A kernel in a list."""
    plain = {
        "name": name, "symbol": name, "constants": (), "num_warps": 4, "num_stages": 1,
        "threads": 0, "most_threads": 256, "shared_bytes": 0, "registers": 32, "spill_bytes": 0,
        "stack_bytes": 0, "instructions": (),
    }  # fmt: skip
    return BuiltKernel(**plain | changed)


def module(folder, form, target, kernels, origin="cuda", exact=False):
    """A file that the stand-in takes, and its entry."""
    name = f"{origin}-{target}.{form}"
    image = f"{form} {target}".encode()
    (folder / name).write_bytes(image + bytes(8))
    digest = hashlib.sha256(image + bytes(8)).hexdigest()
    return Module(name, origin, form, target, exact, digest, tuple(kernels))


def artefacts(folder, *targets, ptx=0):
    """A kernel of CUDA's by the name of `copy` for each target, and as PTX."""
    kernels = [built("copy"), built("absent_from_module")]
    modules = [module(folder, "cubin", target, kernels) for target in targets]
    if ptx:
        modules.append(module(folder, "ptx", ptx, kernels))
    return Artefacts(tuple(modules), folder)
