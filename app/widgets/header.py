"""The header of a page: title, model, more; without a docked sidebar also what it held."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.airlock.report import LockReport
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.type_styles import Type
from app.widgets.button import IconButton
from app.widgets.chip import Chip
from app.widgets.label import Label, set_plain_tooltip
from app.widgets.lock_words import lock_words
from app.widgets.model_button import ModelButton
from app.widgets.one_line import one_line
from app.widgets.panel import Edge, Ground, Panel
from app.widgets.pebbles import Pebbles

_SETTINGS_KEYS = "Ctrl+."
_GAPS = 5  # between groups, beside those between all


class Header(Panel):
    """52 pixels that say where one is and which model answers."""

    sidebar_requested = Signal()
    new_chat_requested = Signal()
    lock_requested = Signal()
    menu_requested = Signal()
    settings_requested = Signal()
    model_requested = Signal()

    def __init__(self, theme: Theme, report: LockReport, parent: QWidget | None = None) -> None:
        super().__init__(theme, Ground.SURFACE, Edge.BOTTOM, parent)
        self.setFixedHeight(SIZE.header)
        words = lock_words(report)
        self.sidebar = IconButton(theme, Icon.SIDEBAR, self.tr("Show sidebar"))
        self.sidebar.rename(self.tr("Show sidebar"), "Ctrl+B")
        self.new_chat = IconButton(theme, Icon.NEW_CHAT, self.tr("New chat"))
        self.new_chat.rename(self.tr("New chat"), "Ctrl+N")
        self.title = Label(theme, "", Type.INTERFACE_STRONG)
        self.pebbles = Pebbles(theme)
        self.model = ModelButton(theme)
        self.model.clicked.connect(self.model_requested)
        self.chip = Chip(theme, self.tr("Starter model"))
        self.temporary = Chip(theme, self.tr("Temporary"))
        self.temporary.setToolTip(self.tr("Nothing of this chat is stored."))
        self._is_temporary = self._is_starter = False
        self.lock = IconButton(theme, words.icon, f"{words.title}. {words.detail}", ink=words.ink)
        self.settings = IconButton(theme, Icon.SLIDERS, self.tr("Settings of this chat"))
        self.settings.rename(self.tr("Settings of this chat"), _SETTINGS_KEYS)
        self.settings.clicked.connect(self.settings_requested)
        self.settings.hide()
        self.more = IconButton(theme, Icon.MORE, self.tr("More"))
        self.more.rename(self.tr("More"), "F10")
        self.sidebar.clicked.connect(self.sidebar_requested)
        self.new_chat.clicked.connect(self.new_chat_requested)
        self.lock.clicked.connect(self.lock_requested)
        self.more.clicked.connect(self.menu_requested)
        self._lay_out()
        self.show_model("", is_starter=False)
        self.set_sidebar_docked(True)
        theme.text_changed.connect(self._fit)

    def set_sidebar_docked(self, is_docked: bool) -> None:
        """What the sidebar holds moves here while it is not docked."""
        for button in (self.sidebar, self.new_chat, self.lock):
            button.setVisible(not is_docked)
        left = SPACE.xl if is_docked else SPACE.row
        self._row.setContentsMargins(left, 0, SPACE.row, 0)
        self._fit()

    def show_lock(self, report: LockReport) -> None:
        """The lock was tested anew."""
        words = lock_words(report)
        self.lock.set_icon(words.icon, words.ink)
        self.lock.rename(f"{words.title}. {words.detail}")

    def show_title(self, title: str) -> None:
        """The conversation's title."""
        self.title.setText(one_line(title))
        set_plain_tooltip(self.title, one_line(title))
        self._fit()

    def show_model(self, words: str, *, is_starter: bool) -> None:
        """The model that answers."""
        self.model.setText(words)
        set_plain_tooltip(self.model, words)
        self._is_starter = is_starter
        self._fit()
        self.pebbles.hide()

    def show_loading(self, words: str) -> None:
        """A model is being loaded."""
        self.model.setText(words)
        self._is_starter = False
        self._fit()
        self.pebbles.show()

    def show_temporary(self, is_temporary: bool) -> None:
        """Whether nothing of the chat is stored."""
        self._is_temporary = is_temporary
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The model's name has its share of the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A long title elides before the model's name does, but not before all else has room. A
        chip is whole or not there: the composer says the same.
        """
        most = min(SIZE.model_max, self.width() // 4)
        self.model.setMinimumWidth(min(self.model.sizeHint().width(), most))
        room = self.width() - self._taken_px()
        for chip, is_meant in ((self.temporary, self._is_temporary), (self.chip, self._is_starter)):
            width = chip.sizeHint().width()
            is_shown = is_meant and width <= room
            chip.setMinimumWidth(width)
            chip.setVisible(is_shown)
            room -= width if is_shown else 0

    def _taken_px(self) -> int:
        """What is there whatever fits beside it."""
        buttons = (self.sidebar, self.new_chat, self.lock, self.settings, self.more)
        shown = [button.sizeHint().width() for button in buttons if not button.isHidden()]
        margins = self._row.contentsMargins()
        gaps = _GAPS * SPACE.sm + self._row.count() * self._row.spacing()
        title = min(self.title.sizeHint().width(), SIZE.attached_name // 2)
        rest = (margins.left(), margins.right(), gaps, title, self.model.minimumWidth())
        return sum(shown) + sum(rest)

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setSpacing(SPACE.tick)
        for widget in (self.sidebar, self.new_chat):
            self._row.addWidget(widget)
        self._row.addSpacing(SPACE.tick)
        self._row.addWidget(self.title)
        self._row.addSpacing(SPACE.sm)
        self._row.addWidget(self.temporary)
        self._row.addStretch(1)
        self._row.addWidget(self.pebbles)
        self._row.addSpacing(SPACE.sm)
        self._row.addWidget(self.model)
        self._row.addSpacing(SPACE.sm)
        self._row.addWidget(self.chip)
        self._row.addSpacing(SPACE.sm)
        for widget in (self.lock, self.settings, self.more):
            self._row.addWidget(widget)
