"""The model that answers, by its name: a button of the header that offers the others."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QAccessible, QColor, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.icons import Icon
from app.theme.metrics import RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.type_styles import Type, font_of
from app.widgets.button import BaseButton
from app.widgets.cut_words import is_cut, paint_cut, tells_cut
from app.widgets.one_line import in_short

_MOST_CHARS = 4_000


class ModelButton(BaseButton):
    """As quiet as a label until the mouse is over it; without words it is not there."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, RADIUS.control, parent)
        self.setFont(font_of(Type.SMALL_MEDIUM))
        self.setFixedHeight(SIZE.button)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:  # noqa: N802
        """Show a name, which anyone may have given: nothing in it is hidden, no letter a key."""
        words = in_short(" ".join(text.split()), _MOST_CHARS)
        super().setText(words)
        self.setShortcut(QKeySequence())
        self.setAccessibleName(self.tr("Model: {name}").format(name=words))
        self.setVisible(bool(words))
        self.updateGeometry()

    def fill_state(self, state: QAccessible.State) -> None:
        """It opens a menu."""
        state.hasPopup = 1

    def event(self, event: QEvent) -> bool:
        """A name that is cut is said whole under the mouse."""
        return tells_cut(event, self, self._cut_words) or super().event(event)

    def sizeHint(self) -> QSize:  # noqa: N802
        """The name with its padding, and the arrow."""
        return QSize(
            self.fontMetrics().horizontalAdvance(self.text()) + self._beside(), self.height()
        )

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A few letters."""
        return QSize(self._beside(), self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the name and the arrow."""
        tokens = self.theme.tokens
        painter = QPainter(self)
        self.fill(painter, self.quiet_ground())
        painter.setPen(QColor(tokens.text2))
        painter.setFont(self.font())
        words = self.rect().adjusted(SPACE.sm, 0, -(self._beside() - SPACE.sm), 0)
        paint_cut(painter, words, self.text())
        size = float(SIZE.icon_xs)
        left = self.width() - SPACE.sm - size
        arrow = QRectF(left, (self.height() - size) / 2.0, size, size)
        self.theme.icons.paint(painter, Icon.UNFOLDED, arrow, tokens.text2)

    def _beside(self) -> int:
        return 2 * SPACE.sm + SPACE.xs + SIZE.icon_xs

    def _cut_words(self) -> str:
        return self.text() if is_cut(self, self.text(), self.width() - self._beside()) else ""
