"""Writes the licences of everything that a frozen tree consists of: for people, and for its page.

A step of `tools.package`. LICENCES.txt lies beside the executable, the same as JSON among the
assets. The same tree gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app.licences.works import (
    FILE_NAME,
    TEXT_NAME,
    Licences,
    Shelf,
    Work,
    as_json,
    as_text,
)
from tools.package.gathering import components_of
from tools.package.inventory import Component
from tools.package.origins import INTERNAL
from tools.package.tree_files import write_into


def build(tree: Path, _out: Path) -> list[Path]:
    """Both files, within the tree: no artefact of their own."""
    components = components_of(tree)
    write(tree, licences_of(components))
    return []


def licences_of(components: Iterable[Component]) -> Licences:
    """The works, with each text once."""
    shelf = Shelf()
    return shelf.licences(
        Work(
            each.kind,
            each.name,
            each.version,
            each.licence,
            each.origin,
            tuple(dict.fromkeys(shelf.put(title, text) for title, text in each.texts)),
            tuple(part.in_words() for part in each.parts),
        )
        for each in components
    )


def write(tree: Path, licences: Licences) -> None:
    """Into the places where the program looks for them."""
    write_into(tree, f"{INTERNAL}/assets/licences/{FILE_NAME}", as_json(licences))
    title = "Pitcher: the licences of everything that it consists of"
    write_into(tree, TEXT_NAME, as_text(licences, title).encode())
