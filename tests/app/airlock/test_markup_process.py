"""Long texts are read by a process that can do nothing else; what brings it down is one text."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.airlock import markup_process
from app.airlock.markup_process import Growth, MarkupProcess, UnreadableError
from app.airlock.sealed_process import WorkerLostError, WorkerUnavailableError
from app.airlock.syscalls import this_architecture
from app.markup.growing import GrowingText
from app.markup.reading import read
from tests.flows.hostile_giants import GIANTS
from tests.flows.hostile_payloads import payloads

ROOT = Path(__file__).resolve().parents[3]
FAKE = """
import os, signal, sys, time
sys.path.insert(0, {root!r})
from inference.prompt.wire import read_frame, write_frame
from app.markup.block_wire import pieces_of
from app.markup.blocks import Rule
from app.markup.markup_wire import JOB_LIMIT_BYTES, End, decode_job, encode_end
reader, writer = sys.stdin.buffer, sys.stdout.buffer
write_frame(writer, b"sealed")
while (frame := read_frame(reader, JOB_LIMIT_BYTES)) is not None:
    job = decode_job(frame)
    for piece in pieces_of([Rule()] * 3):
        write_frame(writer, b"B" + piece)
    if job.text == "hang":
        time.sleep(600)
    if job.text == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if job.text == "nonsense":
        write_frame(writer, b"B{{")
    while job.text == "endless":
        write_frame(writer, b"B" + b" " * 100)
    if job.text == "no end":
        write_frame(writer, b"Z")
    elif job.text == "keeps what never was":
        write_frame(writer, encode_end(End(keep=7)))
    else:
        write_frame(writer, encode_end(End(is_behind=job.text == "much")))
