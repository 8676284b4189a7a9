"""What is seen within a widget and is no widget itself, as assistive technology is told of it.

For: widgets that paint rows, links or cells (`Parted`). Their parts are made when somebody asks
for them, and never where nobody does; `part_faces` shows them to Qt. A part is a QObject, so that
Qt's own bookkeeping of faces ends with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleActionInterface
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Act:
    """Something that a part can be told to do. `name` is one of Qt's, or a word of our own."""

    name: str
    words: str  # for people
    run: Callable[[], object]


def press(words: str, run: Callable[[], object]) -> Act:
    """What a click on it does: what screen readers look for."""
    return Act(QAccessibleActionInterface.pressAction(), words, run)


@dataclass(frozen=True)
class Cell:
    """A place in a table: row and column, and the numbers of the parts that head the column."""

    row: int
    column: int
    head: tuple[int, int] | None = None  # row and cell among the parts


@dataclass(frozen=True)
class Told:
    """All that is told of a part."""

    role: QAccessible.Role
    name: str
    description: str = ""
    acts: tuple[Act, ...] = field(default=(), compare=False)
    area: Callable[[], QRect] = field(default=QRect, compare=False)  # on the surface
    parts: tuple[Told, ...] = ()
    cell: Cell | None = None
    is_checked: bool | None = None  # None: nothing to check
    is_selected: bool | None = None  # None: nothing to select
    has_focus: bool = False


class Part(QObject):
    """One of them; what is told of it may change."""

    def __init__(self, surface: QWidget, within: QObject) -> None:
        """`within` is the part that it stands in, or the list of the outermost ones."""
        super().__init__(within)
        self.surface = surface  # the widget on which it is painted

    def told(self) -> Told:
        """What is told of it now."""
        raise NotImplementedError

    def parts(self) -> Sequence[Part]:
        """What stands in it."""
        return ()

    def editor(self) -> QWidget | None:
        """The widget in which it is being written, while it is."""
        return None


class PartList(Protocol):
    """The outermost parts of a widget, in the order in which they are read."""

    def count(self) -> int:
        """How many there are."""
        ...

    def at(self, number: int) -> Part | None:
        """One of them; None beyond the end."""
        ...

    def number_of(self, part: QObject | None) -> int:
        """Its number; -1 for what is none of them."""
        ...

    def number_at(self, point: QPoint) -> int:
        """Which one is painted at a point of the surface; -1 where there is none."""
        ...


@runtime_checkable
class Parted(Protocol):
    """A widget with parts."""

    def access_parts(self) -> PartList:
        """Its parts, as they are now."""
        ...


class ToldPart(Part):
    """A part that keeps what was told of it, with all that stands in it."""

    def __init__(self, surface: QWidget, within: QObject, told: Told) -> None:
        super().__init__(surface, within)
        self._told = told
        self._parts: list[ToldPart] = []
        self.tell(told)

    def told(self) -> Told:
        """As it was told last."""
        return self._told

    def tell(self, told: Told) -> None:
        """It is this now."""
        self._told = told
        fit(self._parts, told.parts, self.surface, self)

    def parts(self) -> Sequence[ToldPart]:
        """What stands in it."""
        return self._parts


class ToldList(QObject):
    """Parts that are told all at once, and again when something has changed."""

    def __init__(self, surface: QWidget) -> None:
        super().__init__(surface)
        self._surface = surface
        self._parts: list[ToldPart] = []

    def tell(self, told: Sequence[Told]) -> None:
        """These are there now."""
        fit(self._parts, told, self._surface, self)

    def count(self) -> int:
        """How many there are."""
        return len(self._parts)

    def at(self, number: int) -> Part | None:
        """One of them; None beyond the end."""
        return self._parts[number] if 0 <= number < len(self._parts) else None

    def number_of(self, part: QObject | None) -> int:
        """Its number; -1 for what is none of them."""
        return self._parts.index(part) if part in self._parts else -1

    def number_at(self, point: QPoint) -> int:
        """The first whose area has the point."""
        areas = (part.told().area() for part in self._parts)
        return next((number for number, area in enumerate(areas) if area.contains(point)), -1)


def fit(parts: list[ToldPart], told: Sequence[Told], surface: QWidget, within: QObject) -> None:
    """Make parts say what is told: those of a growing text stay who they are."""
    for part in parts[len(told) :]:
        part.deleteLater()
    del parts[len(told) :]
    for number, each in enumerate(told):
        if number == len(parts):
            parts.append(ToldPart(surface, within, each))
        elif parts[number].told().role == each.role:
            parts[number].tell(each)
        else:
            parts[number].deleteLater()
            parts[number] = ToldPart(surface, within, each)
