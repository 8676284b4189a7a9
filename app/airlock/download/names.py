"""Names of repositories, revisions and files: what a hub or a user may call something.

For: everything that builds an address or a path. What is not plain is refused, never mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.airlock.download.errors import RepositoryNameError
from app.library.bundles.names import is_plain
from inference.sentence import said

MAIN = "main"
_MOST_CHARACTERS = 96
_PART = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?")
_REVISION = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# Names that the models folder would take for a single file of a model.
_FILE_LIKE = (".gguf", ".safetensors")


@dataclass(frozen=True)
class RepositoryName:
    """`owner/name`, or of the oldest ones `name` alone; made by `repository_name`."""

    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}" if self.owner else self.name


def repository_name(text: str) -> RepositoryName:
    """The repository that is meant; raises RepositoryNameError."""
    owner, slash, name = text.rpartition("/")
    if not _is_part(name) or (slash and not _is_part(owner)):
        raise RepositoryNameError(
            said(
                "“{text}” is no name of a repository: one is “owner/name”, of letters, digits, "
                "“.”, “_” and “-”. Nothing was asked.",
                text=text[:_MOST_CHARACTERS],
            )
        )
    return RepositoryName(owner, name)


def revision_name(text: str) -> str:
    """A branch, tag or commit; raises RepositoryNameError."""
    if _REVISION.fullmatch(text) is None or ".." in text:
        raise RepositoryNameError(
            said("“{text}” is no name of a revision. Nothing was asked.", text=text[:96])
        )
    return text


def is_commit(text: object) -> bool:
    """Whether it is a commit's hash in hexadecimal."""
    return isinstance(text, str) and _COMMIT.fullmatch(text) is not None


def is_blob(text: object) -> bool:
    """Whether it is the hash by which git knows a file's content."""
    return is_commit(text)


def is_sha256(text: object) -> bool:
    """Whether it is a SHA-256 in hexadecimal."""
    return isinstance(text, str) and _SHA256.fullmatch(text) is not None


def is_file_name(name: str) -> bool:
    """Whether a file may have this name in a model's folder, on every system."""
    return is_plain(name)


def folder_name(repository: RepositoryName, label: str) -> str:
    """What the model is called in the models folder."""
    name = f"{repository.name}-{label}" if label else repository.name
    return f"{name}-model" if name.lower().endswith(_FILE_LIKE) or not is_plain(name) else name


def _is_part(text: str) -> bool:
    fits = 0 < len(text) <= _MOST_CHARACTERS and _PART.fullmatch(text) is not None
    return fits and "--" not in text and ".." not in text and not text.endswith(".git")
