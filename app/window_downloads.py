"""Downloads in the window: what is offered, what was begun before, and asking for one.

For: `WindowModels`. Once a model is asked for, `DownloadJourney` follows it.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from app import models_work
from app.airlock.download.unfinished import Unfinished
from app.bridge.courier_port import CourierPort
from app.download_journey import DownloadJourney
from app.error_words import words_of
from app.library.catalogue import entry
from app.library.offers import Offer, Offers
from app.models_desk import ModelsDesk
from app.pages.models.downloads import DownloadsSection
from app.pages.models.journey_row import Going, Journey, JourneyRow, Leg
from app.pages.models.page import ModelsPage
from app.pages.models.repository_dialog import RepositoryDialog
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.one_line import one_line
from app.window_history import Services

_DEFAULT_MIX = "q4"


class WindowDownloads(QObject):
    """Belongs to the window's life. One download at a time."""

    arrived = Signal()  # a model is among the others now

    def __init__(self, services: Services, page: ModelsPage, desk: ModelsDesk) -> None:
        super().__init__(page)
        self._services = services
        self._page = page
        self.section = DownloadsSection(services.theme)
        page.more.addWidget(self.section)
        self.journey = DownloadJourney(services, self.section, desk)
        self._begun: dict[str, JourneyRow] = {}
        self.may_measure = True  # this computer's speed, which takes three seconds, once
        self.section.wanted.connect(self._on_wanted)
        self.section.other_requested.connect(self._on_other_requested)
        self.journey.arrived.connect(self.arrived)
        self.journey.over.connect(lambda: self.look(may_measure=False))
        self.journey.changed.connect(self._show_can_ask)

    def follow(self, port: CourierPort) -> None:
        """The way to the courier, once; until then there is none."""
        self.journey.follow(port)

    def look(self, *, may_measure: bool) -> None:
        """What can be asked for, as things are now; `may_measure`: this computer's speed, once."""
        why = self._refusal()
        if why:
            self.section.refuse(why)
            return
        self._services.tasks.run(
            partial(models_work.offers, may_measure and self.may_measure),
            self._on_looked,
            what_failed=self.tr("What can be downloaded is not known."),
        )
        self.may_measure = self.may_measure and not may_measure

    def ask_for(self, number: int, mix: str = _DEFAULT_MIX) -> None:
        """A model of the catalogue by its number, to be prepared with that mix. Raises
        CatalogueError.
        """
        self.journey.propose(number, entry(number).title, mix)

    def close(self) -> None:
        """The window goes: the courier ends, and what has arrived is kept."""
        self.journey.close()

    @property
    def is_offered(self) -> bool:
        """Whether anything can be downloaded here."""
        return not self._refusal()

    def _refusal(self) -> str:
        """Why nothing can be downloaded here; "" where it can."""
        policy = self._services.settings.policy
        if policy.restrictions.air_gapped:
            form = self.tr("Nothing is downloaded: your organisation decided so in {file}.")
            return form.format(file=policy.file)
        return "" if self.journey.port.can_fetch else words_of(self.journey.port.why_not)

    # ------------------------------------------------------------------ what is offered

    def _on_looked(self, found: Offers) -> None:
        if self._refusal():
            return
        note = "" if found.has_speed else self.tr("This computer’s speed was not measured yet.")
        self.section.show_offers(found.models, note)
        self._show_begun(found.begun)
        self._show_can_ask()

    def _show_begun(self, begun: tuple[Unfinished, ...]) -> None:
        """Downloads of earlier starts, but the one that is on its way now."""
        for row in self._begun.values():
            self.section.take_journey(row)
        self._begun = {}
        for one in begun:
            if one_line(one.name) == self.journey.title:
                continue
            row = JourneyRow(self._services.theme, one.name)
            row.show_journey(Journey(Leg.DOWNLOAD, Going.STOPPED, one.done_bytes, one.total_bytes))
            row.acted.connect(partial(self.journey.propose, one.repository, one.name, _DEFAULT_MIX))
            row.ended.connect(partial(self._ask_to_discard, one))
            self._begun[one.name] = row
            self.section.add_journey(row)

    def _ask_to_discard(self, begun: Unfinished) -> None:
        dialog = ConfirmDialog(
            self._services.theme,
            self.tr("Give up the download of {model}?").format(model=one_line(begun.name)),
            self.tr("What has arrived of it is deleted. It can be downloaded anew."),
            self.tr("Delete"),
            self._page,
        )
        dialog.accepted.connect(partial(self._discard, begun))
        dialog.open()

    def _discard(self, begun: Unfinished) -> None:
        self._services.tasks.run(
            partial(models_work.discard, begun.name),
            lambda _nothing: self.look(may_measure=False),
            what_failed=self.tr("What has arrived was not deleted."),
        )

    def _on_other_requested(self) -> None:
        dialog = RepositoryDialog(self._services.theme, self._page)
        dialog.chosen.connect(lambda name: self.journey.propose(name, name, _DEFAULT_MIX))
        dialog.open()

    def _on_wanted(self, offer: Offer) -> None:
        self.journey.propose(offer.number, offer.title, offer.mix)

    def _show_can_ask(self) -> None:
        is_possible = self.journey.can_ask
        self.section.can_ask(is_possible)
        for row in self._begun.values():
            row.act.setEnabled(is_possible)
