"""What judges the window finds what does not fit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QScrollArea, QWidget

from tests.app.fitting import faults

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

WORDS = "words that are quite long"


class Painted(QWidget):
    """Paints words into an area, cut or not."""

    def __init__(self, parent: QWidget, area: QRect, *, is_cut: bool = False) -> None:
        super().__init__(parent)
        self._area = area
        self._is_cut = is_cut
        self.setGeometry(0, 0, 300, 60)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        words = WORDS
        if self._is_cut:
            words = painter.fontMetrics().elidedText(WORDS, Qt.TextElideMode.ElideRight, 40)
        painter.drawText(self._area, 0, words)


@pytest.fixture
def root(bare_window):
    return bare_window(400, 100)


def added(widget: QWidget) -> QWidget:
    widget.show()
    return widget


def test_words_with_room_are_fine(root):
    added(Painted(root, QRect(0, 0, 300, 40)))
    assert faults(root) == []


def test_words_wider_than_their_room(root):
    added(Painted(root, QRect(0, 0, 30, 40)))
    (fault,) = faults(root)
    assert "px wide and has 30" in fault


def test_words_higher_than_their_room(root):
    added(Painted(root, QRect(0, 0, 300, 4)))
    (fault,) = faults(root)
    assert "px high and has 4" in fault


def test_words_that_leave_their_widget(root):
    added(Painted(root, QRect(200, 0, 300, 40)))
    (fault,) = faults(root)
    assert "leaves its widget" in fault


def test_words_that_are_cut_need_a_tooltip(root):
    painted = added(Painted(root, QRect(0, 0, 300, 40), is_cut=True))
    (fault,) = faults(root)
    assert f"of “{WORDS}” is shown" in fault
    painted.setToolTip(f"{WORDS}.")
    assert faults(root) == []


def test_a_widget_beyond_its_parent_unless_it_can_be_scrolled_to(root):
    added(QWidget(root)).setGeometry(350, 0, 100, 20)
    assert faults(root) == ["QWidget: from 350 to 449 of 400 px"]
    area = QScrollArea(root)
    area.resize(100, 100)
    area.setWidget(QWidget())
    area.widget().resize(200, 200)
    area.show()
    assert faults(root) == ["QWidget: from 350 to 449 of 400 px"]


def test_neighbours_on_one_another(root):
    row = QHBoxLayout(root)
    one, other = QWidget(), QWidget()
    row.addWidget(one)
    row.addWidget(other)
    QApplication.processEvents()
    assert faults(root) == []
    other.setGeometry(one.geometry())
    assert faults(root) == ["QWidget and QWidget lie on one another"]


def test_a_placeholder_that_is_cut(root):
    field = added(QLineEdit(root))
    field.setPlaceholderText(WORDS)
    field.resize(300, 30)
    assert faults(root) == []
    field.resize(60, 30)
    (fault,) = faults(root)
    assert f"“{WORDS}” is cut" in fault
