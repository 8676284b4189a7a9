"""A way to go on: a button with an icon, what it is, a sentence about it, and an arrow.

For: the first page that a new user sees.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import BaseButton
from app.widgets.icon_view import IconView
from app.widgets.label import Label


class WayRow(BaseButton):
    """As high as its words need; they wrap."""

    def __init__(self, theme: Theme, icon: Icon, title: str, sentence: str = "") -> None:
        super().__init__(theme, RADIUS.control)
        self.setAutoDefault(True)  # Enter presses it too
        self._title = Label(theme, title, Type.INTERFACE_MEDIUM, wrap=True)
        self._sentence = Label(theme, "", Type.CAPTION, Ink.TEXT2, wrap=True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._lay_out(theme, icon)
        self.setAccessibleName(title)
        self.say(sentence)

    @property
    def sentence(self) -> str:
        """What is said about it now."""
        return self._sentence.text()

    def say(self, sentence: str) -> None:
        """What it means now."""
        self._sentence.setText(sentence)
        self.setAccessibleDescription(sentence)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Its words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """What the words need."""
        return self._row.totalHeightForWidth(width)

    def sizeHint(self) -> QSize:  # noqa: N802
        """That of its words: Qt's own would be a label's."""
        return self._row.totalSizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A line of each."""
        return self._row.totalMinimumSize()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ground; the rest are its labels."""
        self.fill(QPainter(self), self.quiet_ground())

    def _lay_out(self, theme: Theme, icon: Icon) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._sentence)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(SPACE.md, SPACE.sm, SPACE.md, SPACE.sm)
        self._row.setSpacing(SPACE.md)
        self._row.addWidget(IconView(theme, icon, Ink.TEXT2, SIZE.icon))
        self._row.addLayout(words, 1)
        self._row.addWidget(IconView(theme, Icon.OPEN, Ink.TEXT2, SIZE.icon_sm))
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
