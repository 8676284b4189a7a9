"""What assistive technology is told of a widget beyond what Qt can know by its class.

For buttons that fold something or open a menu of their own, and for painted widgets in which Qt
sees a filler, which screen readers pass over. A widget says its state (`Stated`), what it is
(`Roled`), or what is in it that is no widget (`Parted`); all else is as Qt has it.
"""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from PySide6.QtCore import QObject
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleInterface,
    QAccessibleStateChangeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAccessibleWidget,
    QScrollArea,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from app.widgets.access_parts import Part, Parted
from app.widgets.part_faces import HolderFace, ListFace, PartFace

_SWEEP_FROM = 256


@runtime_checkable
class Stated(Protocol):
    """A button that knows more about its state."""

    def fill_state(self, state: QAccessible.State) -> None:
        """Add to what Qt knows."""
        ...


@runtime_checkable
class Roled(Protocol):
    """A widget that is something else than Qt sees in it."""

    ACCESS_ROLE: ClassVar[QAccessible.Role]


@runtime_checkable
class Ordered(Protocol):
    """A widget whose parts are read in another order than that of their making."""

    def parts_in_order(self) -> list[QWidget]:
        """All its parts."""
        ...


@runtime_checkable
class PartedText(Parted, Protocol):
    """A text with parts: they stand in its surface, which may be more than a filler."""

    PARTS_ROLE: ClassVar[QAccessible.Role]


class OrderedFace(QAccessibleWidget):
    """Parts in the order in which they are seen: rows are made in the order of scrolling."""

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A part by its place."""
        parts = self._parts()
        if not 0 <= index < len(parts):
            return None
        return QAccessible.queryAccessibleInterface(parts[index])

    def childCount(self) -> int:  # noqa: N802
        """How many parts it has."""
        return len(self._parts())

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802
        """The place of a part; -1 for what is none."""
        parts = self._parts()
        thing = child.object()
        return parts.index(thing) if thing in parts else -1

    def _parts(self) -> list[QWidget]:
        widget = self.widget()
        return widget.parts_in_order() if isinstance(widget, Ordered) else []


class AreaFace(QAccessibleWidget):
    """What scrolls: a group where it has a name, which a filler's is passed over with."""

    def role(self) -> QAccessible.Role:
        """By its name, which may come later than its face."""
        roles = QAccessible.Role
        return roles.Grouping if self.widget().accessibleName() else roles.Client


class ButtonFace(QAccessibleWidget):
    """A button with a state of its own: pressed, named and focused as all are."""

    def __init__(self, button: QAbstractButton) -> None:
        super().__init__(button, QAccessible.Role.Button)

    def text(self, kind: QAccessible.Text) -> str:
        """Its words, where it has no other name."""
        words = super().text(kind)
        if kind == QAccessible.Text.Name and not words:
            return self._button().text().replace("&", "")
        return words

    def state(self) -> QAccessible.State:
        """As Qt has it, and what the button adds."""
        state = super().state()
        button = self._button()
        if isinstance(button, Stated):
            button.fill_state(state)
        return state

    def actionNames(self) -> list[str]:  # noqa: N802
        """It can be pressed, where it is enabled."""
        names = [QAccessibleActionInterface.setFocusAction()]
        if self._button().isEnabled():
            names.insert(0, QAccessibleActionInterface.pressAction())
        return names

    def doAction(self, name: str) -> None:  # noqa: N802
        """Press it, as a click does."""
        if name == QAccessibleActionInterface.pressAction():
            self._button().click()
        else:
            super().doAction(name)

    def _button(self) -> QAbstractButton:
        # Asked for each time: a face that held its widget would keep it from going.
        widget = self.widget()
        assert isinstance(widget, QAbstractButton)
        return widget


class Faces:
    """Makes the faces, and keeps them as long as Qt has them.

    A face that Python let go of would be freed under Qt's hands; so nothing else may own one.
    """

    def __init__(self) -> None:
        self._kept: list[QAccessibleInterface] = []
        self._sweep_at = _SWEEP_FROM

    def face_of(self, _class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
        """A widget's or a part's own face; None where Qt's is right."""
        face = _made(thing)
        if face is not None:
            self._kept.append(face)
            if len(self._kept) >= self._sweep_at:
                self._kept = [each for each in self._kept if isValid(each)]
                self._sweep_at = max(_SWEEP_FROM, 2 * len(self._kept))
        return face

    def kept(self) -> int:
        """How many are kept now."""
        return len(self._kept)


def install_faces() -> None:
    """From now on such widgets show their own faces; once a process is enough."""
    QAccessible.installFactory(Faces().face_of)


def renew_face(widget: QWidget) -> None:
    """Have whoever asks next find a new face: of a widget's parts Qt asks before it is whole."""
    if QAccessible.isActive():
        face = QAccessible.queryAccessibleInterface(widget)
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(face))


def tell_state(widget: QWidget, changed: QAccessible.State) -> None:
    """Tell whoever listens what has changed of a widget's state."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleStateChangeEvent(widget, changed))


def _made(thing: QObject | None) -> QAccessibleInterface | None:
    if isinstance(thing, Part):
        return PartFace(thing)
    if not isinstance(thing, QWidget):
        return None
    if isinstance(thing, QAbstractButton) and isinstance(thing, Stated):
        return ButtonFace(thing)
    if isinstance(thing, Roled):
        kind = OrderedFace if isinstance(thing, Ordered) else QAccessibleWidget
        return kind(thing, thing.ACCESS_ROLE)
    if isinstance(thing, QAbstractItemView) and isinstance(thing, Parted):
        return ListFace(thing)
    if isinstance(thing, QScrollArea):
        return AreaFace(thing)
    text = thing.parentWidget()
    # A text itself keeps Qt's face, which can be read by letters and by lines.
    if isinstance(text, QTextEdit) and isinstance(text, PartedText) and text.viewport() is thing:
        return HolderFace(thing, text.PARTS_ROLE)
    return None
