"""A switch: by mouse, by keyboard, and locked by a policy."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from app.widgets.switch import Switch

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_switch_is_turned_by_mouse_and_by_space(theme, show):
    switch = Switch(theme, "Reduce motion")
    show(switch)
    told: list[bool] = []

    def note(is_on: bool) -> None:
        told.append(is_on)

    switch.clicked.connect(note)
    off = switch.grab().toImage()
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert switch.isChecked()
    assert switch.grab().toImage() != off
    switch.setFocus()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert told == [True, False]


def test_a_locked_switch_has_the_keyboard_and_stays_as_it_is(theme, show):
    switch = Switch(theme, "Downloads", is_on=True)
    show(switch)
    free = switch.grab().toImage()
    switch.set_locked(True)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    switch.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()
    assert switch.hasFocus()
    assert switch.grab().toImage() != free
    switch.setEnabled(False)
    assert not switch.grab().isNull()


def test_a_switch_says_what_it_is(theme, show):
    switch = Switch(theme, "Reduce motion", is_on=True)
    show(switch)
    face = QAccessible.queryAccessibleInterface(switch)
    assert face.text(QAccessible.Text.Name) == "Reduce motion"
    assert face.role() in (QAccessible.Role.CheckBox, QAccessible.Role.Button)
    assert face.state().checked
    assert face.state().checkable


def test_the_knob_is_at_the_end_of_the_line_from_right_to_left_too(theme, show):
    switch = Switch(theme, "Motion", is_on=True)
    show(switch)
    ink = theme.tokens.on_accent.lower()
    places = []
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        switch.setLayoutDirection(direction)
        image = switch.grab().toImage()
        places.append([x for x in range(40) if image.pixelColor(x, 11).name() == ink])
    assert min(places[0]) > 20
    assert max(places[1]) < 20
