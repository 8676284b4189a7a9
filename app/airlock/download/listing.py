"""What a hub says that a repository holds, at one commit.

For: `choices`, which picks a model's files from it. `hub` makes it, with every field checked.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.airlock.download.names import RepositoryName


@dataclass(frozen=True)
class HubFile:
    """A file of a repository. Of `sha256` (large files, by the LFS record) and `blob` (git's own
    hash, small files) one is there: by it the bytes are known.
    """

    path: str
    size: int
    sha256: str | None
    blob: str | None

    @property
    def name(self) -> str:
        """Its name without folders."""
        return self.path.rpartition("/")[2]

    @property
    def identity(self) -> str:
        """What tells its content from any other."""
        return f"sha256:{self.sha256}" if self.sha256 else f"blob:{self.blob}"


@dataclass(frozen=True)
class Listing:
    """All files of a repository at `commit`, which `revision` named when it was asked.

    `gated`: its makers want to know who fetches it.
    """

    repository: RepositoryName
    revision: str
    commit: str
    files: tuple[HubFile, ...]
    gated: bool = False
