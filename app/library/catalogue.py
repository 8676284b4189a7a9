"""The models that this program knows by heart, each with a number: the makers' own repositories.

For: the list of models to get, and the roles that fetch them, so that it loads nothing heavy.
Nothing here is asked of a network; sizes are worked out by `preflight` from the configurations
that lie beside. A number stands for its entry for ever: it is what travels to the courier.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from inference.sentence import said

_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "catalogue"
_LIST = "catalogue.json"
_MOST_WORDS = 100


class CatalogueError(Exception):
    """The catalogue can't be read: a part of the program is missing or damaged."""


class NoSuchEntryError(CatalogueError):
    """The catalogue has no entry by that number or name."""


class Family(StrEnum):
    """Architectures, by the `model_type` of their configurations."""

    LLAMA = "llama"
    QWEN2 = "qwen2"
    QWEN3 = "qwen3"
    DEEPSEEK_V2 = "deepseek_v2"
    DEEPSEEK_V3 = "deepseek_v3"
    GLM = "glm4_moe_lite"


@dataclass(frozen=True)
class Licence:
    """A licence by its name, where it is read, and the file of its text here."""

    name: str
    address: str
    text_file: str

    def text(self) -> str:
        """Word for word. Raises CatalogueError."""
        return _read(f"licences/{self.text_file}")


@dataclass(frozen=True)
class CatalogueEntry:
    """A model as its maker publishes it.

    `name` is the repository's last part, and the folder's that it is installed to.
    `active_parameters`: what one token is multiplied by. `context_tokens`: what the maker says
    that it is for. `languages`: ISO 639-1. `thinks`: thoughts come before the answer. `rank`: what
    is offered first where it fits and is fast enough; 1 is the best. `about_prepared_bytes`: of
    the copy in 4 bits, for who may not load what works it out (`preflight`).
    """

    number: int
    name: str
    title: str
    maker: str
    repository: str
    family: Family
    configuration: str
    parameters: int
    active_parameters: int
    context_tokens: int
    licences: tuple[Licence, ...]
    languages: tuple[str, ...]
    thinks: bool
    is_starter: bool
    rank: int
    about_prepared_bytes: int

    @property
    def licence(self) -> str:
        """The names of all licences that it is under."""
        return "; ".join(licence.name for licence in self.licences)

    @property
    def config_file(self) -> Path:
        """The `config.json` that the maker publishes; of models of one shape, one of them."""
        return _FOLDER / "configurations" / f"{self.configuration}.json"

    @property
    def is_mixture(self) -> bool:
        """Whether a token uses some experts of many."""
        return self.active_parameters < self.parameters // 2


@cache
def entries() -> tuple[CatalogueEntry, ...]:
    """Every entry by its number; raises CatalogueError."""
    try:
        listed = json.loads(_read(_LIST))
        known = {key: _licence(value) for key, value in listed["licences"].items()}
        found = [_entry(value, known) for value in listed["entries"]]
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueError(_damaged(_LIST)) from error
    return tuple(sorted(found, key=lambda entry: entry.number))


def entry(number: int) -> CatalogueEntry:
    """The entry of a number; raises NoSuchEntryError, CatalogueError."""
    for one in entries():
        if one.number == number:
            return one
    raise _unknown(str(number))


def find(words: str) -> CatalogueEntry:
    """By number, name, title or repository, in any case; raises NoSuchEntryError."""
    wanted = words.strip().casefold()
    for one in entries():
        names = (str(one.number), one.name, one.title, one.repository)
        if wanted in (name.casefold() for name in names):
            return one
    raise _unknown(words.strip()[:_MOST_WORDS])


def by_repository(repository: str) -> CatalogueEntry | None:
    """The entry whose files lie in that repository of the Hub, in any case."""
    wanted = repository.casefold()
    return next((one for one in entries() if one.repository.casefold() == wanted), None)


def _read(name: str) -> str:
    try:
        return (_FOLDER / name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CatalogueError(_damaged(name)) from error


def _damaged(name: str) -> str:
    return said(
        "The catalogue of models can’t be read: {name} is missing or damaged. Install Pitcher "
        "again.",
        name=name,
    )


def _unknown(words: str) -> NoSuchEntryError:
    return NoSuchEntryError(
        said(
            "The catalogue has no model “{words}”. “models catalogue” lists what it has.",
            words=words,
        )
    )


def _licence(listed: dict[str, str]) -> Licence:
    return Licence(listed["name"], listed["address"], listed["text"])


def _entry(listed: dict[str, object], known: dict[str, Licence]) -> CatalogueEntry:
    fields = dict(listed)
    licences = tuple(known[str(key)] for key in _strings(fields.pop("licences")))
    languages = _strings(fields.pop("languages"))
    family = Family(str(fields.pop("family")))
    return CatalogueEntry(**fields, licences=licences, languages=languages, family=family)  # type: ignore[arg-type]  # our own file


def _strings(listed: object) -> tuple[str, ...]:
    if not isinstance(listed, list):
        raise TypeError
    return tuple(str(one) for one in listed)
