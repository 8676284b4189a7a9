"""A chat's settings as rows: what is set, what the model recommends, and what can't be."""

from __future__ import annotations

from dataclasses import fields

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.chats.chat_settings import ChatSettings
from app.settings import ThemeChoice
from app.theme.assets import load_fonts
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.widgets.answer_controls import AnswerControls
from app.widgets.answer_rows import number_settings
from inference.request import SamplerSettings

RECOMMENDED = SamplerSettings(temperature=0.6, top_p=0.95, top_k=20)

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.usefixtures("english"),
]


@pytest.fixture
def controls(qapp, qtbot):
    load_fonts()
    theme = Theme(qapp, ThemeChoice.LIGHT)
    made = AnswerControls(theme, theme)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for row in made.rows:
        column.addWidget(row)
    window.resize(720, 900)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.show_model(RECOMMENDED, thinks=True)
    yield made
    window.hide()
    theme.deleteLater()


@pytest.fixture
def told(controls) -> list[ChatSettings]:
    heard: list[ChatSettings] = []
    controls.changed.connect(heard.append)
    return heard


def type_in(controls: AnswerControls, field: str, words: str) -> None:
    edit = controls.numbers[field].field
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, words)


def test_what_is_recommended_is_shown_and_said(controls):
    row = controls.numbers["temperature"]
    assert row.field.text() == "0.60"
    assert row.slider.number == 0.6
    assert row.slider.recommended == 0.6
    assert row.words.text() == "Recommended 0.60"
    assert controls.settings == ChatSettings()


def test_a_number_is_typed_and_the_slider_follows(controls, told):
    type_in(controls, "temperature", "0.85")
    assert told[-1] == ChatSettings(temperature=0.85)
    assert controls.numbers["temperature"].slider.number == 0.85


def test_the_slider_moves_and_the_number_follows(controls, told):
    row = controls.numbers["top_p"]
    row.slider.setFocus()
    QTest.keyClick(row.slider, Qt.Key.Key_Left)
    assert told == [ChatSettings(top_p=0.94)]
    assert row.field.text() == "0.94"
    QTest.mouseClick(row.slider, Qt.MouseButton.LeftButton, pos=QPoint(1, 15))
    assert told[-1] == ChatSettings(top_p=0.01)


def test_arrows_in_an_emptied_field_begin_at_the_recommended_number(controls, told):
    type_in(controls, "temperature", "")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
    assert controls.numbers["temperature"].field.number == pytest.approx(0.65)


def test_the_recommended_number_is_not_set_at_all(controls, told):
    """Another model may recommend another one."""
    type_in(controls, "temperature", "0.85")
    type_in(controls, "temperature", "0.6")
    assert told[-1] == ChatSettings()
    controls.show_model(SamplerSettings(temperature=0.9), thinks=True)
    QApplication.focusWidget().clearFocus()
    assert controls.numbers["temperature"].slider.number == 0.9


@pytest.mark.parametrize(
    ("field", "words", "sentence"),
    [
        ("temperature", "101", "temperature must be between 0 and 100"),
        ("top_p", "0", "top-p must be above 0"),
        ("min_p", "2", "min-p must be between 0 and 1"),
        ("repeat_penalty", "11", "repeat penalty"),
        ("presence_penalty", "-11", "presence penalty"),
        ("seed", str(2**63), "seed must be 0 to"),
        ("max_tokens", "0", "at least 1"),
        ("top_k", "5000000", "from 0 to 1,000,000"),
        ("temperature", "hot", "from 0.00 to 100.00"),
    ],
)
def test_what_cannot_be_is_said_in_the_engines_words(controls, told, field, words, sentence):
    row = controls.numbers[field]
    row.field.setFocus()
    row.field.selectAll()
    row.field.insert(words)
    row.field.textEdited.emit(words)
    assert sentence in row.words.text()
    assert row.words.ink() is Ink.BAD
    assert not told
    controls.prompt.setFocus()
    assert row.words.ink() is Ink.TEXT2
    assert sentence not in row.words.text()


def test_an_empty_seed_is_a_new_one_each_time(controls, told):
    type_in(controls, "seed", "7")
    assert told[-1].seed == 7
    QTest.keyClick(controls.numbers["seed"].field, Qt.Key.Key_Backspace)
    assert told[-1].seed is None
    assert controls.numbers["seed"].field.placeholderText() == "Random"


def test_no_thinking_budget_is_no_limit(controls, told):
    row = controls.numbers["thinking_budget_tokens"]
    assert row.field.text() == ""
    assert row.slider.value() == row.slider.maximum()
    type_in(controls, "thinking_budget_tokens", "4096")
    assert told[-1].thinking_budget_tokens == 4096
    assert row.slider.number == 4096


def test_a_model_that_does_not_think_has_no_rows_for_it(controls):
    controls.show_model(RECOMMENDED, thinks=False)
    assert not controls.numbers["thinking_budget_tokens"].isVisible()
    offered = [field for field, row in controls.choices.items() if row.isVisible()]
    assert offered == ["leave_out_oldest"]
    controls.show_model(RECOMMENDED, thinks=True)
    assert all(row.isVisible() for row in controls.choices.values())


