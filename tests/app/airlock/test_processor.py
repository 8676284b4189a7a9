"""A processor that is too old is told in a sentence, before a library ends the process."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.airlock import launcher
from app.airlock.processor import processor_problem

V2 = "cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3"
CORE2 = "fpu sse sse2 pni ssse3 cx16 lahf_lm"


def cpuinfo(folder: Path, flags: str) -> Path:
    file = folder / "cpuinfo"
    file.write_text(f"processor\t: 0\nflags\t\t: fpu {flags}\n\nprocessor\t: 1\nflags\t\t: fpu\n")
    return file


def test_what_it_lacks_is_named(tmp_path):
    problem = processor_problem(cpuinfo(tmp_path, CORE2), "x86_64")
    assert problem is not None
    assert "it lacks popcnt, sse4_1, sse4_2." in problem
    assert processor_problem(cpuinfo(tmp_path, V2), "x86_64") is None


def test_other_processors_and_systems_that_do_not_tell_are_let_through(tmp_path):
    assert processor_problem(cpuinfo(tmp_path, CORE2), "aarch64") is None
    assert processor_problem(tmp_path / "none", "x86_64") is None
    (tmp_path / "cpuinfo").write_text("processor : 0\nmodel name : unknown\n")
    assert processor_problem(tmp_path / "cpuinfo", "x86_64") is None


def test_this_one_is_no_problem():
    assert processor_problem() is None


@pytest.mark.parametrize("arguments", [[], ["chat"], ["doctor"]])
def test_nothing_is_started_on_it(arguments, monkeypatch, capfd):
    monkeypatch.setattr(launcher, "processor_problem", lambda: "This processor is too old.")
    monkeypatch.setattr(launcher, "launch", None)
    monkeypatch.setattr(launcher, "launch_once", None)
    assert launcher.main(arguments) == 1
    assert "This processor is too old." in capfd.readouterr().err
