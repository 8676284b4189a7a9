"""What is recommended to a new user: found out of the catalogue and this computer."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from app.library.speed import NoSpeedTestError
from app.window_first_run import advised
from tests.app.library.speeds import machine


@pytest.fixture
def own_folders(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))


def test_a_computer_without_native_kernels_gets_advice_without_speeds(own_folders, monkeypatch):
    def fails(_stop_now) -> None:
        raise NoSpeedTestError("There are no native kernels.")

    monkeypatch.setattr("app.library.speed.measure_speed", fails)
    monkeypatch.setattr(
        "app.library.machine_now.psutil.virtual_memory",
        lambda: SimpleNamespace(total=64 * 10**9, available=48 * 10**9),
    )
    found = advised(lambda: False)
    assert found.recommended is not None
    assert found.recommended.preflight.decode_tokens_per_s is None
    assert found.fitting > 1
    assert found.disk_free_bytes > 0


def test_a_speed_that_is_known_is_not_measured_again(own_folders, monkeypatch):
    monkeypatch.setattr("app.library.speed.stored_speed", lambda: None)
    asked: list[bool] = []

    def measured(stop_now):
        asked.append(stop_now())
        return machine()

    monkeypatch.setattr("app.library.speed.measure_speed", measured)
    advised(lambda: True)
    assert asked == [True], "whoever measures can be stopped"
    monkeypatch.setattr("app.library.speed.stored_speed", machine)
    monkeypatch.setattr("app.library.machine_now.stored_speed", machine)
    advised(lambda: False)
    assert asked == [True]
    assert advised(lambda: False).recommended is not None
