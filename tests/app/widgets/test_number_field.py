"""A field for a number: what is typed, stepped, refused, and locked by a policy."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from app.widgets.number_field import NumberField
from app.widgets.number_range import NumberRange

TEMPERATURE = NumberRange(0, 100, 0.05, 2, most=2)
COUNT = NumberRange(0, 100)

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.usefixtures("english"),
]


def test_a_number_is_typed(theme, show):
    field = NumberField(theme, "Temperature", TEMPERATURE, 0.6)
    show(field)
    told: list[float | None] = []
    field.changed.connect(told.append)
    assert field.text() == "0.60"
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1.5")
    assert field.number == 1.5
    assert told == [1.0, 1.5], "“1.” is no other number than “1”"


@pytest.mark.parametrize("words", ["hot", "101", "-1", "nan", "inf", "1e400", "", "1,2,3", "٣x"])
def test_what_is_no_such_number_is_marked_and_not_kept(theme, show, words):
    field = NumberField(theme, "Temperature", TEMPERATURE, 0.6)
    other = NumberField(theme, "Other", COUNT, 1)
    show(field, other)
    told: list[bool] = []
    field.problem_changed.connect(told.append)
    field.setFocus()
    field.selectAll()
    if words:
        field.insert(words)
        field.textEdited.emit(words)
    else:
        QTest.keyClick(field, Qt.Key.Key_Delete)
    assert field.is_wrong
    assert field.number == 0.6
    other.setFocus()
    assert field.text() == "0.60"
    assert not field.is_wrong
    assert told == [True, False]


def test_a_comma_is_a_point_to_who_writes_it_so(theme, show):
    field = NumberField(theme, "Temperature", TEMPERATURE, 0.6)
    show(field)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0,85")
    assert field.number == 0.85
    QLocale.setDefault(QLocale(QLocale.Language.German))
    field.show_number(0.85)
    assert field.text() == "0,85"


@pytest.mark.parametrize(
    ("key", "number"),
    [
        (Qt.Key.Key_Up, 41),
        (Qt.Key.Key_Down, 39),
        (Qt.Key.Key_PageUp, 50),
        (Qt.Key.Key_PageDown, 30),
    ],
)
def test_arrows_step_a_field(theme, show, key, number):
    field = NumberField(theme, "Top-k", COUNT, 40)
    show(field)
    field.setFocus()
    QTest.keyClick(field, key)
    assert field.number == number
    assert field.text() == str(number)


def test_steps_end_at_the_bounds(theme, show):
    field = NumberField(theme, "Top-k", COUNT, 99)
    show(field)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_PageUp)
    assert field.number == 100


def test_an_empty_field_can_mean_something(theme, show):
    seeds = NumberRange(0, 2**63 - 1)
    field = NumberField(theme, "Seed", seeds, 7, empty="Random")
    show(field)
    told: list[int | None] = []
    field.changed.connect(told.append)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.number is None
    assert not field.is_wrong
    assert field.placeholderText() == "Random"
    QTest.keyClicks(field, str(2**63 - 1))
    assert field.number == 2**63 - 1, "to the last digit"
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.number == 2**63 - 2
    QTest.keyClicks(field, "0")
    assert field.is_wrong
    field.show_number(None)
    field.start_from(5)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.number == 6
    assert told[0] is None


def test_what_an_empty_field_means_can_be_read(theme, show):
    """Qt would draw it at half the contrast."""
    field = NumberField(theme, "Seed", COUNT, empty="Random")
    show(field)
    field.clearFocus()
    image = field.grab().toImage()
    darkest = min(
        image.pixelColor(x, y).lightness()
        for x in range(12, image.width() - 4)
        for y in range(6, image.height() - 6)
    )
    assert abs(darkest - QColor(theme.tokens.text3).lightness()) < 12


def test_large_numbers_are_grouped_and_read_again(theme, show):
    field = NumberField(theme, "Budget", NumberRange(0, 100_000), 4096)
    show(field)
    assert field.text() == "4,096"
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_End)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.number == 409


def test_a_locked_field_is_read_alone(theme, show):
    field = NumberField(theme, "Top-k", COUNT, 40)
    show(field)
    field.set_locked(True)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClicks(field, "9")
    assert field.number == 40
    assert field.hasFocus()
