"""Names that are the same file on every system, and no other: FAT32, Windows, macOS, Linux.

For: names in a manifest, which anyone may have written, and files that go into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.chats.transfer.names import is_device
from app.library.bundles.errors import ManifestError
from inference.errors import one_line
from inference.sentence import said

MOST_CHARACTERS = 120
# What a bundle writes beside a model's own files.
OWN_PREFIX = "bundle"
_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.+@=, -]*[A-Za-z0-9_+@=-])?")
_UNFIT = re.compile(r"[^A-Za-z0-9_.+@=, -]+")


def is_plain(name: str) -> bool:
    """Whether it is an ordinary name everywhere: no path, no device, no dot or space at an end."""
    fits = len(name) <= MOST_CHARACTERS and _PLAIN.fullmatch(name) is not None
    return fits and not is_device(name)


def check_names(names: Iterable[str], where: str) -> None:
    """Raises ManifestError for a name that is not plain, is ours, or is there twice."""
    seen: dict[str, str] = {}
    for name in names:
        shown = one_line(name, 80)
        if not is_plain(name):
            raise ManifestError(
                said(
                    "{where}: “{name}” is no plain name of a file. Nothing was written.",
                    where=where,
                    name=shown,
                )
            )
        folded = name.casefold()
        if folded.startswith(OWN_PREFIX):
            raise ManifestError(
                said("{where}: “{name}” is a name that bundles keep.", where=where, name=shown)
            )
        if folded in seen:
            raise ManifestError(
                said(
                    "{where}: “{name}” and “{other}” are one name on many systems.",
                    where=where,
                    name=shown,
                    other=seen[folded],
                )
            )
        seen[folded] = name


def plain_name(text: str) -> str:
    """`text` made such a name; “model” where nothing is left."""
    name = _UNFIT.sub("-", text)[:MOST_CHARACTERS].strip(" .,-")
    return name if is_plain(name) else f"model-{name}".strip("-")
