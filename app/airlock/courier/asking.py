"""What the user is asked before anything is sent, in words: the same in a window and a terminal.

For: `journey`, which builds the questions, and the two that ask them. Everything that a yes would
send stands in the question: which hosts, whose files, through whom, with which token.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.airlock.download.choices import Choice, Kind
from app.airlock.download.hosts import HostRules, Proxy
from app.airlock.download.listing import Listing
from app.airlock.download.token import Token
from app.library.catalogue import by_repository
from inference.sentence import Sentence, filled, noted, said

_UNITS = (
    (1e9, noted("{amount:,.2f} {unit}"), "GB"),
    (1e6, noted("{amount:,.1f} {unit}"), "MB"),
    (1e3, noted("{amount:,.1f} {unit}"), "KB"),
)


class AskingStoppedError(Exception):
    """The question was taken back: the user does not want it any more."""


@dataclass(frozen=True)
class Row:
    """One fact: `is_name` is shown in letters in which no two look alike."""

    what: Sentence
    value: Sentence
    is_name: bool = False


@dataclass(frozen=True)
class Option:
    """One of the models that may be fetched, with all that is told of it."""

    label: Sentence
    rows: tuple[Row, ...]
    files: tuple[Row, ...]
    action: Sentence


@dataclass(frozen=True)
class Question:
    """`problem` is why it is asked again. With several options the user picks one."""

    title: Sentence
    words: Sentence
    rows: tuple[Row, ...]
    options: tuple[Option, ...]
    problem: Sentence
    takes_token: bool
    takes_proxy: bool


@dataclass(frozen=True)
class Reply:
    """Yes to an option. With a `token` or a `proxy` it is asked once more, now showing them."""

    option: int = 0
    token: str = ""
    proxy: str = ""


class Asker(Protocol):
    """Asks the user, and nobody else can answer."""

    def ask(self, question: Question, stopped: threading.Event) -> Reply | None:
        """None is no. Raises AskingStoppedError once `stopped` is set, NoAskingError where the
        user can't be asked any more.
        """
        ...


@dataclass(frozen=True)
class Way:
    """How the hub is reached; of the token only its end is ever told."""

    rules: HostRules
    proxy: Proxy | None
    token: Token | None

    def rows(self) -> list[Row]:
        """Whom a yes would have asked, through whom, and with what."""
        hosts = said("{hosts}", hosts=", ".join(self.rules.names))
        rows = [Row(said("Asked are"), hosts, is_name=True)]
        if self.proxy is not None:
            rows.append(Row(said("Through"), said("{proxy}", proxy=self.proxy.url), is_name=True))
        if self.token is not None:
            told = said(
                "{token}, to {host} alone", token=self.token.shown, host=self.rules.hub.shown
            )
            rows.append(Row(said("Token sent"), told, is_name=True))
        return rows


@dataclass(frozen=True)
class Room:
    """The models folder, what is free on its disk, and what had arrived of a model by name."""

    folder: Path
    free_bytes: int
    here_bytes: Mapping[str, int]


def list_question(repository: str, way: Way, problem: Sentence, *, wants_token: bool) -> Question:
    """The first consent: to ask the hub which files there are."""
    name = Row(said("Model"), said("{repository}", repository=repository), is_name=True)
    return Question(
        said("Ask for the list of files?"),
        said(
            "The names and sizes of this model’s files are asked for. Sent are the model’s name as "
            "it stands here and what every connection shows: this computer’s address. Nothing of "
            "your chats can be sent. Nothing is downloaded yet."
        ),
        (name, *way.rows()),
        (Option(said("List"), (), (), said("Ask for the list")),),
        problem,
        takes_token=wants_token and way.rules.hub_takes_token,
        takes_proxy=True,
    )


def fetch_question(
    listing: Listing,
    choices: Sequence[Choice],
    way: Way,
    room: Room,
    problem: Sentence,
    *,
    wants_token: bool,
) -> Question:
    """The second consent: to fetch these very files."""
    rows = (
        Row(said("Model"), said("{repository}", repository=listing.repository), is_name=True),
        Row(said("Version"), said("{commit}", commit=listing.commit), is_name=True),
        *way.rows(),
    )
    return Question(
        said("Download these files?"),
        said(
            "Asked for are the files listed here, by their names and parts. Sent are these names "
            "and what every connection shows: this computer’s address. Nothing of your chats can "
            "be sent."
        ),
        rows,
        tuple(_option(choice, room, _prepared_bytes(listing, choice)) for choice in choices),
        problem,
        takes_token=wants_token and way.rules.hub_takes_token,
        takes_proxy=False,
    )


def _prepared_bytes(listing: Listing, choice: Choice) -> int:
    """About what the copy that runs takes beside the download; 0 where nothing says it."""
    if choice.kind is Kind.GGUF:
        return choice.total_bytes  # it keeps its values, and so about its size
    known = by_repository(str(listing.repository))
    return known.about_prepared_bytes if known is not None else 0


def _option(choice: Choice, room: Room, prepared_bytes: int) -> Option:
    size = size_words(choice.total_bytes)
    count = len(choice.files)
    told = (
        said("{size} in one file", size=size)
        if count == 1
        else said("{size} in {count:,} files", size=size, count=count)
    )
    where = said("{folder}", folder=room.folder / choice.name)
    rows = [Row(said("Size"), told), Row(said("Goes to"), where, is_name=True)]
    if here_bytes := room.here_bytes.get(choice.name, 0):
        rows.append(Row(said("Here already"), size_words(here_bytes)))
    if prepared_bytes:
        both = size_words(choice.total_bytes + prepared_bytes)
        rows.append(Row(said("With its prepared copy"), _about_both(choice, both)))
    rows.append(Row(said("Free there"), size_words(room.free_bytes)))
    missing = choice.total_bytes + prepared_bytes - here_bytes - room.free_bytes
    if missing > 0:
        rows.append(Row(said("Missing there"), said("about {size}", size=size_words(missing))))
    files = tuple(
        Row(said("{file}", file=file.path), size_words(file.size), is_name=True)
        for file in choice.files
    )
    label = said("{label}: {size}", label=choice.label or choice.name, size=size)
    return Option(label, tuple(rows), files, said("Download {size}", size=size))


def _about_both(choice: Choice, size: Sentence) -> Sentence:
    """To how many bits it is prepared stays in the chat process: a courier needs not know it."""
    if choice.kind is Kind.GGUF:
        return said("about {size}", size=size)
    return said("about {size} in 4 bits, more in 6 or 8", size=size)


def size_words(count: int) -> Sentence:
    """Bytes as people say them; decimal units, as disks have them."""
    for size, words, unit in _UNITS:
        if count >= size:
            return filled(words, {"amount": count / size, "unit": unit})
    return said("{count:,} bytes", count=count)
