"""A slider: by mouse, by keyboard, and locked by a policy."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest

from app.widgets.number_range import NumberRange
from app.widgets.slider import Slider

TEMPERATURE = NumberRange(0, 100, 0.05, 2, most=2)
COUNT = NumberRange(0, 100)

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.usefixtures("english"),
]


def at(slider: Slider, step: int) -> QPoint:
    return QPoint(round(slider.place_of(step)), slider.height() // 2)


def test_a_press_jumps_and_a_drag_follows(theme, show):
    slider = Slider(theme, "Temperature", TEMPERATURE, 0.6)
    show(slider)
    told: list[float] = []
    slider.moved.connect(told.append)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=at(slider, 20))
    assert slider.number == 1.0
    assert slider.isSliderDown()
    QTest.mouseMove(slider, at(slider, 30))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at(slider, 30))
    assert slider.number == 1.5
    assert told == [1.0, 1.5]
    QTest.mouseMove(slider, at(slider, 5))
    assert slider.number == 1.5, "the mouse had let go"


@pytest.mark.parametrize(
    ("key", "number"),
    [
        (Qt.Key.Key_Right, 1.05),
        (Qt.Key.Key_Left, 0.95),
        (Qt.Key.Key_PageUp, 1.2),
        (Qt.Key.Key_PageDown, 0.8),
        (Qt.Key.Key_Home, 0.0),
        (Qt.Key.Key_End, 2.0),
    ],
)
def test_keys_move_a_slider(theme, show, key, number):
    slider = Slider(theme, "Temperature", TEMPERATURE)
    show(slider)
    slider.show_number(1.0)
    slider.setFocus()
    QTest.keyClick(slider, key)
    assert slider.number == number
    assert slider.accessibleDescription() == f"{number:.2f}"


def test_what_the_program_shows_is_not_told(theme, show):
    slider = Slider(theme, "Temperature", TEMPERATURE)
    show(slider)
    told: list[float] = []
    slider.moved.connect(told.append)
    slider.show_number(1.23)
    assert slider.number == 1.25
    slider.show_number(50)
    assert slider.number == 2.0
    assert not told


def test_the_wheel_leaves_a_slider_alone(theme, show):
    slider = Slider(theme, "Temperature", TEMPERATURE)
    show(slider)
    middle = QPointF(slider.rect().center())
    event = QWheelEvent(
        middle,
        slider.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    slider.wheelEvent(event)
    assert not event.isAccepted()
    assert slider.value() == 0


def test_the_tick_stands_under_the_recommended_number(theme, show):
    slider = Slider(theme, "Temperature", TEMPERATURE)
    show(slider)
    slider.show_number(2.0)
    without = slider.grab().toImage()
    slider.recommend(0.6)
    with_tick = slider.grab().toImage()
    changed = [
        x
        for x in range(slider.width())
        if any(without.pixel(x, y) != with_tick.pixel(x, y) for y in range(slider.height()))
    ]
    assert abs(changed[0] - slider.place_of(12)) <= 2
    assert len(changed) <= 4
    assert slider.recommended == 0.6


def test_a_locked_slider_does_not_move(theme, show):
    slider = Slider(theme, "Temperature", TEMPERATURE)
    show(slider)
    slider.show_number(1.0)
    slider.set_locked(True)
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=at(slider, 2))
    assert slider.number == 1.0
    assert slider.hasFocus()


def test_a_slider_runs_from_the_right_where_people_read_so(theme, show):
    slider = Slider(theme, "Temperature", TEMPERATURE)
    slider.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    show(slider)
    slider.show_number(0.25)
    assert slider.place_of(slider.value()) > slider.width() / 2
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(2, 15))
    assert slider.number == 2.0
    assert not slider.grab().isNull()


def test_a_slider_has_a_value_for_assistive_technology(theme, show):
    slider = Slider(theme, "Top-k", COUNT)
    show(slider)
    slider.show_number(40)
    face = QAccessible.queryAccessibleInterface(slider)
    assert face.role() == QAccessible.Role.Slider
    assert face.valueInterface().currentValue() == 40
    assert face.text(QAccessible.Text.Name) == "Top-k"
