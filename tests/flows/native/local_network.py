"""Runs a command in a network in which every address is this computer, and counts what it sends.

    unshare -rn python local_network.py REPORT COMMAND…

Whatever is sent to any address crosses the one interface there is, whose counter is read before
and after. In a fresh network all sockets are the command's own: those that /proc lists while it
runs, and what `ss -lntup` says, are reported too.
"""

import json
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

TABLES = ("tcp", "tcp6", "udp", "udp6", "udplite", "raw", "raw6", "icmp", "icmp6", "packet")
COMMANDS = (
    "ip link set lo up",
    "ip route add local 0.0.0.0/0 dev lo",
    "ip -6 route add local ::/0 dev lo",
)
EVERY_S = 0.1


def packets() -> int:
    """What has crossed the interface so far, both ways."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _, numbers = line.partition(":")
        if name.strip() == "lo":
            columns = numbers.split()
            return int(columns[1]) + int(columns[9])
    raise SystemExit("there is no interface")


def sockets() -> set[str]:
    """Every socket but Unix ones, as /proc lists it."""
    found = set()
    for name in TABLES:
        table = Path("/proc/net") / name
        if table.exists():
            found |= {f"{name}: {line.strip()}" for line in table.read_text().splitlines()[1:]}
    return found


def listeners() -> set[str]:
    if shutil.which("ss") is None:
        return set()
    told = subprocess.run(["ss", "-Hlntup"], capture_output=True, text=True, check=True)
    return set(told.stdout.splitlines())


class Watcher(threading.Thread):
    """Looks again and again until it is told to end."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.found: set[str] = set()
        self.looks = 0
        self.ends = threading.Event()

    def run(self) -> None:
        while not self.ends.wait(EVERY_S):
            self.looks += 1
            self.found |= sockets()
            if self.looks % 20 == 1:
                self.found |= listeners()


def main() -> int:
    report, *command = sys.argv[1:]
    for line in COMMANDS:
        subprocess.run(line.split(), check=True)
    time.sleep(0.2)
    before, watcher = packets(), Watcher()
    watcher.start()
    code = subprocess.run(command, check=False).returncode
    watcher.ends.set()
    watcher.join()
    told = {
        "code": code,
        "packets": packets() - before,
        "sockets": sorted(watcher.found),
        "looks": watcher.looks,
    }
    Path(report).write_text(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
