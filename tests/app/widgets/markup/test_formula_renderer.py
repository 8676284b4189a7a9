"""The queue of formulas to be drawn, and what is kept of them."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

from app.notices import Notices
from app.widgets.markup import formula_renderer
from app.widgets.markup.formula_drawing import FormulaKey
from app.widgets.markup.formula_renderer import FormulaRenderer, Refused


class Drawer:
    """Draws when its gate is open; notes what it was asked."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.asked: list[str] = []

    def __call__(self, key: FormulaKey) -> str:
        self.gate.wait(60)
        self.asked.append(key.source)
        return key.source


@pytest.fixture
def drawer():
    return Drawer()


@pytest.fixture
def renderer(qapp, drawer):
    made = FormulaRenderer(Notices(), qapp, draw=drawer, max_waiting=3)
    yield made
    drawer.gate.set()
    made.close()
    made.deleteLater()


def keys(*sources):
    return [FormulaKey(source) for source in sources]


def test_formulas_are_drawn_in_order_and_told_together(renderer, drawer, qtbot):
    come = []
    renderer.arrived.connect(come.append)
    owner = QObject()
    renderer.want(keys("a", "b"), owner)
    assert renderer.look_up(FormulaKey("a")) is None
    drawer.gate.set()
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("b")) == "b")
    qtbot.waitUntil(lambda: bool(come))
    assert drawer.asked == ["a", "b"]
    assert come == [frozenset(keys("a", "b"))]


def test_what_nobody_wants_any_more_is_not_drawn(renderer, drawer, qtbot):
    stays, goes = QObject(), QObject()
    renderer.want(keys("a"), stays)
    renderer.want(keys("b", "c"), goes)
    renderer.want(keys("c"), stays)
    goes.deleteLater()
    qtbot.waitUntil(lambda: renderer.waiting() == 1)
    drawer.gate.set()
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("c")) == "c")
    assert drawer.asked == ["a", "c"]


def test_more_than_can_wait_are_shown_as_sources(renderer, drawer, qtbot):
    owner = QObject()
    renderer.want(keys("1", "2", "3", "4", "5"), owner)
    assert renderer.waiting() == 2
    assert renderer.look_up(FormulaKey("5")) is Refused.REFUSED
    drawer.gate.set()
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("3")) == "3")


def test_the_oldest_are_forgotten_and_drawn_again_when_wanted(renderer, drawer, qtbot, monkeypatch):
    monkeypatch.setattr(formula_renderer, "MAX_KEPT", 2)
    drawer.gate.set()
    owner = QObject()
    for source in ("a", "b"):
        renderer.want(keys(source), owner)
        qtbot.waitUntil(lambda source=source: renderer.look_up(FormulaKey(source)) is not None)
    renderer.look_up(FormulaKey("a"))
    renderer.want(keys("c"), owner)
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("c")) is not None)
    assert renderer.look_up(FormulaKey("b")) is None
    assert renderer.look_up(FormulaKey("a")) == "a"


def test_what_is_known_is_told_again(renderer, drawer, qtbot):
    drawer.gate.set()
    owner = QObject()
    renderer.want(keys("a"), owner)
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("a")) is not None)
    with qtbot.waitSignal(renderer.arrived):
        renderer.want(keys("a"), owner)
    assert drawer.asked == ["a"]


def test_a_failure_is_a_refusal(qapp, qtbot):
    def fail(_key):
        raise RecursionError

    renderer = FormulaRenderer(Notices(), qapp, draw=fail)
    owner = QObject()
    renderer.want(keys("a"), owner)
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("a")) is Refused.REFUSED)
    renderer.close()


def test_nothing_is_left_of_what_was_drawn_nor_of_what_is_being_drawn(renderer, drawer, qtbot):
    owner = QObject()
    drawer.gate.set()
    renderer.want(keys("kept"), owner)
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("kept")) == "kept")
    drawer.gate.clear()
    renderer.want(keys("under way"), owner)
    renderer.forget()
    assert renderer.look_up(FormulaKey("kept")) is None
    renderer.want(keys("later"), owner)
    drawer.gate.set()
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("later")) == "later")
    assert renderer.look_up(FormulaKey("under way")) is None


def test_of_a_flood_the_worker_rests_as_long_as_it_draws(renderer, drawer, qtbot, monkeypatch):
    rests = []
    monkeypatch.setattr(formula_renderer, "_FLOOD", 1)
    monkeypatch.setattr("time.sleep", rests.append)
    owner = QObject()
    drawer.gate.set()
    renderer.want(keys("a", "b", "c"), owner)  # two wait while the first is drawn
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("c")) == "c")
    assert len(rests) == 1
    assert rests[0] > 0.0
