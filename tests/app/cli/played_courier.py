"""The launcher's side of `models download`, played by a thread."""

from __future__ import annotations

import os
import threading

from app.airlock.courier.door import CourierDoor
from app.airlock.courier.messages import Report, decode_request, encode_report


class Played:
    """The launcher's ends, played by a thread: it hears, then tells."""

    def __init__(self) -> None:
        self.requests, chat_requests = os.pipe()
        chat_reports, self.reports = os.pipe()
        self.door = CourierDoor(chat_requests, chat_reports)
        self.heard: list[object] = []
        self.thread: threading.Thread | None = None

    def tells(self, *reports: Report, closes: bool = False) -> None:
        """Once something was proposed."""

        def play() -> None:
            self.hear()
            for report in reports:
                os.write(self.reports, encode_report(report))
            if closes:
                os.close(self.reports)
                self.reports = -1

        self.thread = threading.Thread(target=play)
        self.thread.start()

    def hear(self) -> None:
        lines = os.read(self.requests, 4096).splitlines()
        self.heard += [decode_request(line) for line in lines]

    def close(self) -> None:
        if self.thread is not None:
            self.thread.join(30)
        self.door.close()
        for descriptor in (self.requests, self.reports):
            if descriptor >= 0:
                os.close(descriptor)
