"""What an auditor is given: what was tried and answered, and all that it rests on, at one moment.

For: `audit --report` and the privacy page. Gathering reads the program's own files and what the
system says of its processes; nothing of a chat is read, and no command line beyond its role.
"""

from __future__ import annotations

import platform
import sys
import time
from dataclasses import dataclass
from importlib import metadata

from app.airlock.installed_files import NOT_COMPARED, InstalledFiles, check_installed
from app.airlock.proof_endpoints import Endpoint, endpoints
from app.airlock.proof_files import FileHash, program_files, program_folder
from app.airlock.proof_processes import ProcessLock, processes
from app.airlock.report import LockReport
from app.airlock.roads import open_roads
from app.installation import installation
from inference.version import ENGINE_VERSION

_LIBRARIES = (
    "torch",
    "PySide6-Essentials",
    "apsw-sqlite3mc",
    "cryptography",
    "httpx",
    "jinja2",
    "keyring",
    "markdown-it-py",
    "psutil",
    "Pygments",
    "safetensors",
    "tokenizers",
    "ziamath",
)


@dataclass(frozen=True)
class Beside:
    """A section that whoever asks for the report knows more of: policy, chats, downloads."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Proof:
    """All that the report holds. `made_at_s`: seconds since 1970."""

    made_at_s: int
    report: LockReport
    versions: tuple[tuple[str, str], ...]
    processes: tuple[ProcessLock, ...]
    roads: tuple[str, ...]
    endpoints: tuple[Endpoint, ...]
    files: tuple[FileHash, ...]
    beside: tuple[Beside, ...] = ()
    installed: InstalledFiles = NOT_COMPARED


def gather(report: LockReport, beside: tuple[Beside, ...] = ()) -> Proof:
    """Everything beside what was tried, which is `report`. Takes a second or two: it hashes."""
    files = program_files(program_folder())
    return Proof(
        int(time.time()),
        report,
        versions(),
        processes(),
        open_roads(),
        endpoints(),
        files,
        beside,
        check_installed(installation(), files),
    )


def versions() -> tuple[tuple[str, str], ...]:
    """Of the program, the system, Python and each library that is installed."""
    found = [
        ("Pitcher", ENGINE_VERSION),
        ("System", f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("Distribution", _distribution()),
        ("Python", ".".join(map(str, sys.version_info[:3]))),
        *((name, _installed(name)) for name in _LIBRARIES),
    ]
    return tuple((name, version) for name, version in found if version)


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
