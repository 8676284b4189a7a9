"""A courier's side played in a thread: its real journey and downloader, and a user who says yes.

For: `test_first_run`. The processes around it, its lock and its window have tests of their own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.airlock.courier.asking import Question, Reply
from app.airlock.courier.controls import Controls
from app.airlock.courier.door import CourierDoor
from app.airlock.courier.journey import Journey, Place, repository_of
from app.airlock.courier.messages import (
    Exchange,
    Propose,
    decode_report,
    decode_request,
    encode_report,
)
from app.airlock.courier.telling import Telling
from app.download_policy import DownloadPolicy
from tests.app.airlock.download.scripted_hub import ScriptedHub


class Willing:
    """Says yes to everything, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def ask(self, question: Question, _stopped: threading.Event) -> Reply | None:
        self.asked.append(question)
        return Reply()


class PlayedCourier:
    """One proposal, from the chat process's pipes to a model in `models`."""

    def __init__(self, hub: ScriptedHub, models: Path) -> None:
        self.user = Willing()
        models.mkdir(parents=True, exist_ok=True)  # as the launcher does
        self._place = Place(models, DownloadPolicy(hub.url, (hub.content_url,)))
        self._requests, asks = os.pipe()
        reports, self._reports = os.pipe()
        self.door = CourierDoor(asks, reports)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="courier")

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        """The window is closed."""
        self._is_over.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        with os.fdopen(self._requests, "rb") as requests:
            line = requests.readline()
            if not line:  # the window was closed before it asked
                os.close(self._reports)
                return
            proposal = decode_request(line.strip())
            assert isinstance(proposal, Propose)
            with self._forwarding() as tells:
                telling = Telling(tells)
                journey = Journey(self.user, telling, Controls(), self._place)
                telling.tell(journey.run(repository_of(proposal)))

    @contextmanager
    def _forwarding(self) -> Iterator[int]:
        """What the courier tells, but for what the launcher keeps to itself."""
        told, tells = os.pipe()

        def forward() -> None:
            with os.fdopen(told, "rb") as lines, os.fdopen(self._reports, "wb", 0) as onwards:
                for line in lines:
                    report = decode_report(line.strip())
                    if not isinstance(report, Exchange):
                        onwards.write(encode_report(report))
                self._is_over.wait(60)  # a launcher holds the pipe for as long as the window

        forwarder = threading.Thread(target=forward, name="launcher")
        forwarder.start()
        try:
            yield tells
        finally:
            os.close(tells)
            forwarder.join(60)
