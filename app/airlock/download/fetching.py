"""Fetching the parts that are missing: workers, what they do with each answer, trying again.

For: `job`, one `Round` after another. An answer counts only if it is this very part of this very
version; else the try failed, and what came before it stays. What can't be tried again ends the
round with its error.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from app.airlock.download.answers import StartOverError, check_hub, check_part
from app.airlock.download.arrival import Arrival
from app.airlock.download.control import Control, Pace
from app.airlock.download.disk import became_full, is_full
from app.airlock.download.errors import BadPartError, DownloadError, LineFaultError
from app.airlock.download.exchange import Purpose
from app.airlock.download.faults import refusal_of
from app.airlock.download.patience import Patience, Tries
from app.airlock.download.plan import Plan
from app.airlock.download.progress import State, Tally
from app.airlock.download.record import Part
from app.airlock.download.transport import Answer, Asked, Transport
from app.library.bundles.files import opened
from inference.sentence import said

# A try that brought less than this brought nothing on.
_LEAST_BYTES = 16 << 10
_EXPIRED = (401, 403, 404, 410)


class _RestingError(Exception):
    """Somebody paused it, or this round is over: cut the line."""


@dataclass(frozen=True)
class Fetcher:
    """What all rounds of a job share. `keep_every_s`: so often what arrived is made to stay;
    `address_s`: so long an address that the hub sent us on to is asked again without the hub.
    """

    transport: Transport
    plan: Plan
    control: Control
    pace: Pace
    tries: Tries
    workers: int
    keep_every_s: float
    address_s: float
    addresses: dict[str, tuple[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Task:
    arrival: Arrival
    part: Part


class Round:
    """Fetches what is missing of `arrivals`; `start_over` are those of which another version
    came. Threads run from `start` to `join`.
    """

    def __init__(self, fetcher: Fetcher, arrivals: Sequence[Arrival], tally: Tally) -> None:
        self._fetcher, self._tally = fetcher, tally
        tasks = [_Task(each, part) for each in arrivals for part in each.parts if not part.is_whole]
        self._tasks = deque(tasks)
        self._lock = threading.Lock()
        self._is_over = False
        self._waiting: dict[int, str] = {}
        self._threads = [
            threading.Thread(target=self._work, name=f"fetch-{number}", daemon=True)
            for number in range(min(fetcher.workers, len(tasks)))
        ]
        self.start_over: set[Arrival] = set()
        self.failure: BaseException | None = None

    def start(self) -> None:
        """Let the workers begin."""
        for thread in self._threads:
            thread.start()

    def join(self, seconds: float) -> bool:
        """Wait so long; whether all workers have ended."""
        until_s = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until_s - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def end(self) -> None:
        """No worker begins anything more."""
        self._is_over = True

    def state(self) -> tuple[State, str]:
        """Waiting only where every worker does."""
        with self._lock:
            waiting = dict(self._waiting)
        alive = sum(thread.is_alive() for thread in self._threads)
        if waiting and len(waiting) >= alive:
            return State.WAITING, next(iter(waiting.values()))
        return State.RUNNING, ""

    def _work(self) -> None:
        while not self._is_over and (task := self._next()) is not None:
            try:
                self._bring(task)
            except _RestingError:
                return
            except StartOverError:
                self.start_over.add(task.arrival)
                self.end()
            except BaseException as error:  # noqa: BLE001 - the job's own thread raises it
                self._fail(error)

    def _next(self) -> _Task | None:
        with self._lock:
            return self._tasks.popleft() if self._tasks else None

    def _fail(self, error: BaseException) -> None:
        with self._lock:
            self.failure = self.failure or error
        self.end()

    def _check(self) -> None:
        self._fetcher.control.check()
        if self._is_over:
            raise _RestingError

    def _check_line(self) -> None:
        self._check()
        if self._fetcher.control.is_paused:
            raise _RestingError

    def _bring(self, task: _Task) -> None:
        """One part, however many tries it takes."""
        patience = Patience(self._fetcher.tries)
        while not task.part.is_whole:
            self._fetcher.control.rest(self._check)
            before = task.part.arrived
            try:
                self._try(task)
            except _RestingError:
                self._check()
            except OSError as error:
                self._pause_if_full(error)
            except DownloadError as error:
                if task.part.arrived - before >= _LEAST_BYTES:
                    patience.came_on()
                self._wait(patience.wait_after(error), error)

    def _pause_if_full(self, error: OSError) -> None:
        if not is_full(error):
            raise error
        self._fetcher.control.pause(became_full())

    def _wait(self, seconds: float, error: DownloadError) -> None:
        me = threading.get_ident()
        with self._lock:
            self._waiting[me] = str(error)
        try:
            self._fetcher.control.sleep(seconds, self._check)
        finally:
            with self._lock:
                self._waiting.pop(me, None)

    def _try(self, task: _Task) -> None:
        """Ask for what is missing of a part, and write what comes of it."""
        part, file = task.part, task.arrival.file
        first, last = part.first + part.arrived, part.first + part.size - 1
        url, is_remembered = self._address(file.identity, file.path)
        asked = Asked(
            url,
            Purpose.FILE,
            last - first + 1,
            (first, last),
            task.arrival.marks,
            self._check_line,
        )
        with self._fetcher.transport.ask(asked) as answer:
            if is_remembered and answer.status in _EXPIRED:
                self._fetcher.addresses.pop(file.identity, None)
                return
            self._check_answer(task, asked, answer)
            if not is_remembered:
                self._remember(file.identity, answer)
            self._write(task, answer, last - first + 1)
        if not part.is_whole:
            raise LineFaultError(
                said("The connection to {host} ended early.", host=answer.target.shown)
            )

    def _address(self, identity: str, path: str) -> tuple[str, bool]:
        """Where to ask, and whether that is where the hub sent us on to a while ago."""
        address, until_s = self._fetcher.addresses.get(identity, ("", 0.0))
        if address and time.monotonic() < until_s:
            return address, True
        plan, rules = self._fetcher.plan, self._fetcher.transport.rules
        where = f"{plan.repository}/resolve/{plan.commit}/{quote(path)}"
        return f"{rules.api_url}/{where}", False

    def _remember(self, identity: str, answer: Answer) -> None:
        if answer.target.host != self._fetcher.transport.rules.hub:
            until_s = time.monotonic() + self._fetcher.address_s
            self._fetcher.addresses[identity] = (answer.target.url, until_s)

    def _check_answer(self, task: _Task, asked: Asked, answer: Answer) -> None:
        file = task.arrival.file
        check_hub(answer, file, self._fetcher.plan.commit)
        if answer.status in (200, 206, 416):
            check_part(answer, asked, task.arrival)
            return
        is_hub = answer.target.host == self._fetcher.transport.rules.hub
        if not is_hub and answer.status in _EXPIRED:
            raise BadPartError(
                said(
                    "{host} does not give out {file} ({status}). Try again later.",
                    host=answer.target.shown,
                    file=file.name,
                    status=answer.status,
                )
            )
        has_token = self._fetcher.transport.has_token
        what = f"{self._fetcher.plan.repository}/{file.path}"
        raise refusal_of(answer.status, answer.headers, answer.target, what, has_token)

    def _write(self, task: _Task, answer: Answer, length: int) -> None:
        part, arrival = task.part, task.arrival
        kept_at_s, left = time.monotonic(), length
        before, hashed = part.arrived, part.running.copy()
        with opened(arrival.path, os.O_RDWR) as stream:
            stream.seek(part.first + part.arrived)
            try:
                for chunk in answer.chunks:
                    left -= len(chunk)
                    if left < 0:  # none of this answer is to be believed
                        self._tally.add(before - part.arrived)
                        part.arrived, part.running = before, hashed
                        raise BadPartError(
                            said("More came of {file} than it has.", file=arrival.file.name)
                        )
                    arrival.write(part, stream, chunk)
                    self._tally.add(len(chunk), arrival.file.name)
                    self._wait_for_pace(len(chunk))
                    if time.monotonic() - kept_at_s >= self._fetcher.keep_every_s:
                        arrival.keep(part, stream)
                        kept_at_s = time.monotonic()
            finally:
                arrival.keep(part, stream)

    def _wait_for_pace(self, count: int) -> None:
        seconds = self._fetcher.pace.take(count)
        if seconds > 0:
            self._fetcher.control.sleep(seconds, self._check)
