"""The first page that a new user sees: what this is, what is enforced, and the ways to go on.

For: `FirstRun`, which tells it what it knows and does what is chosen. One can chat at once,
whatever else holds: no way leads to an end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.airlock.report import LockReport
from app.bridge.engine_port import ModelCard
from app.chats.kept import Kept
from app.numbers import whole
from app.pages.base import Page
from app.pages.first_run import words
from app.pages.first_run.recommended import RecommendedCard
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.widgets.fact import Fact, LockFact
from app.widgets.header import Header
from app.widgets.panel import Ground, Panel
from app.widgets.promise import Promise
from app.widgets.scroll_column import ScrollColumn
from app.widgets.toast import ToastStack
from app.widgets.typed_letters import letters_of
from app.widgets.way_row import WayRow

if TYPE_CHECKING:  # it imports torch
    from app.library.preflight import Recommendation

_BESIDE, _BELOW = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
_GAP = 2 * SPACE.xxxl


class FirstRunPage(Page):
    """Facts beside the ways to go on; below them where the window is narrow."""

    is_ground = True

    chat_chosen = Signal()
    typed = Signal(str)  # what is for the chat: the page says that one can write already
    download_chosen = Signal(object)  # a Recommendation
    others_chosen = Signal()
    files_chosen = Signal()
    bundle_chosen = Signal()

    def __init__(self, theme: Theme, report: LockReport, *, is_air_gapped: bool) -> None:
        super().__init__()
        self._is_air_gapped = is_air_gapped
        self.header = Header(theme, report)
        self.header.show_title(self.tr("Welcome"))
        self.promise = Promise(theme)
        self.lock = LockFact(theme, report)
        self.chats = Fact(theme, Icon.KEY)
        self.unasked = Fact(theme, Icon.HAND)
        self.unasked.say(*words.unasked_words(is_air_gapped=is_air_gapped))
        self.card = RecommendedCard(theme)
        self.start = WayRow(theme, Icon.CHAT, self.tr("Start chatting now"))
        self.files = WayRow(
            theme,
            Icon.FILE,
            self.tr("I have the files"),
            self.tr("A folder or a GGUF file, or what another program keeps; no network needed"),
        )
        self.bundle = WayRow(
            theme,
            Icon.BUNDLE,
            self.tr("Import a bundle"),
            self.tr("From a stick, signed and checked; no network needed"),
        )
        self.others = WayRow(
            theme,
            Icon.LIST,
            self.tr("Choose another model"),
            self.tr("What is here, and what it needs"),
        )
        self._lay_out(theme)
        self.toasts = ToastStack(theme, self)
        self.toasts.keyboard_left.connect(self.take_focus)
        self._connect()
        self.show_chats(None)
        self.show_loading()
        theme.text_changed.connect(self._fit)

    # ------------------------------------------------------------------ what is told

    def show_lock(self, report: LockReport) -> None:
        """The lock was tested anew."""
        self.header.show_lock(report)
        self.lock.show_lock(report)

    def show_chats(self, kept: Kept | None) -> None:
        """How chats are kept; None: not at all."""
        self.chats.say(*words.chats_words(kept))

    def show_loading(self) -> None:
        """The model is not there yet."""
        self.start.say(self.tr("The model is being loaded. You can write already."))

    def show_model(self, model: ModelCard) -> None:
        """This one answers."""
        self.start.say(words.model_words(model))

    def show_no_model(self) -> None:
        """None could be loaded."""
        self.start.say(self.tr("No model is loaded. The ways below bring one."))

    def offer_downloads(self, is_possible: bool) -> None:
        """Whether the card's button is there, and what stands in its place."""
        note = self.tr("Fetched by a separate process that asks you first and never sees a chat.")
        if not is_possible:
            note = self.tr("It can’t be downloaded from here. A bundle or its files bring it.")
        if self._is_air_gapped:
            note = self.tr("Your organisation allows no downloads. A bundle or its files bring it.")
        self.card.offer_download(is_possible, note)

    def show_recommended(self, found: Recommendation | None, disk_free_bytes: int = 0) -> None:
        """What is recommended here; None: nothing but what is here already."""
        if found is not None:
            self.card.show_found(found, disk_free_bytes)
        self.card.setVisible(found is not None)

    def count_others(self, fitting: int) -> None:
        """How many of the catalogue fit here, where they can be downloaded."""
        if fitting:
            form = self.tr("{count} of the list fit this computer")
            self.others.say(form.format(count=whole(fitting)))

    # ------------------------------------------------------------------ what the window asks

    def set_sidebar_docked(self, is_docked: bool) -> None:
        """What the sidebar holds moves to the header."""
        self.header.set_sidebar_docked(is_docked)

    def take_focus(self) -> None:
        """To the way that needs nothing; what this is is read first."""
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)
        self.area.verticalScrollBar().setValue(0)

    def menu_anchor(self) -> QWidget:
        """At the right of the head."""
        return self.header.more

    def escape(self) -> None:
        """On to the chat."""
        self.chat_chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """What somebody types is told; keys that do something else stay what they are."""
        if letters := letters_of(event):
            self.typed.emit(letters)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Side by side, or below one another."""
        super().resizeEvent(event)
        self._fit()

    # ------------------------------------------------------------------ parts

    def _connect(self) -> None:
        header = self.header
        header.sidebar_requested.connect(self.sidebar_requested)
        header.lock_requested.connect(self.lock_requested)
        header.menu_requested.connect(self.menu_requested)
        header.new_chat_requested.connect(self.chat_chosen)
        self.start.clicked.connect(self.chat_chosen)
        self.files.clicked.connect(self.files_chosen)
        self.bundle.clicked.connect(self.bundle_chosen)
        self.others.clicked.connect(self.others_chosen)
        self.card.download_requested.connect(self.download_chosen)

    def _fit(self) -> None:
        """Facts stand under the promise where there is room beside it; else the ways come first,
        then the card, and facts at the end.

        By margins: what is narrower than its place would be given too little height.
        """
        room = self.width() - SIZE.scrollbar
        both = 2 * SIZE.empty + _GAP
        is_wide = room >= both + 2 * SPACE.xxl
        side = max(SPACE.xxl, (room - (both if is_wide else SIZE.dialog)) // 2)
        self._outer.setContentsMargins(side, SPACE.xxl, side, SPACE.xxl)
        if is_wide == (self._both.direction() == _BESIDE):
            return
        self._both.setDirection(_BESIDE if is_wide else _BELOW)
        self._both.setSpacing(_GAP if is_wide else SPACE.xxl)
        (self._left if is_wide else self._right).addWidget(self.facts)
        self._right.insertWidget(0 if is_wide else 1, self.card)

    def _lay_out(self, theme: Theme) -> None:
        self.facts = QWidget()
        facts = QVBoxLayout(self.facts)
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setSpacing(SPACE.lg)
        for fact in (self.lock, self.chats, self.unasked):
            facts.addWidget(fact)
        self.ways = QWidget()
        ways = QVBoxLayout(self.ways)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(SPACE.tick)
        for way in (self.start, self.files, self.bundle, self.others):
            ways.addWidget(way)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for column in (self._left, self._right):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(SPACE.xxl)
        self._left.addWidget(self.promise)
        self._left.addWidget(self.facts)
        self._right.addWidget(self.card)
        self._right.addWidget(self.ways)
        self._both = QBoxLayout(_BESIDE)
        self._both.setSpacing(_GAP)
        content = QWidget()
        self._outer = QVBoxLayout(content)
        self._outer.addLayout(self._both)
        for column in (self._left, self._right):
            self._both.addWidget(_held(column), 1)
        self.area = ScrollColumn(self.tr("Welcome"), content)
        self.area.leave_keyboard()
        ground = Panel(theme, Ground.SURFACE)
        inner = QVBoxLayout(ground)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.header)
        inner.addWidget(self.area, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(ground)


def _held(column: QVBoxLayout) -> QWidget:
    """In the middle of its height."""
    holder = QWidget()
    outer = QVBoxLayout(holder)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addStretch(1)
    outer.addLayout(column)
    outer.addStretch(1)
    return holder
