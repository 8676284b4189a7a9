"""What the lock leaves open, for `audit` and the privacy page: said, never hidden.

AF_UNIX stays open, because a window, a keyring and an input method need it. Services
behind those sockets are the system's own and have whatever network they have.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from app.airlock.descriptors import open_descriptors
from inference.sentence import said

_KNOWN = (
    ("DBUS_SESSION_BUS_ADDRESS", said("session bus (keyring, input methods, accessibility)")),
    ("DISPLAY", said("X11 display")),
    ("WAYLAND_DISPLAY", said("Wayland display")),
    ("SSH_AUTH_SOCK", said("SSH agent")),
    ("DOCKER_HOST", "Docker"),
)
_FILES = (
    ("/run/dbus/system_bus_socket", said("system bus")),
    ("/run/docker.sock", "Docker"),
    ("/run/systemd/resolve/io.systemd.Resolve", said("name resolver of systemd")),
)


def open_roads(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """One line for each road that stays open to this process."""
    variables = os.environ if environment is None else environment
    named = [
        said("{road}: {where}", road=name, where=variables[key])
        for key, name in _KNOWN
        if variables.get(key)
    ]
    files = [
        said("{road}: {where}", road=name, where=path)
        for path, name in _FILES
        if _may_connect(path)
    ]
    return (*named, *files, *_every_other_socket(), *_inherited(), *_as_root())


def _may_connect(path: str) -> bool:
    return os.path.exists(path) and os.access(path, os.W_OK)


def _every_other_socket() -> tuple[str, ...]:
    table = Path("/proc/net/unix")
    if not table.exists():
        return ()
    lines = table.read_text(errors="replace").splitlines()[1:]
    names = {line.split(maxsplit=7)[7] for line in lines if len(line.split(maxsplit=7)) == 8}
    text = said(
        "{count:,} named Unix sockets on this system, as far as their owners let us in",
        count=len(names),
    )
    return (text,) if names else ()


def _inherited() -> tuple[str, ...]:
    """Sockets that are open already, whoever made them."""
    return tuple(
        said(
            "descriptor {number}: {target} reaches the network",
            number=found.number,
            target=found.target,
        )
        if found.reaches_network
        else said(
            "descriptor {number}: {target} (Unix socket)", number=found.number, target=found.target
        )
        for found in open_descriptors()
        if found.family is not None or found.reaches_network
    )


def _as_root() -> tuple[str, ...]:
    if os.name != "posix" or os.geteuid() != 0:
        return ()
    return (said("this runs as root, who may change the system itself: use an ordinary user"),)
