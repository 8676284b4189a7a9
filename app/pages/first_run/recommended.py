"""The card of the first page: the one model that is recommended for this computer.

Until the computer was measured it says so; where nothing larger than the starter fits it is not
there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.error_words import words_of
from app.library.catalogue_words import about
from app.pages.first_run import words
from app.theme.icons import Icon
from app.theme.metrics import SIZE, SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, ButtonKind
from app.widgets.icon_view import IconView
from app.widgets.label import Label
from app.widgets.panel import Card, Edge, Ground, Panel
from app.widgets.pebbles import Pebbles

if TYPE_CHECKING:  # it imports torch
    from app.library.preflight import Recommendation


_UNKNOWN = "–"
_ABOUT_LINES = 3


class Figure(QWidget):
    """An icon, what is told, and the figure at the right; without a figure it is not there."""

    def __init__(self, theme: Theme, icon: Icon, name: str) -> None:
        super().__init__()
        self.figure = Label(
            theme, "", Type.SMALL_MEDIUM, wrap=True, align=Qt.AlignmentFlag.AlignRight
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.row)
        row.addWidget(IconView(theme, icon, Ink.TEXT2, SIZE.icon_sm))
        row.addWidget(Label(theme, name, Type.SMALL, Ink.TEXT2))
        row.addWidget(self.figure, 1)

    def say(self, figure: str) -> None:
        """What it is here."""
        self.figure.setText(figure)
        self.setVisible(bool(figure))


class RecommendedCard(Card):
    """Its one button proposes the download; nothing is fetched before the courier asked."""

    download_requested = Signal(object)  # the Recommendation

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ground.RAISED, outlined=True)
        self.shown: Recommendation | None = None
        self._offers_download = False
        self.head = Label(
            theme, self.tr("Recommended for this computer"), Type.CAPTION_MEDIUM, Ink.ACCENT
        )
        self.title = Label(theme, "", Type.CARD_TITLE, wrap=True)
        self.about = Label(theme, "", Type.SMALL, Ink.TEXT2, wrap=True)
        self.memory = Figure(theme, Icon.MEMORY, self.tr("Memory"))
        self.disk = Figure(theme, Icon.DISK, self.tr("Disk"))
        self.speed = Figure(theme, Icon.SPEED, self.tr("Speed"))
        self.licence = Figure(theme, Icon.FILE, self.tr("Licence"))
        self.download = Button(theme, "", ButtonKind.PRIMARY, height=SIZE.button_large)
        self.download.setAutoDefault(True)
        policy = self.download.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Ignored)  # as wide as the card: long words are cut
        self.download.setSizePolicy(policy)
        self.note = Label(theme, "", Type.CAPTION, Ink.TEXT2, wrap=True)
        self.pebbles = Pebbles(theme)
        self._lay_out(theme)
        self.download.clicked.connect(self._on_clicked)
        self.show_looking()

    def offer_download(self, is_offered: bool, note: str) -> None:
        """Whether one can be asked for here, and what is said of it below."""
        self._offers_download = is_offered
        self.note.setText(note)
        self.download.setVisible(is_offered)
        self.download.setEnabled(self.shown is not None)
        self.note.setVisible(bool(note))

    def show_looking(self) -> None:
        """This computer is being measured."""
        self.shown = None
        self.title.setText(self.tr("Looking at this computer"))
        self.download.setText(self.tr("Download"))
        self.about.setText(
            self.tr("What fits, and how fast it would answer: a test of three seconds, once.")
        )
        self._show_parts(is_known=False)

    def show_found(self, found: Recommendation, disk_free_bytes: int) -> None:
        """This one, with what it takes here."""
        self.shown = found
        entry, preflight = found.entry, found.preflight
        self.title.setText(entry.title)
        self.about.setText(words_of(about(entry)))
        self.memory.say(words.memory_words(preflight))
        self.disk.say(words.disk_words(preflight, disk_free_bytes))
        self.speed.say(words.speed_words(preflight))
        self.licence.say(entry.licence)
        self.download.setText(words.download_words(preflight))
        self.setAccessibleName(f"{self.head.text()}: {entry.title}")
        self._show_parts(is_known=True)

    def _show_parts(self, *, is_known: bool) -> None:
        self.pebbles.setVisible(not is_known)
        if not is_known:  # as much room as what comes will take: nothing jumps
            for figure in (self.memory, self.disk, self.speed, self.licence):
                figure.say(_UNKNOWN)
        self.offer_download(self._offers_download, self.note.text())

    def _on_clicked(self) -> None:
        if self.shown is not None:
            self.download_requested.emit(self.shown)

    def _lay_out(self, theme: Theme) -> None:
        title = QHBoxLayout()
        title.setSpacing(SPACE.sm)
        title.addWidget(self.pebbles)
        title.addWidget(self.title, 1)
        self.line = Panel(theme, Ground.RAISED, Edge.TOP)
        self.line.setFixedHeight(SPACE.hair)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.xxl, SPACE.xl, SPACE.xxl, SPACE.xl)
        column.setSpacing(SPACE.sm)
        column.addWidget(self.head)
        column.addLayout(title)
        column.addWidget(self.about)
        column.addSpacing(SPACE.xs)
        column.addWidget(self.line)
        column.addSpacing(SPACE.xs)
        self.about.setMinimumHeight(_ABOUT_LINES * Type.SMALL.line_px)
        theme.text_changed.connect(
            lambda: self.about.setMinimumHeight(_ABOUT_LINES * Type.SMALL.line_px)
        )
        for figure in (self.memory, self.disk, self.speed, self.licence):
            column.addWidget(figure)
        column.addSpacing(SPACE.xs)
        column.addWidget(self.download)
        column.addWidget(self.note)
