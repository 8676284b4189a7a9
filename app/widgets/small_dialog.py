"""A dialog of a few words: a title, a sentence, what a subclass adds, and two buttons.

As high as its words need; where that is more than its window has, they scroll above the buttons.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button
from app.widgets.label import Label
from app.widgets.scroll_column import ScrollColumn
from app.widgets.wrap_layout import WrapLayout


class SmallDialog(QDialog):
    """Title, sentence, what a subclass adds to `body`, and two buttons: Cancel and `act`."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        sentence: str,
        action: str,
        parent: QWidget,
        width: int | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setFixedWidth(min(width or SIZE.dialog_small, parent.window().width()))
        self._most_height = max(SIZE.window_min_height, parent.window().height())
        self.body = QVBoxLayout()
        self.cancel = Button(theme, self.tr("Cancel"))
        self.act = Button(theme, action)
        self._content = QWidget()
        self._area = ScrollColumn()
        words = QVBoxLayout(self._content)
        words.setContentsMargins(SPACE.xxl, SPACE.xl, SPACE.xxl, SPACE.lg)
        words.setSpacing(SPACE.md)
        words.addWidget(Label(theme, title, Type.CARD_TITLE, wrap=True))
        words.addWidget(Label(theme, sentence, Type.INTERFACE, Ink.TEXT2, wrap=True))
        words.addLayout(self.body)
        self._buttons = WrapLayout(far=(self.cancel, self.act))
        self._buttons.setContentsMargins(SPACE.xxl, 0, SPACE.xxl, SPACE.lg)
        self._lay_out(title)
        self.cancel.clicked.connect(self.reject)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """As high as its words need: Qt leaves a window's height out of that."""
        self.fit()
        super().showEvent(event)

    def fit(self) -> None:
        """Take the height that the words need now, as far as the window has it."""
        words = self._content.layout()
        assert words is not None
        # Also beside a bar: one that came up in between goes only where nothing needs it.
        widths = (self.width(), self.width() - self._area.verticalScrollBar().sizeHint().width())
        inside = max(words.totalHeightForWidth(width) for width in widths)
        needed = inside + self._buttons.heightForWidth(self.width())
        self.setFixedHeight(min(needed, self._most_height))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The page's ground."""
        QPainter(self).fillRect(self.rect(), QColor(self.theme.tokens.surface))

    def _lay_out(self, title: str) -> None:
        self._area.setAccessibleName(title)
        self._area.setWidget(self._content)
        self._area.leave_keyboard()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._area, 1)
        column.addLayout(self._buttons)
