"""How this program was installed, and what its build says of itself.

For: whoever must know where its own files lie: paths (a portable copy keeps everything beside
itself), updates, the proof of its files. Reads no user data.

A copy that the program looks after itself (per user, or portable on a stick) lies in a prefix:

    prefix/
      pitcher            starts the version that `current` names
      current            a line: the name of a folder of `versions`
      previous           the same, while there is one to go back to
      portable           only in a portable copy, which keeps its data in prefix/data
      versions/0.1.0/    a frozen program with its build.json

A system's package is the frozen program alone, which its package manager renews.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from inference.version import ENGINE_VERSION

VERSIONS = "versions"
PORTABLE_MARK = "portable"
PORTABLE_DATA = "data"
BUILD_FILE = "build.json"
_KEY_BYTES = 32


class Kind(StrEnum):
    """Who looks after the program's files."""

    SOURCE = "source"  # a working tree, or a wheel: whoever installed it
    SYSTEM = "system"  # a package manager, or an administrator
    PER_USER = "per-user"  # the program itself, in the user's own folder
    PORTABLE = "portable"  # the program itself, on a stick


@dataclass(frozen=True)
class Build:
    """What a frozen program's build.json says. `release_key`: the Ed25519 public key, 32 bytes, by
    which updates are signed; None for a build that nobody signs for, which takes no update.
    """

    version: str
    commit: str
    release_key: bytes | None


@dataclass(frozen=True)
class Installation:
    """Where the program lies. `prefix` is that of a copy that the program looks after."""

    kind: Kind
    program: Path
    prefix: Path | None
    build: Build


@cache
def installation() -> Installation:
    """This process's own."""
    if not getattr(sys, "frozen", False):
        build = Build(ENGINE_VERSION, "", None)
        return Installation(Kind.SOURCE, Path(__file__).resolve().parents[1], None, build)
    return installed_at(Path(sys.executable).resolve().parent)


def portable_home() -> Path | None:
    """The folder in which a portable copy keeps everything; None for any other."""
    found = installation()
    if found.kind is not Kind.PORTABLE or found.prefix is None:
        return None
    return found.prefix / PORTABLE_DATA


def installed_at(program: Path) -> Installation:
    """What a frozen program's folder is part of."""
    build = build_of(program)
    prefix = program.parent.parent
    if program.parent.name != VERSIONS or not (prefix / "current").is_file():
        return Installation(Kind.SYSTEM, program, None, build)
    is_portable = (prefix / PORTABLE_MARK).is_file()
    return Installation(Kind.PORTABLE if is_portable else Kind.PER_USER, program, prefix, build)


def build_of(program: Path) -> Build:
    """What build.json says; a build that says nothing readable has no key, so takes no update."""
    try:
        told = json.loads((program / BUILD_FILE).read_text(encoding="utf-8"))
        key = told["release_key"]
        release_key = None if key is None else bytes.fromhex(key)
        build = Build(str(told["version"]), str(told["commit"]), release_key)
    except (OSError, ValueError, KeyError, TypeError):
        return Build(ENGINE_VERSION, "", None)
    if release_key is not None and len(release_key) != _KEY_BYTES:
        return Build(build.version, build.commit, None)
    return build
