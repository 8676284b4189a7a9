"""Compiling for cards that nobody has here: what comes out, what is read from it, what is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kernels.contracts import Op
from kernels.cuda.attention import FEW, MANY
from kernels.gpu.artefacts import TARGETS, Artefacts, Module, read_manifest
from kernels.gpu.cards import CARDS
from tests.kernels.gpu.fake_driver import built
from tools import build_gpu_kernels
from tools.gpu_kernels import cuda_build
from tools.gpu_kernels.resources import (
    MULTIPROCESSORS,
    Resources,
    instructions,
    occupancy,
    of_report,
    of_usage,
)
from tools.gpu_kernels.table import PAPER_CARDS, Call, calls, launched_bytes, spilling, table
from tools.gpu_kernels.toolchain import CompileError, ToolsMissingError, find_tools, run

ROOT = Path(__file__).resolve().parents[2]
REPORT = """\
ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function 'pk_one' for 'sm_86'
ptxas info    : Function properties for pk_one
    8 bytes stack frame, 4 bytes spill stores, 12 bytes spill loads
ptxas info    : Used 100 registers, used 1 barriers, 8 bytes cumulative stack size, 4608 bytes smem
ptxas info    : Compiling entry function 'pk_two' for 'sm_86'
ptxas info    : Function properties for pk_two
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 16 registers, 448 bytes cmem[0]
"""
DISASSEMBLY = """\
		Function : pk_one
        /*0000*/  LDG.E.128.CONSTANT R4, [R2.64] ;
        /*0010*/  HMMA.16816.F32 R4, R8, R10, R4 ;
		Function : pk_two
        /*0000*/  IDP.4A.S8.S8 R4, R5, R6, R4 ;
        /*0010*/  LDG.E R4, [R2] ;
"""


@pytest.fixture(scope="module")
def tools():
    try:
        return find_tools()
    except ToolsMissingError as error:
        pytest.skip(str(error))


def test_what_ptxas_reports_is_read():
    assert of_report(REPORT) == {
        "pk_one": Resources(100, 16, 8, 4608),
        "pk_two": Resources(16, 0, 0, 0),
    }
    with pytest.raises(ValueError, match="pk_two"):
        of_report(REPORT.rpartition("ptxas info    : Used")[0])


def test_what_cuobjdump_reports_is_read():
    said = " Function rows:\n  REG:34 STACK:8 SHARED:1024 LOCAL:0 CONSTANT[0]:952\n"
    assert of_usage(said) == {"rows": Resources(34, 8, 8, 1024)}


def test_instructions_are_told_function_by_function():
    assert instructions(DISASSEMBLY) == {
        "pk_one": ("tensor cores, FP16", "128-bit loads"),
        "pk_two": ("dp4a",),
    }


@pytest.mark.parametrize(
    ("target", "threads", "registers", "shared", "share"),
    [
        (86, 256, 64, 0, 4 * 256 / 1536),  # 64 K registers: four blocks
        (86, 256, 32, 0, 1.0),
        (86, 256, 32, 49 << 10, 2 * 256 / 1536),  # 100 KiB: two blocks of 50
        (75, 256, 32, 0, 1.0),
        (90, 64, 16, 0, 1.0),
        (80, 1024, 65, 0, 0.0),  # more registers than there are
    ],
)
def test_occupancy(target, threads, registers, shared, share):
    assert occupancy(target, threads, registers, shared) == pytest.approx(share)


def test_every_target_has_its_multiprocessor():
    assert set(MULTIPROCESSORS) == set(TARGETS)


def test_cuda_sources_are_compiled_to_the_same_bytes_wherever(tmp_path, tools):
    source = ROOT / cuda_build.SOURCES / "lookup.cu"
    here, there = (
        cuda_build.compile_file(source, 86, tmp_path / name, tools) for name in ("a", "b/c")
    )
    assert here == there
    image = (tmp_path / "a" / here.file).read_bytes()
    assert str(ROOT).encode() not in image
    assert str(tmp_path).encode() not in image
    silu = next(kernel for kernel in here.kernels if kernel.name == "pk_silu_mul")
    assert silu.registers > 0
    assert silu.most_threads > 0
    assert silu.spill_bytes == 0


def test_what_does_not_compile_is_told_in_the_compilers_words(tmp_path, tools):
    (tmp_path / "wrong.cu").write_text("nonsense")
    with pytest.raises(CompileError, match=r"wrong\.cu"):
        cuda_build.compile_file(tmp_path / "wrong.cu", 86, tmp_path, tools)


TRITON = """
import sys
from pathlib import Path
from tools.gpu_kernels import triton_build
from tools.gpu_kernels.toolchain import find_tools
folder = Path(sys.argv[1])
triton_build.prepare(folder / "cache")
from kernels.triton.products import SCALED_ROWS
made = triton_build.compile_kernel(SCALED_ROWS, 86, folder, find_tools())
print(made)
"""


def test_tritons_kernels_are_compiled_without_paths(tmp_path, tools):
    """In a process of its own: in this one triton may have been told to interpret."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    command = [sys.executable, "-c", TRITON]
    said = [
        subprocess.run(
            [*command, str(tmp_path / name)],
            cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
        ).stdout
        for name in ("a", "b")
    ]  # fmt: skip
    assert said[0] == said[1]
    assert "exact=False" in said[0]
    assert "threads=128" in said[0]
    cubin = next((tmp_path / "a" / "sm_86").iterdir()).read_bytes()
    assert str(ROOT).encode() not in cubin


