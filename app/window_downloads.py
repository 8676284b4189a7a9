"""Downloads in the window: what is offered, asking the courier for one, and its journey.

For: `WindowModels`. The window fetches nothing: it proposes a model, the courier asks the user in
a window of its own, and what arrived is prepared here, as the last part of the same journey.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from app import models_work
from app.airlock.courier.errors import WireError
from app.airlock.courier.messages import Ended, Outcome, Progress
from app.airlock.download.progress import State, Step
from app.airlock.download.unfinished import Unfinished
from app.bridge.courier_port import CourierPort, PortState
from app.bridge.jobs import Job
from app.bridge.jobs import Step as WorkStep
from app.error_words import words_of
from app.library.catalogue import entry
from app.library.offers import Offer, Offers
from app.models_desk import ModelsDesk
from app.notices import NoticeAction
from app.pages.models.downloads import DownloadsSection
from app.pages.models.journey_row import Going, Journey, JourneyRow, Leg
from app.pages.models.page import ModelsPage
from app.pages.models.repository_dialog import RepositoryDialog
from app.widgets.confirm_dialog import ConfirmDialog
from app.widgets.one_line import one_line
from app.window_history import Services
from inference.errors import PreparationCancelledError

_LEGS = {Step.CHECK: Leg.CHECK, Step.FETCH: Leg.DOWNLOAD, Step.VERIFY: Leg.VERIFY}
_DEFAULT_MIX = "q4"


class WindowDownloads(QObject):
    """Belongs to the window's life. One download at a time."""

    arrived = Signal()  # a model is among the others now

    def __init__(self, services: Services, page: ModelsPage, desk: ModelsDesk) -> None:
        super().__init__(page)
        self._services = services
        self._page = page
        self._desk = desk
        self.port = CourierPort(None, self)
        self.section = DownloadsSection(services.theme)
        page.more.addWidget(self.section)
        self._row: JourneyRow | None = None  # of what the courier is at, or what ended badly
        self._now = Journey(Leg.CHECK, Going.ASKING)
        self._asked: int | str = 0
        self._mix = _DEFAULT_MIX
        self._job: Job | None = None
        self._begun: dict[str, JourneyRow] = {}
        self.may_measure = True  # this computer's speed, which takes three seconds, once
        self.section.wanted.connect(self._on_wanted)
        self.section.other_requested.connect(self._on_other_requested)

    def follow(self, port: CourierPort) -> None:
        """The way to the courier, once; until then there is none."""
        self.port = port
        port.asked.connect(self._on_asked)
        port.answered.connect(self._on_answered)
        port.progressed.connect(self._on_progressed)
        port.refused.connect(self._on_refused)
        port.ended.connect(self._on_ended)
        port.state_changed.connect(self._on_state_changed)

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
        self._propose(number, entry(number).title, mix)

    def close(self) -> None:
        """The window goes: the courier ends, and what has arrived is kept."""
        self.port.close()

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
        return "" if self.port.can_fetch else words_of(self.port.why_not)

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
        busy = self._row.title if self._row is not None else ""
        for one in begun:
            if one_line(one.name) == busy:
                continue
            row = JourneyRow(self._services.theme, one.name)
            row.show_journey(Journey(Leg.DOWNLOAD, Going.STOPPED, one.done_bytes, one.total_bytes))
            row.acted.connect(partial(self._propose, one.repository, one.name, _DEFAULT_MIX))
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
        dialog.chosen.connect(lambda name: self._propose(name, name, _DEFAULT_MIX))
        dialog.open()

    def _on_wanted(self, offer: Offer) -> None:
        self._propose(offer.number, offer.title, offer.mix)

    # ------------------------------------------------------------------ the journey

    def _propose(self, model: int | str, title: str, mix: str) -> None:
        if not self._can_ask():
            return
        self._drop_row()
        self._asked, self._mix = model, mix
        self._row = row = JourneyRow(self._services.theme, title)
        row.acted.connect(self._on_acted)
        row.ended.connect(self._on_end_wanted)
        self.section.add_journey(row)
        self._show(Journey(Leg.CHECK, Going.MOVING))
        try:
            self.port.propose(model)
        except WireError as error:
            self._fail(words_of(error))
        self._show_can_ask()

    def _on_acted(self) -> None:
        """Pause, go on, or try again."""
        if self.port.state is PortState.PAUSED:
            self.port.resume()
        elif self.port.state is PortState.FETCHING:
            self.port.pause()
        elif self._now.going is Going.FAILED and self._row is not None:
            self._propose(self._asked, self._row.title, self._mix)

    def _on_end_wanted(self) -> None:
        """End it where it is; what has arrived is kept. What ended badly only goes."""
        if self._job is not None:
            self._job.stop()
        elif self.port.state in (PortState.IDLE, PortState.CLOSED):
            self._drop_row()
            self.look(may_measure=False)
        else:
            self.port.cancel()

    def _on_asked(self, _asked: object) -> None:
        self._show(Journey(Leg.CHECK, Going.ASKING))

    def _on_answered(self, _answered: object) -> None:
        self._show(Journey(Leg.CHECK, Going.MOVING))

    def _on_progressed(self, told: Progress) -> None:
        going = Going.PAUSED if told.state is State.PAUSED else Going.MOVING
        self._show(
            Journey(
                _LEGS[told.step],
                going,
                told.done_bytes,
                told.total_bytes,
                told.bytes_per_s,
                words_of(told.why) if told.why else "",
            )
        )

    def _on_refused(self, why: object) -> None:
        self._fail(words_of(why))

    def _on_ended(self, ended: Ended) -> None:
        if ended.outcome is Outcome.COMPLETE:
            self._prepare(ended.name)
        elif ended.outcome in (Outcome.CANCELLED, Outcome.DECLINED):
            self._drop_row()
            self._services.notices.news(words_of(ended.why))
            self.look(may_measure=False)
        else:
            self._fail(words_of(ended.why))
        self._show_can_ask()

    def _fail(self, why: str) -> None:
        self._show(
            Journey(self._now.leg, Going.FAILED, self._now.done_bytes, self._now.total_bytes,
                    why=why)
        )  # fmt: skip
        self._show_can_ask()

    def _prepare(self, name: str) -> None:
        """What arrived, verified, is laid out for this processor."""
        self._show(Journey(Leg.PREPARE, Going.MOVING))
        job = self._job = Job(name, None, self)
        job.stepped.connect(self._on_prepared_so_far)
        job.run(
            self._desk.tasks,
            partial(models_work.prepare_arrived, name, self._mix),
            self._on_prepared,
            partial(self._on_not_prepared, name),
        )
        job.ended.connect(job.deleteLater)
        self.arrived.emit()

    def _on_prepared_so_far(self, step: WorkStep) -> None:
        if self._job is not None:
            self._show(Journey(Leg.PREPARE, Going.MOVING, step.done_bytes, step.total_bytes))

    def _on_prepared(self, name: str) -> None:
        self._end_journey(self.tr("{model} is ready.").format(model=one_line(name)), name)

    def _on_not_prepared(self, name: str, error: Exception) -> None:
        """It is here and verified: it is prepared, or run as it is, when it is used first."""
        if isinstance(error, PreparationCancelledError):
            form = self.tr("{model} is here. It is prepared when it is used first.")
            self._end_journey(form.format(model=one_line(name)), name)
        else:
            self._job = None
            self._services.notices.error(words_of(error) or type(error).__name__)
            self._end_journey(self.tr("{model} is here.").format(model=one_line(name)), name)

    def _end_journey(self, words: str, name: str) -> None:
        self._job = None
        self._drop_row()
        use = NoticeAction(self.tr("Load"), partial(self._desk.use_requested.emit, name, None))
        self._services.notices.news(words, use)
        self.arrived.emit()
        self.look(may_measure=False)

    # ------------------------------------------------------------------ what is shown

    def _show(self, now: Journey) -> None:
        self._now = now
        if self._row is not None:
            self._row.show_journey(now)

    def _drop_row(self) -> None:
        row, self._row = self._row, None
        if row is not None:
            self.section.take_journey(row)

    def _can_ask(self) -> bool:
        return self.port.state is PortState.IDLE and self._job is None

    def _show_can_ask(self) -> None:
        is_possible = self._can_ask()
        self.section.can_ask(is_possible)
        for row in self._begun.values():
            row.act.setEnabled(is_possible)

    def _on_state_changed(self) -> None:
        if self.port.state is PortState.CLOSED:
            self.look(may_measure=False)
        self._show_can_ask()
