"""What a Python distribution says of its licence: its metadata, its texts, what it carries.

For: a build, of the frozen program's distributions; and the page of the licences, of those of the
environment, where Pitcher runs from source.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import PurePosixPath
from typing import Any

_TEXT_NAMES = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
_CODE = (".py", ".pyc", ".pyi", ".so", ".json", ".h", ".html")
# Classifier, or what people write into the field that was meant for a name → SPDX.
_SPDX = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_EXPRESSION = re.compile(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")


@dataclass(frozen=True)
class Part:
    """What is compiled into a library, as its own bill of materials says."""

    name: str
    version: str
    licence: str
    purl: str

    def in_words(self) -> str:
        """A line."""
        return f"{self.name} {self.version}" + (f" ({self.licence})" if self.licence else "")


def canonical(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(distribution: Distribution) -> str:
    """An SPDX expression, or nothing where it names none that is known."""
    if expression := _field(distribution, "License-Expression"):
        return expression
    named = _field(distribution, "License")
    if named in _SPDX:
        return _SPDX[named]
    if (_EXPRESSION.fullmatch(named) and "-" in named) or named in ("MIT", "ISC"):
        return named
    classifiers = (
        each.rpartition(" :: ")[2] for each in distribution.metadata.get_all("Classifier") or ()
    )
    return next((_SPDX[each] for each in classifiers if each in _SPDX), "")


def _field(distribution: Distribution, name: str) -> str:
    return str((distribution.metadata.get_all(name) or [""])[0]).strip()


def texts_of(distribution: Distribution) -> Iterator[tuple[str, bytes]]:
    """Titles and texts of its licences, in order."""
    name = distribution.metadata["Name"]
    for path in sorted(map(str, distribution.files or ())):
        if _is_text(PurePosixPath(path)):
            file = distribution.locate_file(path)
            short = re.sub(r"^[^/]+\.dist-info/(licenses/)?", "", path)
            yield f"{name}: {short}", file.read_bytes()  # type: ignore[attr-defined]


def _is_text(path: PurePosixPath) -> bool:
    is_of_it = ".dist-info" in path.parts[0] or len(path.parts) <= 2
    return is_of_it and bool(_TEXT_NAMES.match(path.name)) and path.suffix not in _CODE


def parts_of(distribution: Distribution) -> tuple[Part, ...]:
    """What its bills of materials (PEP 770) name beside itself."""
    own = canonical(distribution.metadata["Name"])
    found = {
        part
        for path in distribution.files or ()
        if "sboms" in path.parts and path.suffix == ".json"
        for part in _parts(json.loads(path.read_text(encoding="utf-8")))
        if not canonical(part.name).startswith(own)
    }
    return tuple(sorted(found, key=lambda part: (part.name, part.version)))


def _parts(bill: dict[str, list[dict[str, Any]]]) -> Iterator[Part]:
    for each in bill.get("components", []):
        purl = each.get("purl", "").partition("?")[0]
        yield Part(each["name"], each.get("version", ""), _licence(each), purl)


def _licence(component: dict[str, Any]) -> str:
    """The expression, or the licences by name."""
    told = component.get("licenses")
    if not isinstance(told, list):
        return ""
    names = []
    for each in told:
        one = each.get("license", {})
        names.append(each.get("expression") or one.get("id") or one.get("name") or "")
    return " AND ".join(filter(None, names))
