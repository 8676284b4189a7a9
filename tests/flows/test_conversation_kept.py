"""What is set and typed: for whom it holds, and that a later start finds all as it was."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.settings import SEND_KEY, SendKey
from app.theme.tokens import DARK, LIGHT
from app.widgets.choice_button import ChoiceButton
from tests.flows.journeys import CTRL, Traveller

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def pick(traveller, choice: ChoiceButton, words: str) -> None:
    """A line of a choice's menu, by the mouse."""
    traveller.click(choice)
    traveller.choose(words)


def open_tuning(traveller):
    """The settings of the chat, by their key."""
    traveller.press(Qt.Key.Key_Period, CTRL)
    dialog = traveller.application.tuning.dialog
    assert dialog is not None
    return dialog


def set_temperature(dialog, words: str) -> None:
    field = dialog.controls.numbers["temperature"].field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)


def test_a_preset_is_saved_chosen_and_left_for_what_is_recommended(traveller, fake_engine):
    dialog = open_tuning(traveller)
    set_temperature(dialog, "1.4")
    traveller.click(dialog.presets.more)
    traveller.choose("Save as a new preset…")
    QTest.keyClicks(dialog.presets.name, "Warm")
    QTest.keyClick(dialog.presets.name, Qt.Key.Key_Return)
    traveller.until(lambda: dialog.presets.choice.text() == "Warm")
    traveller.click(dialog.done_button)
    traveller.ask_and_wait("first")
    assert fake_engine.requests[-1].sampler.temperature == 1.4
    traveller.press(Qt.Key.Key_N, CTRL)
    traveller.ask_and_wait("second")
    recommended = fake_engine.requests[-1].sampler.temperature
    assert recommended != 1.4
    dialog = open_tuning(traveller)
    pick(traveller, dialog.presets.choice, "Warm")
    traveller.click(dialog.done_button)
    traveller.ask_and_wait("third")
    assert fake_engine.requests[-1].sampler.temperature == 1.4
    dialog = open_tuning(traveller)
    traveller.click(dialog.restore)
    traveller.click(dialog.done_button)
    traveller.ask_and_wait("fourth")
    assert fake_engine.requests[-1].sampler.temperature == recommended


def test_the_send_key_the_meter_and_the_systems_colours(traveller, qapp, fake_engine):
    traveller.press(Qt.Key.Key_Comma, CTRL)
    page = traveller.application.settings.page
    send_with = next(
        each for each in page.findChildren(ChoiceButton) if "Send with" in each.accessibleName()
    )
    pick(traveller, send_with, "Ctrl+Enter")
    assert traveller.application._settings.effective(SEND_KEY).value is SendKey.CTRL_ENTER
    traveller.press(Qt.Key.Key_Escape)
    traveller.write("two")
    QTest.keyClick(traveller.edit, Qt.Key.Key_Return)
    traveller.write("lines")
    meter, popover = traveller.page.composer.meter, traveller.page.desk.popover
    traveller.until(lambda: meter.text() != "0 of 4k")
    traveller.click(meter)
    traveller.until(popover.isVisible)
    traveller.press(Qt.Key.Key_Escape)
    traveller.until(lambda: not popover.isVisible())
    traveller.edit.setFocus()
    QTest.keyClick(traveller.edit, Qt.Key.Key_Return, CTRL)
    traveller.until(lambda: bool(fake_engine.requests))
    traveller.until_idle()
    assert fake_engine.requests[-1].messages[-1].content == "two\nlines"
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert traveller.application.theme.tokens == DARK
    assert traveller.answer() == "Paris is the capital."
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert traveller.application.theme.tokens == LIGHT


def test_the_next_start_finds_branches_settings_and_drafts(
    traveller, open_window, qtbot, fake_engine
):
    traveller.ask_and_wait("first")
    fake_engine.words = ("other",)
    traveller.click(traveller.foot().regenerate)
    traveller.until_said("first", "other")
    traveller.click(traveller.foot().branch.previous)
    traveller.until_said("first", "Paris is the capital.")
    dialog = open_tuning(traveller)
    set_temperature(dialog, "1.4")
    traveller.click(dialog.done_button)
    traveller.write("one draft")
    traveller.press(Qt.Key.Key_N, CTRL)
    traveller.ask_and_wait("second")
    traveller.write("another draft")
    traveller.application.window.close()
    assert traveller.application.close()
    again = Traveller(qtbot, open_window())
    again.until(lambda: again.titles() == ["second", "first"])
    again.open_chat("second")
    again.until_said("second", "other")
    again.until(lambda: again.edit.toPlainText() == "another draft")
    again.open_chat("first")
    again.until_said("first", "Paris is the capital.")
    again.until(lambda: again.edit.toPlainText() == "one draft")
    assert again.foot().branch.words.text() == "1 of 2"
    again.press(Qt.Key.Key_Return)
    again.until(lambda: len(again.said()) == 4)
    again.until_idle()
    assert fake_engine.requests[-1].sampler.temperature == 1.4
    assert fake_engine.requests[-1].messages[1].content == "Paris is the capital."
