"""The window's way to the courier: it proposes a download, and tells what becomes of it.

For: the models page. It fetches nothing and asks nothing: the launcher starts a courier, which asks
the user in a window of its own. One download at a time.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from app.airlock.courier.door import NO_WAY, CourierDoor
from app.airlock.courier.messages import (
    Answered,
    Asked,
    Cancel,
    Ended,
    Outcome,
    Pause,
    Progress,
    Propose,
    Refused,
    Report,
    Request,
    Resume,
    SpeedLimit,
)
from app.airlock.download.progress import State
from inference.sentence import Sentence, said


class PortState(StrEnum):
    """What the buttons go by."""

    CLOSED = "closed"  # no courier can be had
    IDLE = "idle"
    PROPOSED = "proposed"  # a courier is being started
    ASKING = "asking"  # its window, or its terminal, waits for the user
    FETCHING = "fetching"  # also asking the hub for its list, and verifying
    PAUSED = "paused"


_LOST = said("The way to the courier was closed. What has arrived is kept.")


class CourierPort(QObject):
    """Messages to the courier and from it, in the GUI thread. `state` says what is going on."""

    asked = Signal(object)  # Asked
    answered = Signal(object)  # Answered
    progressed = Signal(object)  # Progress
    ended = Signal(object)  # Ended; the last of a download that was begun
    refused = Signal(object)  # a Sentence: nothing was begun
    state_changed = Signal()

    def __init__(self, door: CourierDoor | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door = door
        self._notifier: QSocketNotifier | None = None
        self.state = PortState.IDLE if door is not None else PortState.CLOSED
        if door is not None and door.reports is not None:
            read = QSocketNotifier.Type.Read
            self._notifier = QSocketNotifier(door.reports, read, self)
            self._notifier.activated.connect(self._on_readable)

    @property
    def can_fetch(self) -> bool:
        """Whether a courier can be had from this process."""
        return self.state is not PortState.CLOSED

    @property
    def why_not(self) -> Sentence | None:
        """Why none can be had; None where one can."""
        return None if self.can_fetch else NO_WAY

    def propose(self, model: int | str) -> None:
        """A number of the catalogue, or `owner/name`; `ended` or `refused` answers in the end.

        Raises WireError for a name that no repository can have.
        """
        proposal = (
            Propose(number=model) if isinstance(model, int) else Propose(repository=model.strip())
        )
        if not self.can_fetch:
            self.refused.emit(NO_WAY)
        elif self.state is not PortState.IDLE:
            self.refused.emit(said("One download at a time: another one has not ended yet."))
        else:
            self._become(PortState.PROPOSED)
            self._ask(proposal)

    def pause(self) -> None:
        """Rest; what has arrived is kept."""
        self._ask(Pause())

    def resume(self) -> None:
        """Go on after a pause."""
        self._ask(Resume())

    def cancel(self) -> None:
        """End it; what has arrived is kept for the next time."""
        self._ask(Cancel())

    def limit_speed(self, bytes_per_s: int) -> None:
        """Fetch no faster; 0 is as fast as it comes."""
        self._ask(SpeedLimit(bytes_per_s))

    def close(self) -> None:
        """The window is closed: so is the way to a courier, which ends one that is at work."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
        if self._door is not None:
            self._door.close()

    def _ask(self, request: Request) -> None:
        if self._door is not None and not self._door.ask(request) and self.can_fetch:
            self._on_closed()

    def _on_readable(self) -> None:
        if self._door is None:
            return
        for report in self._door.read():
            self._tell(report)
        if self._door.reports is None:
            self._on_closed()

    def _on_closed(self) -> None:
        """The launcher closed it, which it never does while all is well."""
        was_busy = self.state is not PortState.IDLE
        self.close()
        self._become(PortState.CLOSED)
        if was_busy:
            self.ended.emit(Ended(Outcome.LOST, _LOST))

    def _tell(self, report: Report) -> None:
        if isinstance(report, Asked):
            self._become(PortState.ASKING)
            self.asked.emit(report)
        elif isinstance(report, Answered):
            self._become(PortState.FETCHING)
            self.answered.emit(report)
        elif isinstance(report, Progress):
            is_paused = report.state is State.PAUSED
            self._become(PortState.PAUSED if is_paused else PortState.FETCHING)
            self.progressed.emit(report)
        elif isinstance(report, Ended):
            self._become(PortState.IDLE)
            self.ended.emit(report)
        elif isinstance(report, Refused):
            self._become(PortState.IDLE)
            self.refused.emit(report.why)

    def _become(self, state: PortState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit()
