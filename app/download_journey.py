"""The journey of one download: asked for, fetched by the courier, prepared here, in one bar.

For: `WindowDownloads`. The window fetches nothing: it proposes a model, the courier asks the user
in a window of its own and tells how far it is; what arrived is prepared as the last part.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from app import models_work
from app.airlock.courier.errors import WireError
from app.airlock.courier.messages import Ended, Outcome, Progress
from app.airlock.download.progress import State, Step
from app.bridge.courier_port import CourierPort, PortState
from app.bridge.jobs import Job
from app.bridge.jobs import Step as WorkStep
from app.download_queue import Wanted
from app.error_words import words_of
from app.library.mixes import Mix
from app.models_desk import ModelsDesk
from app.notices import NoticeAction
from app.pages.models.downloads import DownloadsSection
from app.pages.models.journey_row import Going, Journey, JourneyRow, Leg
from app.widgets.one_line import one_line
from app.window_history import Services
from inference.errors import PreparationCancelledError

_MB = 1_000_000
_LEGS = {Step.CHECK: Leg.CHECK, Step.FETCH: Leg.DOWNLOAD, Step.VERIFY: Leg.VERIFY}


class DownloadJourney(QObject):
    """One at a time, or none."""

    changed = Signal()  # what is on its way, whether it rests, or whether another can be asked for
    over = Signal()  # it ended, one way or another, but badly
    failed = Signal(object, object)  # the Wanted that ended badly, and its JourneyRow, which stays
    arrived = Signal()  # a model is among the others now

    def __init__(self, services: Services, section: DownloadsSection, desk: ModelsDesk) -> None:
        super().__init__(section)
        self._services = services
        self._section = section
        self._desk = desk
        self.port = CourierPort(None, self)
        self._row: JourneyRow | None = None
        self._now = Journey(Leg.CHECK, Going.ASKING)
        self.wanted: Wanted | None = None  # what is on its way
        self._job: Job | None = None

    @property
    def can_ask(self) -> bool:
        """Whether a download can be asked for now."""
        return self.port.state is PortState.IDLE and self.wanted is None

    @property
    def is_paused(self) -> bool:
        """Whether the user, or a full disk, has it rest."""
        return self.port.state is PortState.PAUSED

    def follow(self, port: CourierPort) -> None:
        """The way to the courier, once; until then there is none."""
        self.port = port
        port.asked.connect(self._on_asked)
        port.answered.connect(self._on_answered)
        port.progressed.connect(self._on_progressed)
        port.refused.connect(self._on_refused)
        port.ended.connect(self._on_ended)
        port.state_changed.connect(self._on_state_changed)

    def close(self) -> None:
        """The window goes: the courier ends, and what has arrived is kept."""
        self.port.close()
        if self._job is not None:
            self._job.stop()

    def propose(self, wanted: Wanted) -> None:
        """Ask the courier for a model; nothing while another is on its way."""
        if not self.can_ask:
            return
        self.wanted = wanted
        self._row = row = JourneyRow(self._services.theme, wanted.title)
        row.acted.connect(self._on_acted)
        row.ended.connect(self._on_end_wanted)
        row.limited.connect(lambda megabytes: self.port.limit_speed(megabytes * _MB))
        self._section.begin_journey(row)
        self._show(Journey(Leg.CHECK, Going.MOVING))
        try:
            self.port.propose(wanted.model)
        except WireError as error:
            self._fail(words_of(error))
        self.changed.emit()

    def _on_acted(self) -> None:
        """Pause, or go on."""
        if self.port.state is PortState.PAUSED:
            self.port.resume()
        elif self.port.state is PortState.FETCHING:
            self.port.pause()

    def _on_end_wanted(self) -> None:
        """End it where it is; what has arrived is kept."""
        if self._job is not None:
            self._job.stop()
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
            self.over.emit()
        else:
            self._fail(words_of(ended.why))
        self.changed.emit()

    def _fail(self, why: str) -> None:
        """Its row stays and says why; it is no longer this one's."""
        now = self._now
        self._show(Journey(now.leg, Going.FAILED, now.done_bytes, now.total_bytes, why=why))
        row, wanted = self._row, self.wanted
        self._row = self.wanted = None
        if row is not None and wanted is not None:
            row.acted.disconnect(self._on_acted)
            row.ended.disconnect(self._on_end_wanted)
            self.failed.emit(wanted, row)
        self.changed.emit()

    def _prepare(self, name: str) -> None:
        """What arrived, verified, is laid out for this processor."""
        mix = self.wanted.mix if self.wanted is not None else Mix.Q4
        self._show(Journey(Leg.PREPARE, Going.MOVING))
        job = self._job = Job(name, None, self)
        job.stepped.connect(self._on_prepared_so_far)
        job.run(
            self._desk.tasks,
            partial(models_work.prepare_arrived, name, mix.value),
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
        self.over.emit()
        self.changed.emit()

    def _show(self, now: Journey) -> None:
        self._now = now
        if self._row is not None:
            self._row.show_journey(now)

    def _drop_row(self) -> None:
        row, self._row, self.wanted = self._row, None, None
        if row is not None:
            self._section.take_journey(row)

    def _on_state_changed(self) -> None:
        if self.port.state is PortState.CLOSED:
            self.over.emit()
        self.changed.emit()
