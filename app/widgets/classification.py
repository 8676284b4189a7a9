"""The classification that an administrator has shown above everything: one line in its colour.

For: the main window, and every dialog of it (`app/window_banner.py`). It can't be closed, and its
words can't be selected; what is cut is said whole under the mouse.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.restrictions import Banner
from app.theme.metrics import SIZE, SPACE
from app.theme.tokens import BANNERS
from app.theme.type_styles import Type, font_of
from app.widgets.cut_words import is_cut, tells_cut


class Classification(QLabel):
    """As wide as what it stands above, whatever its words."""

    def __init__(self, banner: Banner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground, self._ink = BANNERS[banner.colour]
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(banner.words)
        self.setAccessibleName(self.tr("Classification: {words}").format(words=banner.words))
        self.setFont(font_of(Type.SMALL_STRONG))
        self.setFixedHeight(SIZE.banner)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def event(self, event: QEvent) -> bool:
        """What is cut is said whole under the mouse."""
        return tells_cut(event, self, self._cut_words) or super().event(event)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Its words ask for no room: they are cut instead."""
        return QSize(0, SIZE.banner)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The colour, and the words in the middle."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._ground))
        painter.setPen(QColor(self._ink))
        painter.setFont(self.font())
        room = self.rect().adjusted(SPACE.md, 0, -SPACE.md, 0)
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width() + 1
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), shown)

    def _cut_words(self) -> str:
        return self.text() if is_cut(self, self.text(), self.width() - 2 * SPACE.md) else ""
