"""How fast a model wrote is kept by its place, and never believed blindly."""

import json

import pytest

from app import paths
from app.library import path_facts, speeds


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path))
    return tmp_path


def test_the_last_long_answer_counts(home):
    assert speeds.measured(home / "a") is None
    speeds.keep(home / "a", 100, 12.345)
    assert speeds.measured(home / "a") == pytest.approx(12.35, abs=0.01)
    speeds.keep(home / "a", 3, 99.0)
    speeds.keep(home / "a", 100, float("inf"))
    speeds.keep(home / "a", 100, 0.0)
    assert speeds.measured(home / "a") == pytest.approx(12.35, abs=0.01)


def test_it_goes_with_the_model(home):
    speeds.keep(home / "a", 100, 5.0)
    speeds.carry(home / "a", home / "b")
    assert (speeds.measured(home / "a"), speeds.measured(home / "b")) == (None, 5.0)
    speeds.carry(home / "b", None)
    assert speeds.measured(home / "b") is None


@pytest.mark.parametrize("fact", ["fast", True, -1, None, [], "Infinity", {"a": 1}])
def test_what_is_no_speed_is_none(home, fact):
    file = paths.config_dir() / "speeds.json"
    file.parent.mkdir()
    file.write_text(json.dumps({str(home / "a"): fact}))
    assert speeds.measured(home / "a") is None


def test_only_the_newest_are_kept(home, monkeypatch):
    monkeypatch.setattr(path_facts, "_MOST_RECORDS", 2)
    for name in "abc":
        speeds.keep(home / name, 100, 5.0)
    speeds.keep(home / "b", 100, 6.0)
    speeds.keep(home / "d", 100, 5.0)
    kept = [name for name in "abcd" if speeds.measured(home / name) is not None]
    assert kept == ["b", "d"]
