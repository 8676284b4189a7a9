"""With which mix a download is to be prepared, kept from when it is asked for until it is here.

For: the window and `models download`, each of which goes on with what the other began. It lies in
the settings' folder, which no courier can read, and a proposal has no field for it: what is chosen
here is sent nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app import paths
from app.airlock.download.unfinished import Unfinished
from app.library.mixes import Mix
from app.library.path_facts import PathFacts

_NAME = "mixes.json"


def begun_with(begun: Iterable[Unfinished]) -> dict[str, Mix]:
    """What was chosen for each of these, by its repository in small letters; without those of
    which nothing is known.
    """
    found = {each.repository.casefold(): _chosen(each.repository) for each in begun}
    return {repository: mix for repository, mix in found.items() if mix is not None}


def keep(repository: str, mix: Mix) -> None:
    """It is to be prepared with that. Raises ChecksError."""
    _facts().keep(_key(repository), mix.value)


def _chosen(repository: str) -> Mix | None:
    fact = _facts().of(_key(repository))
    return Mix(fact) if isinstance(fact, str) and fact in set(Mix) else None


def _facts() -> PathFacts:
    return PathFacts(paths.config_dir() / _NAME)


def _key(repository: str) -> Path:
    """The Hub takes a name in any case."""
    return Path(repository.casefold())
