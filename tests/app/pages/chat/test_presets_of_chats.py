"""A chat's settings and presets over a real history: chosen, kept, renamed, deleted, put back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from shiboken6 import isValid

from app.bridge.history_states import Opening
from app.bridge.history_worker import HistoryWorker
from app.chats.chat_settings import ChatSettings
from app.chats.history_states import Ready
from app.notices import Notice, Notices
from app.pages.chat.preset_shelf import PresetShelf
from app.pages.chat.regenerate_dialog import RegenerateDialog
from app.pages.chat.settings_dialog import SettingsDialog
from app.settings import ThemeChoice
from app.theme.assets import load_fonts
from app.theme.theme import Theme
from inference.request import SamplerSettings

RECOMMENDED = SamplerSettings(temperature=0.6)
SOBER, WILD = ChatSettings(temperature=0.2), ChatSettings(temperature=1.4, top_k=0)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def theme(qapp, qtbot):
    load_fonts()
    made = Theme(qapp, ThemeChoice.LIGHT)
    yield made
    made.deleteLater()


@pytest.fixture
def window(bare_window):
    return bare_window(1000, 700)


@pytest.fixture
def shown() -> list[Notice]:
    return []


@pytest.fixture
def history(history_door, qtbot, shown):
    notices = Notices()
    notices.show_on(shown.append)
    worker = HistoryWorker(history_door, notices)
    yield worker, notices
    worker.close()


@pytest.fixture
def shelf(history, window, qtbot):
    worker, notices = history
    made = PresetShelf(worker, notices, window)
    worker.open()
    qtbot.waitUntil(lambda: isinstance(worker.state, Ready))
    return made


@pytest.fixture
def dialog(theme, shelf, window, qtbot):
    made = SettingsDialog(theme, shelf, window)
    made.show_chat(ChatSettings(), RECOMMENDED, thinks=True)
    made.open()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    if isValid(made):
        made.accept()


def names(shelf: PresetShelf) -> list[str]:
    return [preset.name for preset in shelf.presets]


def add(shelf: PresetShelf, qtbot, name: str, settings: ChatSettings) -> None:
    shelf.create(name, settings)
    qtbot.waitUntil(lambda: name in names(shelf))


def pick(menu: QMenu, words: str) -> None:
    """Open a menu and take a line of it by the keyboard."""
    menu.popup(menu.parentWidget().mapToGlobal(menu.parentWidget().rect().center()))
    action = next(each for each in menu.actions() if each.text() == words)
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def set_temperature(dialog: SettingsDialog, words: str) -> None:
    field = dialog.controls.numbers["temperature"].field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, words)


def test_what_is_changed_is_told_a_moment_later_and_at_the_end(dialog, qtbot):
    told: list[ChatSettings] = []
    dialog.changed.connect(told.append)
    set_temperature(dialog, "0.85")
    assert not told, "no write to the disk for every key"
    qtbot.waitUntil(lambda: told == [ChatSettings(temperature=0.85)])
    set_temperature(dialog, "0.9")
    QTest.mouseClick(dialog.done_button, Qt.MouseButton.LeftButton)
    assert told[-1] == ChatSettings(temperature=0.9)


def test_a_preset_is_made_of_what_holds_in_the_chat(dialog, shelf, qtbot):
    chosen: list[object] = []
    dialog.preset_chosen.connect(chosen.append)
    set_temperature(dialog, "0.2")
    pick(dialog.presets.menu_now(), "Save as a new preset…")
    assert dialog.presets.name.hasFocus()
    QTest.keyClick(dialog.presets.name, Qt.Key.Key_Return)
    assert dialog.presets.currentIndex() == 1, "it needs a name"
    QTest.keyClicks(dialog.presets.name, "Sober")
    QTest.keyClick(dialog.presets.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(shelf) == ["Sober"])
    qtbot.waitUntil(lambda: dialog.presets.choice.text() == "Sober")
    assert shelf.presets[0].settings == SOBER.pairs()
    assert chosen == [shelf.presets[0]]


def test_a_chosen_preset_is_the_chats_own_copy(dialog, shelf, qtbot):
    add(shelf, qtbot, "Wild", WILD)
    told: list[ChatSettings] = []
    dialog.changed.connect(told.append)
    pick(dialog.presets.choice.menu_now(), "Wild")
    assert told == [WILD]
    assert dialog.presets.state.text() == ""
    shelf.change(shelf.presets[0], SOBER)
    qtbot.waitUntil(lambda: dialog.presets.state.text() != "")
    assert dialog.controls.settings == WILD, "the preset changed, the chat did not"
    assert told == [WILD]


def test_a_changed_preset_is_marked_and_can_be_updated(dialog, shelf, qtbot):
    add(shelf, qtbot, "Sober", SOBER)
    pick(dialog.presets.choice.menu_now(), "Sober")
    set_temperature(dialog, "0.3")
    assert dialog.presets.state.text() == "Changed in this chat"
    pick(dialog.presets.menu_now(), "Update this preset")
    qtbot.waitUntil(lambda: dialog.presets.state.text() == "")
    assert shelf.presets[0].settings == (("temperature", 0.3),)


def test_a_preset_is_renamed_and_esc_leaves_the_name(dialog, shelf, qtbot):
    add(shelf, qtbot, "Sober", SOBER)
    pick(dialog.presets.choice.menu_now(), "Sober")
    pick(dialog.presets.menu_now(), "Rename…")
    QTest.keyClick(dialog.presets.name, Qt.Key.Key_Escape)
    assert dialog.presets.currentIndex() == 0
    assert dialog.isVisible()
    pick(dialog.presets.menu_now(), "Rename…")
    QTest.keyClicks(dialog.presets.name, "Dry & calm")
    QTest.mouseClick(dialog.presets.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(shelf) == ["Dry & calm"])
    assert dialog.presets.choice.accessibleName() == "Preset: Dry & calm"
    assert dialog.presets.choice.text() == "Dry && calm", "no letter is underlined"


def test_nothing_of_a_name_is_hidden(dialog, shelf, qtbot, shown):
    """Presets come with imported chats too."""
    evil = "Calm\u202e\tgnp.exe&<img src=x>\n"
    add(shelf, qtbot, evil, SOBER)
    pick_first = dialog.presets.choice.menu_now()
    words = [action.text() for action in pick_first.actions()][1]
    assert "\u202e" not in words
    assert "\t" not in words
    assert "&&<img src=x>" in words
    shelf.delete(shelf.presets[0])
    qtbot.waitUntil(lambda: bool(shown))
    assert "\u202e" not in shown[-1].text


def test_a_name_that_is_taken_is_said(dialog, shelf, qtbot, shown):
    add(shelf, qtbot, "Sober", SOBER)
    shelf.create("Sober", WILD)
    qtbot.waitUntil(lambda: any("name already" in notice.text for notice in shown))
    assert len(shelf.presets) == 1


def test_a_deleted_preset_can_be_put_back(dialog, shelf, qtbot, shown):
    add(shelf, qtbot, "Sober", SOBER)
    pick(dialog.presets.choice.menu_now(), "Sober")
    pick(dialog.presets.menu_now(), "Delete")
    qtbot.waitUntil(lambda: bool(shown))
    assert names(shelf) == []
    assert dialog.controls.settings == SOBER, "the chat keeps what it has"
    assert "Sober" in shown[-1].text
    assert shown[-1].action is not None
    shown[-1].action.run()
    qtbot.waitUntil(lambda: names(shelf) == ["Sober"])
    assert shelf.presets[0].settings == SOBER.pairs()


def test_without_a_preset_the_chat_stays_as_it_is(dialog, shelf, qtbot):
    add(shelf, qtbot, "Sober", SOBER)
    pick(dialog.presets.choice.menu_now(), "Sober")
    chosen: list[object] = []
    dialog.preset_chosen.connect(chosen.append)
    pick(dialog.presets.choice.menu_now(), "None")
    assert chosen == [None]
    assert dialog.controls.settings == SOBER


def test_settings_that_are_a_presets_name_it(dialog, shelf, qtbot):
    add(shelf, qtbot, "Sober", SOBER)
    dialog.show_chat(SOBER, RECOMMENDED, thinks=False)
    assert dialog.presets.preset == shelf.presets[0]
    dialog.show_chat(WILD, RECOMMENDED, thinks=False, preset_id=shelf.presets[0].id)
    assert dialog.presets.state.text() == "Changed in this chat"
    dialog.show_chat(ChatSettings(), RECOMMENDED, thinks=False, preset_id=4711)
    assert dialog.presets.preset is None


def test_new_chats_can_begin_so(dialog, shelf, qtbot, history):
    worker, notices = history
    set_temperature(dialog, "1.4")
    assert dialog.for_new.isEnabled()
    QTest.mouseClick(dialog.for_new, Qt.MouseButton.LeftButton)
    assert not dialog.for_new.isEnabled()
    assert shelf.new_chats == ChatSettings(temperature=1.4)
    shelf.flush()
    again = PresetShelf(worker, notices, dialog)
    worker.open()
    qtbot.waitUntil(lambda: again.new_chats == ChatSettings(temperature=1.4))


def test_a_chat_remembers_its_preset(shelf, history, qtbot):
    worker, _notices = history
    add(shelf, qtbot, "Sober", SOBER)
    made: list[int] = []
    worker.do(lambda h: h.store.create("Chat").id, made.append, what_failed="")
    qtbot.waitUntil(lambda: bool(made))
    shelf.remember(made[0], shelf.presets[0])
    told: list[int | None] = []
    shelf.preset_of(made[0], told.append)
    qtbot.waitUntil(lambda: told == [shelf.presets[0].id])
    shelf.remember(made[0], None)
    shelf.preset_of(made[0], told.append)
    qtbot.waitUntil(lambda: told[1:] == [None])


def test_a_locked_history_shows_no_presets(shelf, history, qtbot):
    worker, _notices = history
    add(shelf, qtbot, "Sober", SOBER)
    shelf.begin_new_chats_with(WILD)
    worker.lock()
    qtbot.waitUntil(lambda: not isinstance(worker.state, Ready | Opening))
    assert not shelf.is_open
    assert shelf.presets == ()
    assert shelf.new_chats == ChatSettings()
    shelf.flush()


def test_without_a_history_presets_are_not_offered(theme, history, window):
    worker, notices = history
    made = SettingsDialog(theme, PresetShelf(worker, notices, window), window)
    made.show_chat(ChatSettings(), RECOMMENDED, thinks=True)
    made.open()
    assert not made.presets.isEnabled()
    assert not made.for_new.isEnabled()
    made.accept()


def test_other_settings_for_one_answer(theme, window, qtbot):
    chosen: list[ChatSettings] = []
    chat = ChatSettings(system_prompt="Be brief.", temperature=0.9, seed=3)
    made = RegenerateDialog(theme, chat, RECOMMENDED, window, thinks=True)
    made.chosen.connect(chosen.append)
    made.open()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    assert made.numbers["seed"].field.text() == "", "the same seed would give the same answer"
    slider = made.numbers["temperature"].slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    pick(made.thinking.choice.menu_now(), "Off")
    QTest.mouseClick(made.act, Qt.MouseButton.LeftButton)
    assert chosen == [ChatSettings(system_prompt="Be brief.", temperature=2.0, thinking=False)]


def test_nothing_is_made_once_more_when_that_is_given_up(theme, window):
    chosen: list[object] = []
    made = RegenerateDialog(theme, ChatSettings(), RECOMMENDED, window, thinks=False)
    made.chosen.connect(chosen.append)
    made.open()
    assert not made.thinking.isVisible()
    QTest.mouseClick(made.cancel, Qt.MouseButton.LeftButton)
    assert not chosen
