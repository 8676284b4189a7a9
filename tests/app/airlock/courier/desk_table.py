"""A desk with the loop around it, a chat process, and couriers that a test plays."""

import os
import select
from dataclasses import dataclass, field
from pathlib import Path

from app.airlock.courier.desk import CourierDesk
from app.airlock.courier.door import CourierDoor
from app.airlock.courier.errors import CourierError
from app.airlock.courier.messages import (
    Answered,
    Consent,
    Exchange,
    Propose,
    Report,
    decode_request,
    encode_report,
    encode_request,
)
from app.airlock.courier.recording import Recording
from app.airlock.courier.running import RunningCourier
from app.airlock.ledger import Ledger, LedgerRow, read_ledger
from inference.sentence import said

NAME = "owner/name"
YES_LIST = Answered(Consent.LIST, True, NAME)
YES_FETCH = Answered(Consent.FETCH, True, NAME, 3, 900)
LISTING = Exchange(1, True, "list", "hub", "GET", "/api", 200, said(""), 10, 20, had_token=False)
FILE = Exchange(2, True, "file", "hub", "GET", "/f", 206, said(""), 10, 900, had_token=False)


@dataclass
class Process:
    """A courier's process, whose end is a pipe's end."""

    life: int
    code: int = 0
    killed: bool = False

    def kill(self) -> None:
        self.end(-9)
        self.killed = True

    def wait(self) -> int:
        self.end(self.code)
        return self.code

    def end(self, code: int) -> None:
        if self.life >= 0:
            os.close(self.life)
            self.life, self.code = -1, code


@dataclass
class Couriers:
    """Starts couriers that a test plays."""

    refusal: str = ""
    failure: OSError | None = None
    started: list[RunningCourier] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    tells: list[int] = field(default_factory=list)

    def __call__(self) -> RunningCourier:
        if self.refusal:
            raise CourierError(self.refusal)
        if self.failure is not None:
            raise self.failure
        theirs, ours = os.pipe()
        reports, told = os.pipe()
        ends, life = os.pipe()
        for descriptor in (theirs, ours, reports):
            os.set_blocking(descriptor, False)
        self.asked.append(theirs)
        self.tells.append(told)
        self.started.append(RunningCourier(Process(life), ours, reports, ends))
        return self.started[-1]

    @property
    def process(self) -> Process:
        return self.started[-1].process

    def tell(self, *reports: Report) -> None:
        os.write(self.tells[-1], b"".join(encode_report(report) for report in reports))

    def was_asked(self) -> list[object]:
        try:
            lines = os.read(self.asked[-1], 65536).splitlines()
        except BlockingIOError:
            return []
        return [decode_request(line) for line in lines]


class Table:
    """A desk with the loop around it, and the chat process's end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = Ledger(folder)
        self.couriers = Couriers()
        self.desk = CourierDesk(self.couriers, lambda asked: Recording(self.ledger, asked))
        requests, reports = self.desk.chat_ends.values()
        self.raw = os.dup(requests)
        self.door = CourierDoor(os.dup(requests), os.dup(reports))
        self.desk.hand_over()
        self.poll = select.poll()
        self.desk.attend(self.poll)

    def turn(self, most: int = 200) -> None:
        """Until nothing is ready; bounded, so that a loop that never rests fails."""
        for _ in range(most):
            ready = self.poll.poll(0)
            if not ready:
                return
            for number, _event in ready:
                self.desk.hear(number)
        raise AssertionError("the loop never rests")

    def ask(self, *lines: bytes) -> None:
        os.write(self.raw, b"".join(lines))
        self.turn()

    def tell(self, *reports: Report) -> None:
        self.couriers.tell(*reports)
        self.turn()

    def told(self) -> list[Report]:
        found: list[Report] = []
        while self.door.wait(0) and self.door.reports is not None:
            self.turn()
            found += self.door.read()
        return found

    def rows(self) -> list[LedgerRow]:
        return list(reversed(read_ledger(self.folder).rows))


def begin(table: Table) -> None:
    table.ask(encode_request(Propose(repository=NAME)))
