"""Words with controls beside them, or below them where both in one line are too much.

For: rows of settings, dialogs and toasts, whose words are longer in another language and whose
controls are wider with larger text.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QWidget

from app.theme.metrics import SPACE

_BESIDE = QBoxLayout.Direction.LeftToRight
_BELOW = QBoxLayout.Direction.TopToBottom


class BesideLayout(QBoxLayout):
    """`least_px` tells the width that the words ask for at least; what is left is theirs too.

    `inset_px`: how far inside a control that has no ground its own words begin. Below, they then
    begin where those above do.
    """

    def __init__(
        self,
        words: QLayout | QWidget,
        controls: tuple[QWidget, ...],
        least_px: Callable[[], int],
        spacing: int = SPACE.xl,
        inset_px: int = 0,
    ) -> None:
        super().__init__(_BESIDE)
        # Not asked for as an item: what PySide holds of one outlives it.
        self._words = words
        self._least_px = least_px
        self._beside_px = spacing
        self._inset_px = inset_px
        self._controls = QHBoxLayout()
        self._controls.setSpacing(spacing)
        for control in controls:
            self._controls.addWidget(control)
        self._controls.addStretch(0)
        self.setSpacing(spacing)
        if isinstance(words, QWidget):
            self.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
        else:
            self.addLayout(words, 1)
        self.addLayout(self._controls)

    @property
    def is_below(self) -> bool:
        """Whether the controls stand below the words now."""
        return self.direction() == _BELOW

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Choose how they stand, then place them."""
        is_below = not self._has_room(rect.width())
        if is_below != self.is_below:
            self.setDirection(_BELOW if is_below else _BESIDE)
            self.setSpacing(SPACE.sm if is_below else self._beside_px)
        super().setGeometry(rect)
        if is_below and self._inset_px:  # a layout's margin of less than nothing means "unset"
            below = self._controls.geometry()
            self._controls.setGeometry(self._aligned(self.contentsRect(), below))

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """Words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """As it would be at that width, however they stand now."""
        margins, controls = self.contentsMargins(), self._controls.sizeHint()
        inside = width - margins.left() - margins.right()
        edges = margins.top() + margins.bottom()
        if self._has_room(width):
            words = self._words_height(inside - self._controls_px())
            return max(words, controls.height()) + edges
        return self._words_height(inside) + SPACE.sm + controls.height() + edges

    def sizeHint(self) -> QSize:  # noqa: N802
        """Side by side, with the words as wide as they ask for."""
        margins = self.contentsMargins()
        width = self._wanted() + margins.left() + margins.right()
        return QSize(width, self.heightForWidth(width))

    def minimumSize(self) -> QSize:  # noqa: N802
        """Below one another."""
        margins = self.contentsMargins()
        width = self._controls.minimumSize().width() + margins.left() + margins.right()
        return QSize(width, super().minimumSize().height())

    def _aligned(self, words: QRect, below: QRect) -> QRect:
        parent = self.parentWidget()
        is_mirrored = parent is not None and parent.isRightToLeft()
        before, after = (0, self._inset_px) if is_mirrored else (self._inset_px, 0)
        aligned = words.adjusted(-before, 0, after, 0)
        aligned.setTop(below.top())
        aligned.setBottom(below.bottom())
        return aligned

    def _wanted(self) -> int:
        return self._least_px() + self._controls_px()

    def _controls_px(self) -> int:
        """How wide they are with their distance from the words."""
        width = self._controls.sizeHint().width()
        return width + self._beside_px if width else 0

    def _has_room(self, width: int) -> bool:
        margins = self.contentsMargins()
        return self._wanted() <= width - margins.left() - margins.right()

    def _words_height(self, width: int) -> int:
        words = self._words
        if isinstance(words, QWidget) and words.isHidden():
            return 0
        height = words.heightForWidth(width) if words.hasHeightForWidth() else -1
        least = words.minimumSizeHint() if isinstance(words, QWidget) else words.minimumSize()
        return max(words.sizeHint().height() if height < 0 else height, least.height())
