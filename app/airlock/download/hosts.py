"""Which addresses may be asked, and which never: checked before anything is sent.

For: `transport` (each request, each step of a redirect) and the confirmation, which shows the
hosts. https to the Hub and its content hosts by default; plain http, other ports and addresses of
a private network only for a mirror or a proxy that the administrator's policy or the courier's
own window named. Where a name leads is checked in `addresses`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from app.airlock.download import hub_hosts
from app.airlock.download.errors import RefusedAddressError, RuleError
from inference.errors import one_line
from inference.sentence import said

HTTP, HTTPS = "http", "https"
_PORTS = {HTTP: 80, HTTPS: 443}
_MOST_URL_CHARACTERS = 8_192
_MOST_SHOWN = 120
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\[\]:@]+)(?::(?P<port>[0-9]{1,5}))?")
_URL = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#]+)(?P<target>/[^#]*)?")
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_BASE_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?")


@dataclass(frozen=True)
class Host:
    """One that may be asked, by one scheme at one port. `name`: in lower case, an address, or
    `*.domain`. `is_named`: somebody with the right to it named it, so its address may be private.
    """

    name: str
    scheme: str = HTTPS
    port: int = 443
    is_named: bool = False

    def takes(self, scheme: str, name: str, port: int) -> bool:
        """Whether that is this host."""
        if (scheme, port) != (self.scheme, self.port):
            return False
        if self.name.startswith("*."):
            return name.endswith(self.name[1:])
        return name == self.name

    @property
    def shown(self) -> str:
        """As the confirmation shows it."""
        if self.scheme == HTTPS:
            return self.name if self.port == _PORTS[HTTPS] else f"{self.name}:{self.port}"
        return f"http://{self.name}:{self.port}"


@dataclass(frozen=True)
class Target:
    """An address that may be asked. `path` is shown and recorded, `query` is not."""

    host: Host
    name: str
    path: str
    query: str

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return self.host.scheme

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.host.port

    @property
    def shown(self) -> str:
        """The host by its own name, for a sentence."""
        return replace(self.host, name=self.name).shown

    @property
    def url(self) -> str:
        """The whole address."""
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.name}{port}{self.path}{query}"


@dataclass(frozen=True)
class Proxy:
    """A proxy that somebody named: requests go through it, and it finds the hosts."""

    host: Host
    user: str = ""
    password: str = ""

    @property
    def url(self) -> str:
        """Its address, without the password."""
        return f"{self.host.scheme}://{self.host.name}:{self.host.port}"

    def __repr__(self) -> str:
        return f"Proxy({self.url})"


@dataclass(frozen=True)
class HostRules:
    """`hub` answers for lists and files, at `base_path`; `content` is where it may send us on to.
    A token goes to `hub` alone, and only where `hub_takes_token`.
    """

    hub: Host
    content: tuple[Host, ...]
    base_path: str = ""
    hub_takes_token: bool = True

    @property
    def api_url(self) -> str:
        """What every address of the hub begins with, without a slash at its end."""
        return Target(self.hub, self.hub.name, self.base_path, "").url

    @property
    def names(self) -> tuple[str, ...]:
        """Every host that may be asked, as the confirmation shows it."""
        return tuple(host.shown for host in (self.hub, *self.content))

    def checked(self, url: str, seen_from: Target | None = None) -> Target:
        """The address, if it may be asked; relative to `seen_from`, from which we were sent on.

        Raises RefusedAddressError.
        """
        if len(url) > _MOST_URL_CHARACTERS or _PRINTABLE.fullmatch(url) is None:
            raise _refused(said("it is too long, or holds signs that no address has"), url)
        whole = urljoin(seen_from.url, url) if seen_from else url
        match = _URL.fullmatch(whole.partition("#")[0])
        if match is None or "\\" in whole or len(whole) > _MOST_URL_CHARACTERS:
            raise _refused(said("it is no address of a page"), whole)
        scheme = match["scheme"]
        name, port = _host_and_port(match["authority"], scheme, whole)
        if seen_from is not None and seen_from.scheme == HTTPS and scheme == HTTP:
            raise _refused(said("it leads from a protected connection to an open one"), whole)
        for host in (self.hub, *self.content):
            if host.takes(scheme, name, port):
                path, _, query = (match["target"] or "/").partition("?")
                return Target(host, name, path, query)
        raise _refused(said("this host is none of those that may be asked"), whole)


def hub_rules(
    mirror: str = "", hosts: Sequence[str] = (), *, token_to_mirror: bool = False
) -> HostRules:
    """The rules for the Hub, or for a mirror that takes its place; `hosts` may be asked too.

    `mirror` is `https://host[:port][/path]` or the same with http; each of `hosts` is `host`,
    `host:port` or such an address without path. Raises RuleError.
    """
    further = tuple(_named_host(text)[0] for text in hosts)
    if not mirror:
        content = tuple(Host(name) for name in hub_hosts.CONTENT)
        return HostRules(Host(hub_hosts.HUB), content + further)
    host, path = _named_host(mirror)
    return HostRules(host, further, path.rstrip("/"), hub_takes_token=token_to_mirror)


def proxy_from(text: str) -> Proxy:
    """`http://[user:password@]host:port`, or with https; raises RuleError."""
    scheme, separator, rest = text.partition("://")
    account, at, address = rest.rpartition("@")
    user, _, password = account.partition(":")
    host, path = _named_host(f"{scheme}{separator}{address}")
    is_plain = all(_PRINTABLE.fullmatch(part) for part in (user, password) if part)
    if not separator or path.strip("/") or (at and not user) or not is_plain:
        raise _malformed(f"{scheme}{separator}{address}")
    return Proxy(host, user, password)


def _named_host(text: str) -> tuple[Host, str]:
    """A host that was named, and the path after it."""
    whole = text if "://" in text else f"{HTTPS}://{text}"
    match = _URL.fullmatch(whole) if len(whole) <= _MOST_URL_CHARACTERS else None
    path = (match["target"] or "") if match else ""
    if match is None or _BASE_PATH.fullmatch(path) is None or "/.." in path:
        raise _malformed(text)
    try:
        name, port = _host_and_port(match["authority"], match["scheme"], whole)
    except RefusedAddressError as error:
        raise _malformed(text) from error
    return Host(name, match["scheme"], port, is_named=True), path


def _host_and_port(authority: str, scheme: str, url: str) -> tuple[str, int]:
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise _refused(said("it names no host, or a user"), url)
    port = int(match["port"]) if match["port"] else _PORTS[scheme]
    if not _is_host(match["host"]) or not 0 < port < 65_536:
        raise _refused(said("its host has no plain name"), url)
    return match["host"], port


def _is_host(name: str) -> bool:
    """An IPv6 address in brackets, an IPv4 address, or a name; no number that stands for one."""
    if name.startswith("["):
        return _is_address(name[1:-1], 6)
    last = name.rpartition(".")[2]
    if last.isdigit() or last.startswith("0x"):
        return _is_address(name, 4)
    return len(name) <= 253 and _NAME.fullmatch(name) is not None


def _is_address(text: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(text).version == version
    except ValueError:
        return False


def _refused(why: str, url: str) -> RefusedAddressError:
    shown = one_line(url.partition("?")[0], _MOST_SHOWN)
    return RefusedAddressError(
        said("{url} was not asked: {why}. Nothing was sent there.", url=shown, why=why)
    )


def _malformed(text: str) -> RuleError:
    return RuleError(
        said(
            "“{text}” is no host, mirror or proxy: one is “https://host”, with “:port” where it "
            "needs one. Nothing was asked.",
            text=one_line(text.rpartition("@")[2], _MOST_SHOWN),
        )
    )
