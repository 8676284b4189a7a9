"""A file as manifests name it; whoever only checks signatures reads it without torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HashedFile:
    """A file by name, size and SHA-256."""

    name: str
    size: int
    sha256: str
