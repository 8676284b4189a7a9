"""Which package of the system a collected library came from, with its version and its terms.

For: the inventory of a frozen tree. Asks dpkg: programs are frozen on Debian.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SystemPackage:
    """A binary package, and the source package that it was built from."""

    name: str
    version: str
    source: str
    architecture: str
    copyright: bytes


class System:
    """The system that a program was frozen on; `root` is a userland's folder, or /."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._names: dict[str, str | None] = {}
        self._packages: dict[str, SystemPackage] = {}

    def release(self) -> str:
        """The system's own name, such as "Debian GNU/Linux 12 (bookworm)"."""
        text = (self._root / "etc/os-release").read_text(encoding="utf-8")
        names = (line.partition("=")[2] for line in text.splitlines() if "PRETTY_NAME=" in line)
        return next(names, "Linux").strip('"')

    def owner_of(self, file: str) -> str | None:
        """The name of the package that has this file."""
        if file not in self._names:
            self._names[file] = self._asked(file)
        return self._names[file]

    def package(self, name: str) -> SystemPackage:
        """A package that is installed, by its name."""
        if name not in self._packages:
            form = "${Version}\t${source:Package}\t${Architecture}\n"
            told = self._dpkg("--show", f"--showformat={form}", name).splitlines()[0]
            version, source, architecture = told.split("\t")
            file = self._root / "usr/share/doc" / name / "copyright"
            self._packages[name] = SystemPackage(
                name, version, source, architecture, file.read_bytes()
            )
        return self._packages[name]

    def _asked(self, file: str) -> str | None:
        # Packages may name a library by the folder that /lib was before it became a link.
        for path in dict.fromkeys((file, file.removeprefix("/usr"), f"/usr{file}")):
            for line in self._dpkg("--search", path).splitlines():
                packages, _, found = line.partition(": ")
                if found == path:
                    return packages.split(",")[0].partition(":")[0]
        return None

    def _dpkg(self, *arguments: str) -> str:
        admin = f"--admindir={self._root / 'var/lib/dpkg'}"
        command = ["dpkg-query", admin, *arguments]
        return subprocess.run(command, capture_output=True, text=True).stdout
