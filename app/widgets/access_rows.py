"""The rows of a painted list as parts: read by name, opened and worked on by what is asked of them.

For: views whose delegate paints their rows. A row stays the same part while its place in the
model is known; a model that is reset has new ones.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.widgets.access_parts import Act, Part, Told

_Index = QModelIndex | QPersistentModelIndex
_NONE = Told(QAccessible.Role.ListItem, "")  # of a row that is gone
ActsOf = Callable[[QModelIndex], tuple[Act, ...]]


class RowPart(Part):
    """A row, or the label of a group."""

    def __init__(self, rows: RowParts, index: QModelIndex) -> None:
        super().__init__(rows.view.viewport(), rows)
        self._rows = rows
        self.index = QPersistentModelIndex(index)

    def told(self) -> Told:
        """As the model and the view have it now."""
        index, view = self._here(), self._rows.view
        if not index.isValid():
            return _NONE
        role = Qt.ItemDataRole
        name = str(index.data(role.AccessibleTextRole) or index.data() or "")
        description = str(index.data(role.AccessibleDescriptionRole) or "")
        if not index.flags() & Qt.ItemFlag.ItemIsSelectable:
            return Told(QAccessible.Role.Heading, name, description, area=self._area)
        check = index.data(role.CheckStateRole)
        return Told(
            QAccessible.Role.ListItem,
            name,
            description,
            self._rows.acts_of(index),
            self._area,
            is_checked=None if check is None else check == Qt.CheckState.Checked,
            is_selected=view.selectionModel().isSelected(index),
            has_focus=view.hasFocus() and view.currentIndex() == index,
        )

    def editor(self) -> QWidget | None:
        """The field in which it is being written."""
        return self._rows.view.indexWidget(self._here())

    def _here(self) -> QModelIndex:
        return self._rows.view.model().index(self.index.row(), 0)

    def _area(self) -> QRect:
        return self._rows.view.visualRect(self._here())


class RowParts(QObject):
    """All rows of a view; those that somebody asked for are parts."""

    def __init__(self, view: QAbstractItemView, acts_of: ActsOf) -> None:
        super().__init__(view)
        self.view = view
        self.acts_of = acts_of
        self._parts: dict[int, RowPart] = {}
        model = view.model()
        assert isinstance(model, QAbstractItemModel)
        for signal in (model.rowsInserted, model.rowsRemoved, model.rowsMoved):
            signal.connect(self._on_moved)
        model.layoutChanged.connect(self._on_moved)
        model.modelReset.connect(self._on_moved)

    def count(self) -> int:
        """How many rows there are."""
        return self.view.model().rowCount()

    def at(self, number: int) -> Part | None:
        """One of them; None beyond the end."""
        if not 0 <= number < self.count():
            return None
        if number not in self._parts:
            self._parts[number] = RowPart(self, self.view.model().index(number, 0))
        return self._parts[number]

    def number_of(self, part: QObject | None) -> int:
        """Its number; -1 for what is none of them."""
        return part.index.row() if isinstance(part, RowPart) and part.parent() is self else -1

    def number_at(self, point: QPoint) -> int:
        """Which row is painted at a point; -1 where there is none."""
        return self.view.indexAt(point).row()

    def _on_moved(self) -> None:
        """Rows have other places now, or are gone."""
        parts, self._parts = self._parts.values(), {}
        for part in parts:
            if part.index.isValid():
                self._parts[part.index.row()] = part
            else:
                part.deleteLater()
