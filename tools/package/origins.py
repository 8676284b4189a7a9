"""Whose each file of a frozen tree is: a distribution's, Python's, a package's of the system.

For: `inventory`. It goes by the list of sources that freezing writes: for each module and each
file's place in the tree the file that it came of. What has no owner fails the build by its name.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution
from pathlib import Path
from typing import Protocol

from app.airlock.installed_files import LIST_NAME, SIGNATURE_NAME
from app.licences.distributions import canonical
from app.licences.works import FILE_NAME, TEXT_NAME
from tools.package.freeze import PackageError

BILL_NAME = "pitcher.cdx.json"
OWN, PYTHON, LOADER = "pitcher", "python", "pyinstaller"
INTERNAL = "_internal"
_OWN_FOLDERS = ("app", "inference", "kernels", "assets", "main.py")
# What is written of a tree once it is whole: no part of what it consists of.
WRITTEN_LATER = frozenset(
    {
        f"{INTERNAL}/assets/licences/{FILE_NAME}",
        *(TEXT_NAME, BILL_NAME, LIST_NAME, SIGNATURE_NAME),
    }
)
# What PyInstaller makes itself of Python's library, and links with: they have no source file.
_OF_PYTHON = re.compile(r"base_library\.zip|libpython3[\d.]*\.so[\d.]*")


class UnknownOriginError(PackageError):
    """Parts of the program, of which nobody knows whose they are."""


class Owners(Protocol):
    """A system that can name the package of a file."""

    def owner_of(self, file: str) -> str | None:
        """The package's name."""
        ...


class Origins:
    """Names an owner for each file: "python:NAME", "system:NAME", or one of the three above.

    `site` is the folder in which the distributions lie, `python` that of Python itself.
    """

    def __init__(
        self, distributions: Iterable[Distribution], site: Path, python: Path, system: Owners
    ) -> None:
        self.distributions = {canonical(each.metadata["Name"]): each for each in distributions}
        self._site, self._python, self._system = site, python.resolve(), system
        self._paths = {
            path.as_posix(): name
            for name, distribution in self.distributions.items()
            for path in distribution.files or ()
        }

    def of_tree(self, tree: Path, sources: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """Owner → its files within the tree, sorted; those of whom only modules are in, have none.

        Raises UnknownOriginError.
        """
        owned: dict[str | None, list[str]] = defaultdict(list)
        for path in files_below(tree):
            owned[self._of_file(tree, path, sources)].append(path)
        for target, source in sources.items():
            owner = PYTHON if _OF_PYTHON.fullmatch(target) else self._of_source(source)
            if owner is None:
                owned[None].append(target)
            else:
                owned[owner] += []
        if None in owned:
            raise UnknownOriginError(_sentence(owned[None]))
        named = ((owner, paths) for owner, paths in owned.items() if owner is not None)
        return {owner: tuple(paths) for owner, paths in sorted(named)}

    def _of_file(self, tree: Path, path: str, sources: Mapping[str, str]) -> str | None:
        """Its owner; of a link, that of what it leads to."""
        folder, _, inner = path.partition("/")
        if folder != INTERNAL:
            return LOADER if path == "pitcher" else OWN
        if (tree / path).is_symlink():
            target = os.path.relpath((tree / path).resolve(), tree.resolve())
            return None if target == path else self._of_file(tree, target, sources)
        if _OF_PYTHON.fullmatch(inner):
            return PYTHON
        source = sources.get(inner)
        return None if source is None else self._of_source(source)

    def _of_source(self, source: str) -> str | None:
        """By where it lay: among the distributions, in Python's own folder, in the system."""
        if not os.path.isabs(source):
            return LOADER  # what PyInstaller made
        file = Path(source)
        if file.is_relative_to(self._site):
            path = file.relative_to(self._site)
            if path.parts[0] in _OWN_FOLDERS:
                return OWN
            name = self._paths.get(path.as_posix())
            if name is None and (
                compiled := re.fullmatch(r"(.*)__pycache__/(.+)\.[\w-]+\.pyc", source)
            ):
                return self._of_source(f"{compiled[1]}{compiled[2]}.py")
            return None if name is None else _named(name)
        if file.resolve().is_relative_to(self._python):
            return PYTHON
        package = self._system.owner_of(str(file)) or self._system.owner_of(str(file.resolve()))
        return None if package is None else f"system:{package}"


def files_below(tree: Path) -> Iterator[str]:
    """Every file, and every link, by its path within the tree; sorted. Not what is written of a
    tree once it is whole.
    """
    found = []
    for folder, folders, names in os.walk(tree):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        found += [os.path.relpath(os.path.join(folder, each), tree) for each in (*names, *links)]
    yield from sorted(each for each in found if each not in WRITTEN_LATER)


def _named(name: str) -> str:
    return name if name in (OWN, LOADER) else f"python:{name}"


def _sentence(names: list[str]) -> str:
    return (
        "Of these parts of the frozen program nobody knows whose they are and under which licence: "
        + ", ".join(sorted(names))
        + ". Leave them out, or say it in packaging/licences/works.toml."
    )