def test_the_prompt_has_several_lines_and_tab_leaves_it(controls, told):
    controls.prompt.setFocus()
    QTest.keyClicks(controls.prompt, "Be brief")
    QTest.keyClick(controls.prompt, Qt.Key.Key_Return)
    QTest.keyClicks(controls.prompt, "and kind")
    assert told[-1].system_prompt == "Be brief\nand kind"
    QTest.keyClick(controls.prompt, Qt.Key.Key_Tab)
    assert not controls.prompt.hasFocus()
    controls.prompt.set_locked(True)
    controls.prompt.setFocus()
    QTest.keyClicks(controls.prompt, "x")
    assert controls.prompt.toPlainText() == "Be brief\nand kind"


@pytest.mark.parametrize(
    ("field", "number", "value"),
    [
        ("thinking", 1, True),
        ("thinking", 2, False),
        ("keep_thoughts", 1, True),
        ("keep_thoughts", 2, False),
        ("leave_out_oldest", 1, True),
    ],
)
def test_a_choice_is_on_or_off_or_left_to_the_model(controls, told, field, number, value):
    choice = controls.choices[field].choice
    first = choice.text()
    for wanted in (number, 0):
        choice.setFocus()
        QTest.keyClick(choice, Qt.Key.Key_Space)
        menu = QApplication.activePopupWidget()
        menu.setActiveAction(menu.actions()[wanted])
        QTest.keyClick(menu, Qt.Key.Key_Return)
    assert choice.text() == first
    assert told == [ChatSettings(**{field: value}), ChatSettings()]


def test_what_is_shown_is_not_told(controls, told):
    wanted = ChatSettings(
        "Be brief.", 1.5, 7, 0.5, 0.1, 1.2, 0.5, -0.5, None, 9, 256, False, 512, True, True
    )
    controls.show_settings(wanted)
    assert controls.settings == wanted
    assert controls.prompt.toPlainText() == "Be brief."
    assert controls.choices["keep_thoughts"].choice.text() == "Kept"
    assert controls.choices["thinking"].choice.text() == "Off"
    assert controls.choices["leave_out_oldest"].choice.text() == "Leave out the oldest"
    assert {row.field.text() for row in controls.numbers.values()} >= {"1.50", "7", "512", "9"}
    assert not told


def test_everything_is_as_recommended_again_but_the_prompt(controls, told):
    controls.show_settings(
        ChatSettings(system_prompt="Be brief.", top_k=3, seed=4, leave_out_oldest=True)
    )
    controls.restore()
    assert told == [ChatSettings(system_prompt="Be brief.", leave_out_oldest=True)]
    assert controls.numbers["top_k"].field.text() == "20"


def test_an_emptied_prompt_is_none_at_all(controls, told):
    controls.show_settings(ChatSettings(system_prompt="x"))
    controls.prompt.setFocus()
    QTest.keyClick(controls.prompt, Qt.Key.Key_Delete)
    assert told[-1].system_prompt == ""


def test_each_setting_has_a_row(controls):
    known = {field.name for field in fields(ChatSettings)}
    named = [*(one.field for one in number_settings()), *controls.choices]
    without_row = {"system_prompt", "penalty_window_tokens"}
    assert sorted(named) == sorted(known - without_row)


def test_who_chose_to_be_asked_is_asked(controls):
    controls.show_settings(ChatSettings(leave_out_oldest=True))
    controls.show_settings(ChatSettings(leave_out_oldest=False))
    assert controls.choices["leave_out_oldest"].choice.text() == "Ask what to do"


@pytest.mark.parametrize("prompt", ["x" * 1_000_000, "line\n" * 100_000])
def test_a_prompt_without_end_is_shown_by_its_beginning_and_goes_as_a_whole(controls, told, prompt):
    controls.show_settings(ChatSettings(system_prompt=prompt))
    assert controls.prompt.toPlainText().startswith(prompt[:2_000])
    assert len(controls.prompt.toPlainText()) < 2_100
    assert f"{len(prompt):,} characters" in controls.prompt_row.words.text()
    QTest.keyClicks(controls.prompt, "typed")
    assert told == []
    type_in(controls, "top_p", "0.5")
    assert told[-1].system_prompt == prompt, "what is shown of it is not what is set"
    QTest.keyClick(controls.prompt, Qt.Key.Key_Delete)
    assert told[-1].system_prompt == ""
    assert "characters" not in controls.prompt_row.words.text()
    QTest.keyClicks(controls.prompt, "Be brief.")
    assert told[-1].system_prompt == "Be brief."


def test_a_locked_prompt_without_end_stays(controls, told):
    controls.show_settings(ChatSettings(system_prompt="x" * 1_000_000))
    controls.prompt.set_locked(True)
    QTest.keyClick(controls.prompt, Qt.Key.Key_Delete)
    assert told == []
    assert controls.prompt.text == "x" * 1_000_000


def test_more_than_the_prompt_takes_is_not_pasted_and_told(controls, told):
    QTest.keyClicks(controls.prompt, "Be brief.")
    data = QMimeData()
    data.setText("word " * 200_000)
    controls.prompt.insertFromMimeData(data)
    assert controls.prompt.text == "Be brief."
    assert controls.prompt_row.words.text().startswith("Too long for this field: 1,000,000 char")
    data.setText(" And kind.")
    controls.prompt.insertFromMimeData(data)
    assert told[-1].system_prompt == "Be brief. And kind."
    assert "Too long" not in controls.prompt_row.words.text()
