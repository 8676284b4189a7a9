"""The kernels' own speed: every figure is there, it can be stopped, it lets go of its threads."""

import math
from dataclasses import asdict

import pytest

from kernels.cpu import speed
from kernels.cpu.formats import is_float
from kernels.cpu.library import NativeLibraryError, load
from kernels.cpu.pool import NativePool
from kernels.cpu.speed import (
    MEASURED_SCHEMES,
    SpeedTestCancelledError,
    measure_kernel_speed,
)
from kernels.schemes.panels import PANEL_SCHEMES


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """What is measured does not matter here, and memory is for the whole machine."""
    monkeypatch.setattr(speed, "_BUFFER_BYTES", 36 << 20)
    monkeypatch.setattr(speed, "_FEATURES", 256)
    monkeypatch.setattr(speed, "_MANY_ROWS", 32)


def test_every_figure_is_a_rate_that_something_can_have():
    shares = []
    found = measure_kernel_speed(2, on_progress=shares.append, budget_s=0.05)
    assert found.threads == 2
    assert set(found.schemes) == set(MEASURED_SCHEMES) <= set(PANEL_SCHEMES)
    for name, one in found.schemes.items():
        for rate in asdict(one).values():
            assert math.isfinite(rate)
            assert 1e5 < rate < 1e15
        if is_float(name):
            assert one.precise_tile_ops_per_s == one.tile_ops_per_s
    assert 1e7 < found.read_bytes_per_s < 1e13
    assert 1e6 < found.grouped_ops_per_s < 1e15
    assert 1e6 < found.latent_ops_per_s < 1e15
    assert 1e-9 < found.phase_s < 1
    assert 1e-15 < found.value_s < 1e-3
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize("asked", [1, 2, 40])
def test_it_stops_wherever_it_is(monkeypatch, asked):
    pools = []

    class Counted(NativePool):
        def __init__(self, threads):
            super().__init__(threads)
            pools.append(self)

    monkeypatch.setattr(speed, "NativePool", Counted)
    answers = iter([False] * (asked - 1))
    with pytest.raises(SpeedTestCancelledError):
        measure_kernel_speed(1, stop_now=lambda: next(answers, True))
    assert [pool.close.alive for pool in pools] == [False]


def test_it_goes_twice_round_at_least(monkeypatch):
    clock = iter(range(0, 10_000_000, 1000))
    monkeypatch.setattr(speed.time, "perf_counter", lambda: float(next(clock)))
    shares = []
    measure_kernel_speed(1, on_progress=shares.append, budget_s=1.0)
    assert shares == [1.0, 1.0]


def test_without_memory_it_says_so(monkeypatch):
    monkeypatch.setattr(speed, "_BUFFER_BYTES", 1 << 60)
    with pytest.raises(MemoryError):
        measure_kernel_speed(1)


def test_without_native_kernels_it_says_why(monkeypatch):
    def broken():
        raise NativeLibraryError("They were not built.")

    monkeypatch.setattr("kernels.cpu.pool.load", broken)
    with pytest.raises(NativeLibraryError, match="not built"):
        measure_kernel_speed(1)
    assert load() is not None
