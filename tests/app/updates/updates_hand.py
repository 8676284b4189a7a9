"""A copy of the program in a prefix, versions of it, and updates signed by a key of the test's."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.chats.schema import MIGRATIONS
from app.installation import Installation, installed_at
from app.library.bundles.signing import SigningKey
from app.updates.admission import architecture, system
from app.updates.making import make_update
from app.updates.manifest import Release, UpdateManifest
from app.updates.prefix import Prefix

COMMIT = "0123456789abcdef"


def release(version: str, **changes: Any) -> Release:
    """What an update for this computer says of itself."""
    made = Release(
        version, COMMIT, 1_700_000_000, system(), architecture(), "", MIGRATIONS[-1].version
    )
    return replace(made, **changes)


def write_tree(folder: Path, version: str, key: bytes | None, schema: int | None = None) -> Path:
    """A program of some small files, with a link as PyInstaller makes them."""
    (folder / "_internal/library").mkdir(parents=True)
    (folder / "pitcher").write_text(f"#!/bin/sh\necho {version}\n")
    (folder / "pitcher").chmod(0o755)
    (folder / "_internal/library/libone.so").write_bytes(version.encode() * 5_000)
    (folder / "_internal/empty").write_bytes(b"")
    (folder / "_internal/libone.so").symlink_to("library/libone.so")
    signer = key.hex() if key else None
    told: dict[str, object] = {"version": version, "commit": COMMIT, "release_key": signer}
    if schema is not None:
        told["history_schema"] = schema
    (folder / "build.json").write_text(json.dumps(told))
    return folder


@dataclass
class Copy:
    """One installed copy, and who signs for it."""

    folder: Path
    key: SigningKey

    @property
    def prefix(self) -> Prefix:
        return Prefix(self.folder / "pitcher")

    def install(self, version: str, *, is_signed: bool = True, schema: int | None = None) -> None:
        """As an installer does."""
        key = self.key.public.raw if is_signed else None
        write_tree(self.prefix.versions / version, version, key, schema)
        (self.prefix.folder / "current").write_text(f"{version}\n")

    def running(self, version: str | None = None) -> Installation:
        """What a process of that version, else of the current one, knows of itself."""
        name = version or self.prefix.current
        assert name is not None
        return installed_at(self.prefix.versions / name)

    def update(
        self, version: str, key: SigningKey | None = None, **changes: Any
    ) -> tuple[Path, UpdateManifest]:
        """An update file."""
        tree = self.folder / f"tree-{version}"
        if not tree.exists():
            write_tree(tree, version, self.key.public.raw)
        file = self.folder / f"pitcher-{version}.pitcher-update"
        return file, make_update(tree, release(version, **changes), key or self.key, file)


def some_key() -> SigningKey:
    """A new one, kept nowhere."""
    return SigningKey(Ed25519PrivateKey.generate())


def contents(folder: Path) -> dict[str, bytes | str]:
    """Every file's bytes and every link's target, by path; what is executable has a mark."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file():
            found[name + ("*" if path.stat().st_mode & 0o100 else "")] = path.read_bytes()
    return found
