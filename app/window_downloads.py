"""Downloads in the window: what is offered, what was begun before, and asking for one.

For: `WindowModels`. `DownloadJourney` follows the one that is on its way; what is asked for
meanwhile waits in `WaitingDownloads`, and begins by itself once the one before has ended.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from app import models_work
from app.airlock.download.unfinished import Unfinished
from app.bridge.courier_port import CourierPort
from app.download_journey import DownloadJourney
from app.download_queue import Wanted
from app.error_words import words_of
from app.library import chosen_mixes
from app.library.catalogue import entry
from app.library.mixes import Mix
from app.library.offers import Offer, Offers
from app.models_desk import ModelsDesk
from app.pages.models.downloads import DownloadsSection
from app.pages.models.journey_row import Going, Journey, JourneyRow, Leg
from app.pages.models.page import ModelsPage
from app.pages.models.repository_dialog import RepositoryDialog
from app.waiting_downloads import WaitingDownloads
from app.widgets.announcing import announce
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.one_line import one_line
from app.window_history import Services


class WindowDownloads(QObject):
    """Belongs to the window's life. One download at a time; those that rest have rows too."""

    arrived = Signal()  # a model is among the others now

    def __init__(self, services: Services, page: ModelsPage, desk: ModelsDesk) -> None:
        super().__init__(page)
        self._services = services
        self._page = page
        self.section = DownloadsSection(services.theme)
        page.add_section(self.section, self.section.other)
        self.section.tab_from(page.bundle)
        self.journey = DownloadJourney(services, self.section, desk)
        self.waiting = WaitingDownloads(services.theme, self.section)
        self._found = Offers((), (), has_speed=False)
        self._looks = self._shown_look = 0
        self._mixes: dict[str, Mix] = {}  # chosen in this window, by key
        self._begun: dict[Unfinished, JourneyRow] = {}
        self._failed: dict[str, JourneyRow] = {}  # by the key of what was wanted
        self.may_measure = True  # this computer's speed, which takes three seconds, once
        self.section.wanted.connect(self._on_wanted)
        self.section.other_requested.connect(self._on_other_requested)
        self.waiting.given_up.connect(self._show_state)
        self.journey.arrived.connect(self.arrived)
        self.journey.over.connect(lambda: self.look(may_measure=False))
        self.journey.failed.connect(self._on_failed)
        self.journey.changed.connect(self._go_on)

    def follow(self, port: CourierPort) -> None:
        """The way to the courier, once; until then there is none."""
        self.journey.follow(port)

    def look(self, *, may_measure: bool) -> None:
        """What can be asked for, as things are now; `may_measure`: this computer's speed, once."""
        why = self._refusal()
        if why:
            self.section.refuse(why)
            return
        self._looks += 1
        self._services.tasks.run(
            partial(models_work.offers, may_measure and self.may_measure),
            partial(self._on_looked, self._looks),
            what_failed=self.tr("What can be downloaded is not known."),
        )
        self.may_measure = self.may_measure and not may_measure

    def ask_for(self, number: int, mix: Mix) -> None:
        """A model of the catalogue by its number, to be prepared with that mix. Raises
        CatalogueError.
        """
        found = entry(number)
        self._want(Wanted(number, found.repository, found.title, mix))

    def close(self) -> None:
        """The window goes: nothing more begins, the courier ends, and what has arrived is kept."""
        self.waiting.clear()
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

    # ------------------------------------------------------------------ one after the other

    def _want(self, wanted: Wanted) -> None:
        """It begins, or waits until those before it have ended."""
        if wanted.key in self._taken:
            form = self.tr("{model} was asked for already.")
            self._services.notices.news(form.format(model=one_line(wanted.title)))
            return
        self._keep_mix(wanted)
        self._put_failed_away(wanted.key)
        if self.journey.can_ask:
            self.journey.propose(wanted)
        elif self.is_offered:
            self.waiting.add(wanted)
            form = self.tr("{model} waits.")
            announce(self.section, form.format(model=one_line(wanted.title)))
        self._show_state()

    def _go_on(self) -> None:
        """Have the next one begin, where none is on its way."""
        if not self.journey.port.can_fetch:
            self.waiting.clear()
        if self.journey.can_ask and (wanted := self.waiting.take()) is not None:
            self.journey.propose(wanted)
        self._show_state()

    def _on_failed(self, wanted: Wanted, row: JourneyRow) -> None:
        """It keeps its row, and holds up nobody."""
        self._failed[wanted.key] = row
        row.acted.connect(partial(self._want, wanted))
        row.ended.connect(partial(self._on_failed_ended, wanted.key))

    def _on_failed_ended(self, key: str) -> None:
        self._put_failed_away(key)
        self.look(may_measure=False)

    def _put_failed_away(self, key: str) -> None:
        row = self._failed.pop(key, None)
        if row is not None:
            self.section.take_journey(row)

    @property
    def _taken(self) -> frozenset[str]:
        """What is on its way, or waits."""
        now = self.journey.wanted
        return self.waiting.keys | ({now.key} if now is not None else frozenset())

    def _show_state(self) -> None:
        now = self.journey.wanted
        if now is not None:
            self.waiting.wait_for(now.title, is_paused=self.journey.is_paused)
        self.section.show_taken(self._taken)
        self._show_begun()
        for row in (*self._failed.values(), *self._begun.values()):
            row.act.setEnabled(self.journey.port.can_fetch)

    def _keep_mix(self, wanted: Wanted) -> None:
        """For whoever goes on with it, in this window or later."""
        self._mixes[wanted.key] = wanted.mix
        self._services.tasks.run(
            partial(chosen_mixes.keep, wanted.repository, wanted.mix),
            lambda _nothing: None,
            what_failed=self.tr("To how many bits it is prepared was not kept."),
        )

    # ------------------------------------------------------------------ what is offered

    def _on_looked(self, look: int, found: Offers) -> None:
        if self._refusal():
            return
        if look < self._shown_look:  # a later one was faster, but may not know the speed yet
            if found.has_speed and not self._found.has_speed:
                self.look(may_measure=False)
            return
        self._shown_look = look
        self._found = found
        note = "" if found.has_speed else self.tr("This computer’s speed was not measured yet.")
        self.section.show_offers(found.models, note)
        self._show_state()

    def _show_begun(self) -> None:
        """Downloads of earlier starts, but those that have a row already. What was known of the one
        on its way holds no more when it ends: then it is looked for anew.
        """
        now = self.journey.wanted
        if now is not None:
            left = tuple(b for b in self._found.begun if b.repository.casefold() != now.key)
            self._found = replace(self._found, begun=left)
        shown = self._taken | self._failed.keys()
        begun = [each for each in self._found.begun if each.repository.casefold() not in shown]
        for gone in self._begun.keys() - set(begun):
            self.section.take_journey(self._begun.pop(gone))
        for each in begun:
            if each not in self._begun:
                self._begun[each] = self._begun_row(each)

    def _begun_row(self, begun: Unfinished) -> JourneyRow:
        row = JourneyRow(self._services.theme, begun.name)
        row.show_journey(Journey(Leg.DOWNLOAD, Going.STOPPED, begun.done_bytes, begun.total_bytes))
        row.acted.connect(partial(self._continue, begun))
        row.ended.connect(partial(self._ask_to_discard, begun))
        self.section.add_journey(row)
        return row

    def _continue(self, begun: Unfinished) -> None:
        """With the mix that was chosen for it at first."""
        key = begun.repository.casefold()
        mix = self._mixes.get(key) or self._found.begun_with.get(key, Mix.Q4)
        self._want(Wanted(begun.repository, begun.repository, begun.name, mix))

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
        dialog.chosen.connect(lambda name, mix: self._want(Wanted(name, name, name, mix)))
        dialog.open()

    def _on_wanted(self, offer: Offer, mix: Mix) -> None:
        self._want(Wanted(offer.number, offer.repository, offer.title, mix))
