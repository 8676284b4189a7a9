"""Whether a window can open on this machine's own screen, asked before Qt is loaded.

For: the chat role, which goes on in the terminal where it cannot. Qt itself ends the
process when it finds no display, and a display over TCP is a network connection, which
the lock refuses.
"""

from __future__ import annotations

import platform
import re
import socket
from collections.abc import Mapping
from pathlib import Path

_NETWORK_PLATFORMS = ("vnc",)
_NEEDS = {"xcb": "X11", "wayland": "Wayland"}
_DISPLAY = re.compile(r"(?:(?P<protocol>[^/:]+)/)?(?P<host>.*):(?P<number>\d+)(?:\.\d+)?")

NO_DISPLAY = "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."


def display_problem(environment: Mapping[str, str]) -> str | None:
    """Why no window can open, in one sentence; None where a local display answers."""
    if platform.system() != "Linux":
        return None
    wanted = _qt_platforms(environment)
    for name in wanted:
        if name in _NETWORK_PLATFORMS:
            return f"QT_QPA_PLATFORM={name} would open a network port, which the lock refuses."
    if wanted and not any(name in _NEEDS for name in wanted):
        return None  # offscreen, minimal, or a console's own screen: Qt needs no server
    return _server_problem(environment, wanted)


def _qt_platforms(environment: Mapping[str, str]) -> list[str]:
    """`wayland;xcb:option` → wayland, xcb; variants such as wayland-egl count as wayland."""
    chosen = environment.get("QT_QPA_PLATFORM", "").split(";")
    names = [part.split(":")[0].strip() for part in chosen if part.strip()]
    return ["wayland" if name.startswith("wayland") else name for name in names]


def _server_problem(environment: Mapping[str, str], wanted: list[str]) -> str | None:
    problems = []
    if environment.get("WAYLAND_DISPLAY") and (not wanted or "wayland" in wanted):
        problems.append(_wayland_problem(environment))
    if environment.get("DISPLAY") and (not wanted or "xcb" in wanted):
        problems.append(_x11_problem(environment["DISPLAY"]))
    if any(problem is None for problem in problems):
        return None
    return problems[-1] if problems else NO_DISPLAY


def _wayland_problem(environment: Mapping[str, str]) -> str | None:
    name = environment["WAYLAND_DISPLAY"]
    path = Path(environment.get("XDG_RUNTIME_DIR", "/run/user/none")) / name
    return None if _answers(str(path)) else f"The Wayland display {name} does not answer."


def _x11_problem(display: str) -> str | None:
    parts = _DISPLAY.fullmatch(display)
    if parts is None:
        return f"DISPLAY={display} is not the name of a display."
    number, host, protocol = parts["number"], parts["host"], parts["protocol"] or ""
    if host.startswith("/"):
        return None if _answers(f"{host}:{number}") else _no_answer(display)
    if host not in ("", "unix") or protocol not in ("", "unix", "local"):
        return (
            f"DISPLAY={display} is reached over the network, which the lock refuses; "
            "a window needs a display on this machine."
        )
    path = f"/tmp/.X11-unix/X{number}"
    return None if _answers("\0" + path) or _answers(path) else _no_answer(display)


def _no_answer(display: str) -> str:
    return f"The display {display} does not answer."


def _answers(address: str) -> bool:
    """Whether a server accepts connections at this Unix address."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(address)
        except OSError:
            return False
    return True
