"""What the user told the courier, by way of the chat process: any thread may tell, any may ask.

For: the role's reading thread, which tells, and the journey, whose job obeys. What was told before
there was a job holds for the job.
"""

from __future__ import annotations

import threading
from typing import Protocol

from app.airlock.courier.messages import Cancel, Pause, Propose, Request, Resume, SpeedLimit
from app.airlock.download.control import Control


class Controllable(Protocol):
    """A download that goes on."""

    def pause(self) -> None:
        """Rest until `resume`."""
        ...

    def resume(self) -> None:
        """Go on."""
        ...

    def stop(self) -> None:
        """End soon; what has arrived is kept."""
        ...

    def set_speed_limit(self, bytes_per_s: float | None) -> None:
        """None is as fast as it goes."""
        ...


class Asking:
    """Asking the hub for its list, which can be stopped; `control` is what the asking looks at."""

    def __init__(self) -> None:
        self.control = Control()

    def pause(self) -> None:
        """Rest between two requests."""
        self.control.pause()

    def resume(self) -> None:
        """Go on."""
        self.control.resume()

    def stop(self) -> None:
        """End soon."""
        self.control.stop()

    def set_speed_limit(self, bytes_per_s: float | None) -> None:
        """A list is small: it comes as fast as it goes."""


class Controls:
    """`stopped` is set once the user does not want it any more."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._lock = threading.Lock()
        self._job: Controllable | None = None
        self._is_paused = False
        self._bytes_per_s = 0

    def obey(self, request: Request) -> None:
        """Do what is asked; a proposal is none of these."""
        with self._lock:
            if isinstance(request, Cancel):
                self.stopped.set()
            elif isinstance(request, Pause | Resume):
                self._is_paused = isinstance(request, Pause)
            elif isinstance(request, SpeedLimit):
                self._bytes_per_s = request.bytes_per_s
            if self._job is not None and not isinstance(request, Propose):
                self._pass_on(self._job, request)

    def attach(self, job: Controllable) -> None:
        """From now on it obeys, also to what was told before."""
        with self._lock:
            self._job = job
            if self._bytes_per_s:
                self._pass_on(job, SpeedLimit(self._bytes_per_s))
            if self._is_paused:
                self._pass_on(job, Pause())
            if self.stopped.is_set():
                self._pass_on(job, Cancel())

    def _pass_on(self, job: Controllable, request: Request) -> None:
        if isinstance(request, Cancel):
            job.stop()
        elif isinstance(request, Pause):
            job.pause()
        elif isinstance(request, Resume):
            job.resume()
        elif isinstance(request, SpeedLimit):
            job.set_speed_limit(request.bytes_per_s or None)
