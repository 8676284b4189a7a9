"""Parts of widgets as Qt's accessibility has them: a face for each part, and for who has parts.

For `Faces`, which makes and keeps them. PySide6 has no QAccessibleTableInterface, so a table is
told by its structure: rows in it, cells in these, and each cell knows its row, its column and its
head.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleInterface,
    QAccessibleObject,
    QAccessibleSelectionInterface,
    QAccessibleTableCellInterface,
)
from PySide6.QtWidgets import QAbstractItemView, QAccessibleWidget, QWidget
from shiboken6 import Object, VoidPtr, getCppPointer

from app.widgets.access_parts import Act, Cell, Part, Parted, PartList

_Interface = QAccessible.InterfaceType
# None, which is what PySide6 gives for a null pointer, can't be given back for one: it crashes.
_NOTHING = VoidPtr(0)


def face_of(thing: QObject | None) -> QAccessibleInterface | None:
    """The face of an object; None where it has none."""
    return None if thing is None else QAccessible.queryAccessibleInterface(thing)


def parts_of(owner: object) -> PartList:
    """The parts of a widget that has some."""
    assert isinstance(owner, Parted)
    return owner.access_parts()


class PartActions(QAccessibleActionInterface):
    """What a part can be told to do."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self._part = part

    def actionNames(self) -> list[str]:  # noqa: N802
        """The most usual one first."""
        return [act.name for act in self._part.told().acts]

    def localizedActionName(self, name: str) -> str:  # noqa: N802
        """In the window's language."""
        act = self._act(name)
        return act.words if act is not None else name

    def localizedActionDescription(self, name: str) -> str:  # noqa: N802
        """The same words: they say all."""
        return self.localizedActionName(name)

    def keyBindingsForAction(self, _name: str) -> list[str]:  # noqa: N802
        """Keys belong to the widget, which has the keyboard."""
        return []

    def doAction(self, name: str) -> None:  # noqa: N802
        """Do it; what it can't do any more is passed over."""
        act = self._act(name)
        if act is not None:
            act.run()

    def _act(self, name: str) -> Act | None:
        return next((act for act in self._part.told().acts if act.name == name), None)


class CellPlace(QAccessibleTableCellInterface):
    """Where a cell stands in its table."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self._part = part

    def rowIndex(self) -> int:  # noqa: N802
        """From the top, the head being the first."""
        return self._cell().row

    def columnIndex(self) -> int:  # noqa: N802
        """From the left."""
        return self._cell().column

    def rowExtent(self) -> int:  # noqa: N802
        """Cells are never joined."""
        return 1

    def columnExtent(self) -> int:  # noqa: N802
        """Cells are never joined."""
        return 1

    def isSelected(self) -> bool:  # noqa: N802
        """Text is selected, and not cells."""
        return False

    def rowHeaderCells(self) -> list[QAccessibleInterface]:  # noqa: N802
        """Markdown heads columns alone."""
        return []

    def columnHeaderCells(self) -> list[QAccessibleInterface]:  # noqa: N802
        """The cell above all others, where it is drawn."""
        head = self._cell().head
        if head is None:
            return []
        row = parts_of(self._part.surface.parentWidget()).at(head[0])
        cells = row.parts() if row is not None else ()
        face = face_of(cells[head[1]]) if head[1] < len(cells) else None
        return [face] if face is not None else []

    def table(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """What has the table's role."""
        return face_of(self._part.surface)

    def _cell(self) -> Cell:
        cell = self._part.told().cell
        assert cell is not None
        return cell


class PartFace(QAccessibleObject):
    """A part: its role, its words, its place, and what can be done with it."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self._actions = PartActions(part)
        self._place = CellPlace(part) if part.told().cell is not None else None

    def role(self) -> QAccessible.Role:
        """As it is told."""
        return self._part().told().role

    def text(self, kind: QAccessible.Text) -> str:
        """Name and description."""
        told = self._part().told()
        if kind == QAccessible.Text.Name:
            return told.name
        return told.description if kind == QAccessible.Text.Description else ""

    def state(self) -> QAccessible.State:
        """Seen where its surface is; out of sight where it is scrolled away."""
        state = QAccessible.State()
        part = self._part()
        told, surface = part.told(), part.surface
        state.invisible = int(not surface.isVisible())
        state.offscreen = int(not told.area().intersects(surface.rect()))
        state.readOnly = 1
        if told.is_checked is not None:
            state.checkable, state.checked = 1, int(told.is_checked)
        if told.is_selected is not None:
            state.selectable, state.selected = 1, int(told.is_selected)
            state.focusable, state.focused = 1, int(told.has_focus)
        return state

    def rect(self) -> QRect:
        """On the screen."""
        part = self._part()
        area = part.told().area()
        return QRect(part.surface.mapToGlobal(area.topLeft()), area.size())

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The part that it stands in, or what has the outermost ones."""
        part = self._part()
        within = part.parent()
        return face_of(within if isinstance(within, Part) else holder_of(part.surface))

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """What stands in it, or the field in which it is being written."""
        part = self._part()
        parts = part.parts()
        if index == len(parts) and part.editor() is not None:
            return face_of(part.editor())
        return face_of(parts[index]) if 0 <= index < len(parts) else None

    def childCount(self) -> int:  # noqa: N802
        """How many stand in it."""
        part = self._part()
        return len(part.parts()) + int(part.editor() is not None)

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802
        """The number of one that stands in it; -1 for what does not."""
        part, thing = self._part(), child.object()
        everything = [*part.parts(), part.editor()]
        return everything.index(thing) if thing in everything else -1

    def interface_cast(self, kind: QAccessible.InterfaceType) -> VoidPtr:  # type: ignore[override]
        """Actions where there are any, and a cell's place."""
        if kind == _Interface.ActionInterface and self._part().told().acts:
            return _pointer(self._actions)
        if kind == _Interface.TableCellInterface and self._place is not None:
            return _pointer(self._place)
        return _NOTHING

    def _part(self) -> Part:
        part = self.object()
        assert isinstance(part, Part)
        return part


