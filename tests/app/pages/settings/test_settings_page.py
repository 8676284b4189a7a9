"""The settings page in a real window: by keyboard and mouse, at once, and stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.chats.chat_settings import ChatSettings
from app.settings import (
    AUTO_LOCK_MINUTES,
    DELETE_AFTER_DAYS,
    IDLE_UNLOAD_MINUTES,
    REDUCE_MOTION,
    SEND_KEY,
    SYSTEM_FONT,
    TEXT_SIZE_PERCENT,
    THEME,
    THREADS,
    Language,
    SendKey,
    ThemeChoice,
)
from app.theme.type_styles import Type
from app.translations import languages
from app.widgets.choice_button import ChoiceButton
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.number_field import NumberField
from app.widgets.slider import Slider
from app.widgets.switch import Switch
from tests.app.pages.settings.settings_hand import control, open_settings, pick

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def stored(tmp_path: Path) -> dict[str, object]:
    file = tmp_path / "settings.json"
    return json.loads(file.read_text()) if file.exists() else {}


def test_a_choice_applies_at_once_and_is_stored(open_window, qtbot, tmp_path):
    application = open_window()
    page = open_settings(application)
    pick(page, "Light or dark", "Dark")
    assert application.theme.choice is ThemeChoice.DARK
    assert application.theme.tokens.scheme.value == "dark"
    qtbot.waitUntil(lambda: stored(tmp_path).get("theme") == "dark")
    pick(page, "Send with", "Ctrl+Enter")
    assert application.page.composer.edit.send_key is SendKey.CTRL_ENTER


def test_a_switch_applies_at_once(open_window, qtbot, tmp_path):
    application = open_window()
    page = open_settings(application)
    switch = control(page, "Reduce motion", Switch)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert application.theme.reduced_motion
    qtbot.waitUntil(lambda: stored(tmp_path).get("reduce_motion") is True)
    switch.setFocus()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert not application.theme.reduced_motion


def test_text_grows_with_the_arrows_and_when_the_mouse_lets_go(open_window, whole_again):
    application = open_window()
    page = open_settings(application)
    slider = control(page, "Text size", Slider)
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert Type.INTERFACE.px == round(14 * 1.05)
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert Type.READING.line_px == 48
    assert application.page.header.title.font().pixelSize() == 28
    here = slider.rect().center()
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=here)
    assert Type.READING.line_px == 48, "the slider would move under the mouse"
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=here)
    assert Type.READING.line_px < 48
    field = control(page, "Text size", NumberField)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "100")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert Type.READING.line_px == 24


def test_the_stored_text_size_holds_from_the_start(open_window, whole_again, tmp_path):
    (tmp_path / "settings.json").write_text('{"text_size_percent": 150}')
    application = open_window()
    assert application.page.header.title.font().pixelSize() == 21
    assert application.page.header.height() == 78


def test_numbers_of_the_model_are_told_to_who_follows(open_window, qtbot, tmp_path):
    application = open_window()
    told: list[tuple[str, int]] = []
    application.settings.changed.connect(lambda setting, value: told.append((setting.name, value)))
    page = open_settings(application)
    threads = control(page, "Threads", NumberField)
    assert threads.text() == ""
    threads.setFocus()
    QTest.keyClicks(threads, "3")
    rest = control(page, "Rest after minutes", NumberField)
    assert rest.text() == "30"
    rest.setFocus()
    QTest.keyClick(rest, Qt.Key.Key_Up)
    assert told == [("threads", 3), ("idle_unload_minutes", 35)]
    qtbot.waitUntil(lambda: stored(tmp_path).get("idle_unload_minutes") == 35)
    threads.setFocus()
    QTest.keyClick(threads, Qt.Key.Key_Backspace)
    assert application._settings.effective(THREADS).value == 0
    assert application._settings.effective(IDLE_UNLOAD_MINUTES).value == 35


def test_the_lock_after_idle_begins_to_count_at_once(open_window, monkeypatch):
    application = open_window()
    started: list[bool] = []
    monkeypatch.setattr(application.keeping, "watch_idleness", lambda: started.append(True))
    page = open_settings(application)
    pick(page, "Lock after idle", "15 minutes")
    assert started == [True]
    assert application._settings.effective(AUTO_LOCK_MINUTES).value == 15


@pytest.mark.parametrize(("button", "days"), [("act", 30), ("cancel", 0)])
def test_deleting_old_chats_is_asked_first(open_window, button, days):
    application = open_window()
    page = open_settings(application)
    pick(page, "Delete chats after", "30 days")
    dialog = application.window.findChild(ConfirmDialog)
    assert dialog is not None
    assert application._settings.effective(DELETE_AFTER_DAYS).value == 0
    QTest.mouseClick(getattr(dialog, button), Qt.MouseButton.LeftButton)
    assert application._settings.effective(DELETE_AFTER_DAYS).value == days
    assert control(page, "Delete chats after", ChoiceButton).choice == (1 if days else 0)


def test_the_search_leaves_what_matches(open_window):
    application = open_window()
    page = open_settings(application)
    assert page.search.hasFocus()
    QTest.keyClicks(page.search, "motion")
    shown = [s.heading.text() for s in page.sections if s.isVisible()]
    assert shown == ["Appearance"]
    assert control(page, "Reduce motion", Switch).isVisible()
    assert not control(page, "Use the system’s font", Switch).isVisible()
    QTest.keyClicks(page.search, "xyz")
    assert page.nothing.isVisible()
    assert "motionxyz" in page.nothing.text()
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.search.text() == ""
    assert not page.nothing.isVisible()
    assert application.settings.is_open


def test_escape_goes_back_to_the_chat(open_window):
    application = open_window()
    page = open_settings(application)
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.page
    assert application.page.composer.edit.hasFocus()
    page = open_settings(application)
    control(page, "Reduce motion", Switch).setFocus()
    QTest.keyClick(application.window, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.page
    assert not application.settings.is_open


def test_the_sidebar_and_the_back_button_lead_there_and_back(open_window):
    application = open_window()
    row = application.window.sidebar.settings
    rest = row.grab().toImage()
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert application.settings.is_open
    QTest.mouseMove(application.window, application.window.rect().center())
    assert row.grab().toImage() != rest
    QTest.mouseClick(application.settings.page.back, Qt.MouseButton.LeftButton)
    assert application.window.page_now() is application.page
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    QTest.mouseClick(application.window.sidebar.new_chat, Qt.MouseButton.LeftButton)
    assert application.window.page_now() is application.page


def test_a_menu_opens_it_too(open_window):
    application = open_window()
    QTest.keyClick(application.window, Qt.Key.Key_F10)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(each for each in menu.actions() if each.text().startswith("Settings"))
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert application.settings.is_open
    QTest.keyClick(application.window, Qt.Key.Key_F10)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()


def test_in_a_narrow_window_a_button_shows_the_sidebar(open_window):
    application = open_window(width=700)
    page = open_settings(application)
    assert page.sidebar.isVisible()
    QTest.mouseClick(page.sidebar, Qt.MouseButton.LeftButton)
    assert application.window.shell.is_open_over()


def test_tab_reaches_every_control(open_window, qtbot):
    application = open_window()
    page = open_settings(application)
    qtbot.waitUntil(lambda: not page.answers_section.card.isHidden())
    wanted = {
        each
        for kind in (Switch, Slider, NumberField, ChoiceButton)
        for each in page.findChildren(kind)
        if each.isVisible() and each.isEnabled()
    }
    seen = set()
    for _ in range(80):
        QTest.keyClick(application.window.focusWidget(), Qt.Key.Key_Tab)
        seen.add(application.window.focusWidget())
    assert wanted <= seen
    assert all(each.accessibleName() for each in wanted)


def test_what_new_chats_begin_with_is_kept_in_the_history(open_window, qtbot, history_door):
    application = open_window()
    page = open_settings(application)
    qtbot.waitUntil(lambda: not page.answers_section.card.isHidden())
    field = control(page, "Temperature", NumberField)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1.25")
    QTest.keyClicks(page.answers.prompt, "Be brief.")
    wanted = ChatSettings(system_prompt="Be brief.", temperature=1.25)
    assert application.chat.settings == wanted
    application.close()
    application.window.hide()
    again = open_window(door=history_door, waits=True)
    qtbot.waitUntil(lambda: again.tuning.shelf.new_chats == wanted)
    assert again.chat.settings == wanted
    assert again.settings.page.answers.prompt.toPlainText() == "Be brief."


def test_restore_recommended_leaves_the_prompt(open_window, qtbot):
    application = open_window()
    page = open_settings(application)
    qtbot.waitUntil(lambda: not page.answers_section.card.isHidden())
    page.answers.show_settings(ChatSettings(system_prompt="Be brief.", top_k=5))
    page.restore.setFocus()
    QTest.keyClick(page.restore, Qt.Key.Key_Space)
    assert page.answers.settings == ChatSettings(system_prompt="Be brief.")


def test_of_a_locked_history_nothing_is_shown(open_window, qtbot):
    application = open_window()
    page = application.settings.page
    qtbot.waitUntil(lambda: not page.answers_section.card.isHidden())
    page.answers.prompt.setPlainText("Secret words")
    qtbot.waitUntil(lambda: application.tuning.shelf._unstored is None)
    QTest.keyClick(application.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not application.tuning.shelf.is_open)
    assert page.answers.prompt.toPlainText() == ""
    assert page.answers_section.card.isHidden()
    assert not page.no_history.isHidden()


def test_before_a_locked_history_only_how_it_looks_can_be_changed(open_window, qtbot):
    application = open_window()
    QTest.keyClick(application.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: application.window.page_now() is application.keeping.page)
    page = open_settings(application)
    assert application.window.sidebar.settings._is_selected
    assert not control(page, "Lock after idle", ChoiceButton).isEnabled()
    assert not control(page, "Delete chats after", ChoiceButton).isEnabled()
    assert not page.answers.prompt.isVisible()
    assert control(page, "Reduce motion", Switch).isEnabled()
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert application.window.page_now() is application.keeping.page
    open_settings(application)
    application.history.open()
    qtbot.waitUntil(lambda: application.window.page_now() is application.page)
    assert not application.window.sidebar.settings._is_selected
    open_settings(application)
    assert control(page, "Lock after idle", ChoiceButton).isEnabled()


def test_large_text_fits_a_locked_window(open_window, qtbot, whole_again):
    application = open_window(width=1280, height=800)
    QTest.keyClick(application.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: application.window.page_now() is application.keeping.page)
    application.settings.choose(TEXT_SIZE_PERCENT, 200)
    qtbot.wait(1)
    screen = application.keeping.page.screen_now()
    assert screen.title.height() == screen.title.heightForWidth(screen.title.width())
    assert screen.sentence.height() >= screen.sentence.heightForWidth(screen.sentence.width())
    assert application.window.sidebar.width() == 396
    application.settings.choose(TEXT_SIZE_PERCENT, 100)
    qtbot.wait(1)
    assert application.window.sidebar.width() == 264
    assert screen.title.height() == 28


def test_the_model_is_named_with_its_recommendations(open_window):
    application = open_window()
    assert application.settings.page.answers_section.heading.text().endswith(", Fake-135M")


def test_notices_are_seen_on_the_page(open_window):
    application = open_window()
    page = open_settings(application)
    application.notices.warning("Something to know.")
    assert [toast.notice.text for toast in page.toasts.toasts()] == ["Something to know."]


def test_the_history_is_one_press_away(open_window):
    application = open_window()
    page = open_settings(application)
    page.history.setFocus()
    QTest.keyClick(page.history, Qt.Key.Key_Space)
    dialog = application.desk.dialog
    assert dialog is not None
    dialog.auto_lock_chosen.emit(5)
    assert control(page, "Lock after idle", ChoiceButton).choice == 2, "shown here too"
    dialog.accept()


def test_only_languages_that_are_there_are_offered(tmp_path, monkeypatch):
    monkeypatch.setattr("app.translations.ASSETS", tmp_path)
    assert languages() == (Language.AUTO, Language.ENGLISH)
    (tmp_path / "translations").mkdir()
    (tmp_path / "translations" / "pitcher_de.qm").write_bytes(b"")
    assert languages() == (Language.AUTO, Language.ENGLISH, Language.GERMAN)


def test_what_is_as_it_was_is_not_told(open_window):
    application = open_window()
    told: list[object] = []
    application.settings.changed.connect(lambda setting, _value: told.append(setting))
    for setting in (THEME, REDUCE_MOTION, SEND_KEY, TEXT_SIZE_PERCENT, SYSTEM_FONT):
        application.settings.choose(setting, application._settings.effective(setting).value)
    assert told == []
