"""What assistive technology is told where Qt alone could not know it."""

from __future__ import annotations

import gc
from typing import ClassVar

import pytest
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleStateChangeEvent
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QWidget
from shiboken6 import delete

from app.widgets import faces
from app.widgets.faces import Faces, install_faces, tell_state

NAME = QAccessible.Text.Name
PRESS = QAccessibleActionInterface.pressAction()


class Fold(QPushButton):
    is_open = False

    def fill_state(self, state: QAccessible.State) -> None:
        state.expandable = 1
        state.expanded = int(self.is_open)


class Group(QWidget):
    ACCESS_ROLE: ClassVar = QAccessible.Role.Grouping


class Rows(QWidget):
    ACCESS_ROLE: ClassVar = QAccessible.Role.List

    def parts_in_order(self) -> list[QWidget]:
        return sorted(self.findChildren(QWidget), key=QWidget.y)


@pytest.fixture(autouse=True)
def installed(qapp):
    install_faces()


def test_a_button_that_folds_says_so_and_is_pressed(qtbot):
    fold = Fold("&Thoughts")
    qtbot.addWidget(fold)
    fold.clicked.connect(lambda: setattr(fold, "is_open", not fold.is_open))
    face = QAccessible.queryAccessibleInterface(fold)
    assert face.role() == QAccessible.Role.Button
    assert face.text(NAME) == "Thoughts"
    assert face.state().expandable
    assert not face.state().expanded
    actions = face.actionInterface()
    assert actions.actionNames()[0] == PRESS
    actions.doAction(PRESS)
    assert face.state().expanded
    fold.setAccessibleName("Thought for 12 s")
    assert face.text(NAME) == "Thought for 12 s"
    fold.setEnabled(False)
    assert PRESS not in actions.actionNames()


def test_a_button_takes_the_focus_when_it_is_told_to(qtbot):
    fold = Fold("Fold")
    qtbot.addWidget(fold)
    fold.show()
    fold.activateWindow()
    qtbot.waitUntil(fold.isActiveWindow)
    face = QAccessible.queryAccessibleInterface(fold)
    face.actionInterface().doAction(QAccessibleActionInterface.setFocusAction())
    qtbot.waitUntil(fold.hasFocus)


def test_a_painted_widget_has_its_role(qtbot):
    group = Group()
    qtbot.addWidget(group)
    group.setAccessibleName("You wrote")
    face = QAccessible.queryAccessibleInterface(group)
    assert (face.role(), face.text(NAME)) == (QAccessible.Role.Grouping, "You wrote")
    assert Faces().face_of("QWidget", QWidget(group)) is None
    assert Faces().face_of("Nothing", None) is None


def test_what_scrolls_is_a_group_once_it_has_a_name(qtbot):
    area = QScrollArea()
    qtbot.addWidget(area)
    face = QAccessible.queryAccessibleInterface(area)
    assert face.role() == QAccessible.Role.Client
    area.setAccessibleName("Details")
    assert (face.role(), face.text(NAME)) == (QAccessible.Role.Grouping, "Details")


def test_rows_are_read_from_the_top_whatever_was_made_first(qtbot):
    rows = Rows()
    qtbot.addWidget(rows)
    for name, y in (("last", 40), ("first", 0), ("middle", 20)):
        row = QWidget(rows)
        row.setAccessibleName(name)
        row.move(0, y)
    face = QAccessible.queryAccessibleInterface(rows)
    children = [face.child(number) for number in range(face.childCount())]
    assert [child.text(NAME) for child in children] == ["first", "middle", "last"]
    assert [face.indexOfChild(child) for child in children] == [0, 1, 2]
    assert face.indexOfChild(face) == -1
    assert face.child(3) is None


def test_faces_go_with_their_widgets(qapp):
    for number in range(200):
        rows = Rows()
        folds = [Fold("f", rows) for _ in range(3)]
        face = QAccessible.queryAccessibleInterface(rows)
        assert [face.child(at).text(NAME) for at in range(3)] == ["f"] * 3
        for fold in folds:
            QAccessible.queryAccessibleInterface(fold).actionInterface().doAction(PRESS)
        if number % 2:
            rows.deleteLater()
        del rows, folds, fold, face
        if number % 20 == 0:
            QApplication.sendPostedEvents()
            gc.collect()
    assert QAccessible.queryAccessibleInterface(QWidget()) is not None


def test_only_faces_that_are_in_use_are_kept(qtbot):
    made = Faces()
    group = Group()
    qtbot.addWidget(group)
    made.face_of("Group", group)
    for _number in range(600):
        gone = made.face_of("Group", group)
        assert gone is not None
        delete(gone)
    assert made.kept() < 300


@pytest.mark.parametrize("is_active", [True, False])
def test_a_change_is_told_where_somebody_listens(qtbot, monkeypatch, is_active):
    told = []

    class Listening:
        State = QAccessible.State

        @staticmethod
        def isActive() -> bool:
            return is_active

        @staticmethod
        def updateAccessibility(event: QAccessibleStateChangeEvent) -> None:
            told.append(event.changedStates().expanded)

    monkeypatch.setattr(faces, "QAccessible", Listening)
    group = Group()
    qtbot.addWidget(group)
    changed = QAccessible.State()
    changed.expanded = 1
    tell_state(group, changed)
    assert told == ([1] if is_active else [])
