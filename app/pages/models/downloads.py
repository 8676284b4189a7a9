"""The models page's section of downloads: what is on its way, and what can be asked for.

For: `WindowDownloads`. Where nothing can be downloaded it says why, and has no buttons.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.library.offers import Offer
from app.pages.models.journey_row import JourneyRow
from app.pages.models.offer_row import OfferRow
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, ButtonKind
from app.widgets.label import Label
from app.widgets.setting_row import RowCard
from app.widgets.wrap_layout import WrapLayout

_SHOWN_AT_FIRST = 1


class DownloadsSection(QWidget):
    """`wanted` tells an Offer; `other_requested` asks for a repository by its name."""

    wanted = Signal(object)
    other_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shows_all = False
        self._can_ask = True
        self.journeys: list[JourneyRow] = []
        self.rows: list[OfferRow] = []
        self._journeys = QWidget()
        self._way = QVBoxLayout(self._journeys)
        self._way.setContentsMargins(0, 0, 0, SPACE.lg)
        self._way.setSpacing(SPACE.row)
        self._way.addWidget(Label(theme, self.tr("On its way"), Type.SMALL_STRONG))
        self.heading = Label(theme, self.tr("To download"), Type.SMALL_STRONG)
        self.note = Label(theme, "", Type.SMALL, Ink.TEXT2, wrap=True)
        self.card = RowCard(theme)
        self.card.setAccessibleName(self.tr("Models to download"))
        self.all = Button(theme, self.tr("All models"), ButtonKind.QUIET)
        self.other = Button(theme, self.tr("Another repository…"), ButtonKind.QUIET)
        self._lay_out()
        self.all.clicked.connect(self._on_all)
        self.other.clicked.connect(self.other_requested)
        self._show_parts()

    def refuse(self, why: str) -> None:
        """Nothing can be downloaded here, and why."""
        self.show_offers(())
        self.note.setText(why)
        self.other.hide()
        self._show_parts()

    def show_offers(self, offers: Iterable[Offer], note: str = "") -> None:
        """These, in this order; `note` is said of all of them."""
        for row in self.rows:
            self.card.take(row)
        self.rows = [OfferRow(self._theme, offer) for offer in offers]
        for row in self.rows:
            row.wanted.connect(self.wanted)
            row.can_ask(self._can_ask)
            self.card.add(row)
        self.note.setText(note)
        self._show_parts()

    def can_ask(self, is_possible: bool) -> None:
        """One download at a time."""
        self._can_ask = is_possible
        self.other.setEnabled(is_possible)
        for row in self.rows:
            row.can_ask(is_possible)

    def add_journey(self, row: JourneyRow) -> None:
        """Show one that is on its way."""
        self.journeys.append(row)
        self._way.addWidget(row)
        row.show()
        self._show_parts()

    def take_journey(self, row: JourneyRow) -> None:
        """It is over."""
        self.journeys.remove(row)
        row.hide()
        row.deleteLater()
        self._show_parts()

    def _on_all(self) -> None:
        self._shows_all = not self._shows_all
        self._show_parts()

    def _show_parts(self) -> None:
        self._journeys.setVisible(bool(self.journeys))
        for number, row in enumerate(self.rows):
            row.offer(self._shows_all or number < _SHOWN_AT_FIRST)
        self.card.filter("")
        self.card.setVisible(bool(self.rows))
        self.note.setVisible(bool(self.note.text()))
        self.all.setVisible(len(self.rows) > _SHOWN_AT_FIRST)
        self.all.setText(self.tr("Fewer models") if self._shows_all else self.tr("All models"))
        self.all.updateGeometry()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.row)
        column.addWidget(self._journeys)
        column.addWidget(self.heading)
        column.addWidget(self.note)
        column.addWidget(self.card)
        column.addLayout(WrapLayout((self.all, self.other)))
