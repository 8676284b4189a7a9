"""The test of the machine's speed beside the window: told once, stopped at once, never twice."""

from threading import Event

import pytest

from app.bridge.speed_test import SpeedTest
from app.bridge.tasks import Tasks
from app.library import speed
from app.library.speed import NoSpeedTestError
from app.notices import Notices
from inference.machine import SpeedTestCancelledError
from tests.app.library.speeds import machine


@pytest.fixture
def tested(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    tasks = Tasks(Notices())
    yield SpeedTest(tasks)
    tasks.close()


def measuring(monkeypatch, then=machine):
    """A measurement that takes until it is let go or stopped."""
    go, calls = Event(), []

    def measure(threads, stop_now, on_progress):
        calls.append(threads)
        on_progress(0.5)
        while not go.wait(0.01):
            if stop_now():
                raise SpeedTestCancelledError
        return then()

    monkeypatch.setattr(speed, "measure_kernel_speed", measure)
    return go, calls


def test_it_is_measured_once_and_told_at_once_afterwards(qtbot, tested, monkeypatch):
    go, calls = measuring(monkeypatch)
    shares = []
    tested.progressed.connect(shares.append)
    tested.start()
    tested.start()
    qtbot.waitUntil(lambda: shares == [0.5], timeout=20_000)
    assert tested.is_running
    with qtbot.waitSignal(tested.measured, timeout=20_000) as told:
        go.set()
    assert told.args == [machine()]
    assert not tested.is_running
    with qtbot.waitSignal(tested.measured, timeout=20_000) as told:
        tested.start()
    assert told.args == [machine()]
    assert len(calls) == 1
    with qtbot.waitSignal(tested.measured, timeout=20_000):
        tested.start(anew=True)
    assert len(calls) == 2


def test_it_is_stopped(qtbot, tested, monkeypatch):
    measuring(monkeypatch)
    with qtbot.waitSignal(tested.progressed, timeout=20_000):
        tested.start()
    with qtbot.waitSignal(tested.stopped, timeout=20_000):
        tested.cancel()
    assert not tested.is_running


def test_a_failure_is_told_to_whoever_listens(qtbot, tested, monkeypatch):
    def none(stop_now, on_progress):
        raise NoSpeedTestError("There are no native kernels.")

    monkeypatch.setattr(speed, "measure_speed", none)
    with qtbot.waitSignal(tested.failed, timeout=20_000) as told:
        tested.start()
    assert str(told.args[0]) == "There are no native kernels."
    assert not tested.is_running
