"""What made an answer, a row for each thing, to read, to copy, and to prove by a replay.

For: the chat page. It knows what is recorded and nothing more; the replay is the controller's.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from app.chats.model import Provenance
from app.chats.provenance import replay_settings
from app.pages.chat.details_words import as_text, detail_rows, shown_rows
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, ButtonKind
from app.widgets.dialog_foot import foot
from app.widgets.focus_inside import FocusInside
from app.widgets.label import Label
from app.widgets.panel import Card, Ground
from app.widgets.scroll_column import ScrollColumn

_NAME_SHARE, _VALUE_SHARE = 2, 3
ROWS_AT_ONCE = 8  # 5 ms; what opens a dialog takes 15 more


class DetailsDialog(QDialog):
    """`replay_requested` is told once, and the dialog leaves with it."""

    replay_requested = Signal()

    def __init__(self, theme: Theme, provenance: Provenance, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._provenance = provenance
        self.rows = shown_rows(provenance)
        self._left = list(enumerate(self.rows))  # of them no labels are made yet
        self._grid = QGridLayout()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("What made this answer"))
        self.copy = Button(theme, self.tr("Copy all"), ButtonKind.QUIET, icon=Icon.COPY)
        self.replay = Button(theme, self.tr("Replay"))
        self.replay.setEnabled(replay_settings(provenance) is not None)
        self.done_button = Button(theme, self.tr("Done"), ButtonKind.PRIMARY)
        self.area = ScrollColumn(self.windowTitle())
        self._lay_out(parent)
        self.copy.clicked.connect(self._on_copy)
        self.replay.clicked.connect(self._on_replay)
        self.done_button.clicked.connect(self.accept)
        self.done_button.setDefault(True)
        self.done_button.setFocus()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The page's ground."""
        QPainter(self).fillRect(self.rect(), QColor(self._theme.tokens.surface))

    def _lay_out(self, parent: QWidget) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACE.xxl, 0, SPACE.xxl, SPACE.md)
        self.area.setWidget(content)
        FocusInside(self._theme, self.area)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._head())
        outer.addWidget(self.area, 1)
        column.addWidget(self._card())
        column.addStretch(1)
        self._add_rows()  # in a card that has its place: it would tell them of its new parents
        outer.addLayout(foot(self.copy, self.replay, self.done_button))
        width = min(SIZE.column, parent.width())
        self.setFixedWidth(width)
        self.resize(width, max(SIZE.window_min_height, parent.height() - SPACE.section))

    def _head(self) -> QVBoxLayout:
        words = self.tr("Replay asks the same once more, with the same settings and seed.")
        if not self.replay.isEnabled():
            words = self.tr("Not enough is recorded to replay this answer.")
        head = QVBoxLayout()
        head.setContentsMargins(SPACE.xxl, SPACE.xl, SPACE.xxl, SPACE.md)
        head.setSpacing(SPACE.xs)
        head.addWidget(Label(self._theme, self.windowTitle(), Type.CARD_TITLE))
        head.addWidget(Label(self._theme, words, Type.SMALL, Ink.TEXT2, wrap=True))
        return head

    def _card(self) -> Card:
        card = Card(self._theme, Ground.RAISED)
        grid = self._grid
        card.setLayout(grid)
        grid.setContentsMargins(SPACE.lg, SPACE.md, SPACE.lg, SPACE.md)
        grid.setHorizontalSpacing(SPACE.lg)
        grid.setVerticalSpacing(SPACE.sm)
        grid.setColumnStretch(0, _NAME_SHARE)
        grid.setColumnStretch(1, _VALUE_SHARE)
        return card

    def _add_rows(self) -> None:
        """Some at once, and more once the window has answered: all of them take 20 ms and more.

        A label that comes into view has the rows laid out, each of them anew, unless they wait.
        """
        now, self._left = self._left[:ROWS_AT_ONCE], self._left[ROWS_AT_ONCE:]
        self._grid.setEnabled(False)
        for number, (name, words) in now:
            title = Label(self._theme, name, Type.INTERFACE, Ink.TEXT2, wrap=True)
            value = Label(self._theme, words, Type.INTERFACE, wrap=True)
            value.setAccessibleDescription(name)
            self._grid.addWidget(title, number, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, number, 1)
            if self.isVisible():
                for label in (title, value):
                    label.show()
        self._grid.setEnabled(True)
        if self._left:
            QTimer.singleShot(0, self, self._add_rows)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(detail_rows(self._provenance)))

    def _on_replay(self) -> None:
        self.accept()
        self.replay_requested.emit()
