"""A chat's settings in the window: they hold from the next answer on, and stay with the chat."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.chats.chat_settings import ChatSettings
from app.pages.chat.regenerate_dialog import RegenerateDialog
from app.pages.chat.think_button import ThinkingChoice
from inference.request import SamplerSettings

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def open_dialog(application):
    QTest.mouseClick(application.page.header.settings, Qt.MouseButton.LeftButton)
    dialog = application.tuning.dialog
    assert dialog is not None
    return dialog


def set_temperature(dialog, words: str) -> None:
    field = dialog.controls.numbers["temperature"].field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)


def test_they_hold_for_the_next_answer(open_window, hand, fake_engine):
    application = open_window()
    dialog = open_dialog(application)
    set_temperature(dialog, "1.1")
    QTest.keyClicks(dialog.controls.prompt, "Be brief.")
    QTest.mouseClick(dialog.done_button, Qt.MouseButton.LeftButton)
    assert application.page.composer.edit.hasFocus()
    hand.ask(application, "Hello")
    hand.wait_idle(application)
    request = fake_engine.requests[-1]
    assert request.sampler.temperature == 1.1
    assert request.messages[0].content == "Be brief."


def test_a_chat_keeps_its_preset_and_settings_when_it_is_opened_again(open_window, hand, qtbot):
    application = open_window()
    hand.ask(application, "Hello")
    hand.wait_idle(application)
    chat_id = application.chat.shown_id
    assert chat_id is not None
    dialog = open_dialog(application)
    set_temperature(dialog, "1.1")
    dialog.presets.save_requested.emit("Warm")
    qtbot.waitUntil(lambda: dialog.presets.choice.text() == "Warm")
    set_temperature(dialog, "1.2")
    dialog.accept()
    application.page.new_chat()
    assert application.chat.settings == ChatSettings()
    application.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: application.chat.settings == ChatSettings(temperature=1.2))
    again = open_dialog(application)
    qtbot.waitUntil(lambda: again.presets.choice.text() == "Warm")
    assert again.presets.state.text() == "Changed in this chat"
    again.accept()


def test_a_key_opens_them_and_esc_keeps_what_was_changed(open_window):
    application = open_window()
    QTest.keyClick(application.window, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    dialog = application.tuning.dialog
    assert dialog is not None
    application.tuning.open()
    assert application.tuning.dialog is dialog
    set_temperature(dialog, "0.5")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert application.tuning.dialog is None
    assert application.chat.settings == ChatSettings(temperature=0.5)


def test_an_answer_is_made_once_more_with_other_settings(open_window, hand, fake_engine):
    application = open_window()
    hand.ask(application, "Hello")
    hand.wait_idle(application)
    turn_id = application.chat.turns[-1].turn_id
    application.page.transcript.desk.regenerate_otherwise_requested.emit(turn_id)
    dialog = application.window.findChild(RegenerateDialog)
    assert dialog is not None
    slider = dialog.numbers["temperature"].slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    QTest.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    hand.wait_idle(application)
    assert [request.sampler.temperature for request in fake_engine.requests] == [0.7, 2.0]
    assert application.chat.settings == ChatSettings()


def test_without_thinking_the_plain_recommendation_is_shown(open_window):
    application = open_window()
    application.chat.change_settings(ChatSettings(thinking=False))
    assert application.tuning.recommended == application.tuning._model.recommended_plain
    application.tuning._on_model_changed(None)
    assert application.tuning.thinks
    assert application.tuning.recommended.temperature == 0.7


def choose(button, words: str) -> None:
    """Choose in a menu, by the keyboard."""
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    (action,) = (one for one in menu.actions() if one.text() == words)
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def test_thinking_is_the_same_beside_the_message_and_in_the_settings(
    open_window, hand, fake_engine, qtbot
):
    application = open_window()
    hand.ask(application, "Hello")
    hand.wait_idle(application)
    chat_id, think = application.chat.shown_id, application.page.composer.think
    think.choose(ThinkingChoice(True, 256))
    dialog = open_dialog(application)
    row = dialog.controls.choices["thinking"]
    assert row.isVisible()
    assert row.choice.text() == "On"
    assert dialog.controls.numbers["thinking_budget_tokens"].field.text() == "256"
    choose(row.choice, "Off")
    dialog.presets.save_requested.emit("Quick")
    qtbot.waitUntil(lambda: dialog.presets.choice.text() == "Quick")
    dialog.accept()
    assert think.text() == "Think: off"
    hand.ask(application, "And now?")
    hand.wait_idle(application)
    assert fake_engine.requests[-1].thinking is False
    (preset,) = application.tuning.shelf.presets
    assert ("thinking", False) in preset.settings
    application.page.new_chat()
    application.chat.open_chat(chat_id)
    qtbot.waitUntil(lambda: application.chat.shown_id == chat_id)
    assert application.chat.settings.thinking is False


def test_what_is_recommended_follows_whether_it_thinks(open_window, qtbot):
    application = open_window()
    application.tuning._on_model_changed(
        replace(application.tuning._model, recommended_plain=SamplerSettings(temperature=0.2))
    )
    dialog = open_dialog(application)
    words = dialog.controls.numbers["temperature"].words
    assert words.text() == "Recommended 0.70"
    choose(dialog.controls.choices["thinking"].choice, "Off")
    qtbot.waitUntil(lambda: words.text() == "Recommended 0.20")
    row = dialog.controls.numbers["top_p"]
    row.field.setFocus()
    row.field.selectAll()
    QTest.keyClicks(row.field, "7")
    complaint = row.words.text()
    dialog.flush()
    application.chat.settings_changed.emit(application.chat.settings)
    assert row.words.text() == complaint != "Recommended 0.95", "it is still being typed"


def test_a_model_that_does_not_think_has_no_switch_for_it(open_window, fake_engine):
    fake_engine.thinks = False
    application = open_window()
    assert not open_dialog(application).controls.choices["thinking"].isVisible()


def test_behind_a_locked_window_they_stay_closed(open_window, qtbot):
    application = open_window()
    open_dialog(application)
    QTest.keyClick(application.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    application.keeping.lock()
    qtbot.waitUntil(lambda: application.window.page_now() is application.keeping.page)
    assert application.tuning.dialog is None
    application.tuning.open()
    assert application.tuning.dialog is None
