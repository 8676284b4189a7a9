"""The native kernels' checks: what they build again, and what they must not let pass."""

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tools import native_checks
from tools.native_checks import CheckError, Level, compiled, levels_of

needs_compiler = pytest.mark.skipif(not shutil.which("g++"), reason="there is no g++ here")


def test_every_level_has_a_file_that_defines_what_bodies_need() -> None:
    levels = [*levels_of("x86_64"), *levels_of("aarch64")]
    assert {"baseline", "avx2", "avxvnni", "avx512bf16", "neon_i8mm"} <= {x.name for x in levels}
    for level in levels:
        defined = {text[2:].split("=")[0] for text in level.defines}
        assert {"PK_LEVEL", "PK_SIMD", "PK_VNNI", "PK_BF16"} <= defined
        assert f"-DPK_LEVEL={level.name}" in level.defines


def test_levels_that_could_not_run_are_not_built_with_sanitizers() -> None:
    levels = [Level("avx2", "x86_64", ()), Level("avxvnni", "x86_64", ())]
    said = "avxvnni: not run, this processor has no AVX-VNNI\navx2: right\n"
    assert [level.name for level in native_checks.runnable(levels, said)] == ["avx2"]


@needs_compiler
def test_an_object_is_built_again_only_when_something_it_read_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native_checks, "SOURCES", tmp_path)
    (tmp_path / "number.h").write_text("constexpr int kNumber = 1;\n")
    (tmp_path / "main.cpp").write_text('#include "number.h"\nint main() { return kNumber; }\n')
    time.sleep(0.05)  # what is younger than the build counts as unknown
    target = tmp_path / "out" / "main.o"
    built = compiled(("g++",), "main.cpp", target).stat().st_mtime_ns
    assert compiled(("g++",), "main.cpp", target).stat().st_mtime_ns == built
    (tmp_path / "number.h").write_text("constexpr int kNumber = 2;\n")
    assert compiled(("g++",), "main.cpp", target).stat().st_mtime_ns > built
    again = target.stat().st_mtime_ns
    assert compiled(("g++", "-O1"), "main.cpp", target).stat().st_mtime_ns > again


@needs_compiler
def test_a_source_that_does_not_compile_is_an_error_with_the_compilers_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(native_checks, "SOURCES", tmp_path)
    (tmp_path / "main.cpp").write_text("int main() { return nothing; }\n")
    with pytest.raises(CheckError, match="nothing"):
        compiled(("g++",), "main.cpp", tmp_path / "main.o")


@needs_compiler
@pytest.mark.parametrize("shared", [True, False])
def test_a_function_that_levels_would_share_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: bool
) -> None:
    name = "pk" if shared else "pk::avx2"
    source = tmp_path / "avx2.cpp"
    source.write_text(
        f"namespace {name} {{\n"
        "inline __attribute__((noinline)) int f(int x) { return x * 3; }\n"
        "}\n"
        f"int g(int x) {{ return {name}::f(x); }}\n"
    )
    folder = tmp_path / "CMakeFiles" / "level_avx2.dir"
    folder.mkdir(parents=True)
    subprocess.run(["g++", "-c", str(source), "-o", str(folder / "avx2.cpp.o")], check=True)
    monkeypatch.setattr(native_checks, "SHIPPED", tmp_path)
    if shared:
        with pytest.raises(CheckError, match=r"pk::f\(int\)"):
            native_checks.check_nothing_shared()
    else:
        assert native_checks.check_nothing_shared() == ""


def test_checks_run_at_once_and_their_commands_no_more_than_two_at_a_time(tmp_path: Path) -> None:
    note = 'echo begin >> "$0"; sleep 0.1; echo end >> "$0"'
    command = ["sh", "-c", note, str(tmp_path / "notes")]
    meeting = threading.Barrier(4)

    def check() -> str:
        meeting.wait(60)
        return native_checks.run(command)

    assert native_checks.all_of([check] * 4) == [""] * 4
    running = [0]
    for word in (tmp_path / "notes").read_text().split():
        running.append(running[-1] + (1 if word == "begin" else -1))
    assert running.count(0) >= 2
    assert max(running) <= native_checks.AT_ONCE == min(2, os.cpu_count() or 1)


def test_a_check_that_fails_among_others_is_told() -> None:
    def fails() -> str:
        return native_checks.run(["sh", "-c", "echo wrong; exit 3"])

    with pytest.raises(CheckError, match="wrong"):
        native_checks.all_of([lambda: "right\n", fails, lambda: "right\n"])


def test_neon_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native_checks.shutil, "which", lambda name: None)
    assert "qemu-aarch64" in native_checks.check_neon()
