"""The quantizer's sources built for other processors and under sanitizers: the same bytes."""

import functools
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[3] / "kernels" / "cpu" / "csrc" / "quantize"
COMMON = ("-std=c++20", "-ffp-contract=off", "-Wall", "-Wextra", "-Wconversion", "-Werror")
X86 = platform.machine() in ("x86_64", "AMD64")

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(shutil.which("g++") is None, reason="no g++ here"),
]


def digest(folder, compiler, flags, runner=()):
    program = folder / "digest"
    sources = [*SOURCES.glob("*.cpp"), SOURCES / "driver" / "digest.cpp"]
    command = [compiler, *COMMON, *flags, f"-I{SOURCES}", *sources, "-o", program]
    subprocess.run(command, check=True, timeout=250)
    done = subprocess.run([*runner, program], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return digest(tmp_path_factory.mktemp("plain"), "g++", ["-O3"])


@functools.cache
def runs_avx2():
    return "avx2" in Path("/proc/cpuinfo").read_text(encoding="utf-8")


def test_sanitizers_find_nothing(ours, tmp_path):
    flags = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    assert digest(tmp_path, "g++", flags) == ours


@pytest.mark.skipif(not X86 or not runs_avx2(), reason="this processor has no AVX2")
def test_wider_vectors_give_the_same_bytes(ours, tmp_path):
    name = "-DPK_QUANTIZE_NAMESPACE=pitcher_quantize_avx2"
    assert digest(tmp_path, "g++", ["-O3", "-mavx2", "-mfma", name]) == ours


@pytest.mark.skipif(
    not (shutil.which("aarch64-linux-gnu-g++") and shutil.which("qemu-aarch64")),
    reason="no cross-compiler for ARM, or no qemu-user",
)
def test_arm_gives_the_same_bytes(ours, tmp_path):
    flags = ["-O3", "-static"]
    assert digest(tmp_path, "aarch64-linux-gnu-g++", flags, ["qemu-aarch64"]) == ours
