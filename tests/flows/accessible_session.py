"""A session of its own for a program that a screen reader would read.

A bus that can start the accessibility service and nothing else: no keyring is asked, whichever
whoever runs the tests has.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SERVICE = "org.a11y.Bus.service"
_SERVICES = Path("/usr/share/dbus-1/services")
_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def missing() -> str:
    """What this machine lacks for it, in a sentence; nothing where it can be."""
    if shutil.which("dbus-daemon") is None:
        return "needs dbus-daemon (Debian: dbus)"
    if not (_SERVICES / _SERVICE).is_file():
        return "needs the accessibility bus (Debian: at-spi2-core)"
    return ""


@contextmanager
def accessible_session(folder: Path, display: str) -> Iterator[dict[str, str]]:
    """The variables of a session whose bus lives as long as the block."""
    services = folder / "services"
    services.mkdir(parents=True)
    shutil.copy(_SERVICES / _SERVICE, services)
    config = folder / "session.conf"
    config.write_text(_CONFIG.format(folder=folder))
    variables = {
        "DISPLAY": display,
        "XDG_RUNTIME_DIR": str(folder),
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "LC_ALL": "C.UTF-8",
    }
    # What the bus starts is of its group, and ends with it.
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        assert address, "the session's bus did not start"
        yield variables | {"DBUS_SESSION_BUS_ADDRESS": address}
    finally:
        os.killpg(bus.pid, signal.SIGTERM)
        bus.communicate(timeout=30)
