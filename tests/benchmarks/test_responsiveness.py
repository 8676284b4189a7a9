"""The benchmark of the window runs, measures what it names and says when a bar is missed."""

from __future__ import annotations

import pytest

from benchmarks import responsiveness
from benchmarks.responsiveness import Bar, bars_of, main, phase_table, quantile

pytestmark = pytest.mark.timeout(300)
STILL = {
    "times_s": {"first frame": 0.5},
    "late_ms": {"importing the engine": [1.0, 250.0], "streaming": [1.0] * 199 + [50.0]},
    "key_ms": [3.0],
    "tokens": 100,
}


def test_quantiles_are_samples():
    assert quantile([], 0.5) == 0.0
    assert quantile([3.0], 0.99) == 3.0
    assert quantile([1.0, 2.0, 3.0, 4.0], 0.5) == 3.0


def test_each_bar_is_held_to_its_own_phase():
    assert all(bar.holds for bar in bars_of(STILL))
    slow = STILL | {"late_ms": {"importing the engine": [301.0], "streaming": [17.0] * 9 + [61.0]}}
    assert [bar.holds for bar in bars_of(slow)] == [True, False, False, False]
    assert len(bars_of(STILL | {"late_ms": {"importing the engine": [1.0]}})) == 2


def test_a_missed_bar_is_said():
    assert "MISSED" in Bar("x", 2.0, 1.0, "s").line()
    assert "holds" in Bar("x", 1.0, 1.0, "s").line()


def test_an_empty_phase_has_a_row():
    assert "| loading | 0 | 0.00 | 0.00 | 0.0 |" in phase_table({"loading": []})


@pytest.mark.parametrize(("late_ms", "code"), [(1.0, 0), (500.0, 1)])
def test_a_missed_bar_is_a_failure(monkeypatch, capsys, late_ms, code):
    asked = []

    def run_window(seconds, model, home):
        asked.append(seconds)
        return STILL | {"late_ms": {"importing the engine": [late_ms]}}

    monkeypatch.setattr(responsiveness, "run_window", run_window)
    assert main(["--seconds", "2", "--starts", "1"]) == code
    assert asked == [0.0, 0.0, 2.0]
    printed = capsys.readouterr().out
    assert "Streamed 100 tokens, 50 a second." in printed
    assert "Key to paint" in printed


def test_the_real_window_is_timed_typed_into_and_streams(tmp_path):
    found = responsiveness.run_window(2.0, None, tmp_path)
    assert found["times_s"].keys() >= {"first frame", "usable composer", "model loaded"}
    assert found["tokens"] > 0
    assert found["key_ms"]
    assert found["late_ms"]["streaming"]