"""
TEXTS = (
    "A *paragraph* with `code`, [a link](file:///etc/passwd), $x^2$ and a note[^1].\n\n[^1]: It.",
    "| a | b |\n|:-|-:|\n| `c` | **d** |\n\n---\n\n```py\nx\n```\n\n$$\\frac ab$$",
    "- [ ] a\n  - [x] b\n\n> quoted\n>> twice\n\n1. one\n\n   still one\n",
    "lone \ud800 surrogate, \u202e override, \0, 水落石出 and \U0001f469\u200d\U0001f4bb",
    "&copy; <script>alert(1)</script> <http://a> ~~s~~ \\* [ref]\n\n[ref]: /b 'title'",
    "",
)


@pytest.fixture
def fake() -> Iterator[MarkupProcess]:
    command = [sys.executable, "-c", FAKE.format(root=str(ROOT))]
    process = MarkupProcess(command, time_limit_s=1.0)
    yield process
    process.close()


@pytest.fixture(scope="module")
def real() -> Iterator[MarkupProcess]:
    process = MarkupProcess()
    yield process
    process.close()


@pytest.mark.parametrize("bad", ["die", "hang"])
def test_what_ends_the_worker_is_told_and_the_next_text_is_read(
    fake: MarkupProcess, bad: str
) -> None:
    with pytest.raises(WorkerLostError) as told:
        fake.read(bad)
    assert told.value.was_stopped is (bad == "hang")
    assert len(fake.read("fine")) == 3


@pytest.mark.parametrize("bad", ["nonsense", "no end", "endless"])
def test_what_is_no_answer_is_not_taken_for_one(
    fake: MarkupProcess, bad: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markup_process, "ANSWER_LIMIT_BYTES", 5_000)
    with pytest.raises(UnreadableError):
        fake.read(bad)
    assert len(fake.read("fine")) == 3


def test_a_growth_that_keeps_what_never_was_is_refused(fake: MarkupProcess) -> None:
    with pytest.raises(UnreadableError):
        fake.grow(Growth(1), "keeps what never was")


def test_whether_more_is_to_be_read_is_told(fake: MarkupProcess) -> None:
    growth = Growth(1)
    fake.grow(growth, "much")
    assert growth.is_behind
    assert len(growth.blocks) == 3


def test_more_than_a_job_may_have_is_refused_unasked(
    fake: MarkupProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markup_process, "JOB_LIMIT_BYTES", 100)
    with pytest.raises(UnreadableError):
        fake.read("x" * 200)
    assert fake.worker.process_id() is None


def test_without_a_worker_nothing_can_be_read() -> None:
    process = MarkupProcess(["/no/such/program"])
    with pytest.raises(WorkerUnavailableError, match="could not be started"):
        process.read("x")
    process.close()
    with pytest.raises(WorkerUnavailableError, match="closed"):
        process.read("x")


def test_a_job_can_be_ended_by_another_thread_and_so_can_an_idle_worker() -> None:
    command = [sys.executable, "-c", FAKE.format(root=str(ROOT))]
    process = MarkupProcess(command, time_limit_s=60.0)
    process.read("fine")
    before = process.worker.process_id()
    ended: list[type[BaseException]] = []

    def ask() -> None:
        try:
            process.read("hang")
        except WorkerLostError as error:
            ended.append(type(error))

    asking = threading.Thread(target=ask)
    asking.start()
    while not process.worker._one_job.locked():
        time.sleep(0.001)
    time.sleep(0.05)
    process.interrupt()
    asking.join(20.0)
    assert ended == [WorkerLostError]
    assert len(process.read("fine")) == 3
    between = process.worker.process_id()
    assert between not in (before, None)
    process.interrupt()
    assert process.worker.process_id() is None, "it holds nothing of any text any more"
    assert len(process.read("fine")) == 3
    process.close()


@pytest.mark.parametrize("text", TEXTS)
def test_sealed_they_are_read_as_without_a_seal(real: MarkupProcess, text: str) -> None:
    """Whatever the parser loads late was loaded before the process was sealed."""
    assert real.read(text) == read(text)


def test_hostile_ones_are_read_as_without_a_seal_and_the_worker_lives(
    real: MarkupProcess, tmp_path: Path
) -> None:
    real.read("x")
    before = real.worker.process_id()
    for each in payloads(tmp_path / "canary"):
        if not each.is_giant:
            assert real.read(each.text) == read(each.text), each.name
    for name in ("10⁵ nested lists", "10⁴ definitions", "1 MB of overrides"):
        giant = GIANTS[name]()[:120_000]
        assert real.read(giant) == read(giant), name
    assert real.worker.process_id() == before


@pytest.mark.parametrize("text", [*TEXTS[:3], GIANTS["10⁴ notes with words"]()[:40_000]])
def test_a_text_that_grows_is_sent_once_and_shown_as_in_the_window(
    real: MarkupProcess, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    ask = real.worker.ask_until

    def noted(payload: bytes, *rest: object) -> list[bytes]:
        sent.append(len(payload))
        return ask(payload, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(real.worker, "ask_until", noted)
    growth, growing = Growth(100 + len(text)), GrowingText()
    for end in (*range(0, len(text), max(1, len(text) // 7)), len(text)):
        real.grow(growth, text[:end])
        while growth.is_behind:
            real.grow(growth, text[:end])
        growing.show(text[:end])
        assert tuple(growth.blocks) == growing.blocks
    assert sum(sent) - len(sent) * 30 < len(text.encode()), "what is new alone is sent"


def test_much_that_grows_comes_in_steps(real: MarkupProcess) -> None:
    text = GIANTS["10⁴ links"]()[:60_000]
    growth, jobs, shown = Growth(1), 0, 0
    while not jobs or growth.is_behind:
        real.grow(growth, text)
        assert len(growth.blocks) >= shown
        jobs, shown = jobs + 1, len(growth.blocks)
    assert jobs == 4
    growing = GrowingText()
    growing.show(text)
    assert tuple(growth.blocks) == growing.blocks


@pytest.mark.parametrize("happens", ["its end", "another text"])
def test_what_the_worker_forgot_is_sent_again_as_a_whole(real: MarkupProcess, happens: str) -> None:
    growth, text = Growth(7), "One.\n\nTwo.\n\nThr"
    real.grow(growth, text)
    if happens == "its end":
        real.interrupt()
    else:
        real.grow(Growth(8), "Something else.")
    real.grow(growth, text + "ee.\n\nFour")
    growing = GrowingText()
    growing.show(text + "ee.\n\nFour")
    assert tuple(growth.blocks) == growing.blocks
    real.grow(growth, "It begins anew.")
    assert tuple(growth.blocks) == read("It begins anew.")


@pytest.mark.skipif(this_architecture() is None, reason="the seal needs Linux")
def test_the_worker_is_sealed_small_and_nicer_than_the_window(real: MarkupProcess) -> None:
    assert real.worker.is_sealed()
    number = real.worker.process_id()
    assert number is not None
    assert os.getpriority(os.PRIO_PROCESS, number) > os.getpriority(os.PRIO_PROCESS, 0)
    real.read(GIANTS["1 MB of blank lines"]())
    status = Path(f"/proc/{number}/status").read_text(encoding="ascii")
    resident_kb = next(line.split()[1] for line in status.splitlines() if line[:6] == "VmRSS:")
    assert int(resident_kb) < 60_000
