"""A source package of Debian's, fetched and checked by apt, unpacked with Debian's patches.

For: `own_python`. Apt is given lists of its own, in a folder of ours: whoever builds need not be
root, and what apt knows of this computer stays as it was. The mirrors are those that this
computer's apt uses; every file is held by the archive's signature.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
_LABELS = {"Debian": "", "Debian-Security": "-security"}


class SourceError(Exception):
    """The source can't be had; the message is a sentence."""


@dataclass(frozen=True)
class DebianSource:
    """An unpacked source package. `seconds`: when this version was made, by its changelog."""

    version: str
    folder: Path
    seconds: int


def fetch(package: str, release: str, folder: Path) -> DebianSource:
    """The newest version that a release's mirrors have, in `folder`/source; what was in `folder`
    goes. Raises SourceError.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "lists" / "partial").mkdir(parents=True)
    lines = [f"deb-src [signed-by={KEYS}] {each} main" for each in _archives(release)]
    (folder / "sources.list").write_text("\n".join(lines) + "\n", encoding="utf-8")
    apt = _Apt(folder)
    apt.run("apt-get", "update")
    refused = []
    for version in apt.versions(package):
        try:
            # A mirror may list a version that it does not have (yet): then the one before.
            apt.run("apt-get", "source", "--download-only", f"{package}={version}")
        except SourceError as error:
            refused.append(str(error))
            continue
        return _unpacked(package, version, folder)
    raise SourceError(refused[0] if refused else f"{release} has no source of {package}.")


class _Apt:
    """Apt with lists, sources and a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        settings = {
            "Dir::Etc::SourceList": folder / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::State::Lists": folder / "lists",
            "Dir::Cache": folder / "cache",
            "APT::Sandbox::User": "root",  # it may be unable to enter this folder
        }
        self._options = [part for k, v in settings.items() for part in ("-o", f"{k}={v}")]

    def run(self, program: str, *arguments: str) -> str:
        """Raises SourceError."""
        return _run([program, *self._options, *arguments], self._folder)

    def versions(self, package: str) -> list[str]:
        """Newest first."""
        told = self.run("apt-cache", "showsrc", "--only-source", package)
        lines = (line.partition(": ") for line in told.splitlines())
        found: list[str] = []
        for version in (value for name, _, value in lines if name == "Version"):
            later = [each for each in found if _is_later(each, version)]
            found.insert(len(later), version)
        return found


def _archives(release: str) -> list[str]:
    """Address and suite of each archive of the release, as this computer reaches them."""
    told = _run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(COMPONENT) $(LABEL)"])
    found = {}
    for line in told.splitlines():
        where, component, label = line.split(" ", 2)
        if component == "main" and label in _LABELS:
            found[label] = f"{where} {release}{_LABELS[label]}"
    if "Debian" not in found:
        raise SourceError("apt names no Debian mirror here: apt-get update has to run first.")
    return list(found.values())


def _is_later(one: str, other: str) -> bool:
    return subprocess.run(["dpkg", "--compare-versions", one, "gt", other]).returncode == 0


def _unpacked(package: str, version: str, folder: Path) -> DebianSource:
    file = folder / f"{package}_{version.partition(':')[2] or version}.dsc"
    source = folder / "source"
    # Apt has compared every file with the signed list already.
    _run(["dpkg-source", "--no-check", "--extract", str(file), str(source)])
    changelog = ["dpkg-parsechangelog", "--show-field", "Timestamp", "--file"]
    return DebianSource(
        version, source, int(_run([*changelog, str(source / "debian" / "changelog")]))
    )


def _run(command: Sequence[str], folder: Path | None = None) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    except FileNotFoundError as error:
        raise SourceError(
            f"{command[0]} is not installed here: Debian’s apt and dpkg-dev bring the source."
        ) from error
    if done.returncode:
        faults = [line for line in done.stderr.splitlines() if line.startswith("E: ")]
        said = (faults or done.stderr.strip().splitlines() or ["no word"])[0]
        raise SourceError(f"{command[0]} failed: {said.removeprefix('E: ')}")
    return done.stdout
