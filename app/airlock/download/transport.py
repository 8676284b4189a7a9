"""Asking a host for something: one door, which every request and redirect goes through.

For: `hub` and `fetching`. Nothing is followed, kept, decoded or read from the environment that is
not written here: no cookies, no compression, the same three headers always. A token goes to the
hub alone. Each exchange is reported, the refused ones too.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import httpcore2

from app.airlock.download.addresses import Resolver, system_resolver
from app.airlock.download.certificates import trusting_context
from app.airlock.download.errors import DownloadError, RefusedAddressError
from app.airlock.download.exchange import Exchange, Purpose
from app.airlock.download.faults import fault_of
from app.airlock.download.headers import Headers
from app.airlock.download.hosts import Host, HostRules, Proxy, Target
from app.airlock.download.token import Token
from app.airlock.download.wire import Meter, Meters, Wire
from inference.errors import one_line
from inference.sentence import said

USER_AGENT = "pitcher"
_METHOD = "GET"
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
# What a head and its redirects' pages may add to what was asked for.
_HEAD_BYTES = 256 << 10
_DRAINED_BYTES = 64 << 10
_MOST_SHOWN = 300
_MOST_CONNECTIONS = 16
_KEPT_FOR_S = 60.0
_LINE_FAULTS = (
    httpcore2.NetworkError,
    httpcore2.TimeoutException,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
)


def _never() -> None:
    """Nobody stops it."""


@dataclass(frozen=True)
class Line:
    """How the hub is reached. `stall_s`: after so long without bytes a connection is cut;
    `connect_s`: so long it may take to come about. `ca_file`: an authority to believe beside the
    system's.
    """

    rules: HostRules
    proxy: Proxy | None = None
    ca_file: Path | None = None
    token: Token | None = None
    stall_s: float = 30.0
    connect_s: float = 15.0


@dataclass(frozen=True)
class Asked:
    """One request. `most_bytes` of its answer's body are taken; `range` is first and last byte,
    `if_range` the mark of the version that they must be of, by host. `check` raises where it is
    stopped.
    """

    url: str
    purpose: Purpose
    most_bytes: int
    range: tuple[int, int] | None = None
    if_range: Mapping[str, str] = field(default_factory=dict)
    check: Callable[[], None] = _never


@dataclass(frozen=True)
class Answer:
    """What came in the end. `hub_headers` are those of the hub's own answer, which may have sent
    us on; `target` is who answered. Its `chunks` are read within `Transport.ask`.
    """

    status: int
    headers: Headers
    hub_headers: Headers
    target: Target
    chunks: Iterator[bytes]

    def body(self) -> bytes:
        """All of it; raises what `faults` names."""
        return b"".join(self.chunks)


class Transport:
    """For one download, any number of threads. Raises RuleError for what `line` names."""

    def __init__(
        self,
        line: Line,
        on_exchange: Callable[[Exchange], None],
        resolver: Resolver = system_resolver,
    ) -> None:
        self.rules = line.rules
        self._line, self._on_exchange = line, on_exchange
        self._meters = Meters()
        self._numbers = itertools.count(1)
        self._pool = _pool(line, Wire(self._host_for, resolver, self._meters))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.close()

    @property
    def has_token(self) -> bool:
        """Whether the hub is told who asks."""
        return self._line.token is not None and self.rules.hub_takes_token

    @contextmanager
    def ask(self, asked: Asked) -> Iterator[Answer]:
        """The answer, after at most 5 redirects; whatever its status. Raises DownloadError."""
        target = self._checked(asked, asked.url, None)
        hub_headers = Headers(())
        for _step in range(_MOST_REDIRECTS + 1):
            with self._exchange(asked, target) as answer:
                if answer.target.host == self.rules.hub:
                    hub_headers = Headers((*answer.headers.items, *hub_headers.items))
                if answer.status not in _REDIRECTS:
                    yield replace(answer, hub_headers=hub_headers)
                    return
                location = answer.headers.one("location")
                _drain(answer)
            target = self._checked(asked, location, target)
        why = said(
            "{host} sends us on and on, so it was asked no more. What has arrived is kept; try "
            "again later, or without the mirror or proxy.",
            host=target.shown,
        )
        raise self._refused(asked, target, why)

    def _checked(self, asked: Asked, url: str, seen_from: Target | None) -> Target:
        try:
            return self.rules.checked(url, seen_from)
        except RefusedAddressError as error:
            self._tell_refused(asked, _as_written(url), str(error))
            raise

    def _refused(self, asked: Asked, target: Target, why: str) -> RefusedAddressError:
        self._tell_refused(asked, target, why)
        return RefusedAddressError(why)

    def _tell_refused(self, asked: Asked, place: Target, why: str) -> None:
        told = replace(self._begun(asked, place), with_token=False, refusal=why, has_ended=True)
        self._on_exchange(told)

    @contextmanager
    def _exchange(self, asked: Asked, target: Target) -> Iterator[Answer]:
        """One request and its answer, told at its begin and at its end."""
        meter = Meter(self._line.stall_s, asked.most_bytes + _HEAD_BYTES, asked.check)
        begun = self._begun(asked, target)
        self._on_exchange(begun)
        status, why = None, ""
        self._meters.current = meter
        try:
            with self._pool.stream(
                _METHOD, target.url, headers=self._headers(asked, target), extensions=self._limits()
            ) as response:
                status = response.status
                headers = Headers.of(response.headers)
                yield Answer(status, headers, Headers(()), target, iter(response.iter_stream()))
        except _LINE_FAULTS as error:
            fault = fault_of(error, target)
            why = str(fault)
            raise fault from error
        except DownloadError as error:
            why = str(error)
            raise
        finally:
            self._meters.current = None
            self._on_exchange(
                replace(
                    begun,
                    status=status,
                    refusal=why,
                    bytes_sent=meter.sent,
                    bytes_received=meter.received,
                    with_token=begun.with_token and meter.sent > 0,
                    has_ended=True,
                )
            )

    def _headers(self, asked: Asked, target: Target) -> list[tuple[str, str]]:
        headers = [("User-Agent", USER_AGENT), ("Accept", "*/*"), ("Accept-Encoding", "identity")]
        if asked.range is not None:
            headers.append(("Range", f"bytes={asked.range[0]}-{asked.range[1]}"))
            if mark := asked.if_range.get(target.name):
                headers.append(("If-Range", mark))
        if self._line.token is not None and self._carries_token(target):
            headers.append(("Authorization", self._line.token.authorization()))
        return headers

    def _carries_token(self, target: Target) -> bool:
        return self.has_token and target.host == self.rules.hub

    def _limits(self) -> dict[str, dict[str, float]]:
        seconds = {"connect": self._line.connect_s, "write": self._line.stall_s}
        return {"timeout": {**seconds, "pool": self._line.stall_s}}

    def _host_for(self, name: str, port: int) -> Host:
        """Whoever is connected to: the proxy, or a host of the rules."""
        if self._line.proxy is not None:
            return self._line.proxy.host
        name = f"[{name}]" if ":" in name else name
        hosts = (self.rules.hub, *self.rules.content)
        return next(host for host in hosts if host.takes(host.scheme, name, port))

    def _begun(self, asked: Asked, target: Target) -> Exchange:
        return Exchange(
            number=next(self._numbers),
            purpose=asked.purpose,
            method=_METHOD,
            scheme=target.scheme,
            host=target.name,
            port=target.port,
            path=one_line(target.path, _MOST_SHOWN),
            status=None,
            refusal="",
            bytes_sent=0,
            bytes_received=0,
            with_token=self._carries_token(target),
            started_at_s=time.time(),
            has_ended=False,
        )


def _pool(line: Line, wire: Wire) -> httpcore2.ConnectionPool:
    context = trusting_context(line.ca_file)
    if line.proxy is None:
        return httpcore2.ConnectionPool(
            ssl_context=context,
            network_backend=wire,
            max_connections=_MOST_CONNECTIONS,
            keepalive_expiry=_KEPT_FOR_S,
        )
    account = (line.proxy.user, line.proxy.password) if line.proxy.user else None
    return httpcore2.HTTPProxy(
        line.proxy.url,
        proxy_auth=account,
        ssl_context=context,
        proxy_ssl_context=context if line.proxy.host.scheme == "https" else None,
        network_backend=wire,
        max_connections=_MOST_CONNECTIONS,
        keepalive_expiry=_KEPT_FOR_S,
    )


def _drain(answer: Answer) -> None:
    """Read a redirect's own page, so that the connection can be used again; never a long one."""
    length = answer.headers.count("content-length")
    if length is not None and length <= _DRAINED_BYTES:
        for _chunk in answer.chunks:
            pass


def _as_written(url: str) -> Target:
    """A refused address, for the record: as far as it can be told apart."""
    scheme, separator, rest = url.partition("?")[0].partition("://")
    name, slash, path = (rest if separator else scheme).partition("/")
    host = Host(one_line(name, _MOST_SHOWN), scheme if separator else "", 0)
    return Target(host, host.name, slash + path, "")
