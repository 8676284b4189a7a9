"""The measured speed: kept for this machine alone, its owner's alone, and never trusted blindly."""

import json
import os
import stat
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app import paths
from app.library import speed
from app.library.machine_now import here_now
from app.library.speed import NoSpeedTestError, measure_speed, stored_speed
from inference.machine import NativeLibraryError, SpeedTestCancelledError
from tests.app.library.speeds import machine


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """Nobody else works on this machine, as far as the test of its speed can see."""
    found = []
    monkeypatch.setattr(speed._OthersWork, "_others_s", lambda self: found.append(0) or 0.0)
    return found


@pytest.fixture
def measured(monkeypatch):
    """How often it was measured; each finds the same."""
    calls = []

    def measure(threads, stop_now, on_progress):
        calls.append(threads)
        on_progress(1.0)
        return machine()

    monkeypatch.setattr(speed, "measure_machine_speed", measure)
    return calls


def test_what_was_measured_is_found_again(measured, home):
    assert stored_speed() is None
    shares = []
    found = measure_speed(on_progress=shares.append)
    assert found == machine() == stored_speed()
    assert shares == [1.0]
    assert len(measured) == 1
    file = paths.config_dir() / "speed.json"
    assert list(file.parent.iterdir()) == [file]
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["processor", "cores", "threads", "level", "layout", "form"])
def test_another_machines_figures_are_nobodys(measured, monkeypatch, key):
    measure_speed()
    other = {**speed.identity(), key: "another"}
    monkeypatch.setattr(speed, "identity", lambda: other)
    assert stored_speed() is None


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.clear(),
        lambda s: s.pop("schemes"),
        lambda s: s.update(schemes={}),
        lambda s: s.update(schemes=[]),
        lambda s: s["schemes"].update(Q4_K_P16=7),
        lambda s: s["schemes"]["Q4_K_P16"].pop("row_bytes_per_s"),
        lambda s: s["schemes"]["Q4_K_P16"].update(row_bytes_per_s=0),
        lambda s: s["schemes"]["Q4_K_P16"].update(row_bytes_per_s=-1.0),
        lambda s: s["schemes"]["Q4_K_P16"].update(row_bytes_per_s="fast"),
        lambda s: s["schemes"]["Q4_K_P16"].update(row_bytes_per_s=True),
        lambda s: s["schemes"]["Q4_K_P16"].update(row_bytes_per_s=float("nan")),
        lambda s: s["schemes"]["Q4_K_P16"].update(row_bytes_per_s=1e300),
        lambda s: s.update(phase_s=1e-300),
        lambda s: s.update(value_s=float("inf")),
        lambda s: s.update(level=7),
        lambda s: s.update(threads="2"),
        lambda s: s.pop("latent_layers"),
        lambda s: s.update(latent_layers=1.0),
        lambda s: s["grouped_layers"].update(decode=0),
    ],
)
def test_figures_that_nothing_can_have_are_measured_anew(measured, change):
    measure_speed()
    file = speed.speed_file()
    stored = json.loads(file.read_text())
    change(stored["speed"])
    file.write_text(json.dumps(stored))
    assert stored_speed() is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 60_000, b" " * 70_000])
def test_a_damaged_file_is_as_good_as_none(measured, damage):
    measure_speed()
    speed.speed_file().write_bytes(damage)
    assert stored_speed() is None
    measure_speed()
    assert stored_speed() == machine()


def test_what_cant_be_kept_holds_all_the_same(measured, home, caplog):
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file where the folder should be")
    assert measure_speed() == machine()
    assert "can't be kept" in caplog.text
    assert stored_speed() is None


def test_what_was_measured_beside_others_work_is_not_kept(measured, monkeypatch):
    work = iter([5.0, 5.0 + 1e6])
    monkeypatch.setattr(speed._OthersWork, "_others_s", lambda self: next(work))
    assert measure_speed() == machine()
    assert stored_speed() is None


def test_others_work_is_what_is_not_our_own(monkeypatch):
    monkeypatch.undo()
    others = speed._OthersWork()
    until_s = time.process_time() + 0.3
    while time.process_time() < until_s:
        pass
    clock = speed.psutil.cpu_times()
    everything = sum(getattr(clock, name, 0.0) for name in speed._BUSY)
    assert others._others_s() < everything - 0.2  # our own is taken off
    assert others.share() < 1.5


def test_a_stopped_test_keeps_nothing(monkeypatch):
    def stopped(threads, stop_now, on_progress):
        assert stop_now()
        raise SpeedTestCancelledError

    monkeypatch.setattr(speed, "measure_machine_speed", stopped)
    with pytest.raises(SpeedTestCancelledError):
        measure_speed(lambda: True)
    assert stored_speed() is None


def test_two_at_once_are_one(monkeypatch):
    begun, go, calls = threading.Event(), threading.Event(), []

    def measure(threads, stop_now, on_progress):
        calls.append(threads)
        begun.set()
        assert go.wait(60)
        return machine()

    monkeypatch.setattr(speed, "measure_machine_speed", measure)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(measure_speed)
        assert begun.wait(60)
        looked = threading.Event()

        def look():
            looked.set()
            return False

        second = pool.submit(measure_speed, look)
        assert looked.wait(60)  # it waits
        with pytest.raises(SpeedTestCancelledError):
            measure_speed(lambda: True)
        go.set()
        assert first.result(60) == second.result(60) == machine()
    assert len(calls) == 1


def test_without_kernels_the_reason_is_said(monkeypatch):
    def none(threads, stop_now, on_progress):
        raise NativeLibraryError("The native kernels could not be loaded.")

    monkeypatch.setattr(speed, "measure_machine_speed", none)
    with pytest.raises(NoSpeedTestError, match="could not be loaded"):
        measure_speed()


def test_without_memory_that_is_said(monkeypatch):
    def none(threads, stop_now, on_progress):
        raise MemoryError

    monkeypatch.setattr(speed, "measure_machine_speed", none)
    with pytest.raises(NoSpeedTestError, match="not enough memory"):
        measure_speed()


def test_the_machine_now_has_memory_disks_and_the_speed_that_was_kept(measured, tmp_path):
    found = here_now()
    assert 0 < found.available_bytes <= found.memory_bytes
    assert found.disk_free_bytes > 0
    assert found.prepared_disk_free_bytes is None
    assert found.speed is None
    measure_speed()
    assert here_now().speed == machine()
    assert here_now(speed=machine(7.0)).speed == machine(7.0)


@pytest.mark.skipif(not os.path.ismount("/dev/shm"), reason="there is no second file system")
def test_prepared_copies_on_another_disk_are_counted_there(tmp_path):
    found = here_now(tmp_path / "not" / "yet", Path("/dev/shm/neither/yet"))
    assert found.prepared_disk_free_bytes is not None
