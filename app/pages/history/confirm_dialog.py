"""One question before something that can't be taken back; the safe answer has the focus."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button
from app.widgets.label import Label


class SmallDialog(QDialog):
    """Title, sentence, what a subclass adds to `body`, and two buttons: Cancel and `act`."""

    def __init__(
        self, theme: Theme, title: str, sentence: str, action: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setFixedWidth(SIZE.dialog_small)
        self.body = QVBoxLayout()
        self.cancel = Button(theme, self.tr("Cancel"))
        self.act = Button(theme, action)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE.sm)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.act)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xxl, SPACE.xl, SPACE.xxl, SPACE.lg)
        column.setSpacing(SPACE.md)
        column.addWidget(Label(theme, title, Type.CARD_TITLE, wrap=True))
        column.addWidget(Label(theme, sentence, Type.INTERFACE, Ink.TEXT2, wrap=True))
        column.addLayout(self.body)
        column.addSpacing(SPACE.xs)
        column.addLayout(buttons)
        self.cancel.clicked.connect(self.reject)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """As high as its words need: Qt leaves a window's height out of that."""
        column = self.layout()
        if column is not None and column.hasHeightForWidth():
            self.setFixedHeight(column.totalHeightForWidth(self.width()))
        super().showEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The page's ground."""
        QPainter(self).fillRect(self.rect(), QColor(self.theme.tokens.surface))


class ConfirmDialog(SmallDialog):
    """Asks once. Enter cancels; what is destructive has to be chosen."""

    def __init__(
        self, theme: Theme, title: str, sentence: str, action: str, parent: QWidget
    ) -> None:
        super().__init__(theme, title, sentence, action, parent)
        self.cancel.setDefault(True)
        self.cancel.setFocus()
        self.act.clicked.connect(self.accept)
