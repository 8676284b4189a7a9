"""Formulas are drawn by a process that can do nothing else; what brings it down is one formula."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.airlock import formula_process
from app.airlock.formula_process import FormulaProcess
from app.airlock.sealed_process import WorkerUnavailableError
from app.airlock.syscalls import this_architecture
from app.markup.formula_outline import FormulaKey, outline_of
from app.markup.formula_wire import REFUSED, encode_outline

ROOT = Path(__file__).resolve().parents[3]
FAKE = """
import os, signal, sys, time
sys.path.insert(0, {root!r})
from inference.prompt.wire import read_frame, write_frame
from app.markup.formula_wire import JOB_LIMIT_BYTES, decode_job
reader, writer = sys.stdin.buffer, sys.stdout.buffer
write_frame(writer, b"sealed")
while (frame := read_frame(reader, JOB_LIMIT_BYTES)) is not None:
    for key in decode_job(frame):
        if key.source == "hang":
            time.sleep(600)
        if key.source == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        write_frame(writer, key.source.encode())
"""
SOURCES = (
    "x",
    r"n = \left\lceil\frac{\pi r^2(d-b)}{v}\right\rceil",
    r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2}",
    r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
    r"\begin{align}a&=b\\c&=d\end{align}",
    r"\boxed{x} \cancel{y} \underbrace{a+b}_{n} \xrightarrow{f} \binom{n}{k}",
    r"f: \mathbb{R} \to \mathscr{A},\ \text{für alle } x \in \mathfrak{g} \ddot{x} \oint \not=",
    r"a = b \tag{1}",
    r"\frac{a}{b}" * 30,
)


def keys(*sources: str) -> list[FormulaKey]:
    return [FormulaKey(source, is_display=True) for source in sources]


@pytest.fixture
def fake() -> Iterator[FormulaProcess]:
    command = [sys.executable, "-c", FAKE.format(root=str(ROOT))]
    process = FormulaProcess(command, time_limit_s=1.0)
    yield process
    process.close()


@pytest.fixture(scope="module")
def real() -> Iterator[FormulaProcess]:
    process = FormulaProcess()
    yield process
    process.close()


def test_all_are_answered_in_their_order(fake: FormulaProcess) -> None:
    assert fake.draw(keys("a", "b", "c")) == [b"a", b"b", b"c"]


@pytest.mark.parametrize("bad", ["die", "hang"])
def test_what_ends_the_worker_is_refused_and_what_came_before_is_kept(
    fake: FormulaProcess, bad: str
) -> None:
    assert fake.draw(keys("a", bad, "c")) == [b"a", REFUSED]
    assert fake.draw(keys("c")) == [b"c"]


def test_more_than_a_job_may_have_is_refused_unasked(
    fake: FormulaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formula_process, "JOB_LIMIT_BYTES", 100)
    assert fake.draw(keys("x" * 200)) == [REFUSED]
    assert fake.worker.process_id() is None


def test_without_a_worker_nothing_can_be_drawn() -> None:
    process = FormulaProcess(["/no/such/program"])
    with pytest.raises(WorkerUnavailableError, match="could not be started"):
        process.draw(keys("x"))
    process.close()
    with pytest.raises(WorkerUnavailableError, match="closed"):
        process.draw(keys("x"))


@pytest.mark.parametrize("source", SOURCES)
def test_sealed_they_are_drawn_as_without_a_seal(real: FormulaProcess, source: str) -> None:
    """Whatever ziamath loads late was loaded before the process was sealed."""
    (key,) = keys(source)
    assert real.draw([key]) == [encode_outline(outline_of(key))]


@pytest.mark.parametrize("source", ["", r"\def\a{b}", r"\text{😀}", r"\frac{", "x" * 2_001])
def test_what_cannot_be_drawn_is_refused_and_the_worker_lives(
    real: FormulaProcess, source: str
) -> None:
    real.draw(keys("x"))
    before = real.worker.process_id()
    assert real.draw(keys(source)) == [REFUSED]
    assert real.worker.process_id() == before


@pytest.mark.skipif(this_architecture() is None, reason="the seal needs Linux")
def test_the_worker_is_sealed_and_nicer_than_the_window(real: FormulaProcess) -> None:
    assert real.worker.is_sealed()
    number = real.worker.process_id()
    assert number is not None
    assert os.getpriority(os.PRIO_PROCESS, number) > os.getpriority(os.PRIO_PROCESS, 0)