class HolderFace(QAccessibleWidget):
    """A widget whose children are parts: a list, or the surface of a text."""

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A part by its number."""
        part = self.parts().at(index)
        return None if part is None else face_of(part)

    def childCount(self) -> int:  # noqa: N802
        """How many parts it has."""
        return self.parts().count()

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802
        """The number of a part; -1 for what is none."""
        return self.parts().number_of(child.object())

    def childAt(  # type: ignore[override]  # noqa: N802
        self, x: int, y: int
    ) -> QAccessibleInterface | None:
        """What is painted at a point of the screen."""
        surface = surface_of(self.widget())
        return self.child(self.parts().number_at(surface.mapFromGlobal(QPoint(x, y))))

    def text(self, kind: QAccessible.Text) -> str:
        """Of a surface, as its text is called where it is more than a filler."""
        widget, words = self.widget(), super().text(kind)
        owner = widget.parentWidget()
        if kind != QAccessible.Text.Name or words or owner is None or isinstance(widget, Parted):
            return words
        return "" if self.role() == QAccessible.Role.Client else owner.accessibleName()

    def parts(self) -> PartList:
        """As they are now."""
        widget = self.widget()
        return parts_of(widget if isinstance(widget, Parted) else widget.parentWidget())


class ListSelection(QAccessibleSelectionInterface):
    """The row that is meant: one, or none. Selecting another means it."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__()
        self._view = view

    def selectedItemCount(self) -> int:  # noqa: N802
        """One at most."""
        return len(self.selectedItems())

    def selectedItems(self) -> list[QAccessibleInterface]:  # noqa: N802
        """The rows that are selected."""
        rows = self._view.selectionModel().selectedIndexes()
        faces = (face_of(self._parts().at(index.row())) for index in rows)
        return [face for face in faces if face is not None]

    def selectedItem(self, number: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: N802
        """One of them."""
        items = self.selectedItems()
        return items[number] if 0 <= number < len(items) else None

    def isSelected(self, child: QAccessibleInterface) -> bool:  # noqa: N802
        """Whether a row is selected."""
        part = child.object()
        return isinstance(part, Part) and bool(part.told().is_selected)

    def select(self, child: QAccessibleInterface) -> bool:
        """Mean a row; False for what can't be meant."""
        number = self._parts().number_of(child.object())
        index = self._view.model().index(number, 0)
        part = self._parts().at(number)
        if part is None or part.told().is_selected is None:
            return False
        flags = self._view.selectionModel().SelectionFlag
        self._view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect)
        return True

    def unselect(self, _child: QAccessibleInterface) -> bool:
        """There is always a row that is meant."""
        return False

    def selectAll(self) -> bool:  # noqa: N802
        """One alone can be meant."""
        return False

    def clear(self) -> bool:
        """There is always a row that is meant."""
        return False

    def _parts(self) -> PartList:
        return parts_of(self._view)


class ListFace(HolderFace):
    """A list of painted rows, of which one is meant."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view, QAccessible.Role.List)
        self._selection = ListSelection(view)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: N802
        """The row that the keyboard means, while the list has it."""
        view = self.widget()
        assert isinstance(view, QAbstractItemView)
        return self.child(view.currentIndex().row()) if view.hasFocus() else super().focusChild()

    def interface_cast(self, kind: QAccessible.InterfaceType) -> VoidPtr:  # type: ignore[override]
        """What is selected, beside what Qt knows."""
        if kind == _Interface.SelectionInterface:
            return _pointer(self._selection)
        known = super().interface_cast(kind)
        return _NOTHING if known is None else known  # type: ignore[return-value]


def _pointer(interface: Object) -> VoidPtr:
    """An interface as C++ hands it on."""
    return VoidPtr(getCppPointer(interface)[0])


def surface_of(widget: QWidget) -> QWidget:
    """Where a holder's parts are painted."""
    return widget.viewport() if isinstance(widget, QAbstractItemView) else widget


def holder_of(surface: QWidget) -> QWidget:
    """The widget whose face has the parts that are painted on a surface."""
    parent = surface.parentWidget()
    return parent if isinstance(parent, QAbstractItemView) else surface
