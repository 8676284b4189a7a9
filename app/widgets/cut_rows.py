"""Rows of lists whose words may be cut: said whole under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from app.widgets.cut_words import tells_cut

Index = QModelIndex | QPersistentModelIndex


class CutRowsDelegate(QStyledItemDelegate):
    """Draws rows; `cut_words` says what of one is not shown whole in so much room, or ""."""

    def helpEvent(  # noqa: N802
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Qt's: the mouse rests on a row."""
        width_px = option.rect.width()
        return tells_cut(event, view.viewport(), lambda: self.cut_words(width_px, index))

    def cut_words(self, width_px: int, index: Index) -> str:
        """What is cut where the row is so wide."""
        raise NotImplementedError
