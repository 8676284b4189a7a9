"""The launcher's side of both pipes, played: what was asked, and what is told."""

from __future__ import annotations

import os
from dataclasses import dataclass

from app.airlock.courier.messages import (
    Progress,
    Report,
    Request,
    decode_request,
    encode_report,
)
from app.airlock.download.progress import State, Step
from app.pages.models.downloads import DownloadsSection
from app.pages.models.journey_row import JourneyRow
from inference.sentence import said

NOTHING = said("")


@dataclass
class Launcher:
    """The other end of both pipes."""

    requests: int
    reports: int

    def asked(self) -> list[Request]:
        try:
            data = os.read(self.requests, 1 << 16)
        except BlockingIOError:
            return []
        return [decode_request(line) for line in data.splitlines(keepends=True)]

    def tell(self, report: Report) -> None:
        os.write(self.reports, encode_report(report))


def journey(section: DownloadsSection) -> JourneyRow:
    (row,) = section.journeys
    return row


def progress(step: Step, done: int, state: State = State.RUNNING, why: str = "") -> Progress:
    return Progress(step, state, done, 10_000_000_000, 20_000_000, said(why) if why else NOTHING)
