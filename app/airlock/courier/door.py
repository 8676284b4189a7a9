"""The chat process's end of both pipes: it proposes, and is told.

For: `bridge/courier_port` and `models download`. What can be said here is what `messages` has:
there is no other way out of the chat process.
"""

from __future__ import annotations

import os
import select
from collections.abc import MutableMapping

from app.airlock.courier.desk import REPORTS_VARIABLE, REQUESTS_VARIABLE
from app.airlock.courier.errors import WireError
from app.airlock.courier.messages import (
    MOST_REPORT_BYTES,
    Report,
    Request,
    decode_report,
    encode_request,
)
from app.airlock.courier.wire import LineReader
from app.airlock.inherited import take_pipe_end
from inference.sentence import said

_READ_BYTES = 4096
NO_WAY = said(
    "This start of Pitcher has no way to download: the system can’t hold the process that would do "
    "it to its task, or that way was closed. Import a bundle, or use files that you have."
)


class CourierDoor:
    """Two descriptors, which are this object's until `close`."""

    def __init__(self, requests: int, reports: int) -> None:
        for descriptor in (requests, reports):
            os.set_blocking(descriptor, False)
        self._requests = requests
        self._reports: int | None = reports
        self._reader = LineReader(MOST_REPORT_BYTES)

    @property
    def reports(self) -> int | None:
        """Readable when there is something to `read`; None once the door is closed."""
        return self._reports

    def ask(self, request: Request) -> bool:
        """Send it; False where nobody takes it any more, or not now."""
        if self._reports is None:
            return False
        try:
            os.write(self._requests, encode_request(request))
        except OSError:
            return False
        return True

    def read(self) -> list[Report]:
        """What came, without waiting; the door is closed when the launcher closed it, or broke
        the rules.
        """
        if self._reports is None:
            return []
        try:
            piece = os.read(self._reports, _READ_BYTES)
            found = [decode_report(line) for line in self._reader.feed(piece)]
        except BlockingIOError:
            return []
        except (OSError, WireError):
            piece, found = b"", []
        if not piece:
            self.close()
        return found

    def wait(self, seconds: float) -> bool:
        """Whether there is something to read, or the door was closed, within that time."""
        if self._reports is None:
            return True
        return bool(select.select([self._reports], [], [], seconds)[0])

    def close(self) -> None:
        """Nothing is asked from here on, which ends a courier that is at work."""
        if self._reports is not None:
            os.close(self._requests)
            os.close(self._reports)
            self._reports = None


def take_courier_door(environment: MutableMapping[str, str] | None = None) -> CourierDoor | None:
    """The door that this process was started with, once; None where there is none."""
    requests = take_pipe_end(REQUESTS_VARIABLE, environment)
    reports = take_pipe_end(REPORTS_VARIABLE, environment)
    if requests is None or reports is None:
        return None
    return CourierDoor(requests, reports)
