"""All garbage is collected at rest, not in the middle of anything."""

from __future__ import annotations

import gc
import weakref

import pytest
import shiboken6
from PySide6.QtCore import QObject

from app.bridge.sweeping import Sweeper


class Ring:
    """Garbage that only the collector finds."""

    def __init__(self):
        self.me = self


class Clocks:
    """What time it is, and how long the thread has computed."""

    def __init__(self):
        self.now_s = self.computed_s = self.sweep_s = 0.0


@pytest.fixture
def clocks(monkeypatch):
    """A collection takes `sweep_s` by them."""
    made = Clocks()
    collect = gc.collect

    def timed(generation: int = 2) -> int:
        made.now_s += made.sweep_s if generation == 2 else 0.0
        return collect(generation)

    monkeypatch.setattr(gc, "collect", timed)
    return made


@pytest.fixture
def sweeper(qapp, clocks):
    # The heap of the tests is large, and none of it is looked at here.
    gc.collect()
    gc.freeze()
    made = Sweeper(QObject(qapp), lambda: clocks.now_s, lambda: clocks.computed_s)
    yield made
    shiboken6.delete(made)
    gc.unfreeze()


def old_ring() -> weakref.ref[Ring]:
    """Garbage that has outlived all collections but a whole one."""
    ring = Ring()
    for _ in range(12):
        gc.collect(1)
    return weakref.ref(ring)


def test_what_has_grown_old_is_collected_at_rest_alone(sweeper, clocks):
    ring = old_ring()
    assert gc.get_threshold()[2] > 1_000_000
    clocks.computed_s += 0.5
    sweeper.look()
    assert ring() is not None
    clocks.computed_s += 0.05
    sweeper.look()
    assert ring() is None


def test_a_window_that_never_rests_is_not_waited_for_without_end(sweeper, clocks):
    ring = old_ring()
    looks = 0
    while ring() is not None:
        clocks.computed_s += 0.9
        looks += 1
        sweeper.look()
    assert 30 < looks < 100


def test_where_little_has_grown_old_nothing_is_done(sweeper):
    gc.collect(1)
    sweeper.look()
    assert gc.get_count()[2] > 0


def test_while_the_collector_is_held_off_so_is_this(sweeper):
    ring = old_ring()
    gc.disable()
    try:
        sweeper.look()
        assert ring() is not None
    finally:
        gc.enable()
    sweeper.look()
    assert ring() is None


def test_the_longer_it_took_the_later_it_comes_again(sweeper, clocks):
    clocks.sweep_s = 0.1
    assert old_ring() is not None
    sweeper.look()
    ring = old_ring()
    clocks.now_s += 5.0
    sweeper.look()
    assert ring() is not None
    clocks.now_s += 6.0
    sweeper.look()
    assert ring() is None


def test_with_its_window_it_leaves_all_to_the_collector(qapp):
    before = gc.get_threshold()
    window = QObject(qapp)
    Sweeper(window)
    assert gc.get_threshold() != before
    shiboken6.delete(window)
    assert gc.get_threshold() == before
