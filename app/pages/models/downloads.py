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
from app.pages.models.waiting_row import WaitingRow
from app.theme.metrics import SPACE
from app.theme.theme import Theme
from app.theme.tokens import Ink
from app.theme.type_styles import Type
from app.widgets.button import Button, ButtonKind
from app.widgets.label import Label
from app.widgets.setting_row import RowCard
from app.widgets.tab_order import tab_through
from app.widgets.wrap_layout import WrapLayout

_SHOWN_AT_FIRST = 1


class DownloadsSection(QWidget):
    """`wanted` tells an Offer and the Mix; `other_requested` asks for a repository by its name."""

    wanted = Signal(object, object)
    other_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shows_all = False
        self._taken: frozenset[str] = frozenset()
        self._before: QWidget | None = None
        self.journeys: list[JourneyRow] = []
        self.waiting: list[WaitingRow] = []
        self.rows: list[OfferRow] = []
        self._journeys, self._way = self._part(self.tr("On its way"))
        self._waiting, self._queue = self._part(self.tr("Waiting"))
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

    def tab_from(self, control: QWidget) -> None:
        """Tab comes here from that control, which stands above."""
        self._before = control
        self._order_keyboard()

    def refuse(self, why: str) -> None:
        """Nothing can be downloaded here, and why."""
        self.show_offers(())
        self.note.setText(why)
        self.other.hide()
        self._show_parts()

    def show_offers(self, offers: Iterable[Offer], note: str = "") -> None:
        """These, in this order; `note` is said of all of them."""
        listed = tuple(offers)
        known = {row.model.number: row for row in self.rows}
        for number in known.keys() - {offer.number for offer in listed}:
            self.card.take(known.pop(number))
        self.rows = [known.get(offer.number) or self._new_row(offer) for offer in listed]
        for row, offer in zip(self.rows, listed, strict=True):
            row.show_offer(offer)
        self.card.order(self.rows)
        self.other.show()
        self.show_taken(self._taken)
        self.note.setText(note)
        self._show_parts()

    def show_taken(self, keys: frozenset[str]) -> None:
        """Of these repositories, in small letters, no other download can be asked for: one is on
        its way, or waits.
        """
        self._taken = keys
        for row in self.rows:
            row.show_taken(row.model.repository.casefold() in keys)

    def begin_journey(self, row: JourneyRow) -> None:
        """Show the one that is on its way, above those that rest."""
        self._add_journey(row, 0)

    def add_journey(self, row: JourneyRow) -> None:
        """Show one that rests."""
        self._add_journey(row, len(self.journeys))

    def take_journey(self, row: JourneyRow) -> None:
        """It is over."""
        self.journeys.remove(row)
        row.hide()
        row.deleteLater()
        self._show_parts()

    def show_waiting(self, rows: tuple[WaitingRow, ...]) -> None:
        """Those that wait, in this order; the others of before go."""
        if self.waiting == list(rows):
            return
        gone = [row for row in self.waiting if row not in rows]
        had_keyboard = any(row.isAncestorOf(self.focusWidget() or self) for row in gone)
        for row in self.waiting:
            self._queue.removeWidget(row)
        for row in rows:
            self._queue.addWidget(row)
            row.show()
        self.waiting = list(rows)
        self._show_parts()
        if had_keyboard:
            (self.waiting[0].end if self.waiting else self.other).setFocus()
        for row in gone:
            row.hide()
            row.deleteLater()

    def _add_journey(self, row: JourneyRow, place: int) -> None:
        self.journeys.insert(place, row)
        self._way.insertWidget(place + 1, row)  # below the heading
        row.show()
        self._show_parts()

    def _new_row(self, offer: Offer) -> OfferRow:
        row = OfferRow(self._theme, offer)
        row.wanted.connect(self.wanted)
        self.card.add(row)
        return row

    def _on_all(self) -> None:
        self._shows_all = not self._shows_all
        self._show_parts()

    def _show_parts(self) -> None:
        self._journeys.setVisible(bool(self.journeys))
        self._waiting.setVisible(bool(self.waiting))
        for number, row in enumerate(self.rows):
            row.offer(self._shows_all or number < _SHOWN_AT_FIRST)
        self.card.filter("")
        self.card.setVisible(bool(self.rows))
        self.note.setVisible(bool(self.note.text()))
        self.all.setVisible(len(self.rows) > _SHOWN_AT_FIRST)
        self.all.setText(self.tr("Fewer models") if self._shows_all else self.tr("All models"))
        self.all.updateGeometry()
        self._order_keyboard()

    def _order_keyboard(self) -> None:
        if self._before is not None:
            rows: tuple[JourneyRow | WaitingRow | OfferRow, ...] = (
                *self.journeys,
                *self.waiting,
                *self.rows,
            )
            controls = (control for row in rows for control in row.controls)
            tab_through(self._before, (*controls, self.all, self.other))

    def _part(self, title: str) -> tuple[QWidget, QVBoxLayout]:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, SPACE.lg)
        column.setSpacing(SPACE.row)
        column.addWidget(Label(self._theme, title, Type.SMALL_STRONG))
        return part, column

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.row)
        column.addWidget(self._journeys)
        column.addWidget(self._waiting)
        column.addWidget(self.heading)
        column.addWidget(self.note)
        column.addWidget(self.card)
        column.addLayout(WrapLayout((self.all, self.other)))
