"""A theme, and widgets in a window that is on the screen and has the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.settings import ThemeChoice
from app.theme.assets import load_fonts
from app.theme.theme import Theme
from app.widgets.row_list import RowList


@pytest.fixture
def english() -> Iterator[None]:
    """Numbers as they are written in English, whatever the machine's language is."""
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def theme(qapp: QApplication, qtbot: QtBot) -> Iterator[Theme]:
    """Light."""
    load_fonts()
    made = Theme(qapp, ThemeChoice.LIGHT)
    yield made
    made.set_text(100, is_system_font=False)
    made.deleteLater()


@pytest.fixture
def still_theme(qapp: QApplication, qtbot: QtBot) -> Iterator[Theme]:
    """Light, and nothing moves."""
    load_fonts()
    made = Theme(qapp, ThemeChoice.LIGHT)
    made.reduce_motion(True)
    yield made
    made.set_text(100, is_system_font=False)
    made.deleteLater()


@pytest.fixture
def show_active(qtbot: QtBot) -> Callable[..., QWidget]:
    """Shows widgets one below the other in a window of a size, which is active then."""
    held: list[QWidget] = []  # qtbot holds none of them; they go with this function

    def show(*widgets: QWidget, width: int, height: int) -> QWidget:
        window = QWidget()
        held.append(window)
        column = QVBoxLayout(window)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            column.addWidget(widget)
        window.resize(width, height)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return show


@pytest.fixture
def show(show_active: Callable[..., QWidget]) -> Callable[..., QWidget]:
    """The same in a window as large as a few controls need."""
    return lambda *widgets: show_active(*widgets, width=700, height=300)


@pytest.fixture
def row_window(still_theme: Theme, show_active: Callable[..., QWidget]) -> QWidget:
    """A window with a `list` of rows between two buttons, `before` and `after`."""
    made, before, after = RowList(still_theme, "List"), QPushButton("before"), QPushButton("after")
    shown = show_active(before, made, after, width=700, height=500)
    shown.list, shown.before, shown.after = made, before, after
    return shown
