"""Connections that go where they may, count what they carry, and can be cut at any moment.

For: `transport`. A read waits in short slices, so that a stop is heard at once; a line that
brings next to nothing for a while, or more than an answer may have, is cut.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpcore2

from app.airlock.download.addresses import Resolver, addresses_of
from app.airlock.download.errors import HubAnswerError, LineFaultError
from app.airlock.download.hosts import Host
from inference.sentence import said

_SLICE_S = 0.2
# What must come within the time of a stall: a line that brings less is as good as none.
_LEAST_BYTES = 1_024


@dataclass
class Meter:
    """One exchange: what it may take and has taken. `check` raises where somebody stops it."""

    stall_s: float
    most_bytes: int
    check: Callable[[], None]
    sent: int = 0
    received: int = 0
    _waited_s: float = field(default=0.0, repr=False)
    _since: int = field(default=0, repr=False)

    def add(self, count: int, waited_s: float) -> None:
        """Count what a read brought; raises HubAnswerError for an answer without an end, and
        LineFaultError for a stall.
        """
        self.received += count
        self._waited_s += waited_s
        if self.received > self.most_bytes:
            raise HubAnswerError(
                said(
                    "The answer has more than {most:,} bytes, and was cut. Nothing of it was used.",
                    most=self.most_bytes,
                )
            )
        if self._waited_s < self.stall_s:
            return
        if self.received - self._since < _LEAST_BYTES:
            raise LineFaultError(
                said("Nothing came for {seconds:.0f} seconds.", seconds=self.stall_s)
            )
        self._waited_s, self._since = 0.0, self.received


class Meters(threading.local):
    """The meter of the exchange that this thread is at."""

    current: Meter | None = None


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, meters: Meters) -> None:
        self._inner, self._meters = inner, meters

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        meter = self._meters.current
        assert meter is not None
        while True:
            meter.check()
            started = time.monotonic()
            data = b""
            try:
                data = self._inner.read(max_bytes, min(_SLICE_S, meter.stall_s))
            except httpcore2.ReadTimeout:
                meter.add(0, time.monotonic() - started)
                continue
            meter.add(len(data), time.monotonic() - started)
            return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)
        if self._meters.current is not None:
            self._meters.current.sent += len(buffer)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._meters)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Wire(httpcore2.NetworkBackend):
    """Connects to hosts that `host_for` knows, at addresses that were checked."""

    def __init__(
        self, host_for: Callable[[str, int], Host], resolver: Resolver, meters: Meters
    ) -> None:
        self._host_for, self._resolver, self._meters = host_for, resolver, meters
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Tries each address in turn; raises what the last one did."""
        addresses = addresses_of(self._host_for(host, port), host, self._resolver)
        each_s = None if timeout is None else max(timeout / len(addresses), 2.0)
        for number, address in enumerate(addresses, 1):
            if self._meters.current is not None:
                self._meters.current.check()
            try:
                stream = self._inner.connect_tcp(
                    address, port, timeout=each_s, socket_options=socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if number == len(addresses):
                    raise
            else:
                return _Stream(stream, self._meters)
        raise AssertionError("a host without an address was refused before")
