"""The launcher's part between the chat process and a courier: it checks, passes on and records.

For: `launcher`, whose loop takes its descriptors in. It holds no data of the user's. Nothing that
either side does can hold the loop or grow without bound:

    the chat process    a request that breaks the rules ends the conversation and the courier; a
                        report that it does not read is dropped; one courier at a time
    the courier         what is no report, an exchange that nobody consented to, or a ledger that
                        can't be written ends it at once; so does the end of the chat process
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.airlock.courier.errors import CourierError, WireError
from app.airlock.courier.messages import (
    MOST_REPORT_BYTES,
    MOST_REQUEST_BYTES,
    Answered,
    Asked,
    Cancel,
    Ended,
    Exchange,
    Outcome,
    Progress,
    Propose,
    Refused,
    Report,
    Request,
    decode_report,
    decode_request,
    encode_report,
)
from app.airlock.courier.outbox import Outbox
from app.airlock.courier.wire import LineReader
from inference.sentence import Sentence, said, sentence_of, system_words

if TYPE_CHECKING:
    from app.airlock.courier.recording import Recording
    from app.airlock.courier.running import RunningCourier

REQUESTS_VARIABLE = "PITCHER_REQUESTS"
REPORTS_VARIABLE = "PITCHER_REPORTS"
_READ_BYTES = 4096
# A courier that will not end is ended; what it tells after its end is little.
_MOST_LAST_READS = 64
_STOPPED = said("Stopped. What has arrived is kept.")


class Starting(Protocol):
    """How a courier is started; raises CourierError where none may be, or can be."""

    def __call__(self) -> RunningCourier:
        """A courier, under its lock."""
        ...


@dataclass
class _Run:
    courier: RunningCourier
    recording: Recording
    reader: LineReader
    verdict: Ended | None = None


class CourierDesk:
    """Both pipes of the chat process, and the courier while there is one. Raises OSError."""

    def __init__(self, start: Starting, record: Callable[[Propose], Recording]) -> None:
        self._start = start
        self._record_of = record
        self._requests, self._chats_requests = os.pipe()
        self._chats_reports, reports = os.pipe()
        os.set_blocking(self._requests, False)
        self._reports = Outbox(reports)
        self._reader = LineReader(MOST_REQUEST_BYTES)
        self._poll: select.poll | None = None
        self._hears = True
        self._run: _Run | None = None

    @property
    def chat_ends(self) -> Mapping[str, int]:
        """What the chat process gets, by the variable that names it."""
        return {
            REQUESTS_VARIABLE: self._chats_requests,
            REPORTS_VARIABLE: self._chats_reports,
        }

    def hand_over(self) -> None:
        """The chat process was started with its ends, or could not be."""
        for descriptor in (self._chats_requests, self._chats_reports):
            with suppress(OSError):
                os.close(descriptor)

    # ------------------------------------------------------------------ the loop's side

    def attend(self, poll: select.poll) -> None:
        """From now on this poll watches; `hear` is told of what it finds."""
        self._poll = poll
        if self._hears:
            poll.register(self._requests, select.POLLIN)
        if self._run is not None:
            self._watch(self._run.courier)
        self._watch_reports()

    def hear(self, number: int) -> bool:
        """Deal with a descriptor that is ready; False where it is none of these."""
        if number == self._requests and self._hears:
            self._on_requests()
        elif self._run is not None and number == self._run.courier.ends:
            self._on_end(self._run)
        elif self._run is not None and number == self._run.courier.reports:
            self._on_reports(self._run)
        elif number == self._reports.descriptor:
            self._reports.flush()
        else:
            return False
        self._watch_reports()
        return True

    def close(self) -> None:
        """The chat process has ended: so does the courier, recorded. May be called again."""
        if self._run is not None:
            self._run.courier.kill()
            self._on_end(self._run)
        self._stop_hearing()
        self._forget(self._reports.descriptor)
        self._reports.close()

    # ---------------------------------------------------------------------- the chat

    def _on_requests(self) -> None:
        try:
            piece = os.read(self._requests, _READ_BYTES)
        except BlockingIOError:
            return
        try:
            for line in self._reader.feed(piece):
                self._obey(decode_request(line))
        except WireError as error:
            self._tell(Refused(sentence_of(error)))
            piece = b""
        if not piece:
            self._stop_hearing()
            self._end(Ended(Outcome.CANCELLED, said("Pitcher closed the way to the courier.")))

    def _obey(self, request: Request) -> None:
        if isinstance(request, Propose):
            self._propose(request)
        elif self._run is not None:
            taken = self._run.courier.ask(request)
            if isinstance(request, Cancel) and not taken:
                self._end(Ended(Outcome.CANCELLED, _STOPPED))

    def _propose(self, proposal: Propose) -> None:
        if self._run is not None:
            self._tell(Refused(said("One download at a time: another one has not ended yet.")))
            return
        recording = self._record_of(proposal)
        try:
            courier = self._start()
        except (CourierError, OSError) as error:
            self._tell(Refused(sentence_of(error)))
            return
        self._run = _Run(courier, recording, LineReader(MOST_REPORT_BYTES))
        courier.ask(proposal)
        self._watch(courier)

    # ------------------------------------------------------------------- the courier

    def _on_reports(self, run: _Run) -> None:
        piece = run.courier.read()
        if piece == b"":  # it told its last: only its end is still to come
            self._forget(run.courier.reports)
        if not piece:
            return
        try:
            for line in run.reader.feed(piece):
                self._take(run, decode_report(line))
        except WireError as error:
            self._end(Ended(Outcome.FAILED, sentence_of(error)))

    def _take(self, run: _Run, report: Report) -> None:
        try:
            self._record(run, report)
        except OSError as error:
            why = said(
                "The record of connections can’t be written ({why}), so nothing more is fetched. "
                "What has arrived is kept.",
                why=system_words(error),
            )
            self._end(Ended(Outcome.FAILED, why))
            return
        if isinstance(report, Asked | Answered | Progress):
            self._tell(report)

    def _record(self, run: _Run, report: Report) -> None:
        if isinstance(report, Answered):
            run.recording.answered(report)
        elif isinstance(report, Exchange):
            if not run.recording.allows(report):
                why = said("The courier asked for what nobody had allowed, and was ended.")
                self._end(Ended(Outcome.FAILED, why))
            run.recording.exchanged(report)
        elif isinstance(report, Ended | Refused):
            run.verdict = run.verdict or _verdict(report)

    def _end(self, verdict: Ended) -> None:
        """End the courier now; the first verdict is the one that counts."""
        if self._run is not None:
            self._run.verdict = self._run.verdict or verdict
            self._run.courier.kill()

    def _on_end(self, run: _Run) -> None:
        """It has ended, or was killed: hear the last of it, record that, and tell."""
        for _ in range(_MOST_LAST_READS):
            if not (piece := run.courier.read()):
                break
            with suppress(WireError):
                for line in run.reader.feed(piece):
                    self._take(run, decode_report(line))
        for descriptor in (run.courier.ends, run.courier.reports):
            self._forget(descriptor)
        code = run.courier.ended()
        verdict = run.verdict or Ended(Outcome.LOST, _lost(code))
        with suppress(OSError):  # it has been said that the ledger can't be written
            run.recording.ended(verdict)
        self._run = None
        self._tell(verdict)

    # ------------------------------------------------------------------------- pipes

    def _tell(self, report: Report) -> None:
        self._reports.put(encode_report(report), is_passing=isinstance(report, Progress))
        self._watch_reports()

    def _stop_hearing(self) -> None:
        if self._hears:
            self._hears = False
            self._forget(self._requests)
            os.close(self._requests)

    def _watch(self, courier: RunningCourier) -> None:
        if self._poll is not None:
            for descriptor in (courier.ends, courier.reports):
                self._poll.register(descriptor, select.POLLIN)

    def _watch_reports(self) -> None:
        """The chat process is written to when there is room, and only then woken for.

        One that is not heard any more, and was told all, is told no more.
        """
        if not (self._hears or self._run or self._reports.is_waiting):
            self._forget(self._reports.descriptor)
            self._reports.close()
        if self._poll is None or self._reports.descriptor is None:
            return
        if self._reports.is_waiting:
            self._poll.register(self._reports.descriptor, select.POLLOUT)
        else:
            self._forget(self._reports.descriptor)

    def _forget(self, descriptor: int | None) -> None:
        if self._poll is not None and descriptor is not None:
            with suppress(KeyError):
                self._poll.unregister(descriptor)


def _verdict(report: Ended | Refused) -> Ended:
    return report if isinstance(report, Ended) else Ended(Outcome.FAILED, report.why)


def _lost(code: int) -> Sentence:
    return said(
        "The process that downloads ended without a word ({code}). What has arrived is kept; "
        "downloading again goes on from there.",
        code=code,
    )
