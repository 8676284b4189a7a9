"""The queue of formulas to be drawn, and what is kept of them."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

from app.airlock.sealed_process import WorkerUnavailableError
from app.markup.formula_outline import QUICK_CHARS, FormulaKey
from app.notices import Notices
from app.widgets.markup import formula_renderer
from app.widgets.markup.formula_drawing import Refused
from app.widgets.markup.formula_renderer import FormulaRenderer


class Drawer:
    """Draws when its gate is open; notes what it was asked. What is called “end” ends a job, as
    where it brings the worker down.
    """

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.asked: list[str] = []
        self.jobs: list[list[str]] = []
        self.is_closed = False

    def draw(self, keys):
        self.gate.wait(60)
        sources = [key.source for key in keys]
        self.jobs.append(list(sources))
        if "end" in sources:
            sources = sources[: sources.index("end")]
        self.asked += sources
        return [*sources, Refused.REFUSED] if len(sources) < len(keys) else sources

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def drawer():
    return Drawer()


@pytest.fixture
def renderer(qapp, drawer):
    made = FormulaRenderer(Notices(), qapp, drawer=drawer, max_waiting=3)
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


def test_more_than_can_wait_are_shown_as_sources(renderer, drawer, qtbot, monkeypatch):
    monkeypatch.setattr(formula_renderer, "_TOGETHER", 1)
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


def test_without_a_worker_all_are_refused_and_that_is_said_once(qapp, qtbot):
    class Missing(Drawer):
        def draw(self, keys):
            raise WorkerUnavailableError("The worker did not start.")

    notices = Notices()
    said = []
    notices.show_on(lambda notice: said.append(notice.text))
    renderer = FormulaRenderer(notices, qapp, drawer=Missing())
    owner = QObject()
    for source in ("a", "b"):
        renderer.want(keys(source), owner)
        qtbot.waitUntil(
            lambda source=source: renderer.look_up(FormulaKey(source)) is Refused.REFUSED
        )
    assert said == ["Formulas are shown as their source. The worker did not start."]
    renderer.close()


def test_what_a_formula_took_along_is_asked_for_again_in_front(renderer, drawer, qtbot):
    owner = QObject()
    renderer._max_waiting = 9
    renderer.want(keys("a"), owner)
    renderer.want(keys("b", "end", "c", "d"), owner)
    renderer.want([FormulaKey("e" * (QUICK_CHARS + 1))], owner)
    drawer.gate.set()
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("e" * (QUICK_CHARS + 1))) is not None)
    assert drawer.jobs[:3] == [["a"], ["b", "end", "c", "d"], ["c", "d"]]
    assert renderer.look_up(FormulaKey("end")) is Refused.REFUSED
    assert renderer.look_up(FormulaKey("d")) == "d"


def test_a_long_formula_is_a_job_of_its_own(renderer, drawer, qtbot):
    owner = QObject()
    renderer._max_waiting = 9
    long = "l" * (QUICK_CHARS + 1)
    renderer.want(keys("a"), owner)
    renderer.want(keys("b", "c", long, "d"), owner)
    drawer.gate.set()
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("d")) is not None)
    assert drawer.jobs == [["a"], ["b", "c"], [long], ["d"]]


def test_what_is_being_drawn_is_not_asked_for_twice(renderer, drawer, qtbot):
    first, second = QObject(), QObject()
    renderer.want(keys("a"), first)
    renderer.want(keys("a"), second)
    assert renderer.waiting() == 0
    drawer.gate.set()
    qtbot.waitUntil(lambda: renderer.look_up(FormulaKey("a")) == "a")
    assert drawer.asked == ["a"]


def test_an_end_while_something_is_drawn_ends_the_worker(renderer, drawer):
    owner = QObject()
    renderer.want(keys("a"), owner)
    drawer.gate.set()
    assert renderer.close()
    assert drawer.is_closed


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