def test_a_build_writes_a_list_and_what_is_in_it(tmp_path, tools, monkeypatch, capsys):
    monkeypatch.setattr(build_gpu_kernels, "CACHE", tmp_path / "cache")
    arguments = ["--only", "cuda", "--kernels", "lookup", "--targets", "120", "--out"]
    out = tmp_path / "lib"
    assert build_gpu_kernels.main([*arguments, str(out)]) == 0
    made = read_manifest(out)
    assert [(m.form, m.target) for m in made.modules] == [("ptx", 120), ("cubin", 120)]
    assert made.sources == build_gpu_kernels.sources_hash()
    assert all(made.read(module) for module in made.modules)
    first = (out / "manifest.json").read_bytes()
    monkeypatch.setattr(cuda_build, "compile_file", None)  # what is kept is not made again
    assert build_gpu_kernels.main([*arguments, str(out)]) == 0
    assert (out / "manifest.json").read_bytes() == first
    assert build_gpu_kernels.main(["--table", "--out", str(out)]) == 0
    assert "| `pk_silu_mul` |" in capsys.readouterr().out


def test_without_compilers_a_build_says_what_is_missing(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("tools.gpu_kernels.toolchain._folders", lambda package, below: [])
    assert build_gpu_kernels.main(["--out", str(tmp_path / "lib")]) == 1
    assert "nvcc is not installed: the extra gpu-dev brings it." in capsys.readouterr().err
    assert not (tmp_path / "lib").exists()


def test_a_command_that_fails_is_told():
    with pytest.raises(CompileError, match="false failed"):
        run(["false"])


def test_the_table_labels_times_as_paper_and_shows_the_worst_variant():
    kernels = (built("pk_one", registers=40), built("pk_one", registers=90, spill_bytes=4))
    made = Artefacts((Module("f", "cuda", "cubin", 86, False, "", kernels),))
    said = table(made)
    assert "**On paper**" in said
    assert "| `pk_one` | 90, 4, 0 K, 33% |" in said
    assert spilling(made) == ["pk_one on sm_86: 4 bytes"]
    assert all(name in said for name in PAPER_CARDS)


def test_what_a_launch_gives_of_shared_memory_counts_for_occupancy():
    """One block of 59 KiB has room where registers alone would let two in."""
    kernel = built("pk_attend_many_128", registers=120)
    said = table(Artefacts((Module("f", "cuda", "cubin", 86, False, "", (kernel,)),)))
    assert "| `pk_attend_many_128` | 120, 0, 60 K, 17% |" in said
    assert launched_bytes(86, "pk_router") == 3176
    assert launched_bytes(86, "pk_rope") == 0
    for one in (*FEW, *MANY):
        assert launched_bytes(80, one.kernel.name) > 0


def test_paper_times_are_the_longer_of_reading_and_computing():
    card = CARDS["RTX 3060"]
    assert Call("", 360e9, 1.0, "fp16").paper_s(card) == pytest.approx(1.0)
    assert Call("", 1.0, 51e12, "int8").paper_s(card) == pytest.approx(0.5)
    assert all(call.bytes_read > 0 and call.operations > 0 for call in calls())


@pytest.mark.parametrize("op", Op)
def test_every_op_has_a_call_on_paper(op):
    assert [call for call in calls() if call.title.startswith(f"`{op}`")]
    told = [line.split(" | ") for line in table(Artefacts(())).splitlines() if f"`{op}`" in line]
    assert told
    assert all(float(cell.strip(" |").replace(",", "")) > 0 for row in told for cell in row[1:])


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["gemv", "experts_fused"])
def test_the_kernels_of_decode_spill_nothing_and_read_128_bits(tmp_path, tools, name, target):
    source = ROOT / cuda_build.SOURCES / f"{name}.cu"
    made = cuda_build.compile_file(source, target, tmp_path, tools)
    assert spilling(Artefacts((made,))) == []
    quantized = [k for k in made.kernels if k.name.startswith(("pk_linear_", "pk_experts_"))]
    assert quantized
    for kernel in quantized:
        assert {"dp4a", "128-bit loads"} <= set(kernel.instructions), kernel.name
