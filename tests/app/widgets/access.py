"""What a screen reader would be told and would do, in this process; and what it would hear."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface

PRESS = QAccessibleActionInterface.pressAction()
Role = QAccessible.Role


class Ears:
    """Stands for QAccessible where something is announced, and keeps it."""

    def __init__(self, *, is_active: bool = True) -> None:
        self._is_active = is_active
        self.heard: list[str] = []

    def isActive(self) -> bool:
        return self._is_active

    def updateAccessibility(self, event) -> None:
        self.heard.append(event.message())


def face(thing: QObject) -> QAccessibleInterface:
    """The face of a widget."""
    found = QAccessible.queryAccessibleInterface(thing)
    assert found is not None
    return found


def children(of: QAccessibleInterface) -> list[QAccessibleInterface]:
    """What stands in it."""
    found = [of.child(number) for number in range(of.childCount())]
    assert [of.indexOfChild(each) for each in found] == list(range(len(found)))
    return found


def everything(of: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """It, and all that stands in it and can be seen."""
    if of.state().invisible:
        return
    yield of
    for each in children(of):
        yield from everything(each)


def name(of: QAccessibleInterface) -> str:
    """What it is called."""
    return of.text(QAccessible.Text.Name)


def description(of: QAccessibleInterface) -> str:
    """What is said about it."""
    return of.text(QAccessible.Text.Description)


def named(of: QAccessibleInterface, role: QAccessible.Role) -> list[str]:
    """The names of all of a role."""
    return [name(each) for each in everything(of) if each.role() == role]


def act(of: QAccessibleInterface, action: str = PRESS) -> None:
    """Tell it to do something."""
    actions = of.actionInterface()
    assert actions is not None, f"{name(of)!r} can do nothing"
    assert action in actions.actionNames()
    actions.doAction(action)
