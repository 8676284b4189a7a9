"""The positive control: tries to reach addresses of every kind, and prints what became of it."""

import errno
import json
import socket
import sys

STREAM, DATAGRAM = socket.SOCK_STREAM, socket.SOCK_DGRAM
TRIES = (
    ("tcp", socket.AF_INET, STREAM, ("198.51.100.9", 443)),
    ("udp", socket.AF_INET, DATAGRAM, ("192.0.2.53", 53)),
    ("tcp6", socket.AF_INET6, STREAM, ("2001:db8::9", 443)),
    ("udp6", socket.AF_INET6, DATAGRAM, ("2001:db8::53", 53)),
    ("loopback", socket.AF_INET, STREAM, ("127.0.0.1", 9)),
)


def attempt(family: int, kind: int, address: tuple[str, int]) -> str:
    try:
        with socket.socket(family, kind) as one:
            one.settimeout(5)
            if kind == DATAGRAM:
                one.sendto(b"x", address)
            else:
                one.connect(address)
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return "sent"


if __name__ == "__main__":
    print(json.dumps({name: attempt(*rest) for name, *rest in TRIES}))
    sys.stdout.flush()
