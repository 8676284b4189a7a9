"""What has the keyboard is seen: an area scrolls to it, and shows when it has it itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.theme.theme import Theme, ThemeChoice
from app.widgets.focus_inside import FocusInside
from app.widgets.focus_ring import FocusRing
from app.widgets.keep_in_sight import KeepInSight

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def theme(qapp) -> Theme:
    return Theme(qapp, ThemeChoice.LIGHT)


@pytest.fixture
def window(qtbot):
    """A field above an area with two fields far apart, scrolled to its end."""
    made = QWidget()
    above = QLineEdit()
    content = QWidget()
    column = QVBoxLayout(content)
    first, last = QLineEdit(), QLineEdit()
    column.addWidget(first)
    column.addSpacing(2000)
    column.addWidget(last)
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    outer = QVBoxLayout(made)
    outer.addWidget(above)
    outer.addWidget(area)
    made.above, made.area, made.first = above, area, first
    made.resize(300, 300)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    above.setFocus()
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    return made


def test_tab_into_an_area_that_is_scrolled_away_scrolls_back(window):
    KeepInSight(window.area)
    QTest.keyClick(window.above, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.first
    assert not window.first.visibleRegion().isEmpty()


def test_a_field_beside_the_area_leaves_it_where_it_is(window):
    KeepInSight(window.area)
    place = window.area.verticalScrollBar().value()
    window.above.clearFocus()
    window.above.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.area.verticalScrollBar().value() == place
    window.area.takeWidget().deleteLater()
    window.above.clearFocus()
    window.above.setFocus()


def test_an_area_that_has_the_keyboard_has_a_ring_within_it(window, theme):
    FocusInside(theme, window.area)
    area = window.area
    area.setFocus(Qt.FocusReason.MouseFocusReason)
    assert area.findChildren(FocusRing) == []
    window.above.setFocus()
    area.setFocus(Qt.FocusReason.TabFocusReason)
    (ring,) = area.findChildren(FocusRing)
    assert ring.isVisible()
    assert area.rect().contains(ring.geometry())
    window.resize(400, 400)
    QApplication.sendPostedEvents()
    assert area.rect().contains(ring.geometry())
    window.above.setFocus()
    assert not ring.isVisible()


def test_in_a_dialog_the_ring_is_the_dialogs(qtbot, window, theme):
    from PySide6.QtWidgets import QDialog

    from app.widgets.focus_ring import KeyboardFocus

    dialog = QDialog(window)
    button = QPushButton("Done", dialog)
    KeyboardFocus(theme, button, 8)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    button.clearFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    (ring,) = dialog.findChildren(FocusRing)
    assert ring.window() is dialog
    dialog.close()
