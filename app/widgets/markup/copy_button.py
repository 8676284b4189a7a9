"""A button that copies and says so for a moment, its width the same for both words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme.icons import Icon
from app.theme.metrics import MOTION, RADIUS, SIZE, SPACE
from app.theme.theme import Theme
from app.theme.type_styles import Type, font_of
from app.widgets.announcing import announce
from app.widgets.button import BaseButton


class CopyButton(BaseButton):
    """An icon and a word; `text_of` says what is copied when it is pressed."""

    def __init__(
        self, theme: Theme, text_of: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, RADIUS.chip, parent)
        self._text_of = text_of
        self.setFont(font_of(Type.SMALL_MEDIUM))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(MOTION.copied_shown_ms)
        self._copied.timeout.connect(self._show_word)
        self.clicked.connect(self._copy)
        self.setAccessibleName(self.tr("Copy code"))
        self._show_word()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for either word."""
        metrics = QFontMetrics(font_of(Type.SMALL_MEDIUM))
        words = (self.tr("Copy"), self.tr("Copied"))
        widest = max(metrics.horizontalAdvance(word) for word in words)
        return QSize(widest + SIZE.icon_sm + SPACE.xs + 2 * SPACE.sm, SIZE.code_button)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw icon and word."""
        painter = QPainter(self)
        self.fill(painter, self.quiet_ground())
        tokens = self.theme.tokens
        icon = Icon.CHECK if self._copied.isActive() else Icon.COPY
        side = float(SIZE.icon_sm)
        place = QRectF(SPACE.sm, (self.height() - side) / 2.0, side, side)
        self.theme.icons.paint(painter, icon, place, tokens.text2)
        painter.setPen(QColor(tokens.text2))
        painter.setFont(self.font())
        words = self.rect().adjusted(SPACE.sm + SIZE.icon_sm + SPACE.xs, 0, 0, 0)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, int(align), self.text())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text_of())
        self._copied.start()
        self._show_word()
        announce(self, self.tr("Copied"))

    def _show_word(self) -> None:
        self.setText(self.tr("Copied") if self._copied.isActive() else self.tr("Copy"))
        self.update()
