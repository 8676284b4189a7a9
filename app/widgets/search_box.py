"""The sidebar's search: a row that becomes a field where one types.

For: the sidebar, which shows what was found below it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.theme.icons import Icon
from app.theme.metrics import SIZE
from app.theme.theme import Theme
from app.widgets.button import IconButton
from app.widgets.search_field import SearchField
from app.widgets.sidebar_row import SidebarRow

SEARCH_KEYS = QKeySequence("Ctrl+F")


class SearchBox(QWidget):
    """The row until it is pressed; then the field, until it is given up or left empty."""

    changed = Signal(str)
    ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = SidebarRow(theme, Icon.SEARCH, self.tr("Search"), SEARCH_KEYS)
        self.field = SearchField(theme, self)
        # Beside the field, not in it: Tab passes over what lies in a field.
        self.end_button = IconButton(
            theme,
            Icon.CLOSE,
            self.tr("End the search"),
            size=SIZE.icon_lg,
            icon_size=SIZE.icon_xs,
            parent=self,
        )
        self.setFixedHeight(SIZE.row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(self.field)
        self.row.clicked.connect(self.begin)
        self.field.textChanged.connect(self.changed)
        self.field.escaped.connect(self._on_escaped)
        self.end_button.clicked.connect(self._on_escaped)
        self.field.installEventFilter(self)
        self._show_field(False)

    @property
    def words(self) -> str:
        """What is searched for."""
        return self.field.text().strip()

    def begin(self) -> None:
        """Show the field, ready to be typed into, or over."""
        self._show_field(True)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def end(self) -> None:
        """Nothing is searched for any more."""
        self.field.forget()
        self._show_field(False)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """An empty field that is left becomes the row again."""
        is_left = event.type() == QEvent.Type.FocusOut and not self.words
        if is_left and QApplication.focusWidget() is not self.end_button:
            self._show_field(False)
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the button at the field's right."""
        super().resizeEvent(event)
        inset = (self.height() - self.end_button.height()) // 2
        self.end_button.move(self.width() - self.end_button.width() - inset, inset)
        self.end_button.raise_()

    def _on_escaped(self) -> None:
        self.end()
        self.ended.emit()

    def _show_field(self, is_shown: bool) -> None:
        # The new one first: a focused widget that hides hands the focus to a neighbour.
        self.field.setVisible(is_shown)
        self.end_button.setVisible(is_shown)
        self.row.setVisible(not is_shown)
