"""One engine in a process: what it is asked, what it keeps, and how it fails."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.engine_process import Command, EngineError, EngineProcess
from benchmarks.protocol import Stopwatch, peak_rss_bytes
from tests.benchmarks.conftest import FakeCommand


class Recorder:
    """A speaker that remembers; `held` is what a cache would hold."""

    vocab_size = 50

    def __init__(self) -> None:
        self.held: list[int] = []
        self.calls: list[tuple[str, int]] = []

    def truncate(self, length: int) -> None:
        self.calls.append(("truncate", length))
        del self.held[length:]

    def read(self, tokens: Sequence[int]) -> None:
        self.calls.append(("read", len(tokens)))
        self.held.extend(tokens)

    def step(self, token: int) -> None:
        self.calls.append(("step", 1))
        self.held.append(token)


def test_depth_is_read_once_and_kept_for_later_samples() -> None:
    speaker = Recorder()
    watch = Stopwatch(speaker, 100)
    watch.sample("prefill", 20, 40)
    watch.sample("prefill", 20, 40)
    watch.sample("decode", 2, 50)
    assert speaker.calls == [
        ("read", 40),
        ("read", 20),
        ("truncate", 40),
        ("read", 20),
        ("truncate", 50),
        ("step", 1),
        ("step", 1),
    ]


def test_every_engine_reads_the_same_stream_whatever_was_asked_before() -> None:
    one, other = Recorder(), Recorder()
    Stopwatch(one, 100).sample("prefill", 30, 10)
    watch = Stopwatch(other, 100)
    watch.sample("decode", 5, 60)
    watch.sample("decode", 30, 10)
    assert one.held == other.held
    assert len(set(one.held)) > 10


def test_a_sample_beyond_the_context_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Stopwatch(Recorder(), 100).sample("prefill", 60, 50)


def test_an_engine_in_a_process_is_timed_and_noise_does_no_harm(fake: FakeCommand) -> None:
    with EngineProcess(fake(ms=2)) as engine:
        assert engine.hello.version == "1.0"
        sample = engine.sample("prefill", 20, 30)
        assert 0.04 <= sample.seconds < 0.4
        assert sample.tokens_per_s == pytest.approx(20 / sample.seconds)
        assert sample.peak_rss_bytes > 1 << 20
        assert engine.seconds_since_start() > sample.seconds


def test_a_waiting_engine_takes_no_processor_time(fake: FakeCommand) -> None:
    with EngineProcess(fake(ms=0)) as engine:
        before = engine.cpu_seconds()
        assert engine.sample("decode", 1, 0).seconds >= 0
        assert engine.cpu_seconds() - before < 0.1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("refuses", "fake: ValueError: no such model"),
        ("fails", "fake: RuntimeError: out of tokens"),
        ("dies", "(?s)fake ended with 3. Its last words: .*segmentation"),
    ],
)
def test_an_engine_that_fails_is_named_with_the_reason(
    fake: FakeCommand, fault: str, words: str
) -> None:
    with pytest.raises(EngineError, match=words), EngineProcess(fake(fault=fault)) as engine:
        engine.sample("prefill", 4, 0)


def test_an_unknown_question_is_an_error(fake: FakeCommand) -> None:
    with EngineProcess(fake()) as engine, pytest.raises(EngineError, match="KeyError"):
        engine.ask("the time")


def test_an_engine_that_is_not_there_is_named() -> None:
    with pytest.raises(EngineError, match="peer could not be started"):
        EngineProcess(Command("peer", ["/nowhere/python"]))


def test_one_that_talks_of_other_things_is_named() -> None:
    words = [sys.executable, "-c", "print('Welcome!')"]
    with pytest.raises(EngineError, match="answered with something else: 'Welcome!"):
        EngineProcess(Command("peer", words))


def test_one_that_has_gone_away_is_named(fake: FakeCommand) -> None:
    with EngineProcess(fake(fault="dies")) as engine:
        for _ in range(2):
            with pytest.raises(EngineError, match="ended with 3"):
                engine.sample("decode", 1, 0)


def test_peak_memory_is_the_processs_own(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text("Name:\tx\nVmPeak:\t  900 kB\nVmHWM:\t     123 kB\n")
    assert peak_rss_bytes(status) == 123 * 1024
    assert peak_rss_bytes(tmp_path / "none") > 1 << 20
