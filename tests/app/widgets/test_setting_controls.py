"""Switch, slider, number field and rows: by mouse, by keyboard, and locked by a policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.settings import ThemeChoice
from app.theme.assets import load_fonts
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.choice_button import ChoiceButton
from app.widgets.focus_ring import FocusRing
from app.widgets.label import Label
from app.widgets.number_field import NumberField
from app.widgets.number_range import NumberRange
from app.widgets.setting_row import RowCard, SettingRow, WideRow
from app.widgets.setting_section import SettingSection
from app.widgets.slider import Slider
from app.widgets.switch import Switch

TEMPERATURE = NumberRange(0, 100, 0.05, 2, most=2)
COUNT = NumberRange(0, 100)
POLICY = Path("/etc/pitcher/policy.toml")


@pytest.fixture(autouse=True)
def english():
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def theme(qapp, qtbot):
    load_fonts()
    made = Theme(qapp, ThemeChoice.LIGHT)
    yield made
    made.deleteLater()


@pytest.fixture
def show(qtbot):
    """Puts widgets below one another in a window, and shows it."""

    shown: list[QWidget] = []

    def put(*widgets: QWidget) -> QWidget:
        window = QWidget()
        shown.append(window)
        qtbot.addWidget(window)
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        window.resize(700, 300)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield put
    shown.clear()


pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


# ---------------------------------------------------------------------------- switch


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


# ---------------------------------------------------------------------------- slider


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


# ---------------------------------------------------------------------------- number field


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


# ---------------------------------------------------------------------------- rows


def test_a_row_says_its_words_with_its_control(theme, show):
    switch = Switch(theme, "Suggest titles")
    row = SettingRow(theme, "Suggest titles", "When idle", (switch,), POLICY)
    show(row)
    assert row.is_locked
    assert row.lock.isVisible()
    assert str(POLICY) in switch.accessibleDescription()
    assert "When idle" in switch.accessibleDescription()
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert not switch.isChecked()


def test_a_row_complains_in_the_place_of_its_words(theme, show):
    field = NumberField(theme, "Top-k", COUNT, 40)
    row = SettingRow(theme, "Top-k", "How many", (field,))
    show(row)
    assert not row.lock.isVisible()
    row.complain("Too many.")
    assert row.words.ink() is Ink.BAD
    assert field.accessibleDescription() == "Too many."
    row.complain("")
    assert row.words.text() == "How many"
    row.explain("Recommended 40")
    assert row.words.text() == "Recommended 40"
    assert row.words.ink() is Ink.TEXT2


def test_a_card_shows_what_matches(theme, show):
    rows = [
        SettingRow(theme, "Text size", "In percent", (Switch(theme, "a"),)),
        SettingRow(theme, "Language", "Of the words", (Switch(theme, "b"),)),
        WideRow(theme, "Prompt", "What is told", (Switch(theme, "c"),)),
    ]
    card = RowCard(theme, rows)
    show(card)
    assert card.filter("size PERCENT") == 1
    assert [row.isVisible() for row in rows] == [True, False, False]
    assert card.filter("") == 3
    rows[1].offer(False)
    assert card.filter("") == 2, "what means nothing now is not found"
    assert not card.grab().isNull()


def test_a_section_counts_what_is_locked_and_is_found_by_its_heading(theme, show):
    def row(name: str, locked: bool) -> SettingRow:
        return SettingRow(theme, name, "", (Switch(theme, name),), POLICY if locked else None)

    none = SettingSection(theme, "Free", [row("a", False)])
    one = SettingSection(theme, "Half", [row("a", True), row("b", False)])
    two = SettingSection(theme, "Privacy", [row("a", True), row("b", True)])
    show(none, one, two)
    assert none.banner is None
    assert one.banner is not None
    assert one.banner.sentence.text().startswith("One setting is")
    assert two.banner is not None
    assert two.banner.sentence.text().startswith("2 settings are")
    assert two.banner.file.text() == str(POLICY)
    assert two.filter("priv") == 2
    assert none.filter("priv") == 0
    assert none.isHidden()


def test_a_locked_choice_opens_no_menu(theme, show):
    choice = ChoiceButton(theme, "Keep chats", {0: "Never", 30: "30 days"}, 30)
    show(choice)
    free = choice.grab().toImage()
    choice.set_locked(True)
    QTest.mouseClick(choice, Qt.MouseButton.LeftButton)
    assert QApplication.activePopupWidget() is None
    assert choice.grab().toImage() != free


def test_the_ring_goes_where_its_widget_goes(theme, show):
    """The widget stays where it is in its parent, which moves."""
    switch = Switch(theme, "a")
    inner = QWidget()
    QVBoxLayout(inner).addWidget(switch)
    above = Label(theme, "Words above", Type.SMALL)
    window = show(above, inner)
    switch.clearFocus()
    switch.setFocus(Qt.FocusReason.TabFocusReason)
    ring = window.findChild(FocusRing)
    assert ring is not None
    before = ring.geometry().center() - switch.mapTo(window, switch.rect().center())
    above.setFixedHeight(100)
    QApplication.processEvents()
    after = ring.geometry().center() - switch.mapTo(window, switch.rect().center())
    assert after == before
    above.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    above.setFocus()
    assert window.findChild(FocusRing) is None or not ring.isVisible()
