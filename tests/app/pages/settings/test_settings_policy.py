"""The settings page under an administrator's policy: what it locks, and where it can't be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.settings import (
    AUTO_LOCK_MINUTES,
    SUGGEST_TITLES,
    THEME,
    ThemeChoice,
)
from app.widgets.choice_button import ChoiceButton
from app.widgets.switch import Switch
from tests.app.pages.settings.settings_hand import control, open_settings

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def policy(tmp_path: Path, monkeypatch) -> Path:
    """A policy that locks four settings of the windows to come."""
    from app.policy import read_policy
    from app.settings import LOCKABLE, Settings

    class Locked(Settings):
        """The window of a test turns suggested titles off, which is locked here."""

        def __init__(self, own: Path) -> None:
            super().__init__(own, read_policy(file, LOCKABLE))

        def change(self, setting, value) -> None:
            if setting is not SUGGEST_TITLES:
                super().change(setting, value)

    file = tmp_path / "policy.toml"
    file.write_text(
        "[settings]\nauto_lock_minutes = 15\ndelete_after_days = 30\nsuggest_titles = false\n"
        "theme = 'light'\n"
    )
    monkeypatch.setattr("app.settings.Settings", Locked)
    return file


def test_what_a_policy_locks_is_shown_and_cannot_be_changed(policy, open_window):
    application = open_window()
    page = open_settings(application)
    banner = page.privacy.banner
    assert banner is not None
    assert banner.file.text() == str(policy)
    assert banner.sentence.text().startswith("3 settings")
    switch = control(page, "Suggest titles", Switch)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert not switch.isChecked()
    choice = control(page, "Lock after idle", ChoiceButton)
    choice.setFocus(Qt.FocusReason.TabFocusReason)
    assert choice.hasFocus()
    QTest.keyClick(choice, Qt.Key.Key_Space)
    assert QApplication.activePopupWidget() is None
    assert str(policy) in choice.accessibleDescription()
    assert application._settings.effective(AUTO_LOCK_MINUTES).value == 15


def test_a_menu_cannot_change_what_is_locked_either(policy, open_window, hand):
    application = open_window()
    application.settings.choose(THEME, ThemeChoice.DARK)
    assert application.theme.choice is ThemeChoice.LIGHT
    assert any(str(policy) in text for text in hand.toast_texts(application))
    application.desk.open()
    dialog = application.desk.dialog
    assert dialog is not None
    QTest.mouseClick(dialog.delete_after, Qt.MouseButton.LeftButton)
    assert QApplication.activePopupWidget() is None
    dialog.accept()


def test_a_policy_that_cannot_be_used_is_said(policy, open_window, hand):
    policy.write_text("nonsense")
    application = open_window()
    assert any("strictest" in text for text in hand.toast_texts(application))
    assert application._settings.effective(AUTO_LOCK_MINUTES).value == 1
