"""Works of others, their licences, and the texts of these, as a build writes them down.

For: the page of the licences, and `tools/package/licences.py`, which gathers them for a frozen
program: in one file for programs (JSON) and in one for people. The same works are the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from inference.sentence import said

FILE_NAME = "licences.json"
TEXT_NAME = "LICENCES.txt"
_MOST_BYTES = 32 << 20
_LINE = "=" * 78
_THIN = "-" * 78


class Kind(StrEnum):
    """What a work is to the program, in the order in which they are shown."""

    PROGRAM = "program"
    PYTHON = "python"
    LIBRARY = "library"
    ASSET = "asset"
    MODEL = "model"


class LicencesError(Exception):
    """The list of licences can't be read."""


@dataclass(frozen=True)
class Work:
    """`licence`: an SPDX expression, or the words of whoever made it. `texts`: numbers of the
    texts that go with it. `parts`: what is compiled into it and has no files of its own.
    """

    kind: Kind
    name: str
    version: str
    licence: str
    origin: str
    texts: tuple[int, ...]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """A text, word for word, and where it was found first."""

    title: str
    text: str


@dataclass(frozen=True)
class Licences:
    """All works; a text that several have stands once."""

    works: tuple[Work, ...]
    texts: tuple[Text, ...]


class Shelf:
    """Numbers texts as they come; one that is there has its number already."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._texts: list[Text] = []

    def put(self, title: str, raw: bytes) -> int:
        """The text's number, counted from 1."""
        text = _clean(raw)
        if text not in self._numbers:
            self._texts.append(Text(title, text))
            self._numbers[text] = len(self._texts)
        return self._numbers[text]

    def licences(self, works: Iterable[Work]) -> Licences:
        """All of them, in order, the texts numbered as they are first named."""
        kinds = list(Kind)
        ordered = sorted(works, key=lambda w: (kinds.index(w.kind), w.name.lower(), w.version))
        numbers = {old: new for new, old in enumerate(_first_uses(ordered), 1)}
        return Licences(
            tuple(
                Work(**{**vars(work), "texts": tuple(sorted(numbers[old] for old in work.texts))})
                for work in ordered
            ),
            tuple(self._texts[old - 1] for old in numbers),
        )


def _first_uses(works: Iterable[Work]) -> list[int]:
    return list(dict.fromkeys(number for work in works for number in work.texts))


def _clean(raw: bytes) -> str:
    """Lines without what printers and editors left in them."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    lines = (line.replace("\f", "").expandtabs().rstrip() for line in text.splitlines())
    return "\n".join(lines).strip("\n")


def as_json(licences: Licences) -> bytes:
    """The file for programs."""
    return (json.dumps(asdict(licences), ensure_ascii=False, indent=1) + "\n").encode()


def from_json(raw: bytes) -> Licences:
    """Raises LicencesError for what `as_json` never wrote."""
    try:
        if len(raw) > _MOST_BYTES:
            raise ValueError
        told = json.loads(raw)
        texts = tuple(Text(str(each["title"]), str(each["text"])) for each in told["texts"])
        works = tuple(_work(each, len(texts)) for each in told["works"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LicencesError(
            said("The list of licences is damaged. Install Pitcher again.")
        ) from error
    return Licences(works, texts)


def _work(told: dict[str, object], text_count: int) -> Work:
    texts, parts = told["texts"], told["parts"]
    if not isinstance(texts, list) or not isinstance(parts, list):
        raise TypeError
    numbers = tuple(int(number) for number in texts)
    if any(not 1 <= number <= text_count for number in numbers):
        raise ValueError
    name, version, licence, origin = (
        str(told[key]) for key in ("name", "version", "licence", "origin")
    )
    kind = Kind(str(told["kind"]))
    return Work(kind, name, version, licence, origin, numbers, tuple(map(str, parts)))


def about_lines() -> tuple[str, ...]:
    """What has to be said beside the texts: whose program it is, and how Qt is replaced."""
    return (
        said(
            "Pitcher is under the Apache License 2.0. It consists in part of the works of others, "
            "each under its own licence; they are listed here with the texts of these licences."
        ),
        said(
            "Qt and PySide6 are used under the GNU Lesser General Public License, version 3. Their "
            "libraries are files of their own, in the folders PySide6 and shiboken6 of an "
            "installed program: libraries that you built from their source, of the same version "
            "and with the same names, can take their place. The privacy page then says that these "
            "files were changed; nothing else refuses them."
        ),
        said(
            "The source of Qt is to be had at {qt}, that of PySide6 at {pyside}, in the folder of "
            "the version that is named here.",
            qt="https://download.qt.io/official_releases/qt/",
            pyside="https://download.qt.io/official_releases/QtForPython/",
        ),
        said(
            "The source of the libraries of Debian is kept in Debian’s archive of all versions, "
            "which is called Snapshot, by the name of the package and the version that are named "
            "here."
        ),
    )


def as_text(licences: Licences, title: str) -> str:
    """The file for people."""
    return "\n".join(_text_lines(licences, title)) + "\n"


def _text_lines(licences: Licences, title: str) -> Iterator[str]:
    yield from (title, _LINE, "")
    for line in about_lines():
        yield from (line, "")
    for work in licences.works:
        yield from (_THIN, f"{work.name} {work.version}".strip(), f"  Licence: {work.licence}")
        yield f"  From: {work.origin}"
        if work.texts:
            yield f"  Texts: {', '.join(map(str, work.texts))}"
        yield from (f"  Contains: {part}" for part in work.parts)
    for number, text in enumerate(licences.texts, 1):
        yield from ("", _LINE, f"Text {number}: {text.title}", _LINE, "", text.text)
