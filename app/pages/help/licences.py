"""The page of the licences: whose works the program consists of, and the texts, searched.

For: `LicencesDesk`, which opens it and has the list read. It is a page of the help's kind: each
work is a topic of its own, and so is each text; links lead from the one to the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QCoreApplication

from app.error_words import words_of
from app.licences.works import Kind, Licences, Text, Work, about_lines
from app.markup.blocks import Block, Line, Prose, Span, Style
from app.markup.visible import visible
from app.pages.help.page import HelpPage, PageWords
from app.pages.help.topics import Topic

# A view for each piece of a text: as many characters are laid out within a frame.
_PIECE_CHARACTERS = 2_000
_PIECE_LINES = 40
_FILLED_CHARACTERS = 55
_APART = re.compile(r"\s*([-*•]|\(?\w{1,3}[.)]\s|$)|\s{8,}")


class LicencesPage(HelpPage):
    """Keeps its place as long as the window lives."""

    def words(self) -> PageWords:
        """What it is called."""
        return PageWords(
            self.tr("Licences"),
            self.tr("Search licences"),
            self.tr("Part"),
            self.tr("All works"),
        )

    def show_reading(self) -> None:
        """The list is being read."""
        self.found.setText(self.tr("The licences are being read…"))
        self.found.setVisible(True)

    def show_read(self) -> None:
        """It is there."""
        self.found.setText("")
        self.found.setVisible(False)


def licence_topics(licences: Licences) -> tuple[Topic, ...]:
    """All that the page shows. Takes a moment: it is no work for the window's thread."""
    return tuple(_topics(licences))


def _topics(licences: Licences) -> Iterator[Topic]:
    translate = QCoreApplication.translate
    title = translate("LicencesPage", "About these works")
    about = tuple(Prose((Line((Span(words_of(line)),)),)) for line in about_lines())
    yield Topic("about", title, (_heading(title, 1), *about))
    for kind in Kind:
        works = [work for work in licences.works if work.kind is kind]
        if works:
            yield Topic(kind.value, _group(kind), (_heading(_group(kind), 1),))
        for number, work in enumerate(works):
            yield _of_work(f"{kind}-{number}", work, licences.texts)
    title = translate("LicencesPage", "Texts of the licences")
    yield Topic("texts", title, (_heading(title, 1),))
    for number, text in enumerate(licences.texts, 1):
        yield _of_text(number, text)


def _group(kind: Kind) -> str:
    translate = QCoreApplication.translate
    return {
        Kind.PROGRAM: translate("LicencesPage", "The program"),
        Kind.PYTHON: translate("LicencesPage", "Packages of Python"),
        Kind.LIBRARY: translate("LicencesPage", "Libraries of the system"),
        Kind.ASSET: translate("LicencesPage", "Fonts, pictures and data"),
        Kind.MODEL: translate("LicencesPage", "The model for the start"),
    }[kind]


def _of_work(name: str, work: Work, texts: tuple[Text, ...]) -> Topic:
    translate = QCoreApplication.translate
    title = visible(f"{work.name} {work.version}".strip())
    facts = [
        _fact(translate("LicencesPage", "Licence"), work.licence),
        _fact(translate("LicencesPage", "From"), work.origin),
    ]
    if work.parts:
        facts.append(_fact(translate("LicencesPage", "Contains"), ", ".join(work.parts)))
    blocks: list[Block] = [_heading(title, 2), *(Prose((fact,)) for fact in facts)]
    if work.texts:
        links = tuple(
            Line((Span(visible(texts[n - 1].title), target=f"#text-{n}"),), marker="•")
            for n in work.texts
        )
        blocks.append(Prose(links))
    return Topic(name, title, tuple(blocks), is_choice=False)


def _of_text(number: int, text: Text) -> Topic:
    words = QCoreApplication.translate("LicencesPage", "Text {number}: {title}")
    title = words.format(number=number, title=visible(text.title))
    blocks = (_heading(title, 2), *(Prose(piece) for piece in _pieces(text.text)))
    return Topic(f"text-{number}", title, blocks, is_listed=False, is_choice=False)


def _pieces(text: str) -> Iterator[tuple[Line, ...]]:
    """Paragraphs, as many together as one view takes, an empty line between them."""
    piece: list[str] = []
    size = 0
    for paragraph in _paragraphs(text):
        if piece and size + len(paragraph) > _PIECE_CHARACTERS:
            yield _piece(piece)
            piece, size = [], 0
        piece.append(paragraph)
        size += len(paragraph)
    if piece:
        yield _piece(piece)


def _piece(paragraphs: list[str]) -> tuple[Line, ...]:
    texts = (*(f"{paragraph}\n" for paragraph in paragraphs[:-1]), paragraphs[-1])
    return tuple(Line((Span(text),)) for text in texts)


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in visible(text).split("\n\n"):
        lines = paragraph.strip("\n").split("\n")
        for start in range(0, len(lines), _PIECE_LINES):
            if words := _flowed(lines[start : start + _PIECE_LINES]).strip("\n"):
                yield words


def _flowed(lines: list[str]) -> str:
    """Lines that were filled go on in one; what was set apart (a list, a title) stays apart."""
    flowed = lines[0]
    for above, line in pairwise(lines):
        is_filled = len(above.strip()) >= _FILLED_CHARACTERS and not _APART.match(line)
        flowed += f" {line.strip()}" if is_filled else f"\n{line}"
    return flowed


def _heading(title: str, level: int) -> Prose:
    return Prose((Line((Span(visible(title)),), heading=level),))


def _fact(name: str, words: str) -> Line:
    return Line((Span(f"{name}: ", Style.STRONG), Span(visible(words))))
