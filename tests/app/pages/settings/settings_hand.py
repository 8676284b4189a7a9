"""Opens the settings and uses their controls as a person does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.widgets.choice_button import ChoiceButton


def open_settings(application):
    QTest.keyClick(application.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert application.window.page_now() is application.settings.page
    return application.settings.page


def control(page: QWidget, name: str, kind: type) -> QWidget:
    """The control of a setting, by its name."""
    found = [
        each for each in page.findChildren(kind) if each.accessibleName().split(":")[0] == name
    ]
    assert len(found) == 1, name
    return found[0]


def pick(page: QWidget, name: str, words: str) -> None:
    """Open a choice's menu with the keyboard and take a line of it."""
    choice = control(page, name, ChoiceButton)
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_Space)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(each for each in menu.actions() if each.text() == words)
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)
