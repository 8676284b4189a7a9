"""Rows of settings with their controls: what they say, what matches, what a policy locks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.choice_button import ChoiceButton
from app.widgets.focus_ring import FocusRing
from app.widgets.label import Label
from app.widgets.number_field import NumberField
from app.widgets.number_range import NumberRange
from app.widgets.setting_row import RowCard, SettingRow, WideRow
from app.widgets.setting_section import SettingSection
from app.widgets.switch import Switch

COUNT = NumberRange(0, 100)
POLICY = Path("/etc/pitcher/policy.toml")

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.usefixtures("english"),
]


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
