"""Where a name leads: only addresses that were checked are connected to.

For: `wire`. A name of a public host that leads into a private network (by a mistake, a hostile
resolver, or one that answers otherwise the second time) is refused: the connection goes to the
very address that was looked at, and nobody asks the resolver again.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

from app.airlock.download.errors import RefusedAddressError, UnreachableError
from app.airlock.download.hosts import Host
from inference.sentence import ours, said

# (host, port) → addresses, the best first; raises OSError.
Resolver = Callable[[str, int], Sequence[str]]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Where networks of IPv6 alone put the addresses of IPv4 (RFC 6052).
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def system_resolver(host: str, port: int) -> Sequence[str]:
    """As this computer finds hosts; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(text: str) -> bool:
    """Whether an address belongs to the Internet; false for what is no address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return all(each.is_global and not each.is_multicast for each in _meant(address))


def _meant(address: Address) -> list[Address]:
    """The address, and the one of IPv4 that is hidden in it."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address in _TRANSLATED:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    hidden = address.sixtofour or (address.teredo[1] if address.teredo else None)
    return [address] if hidden is None else [address, hidden]


def addresses_of(host: Host, name: str, resolver: Resolver) -> list[str]:
    """The addresses of `name` that may be connected to; raises RefusedAddressError,
    UnreachableError.
    """
    try:
        found = list(resolver(name.strip("[]"), host.port))
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise UnreachableError(
            said(
                "{host} can’t be found: {why}. Check the connection; what has arrived is kept.",
                host=name,
                why=ours(why or str(error)),
            )
        ) from error
    kept = [address for address in found if host.is_named or is_public(address)]
    if not kept:
        raise RefusedAddressError(
            said(
                "{host} was not asked: its name leads to {address}, which is no address of the "
                "Internet. Nothing was sent there.",
                host=name,
                address=", ".join(found[:3]) or "—",
            )
        )
    return kept
