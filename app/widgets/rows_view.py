"""A list whose rows are painted by a delegate: what all of the window's lists have in common.

For: the chats, what was found, the palette. Which rows there are is the models' to say.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QFrame, QListView, QWidget

from app.theme.theme import Theme
from app.widgets.access_parts import Act
from app.widgets.access_rows import RowParts


class RowsView(QListView):
    """Rows on the ground of what is around them; one is the current one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: RowParts | None = None

    def show_rows(
        self, theme: Theme, model: QAbstractItemModel, delegate: QAbstractItemDelegate
    ) -> None:
        """Show a model's rows as a delegate paints them; called once, when all else is there."""
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setBackgroundRole(QPalette.ColorRole.NoRole)
        self.viewport().setAutoFillBackground(False)
        theme.changed.connect(self.doItemsLayout)

    def access_parts(self) -> RowParts:
        """The rows, and what can be done with each."""
        if self._parts is None:
            self._parts = RowParts(self, self.acts_of)
        return self._parts

    def acts_of(self, index: QModelIndex) -> tuple[Act, ...]:
        """What can be done with a row."""
        raise NotImplementedError
