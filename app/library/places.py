"""Models that lie elsewhere than in the models folder: where they are, so that none is forgotten.

For: `models.installed`, the models page, and whoever moves a model or uses one where it lies. The
list is a small file in the settings' folder. A model whose disk is not connected stays in it. What
it says is read as anyone's: names, paths and their number are checked.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app import owner_file, paths
from app.library.errors import PlacesError
from inference.checkpoint.json_text import parse_document
from inference.errors import CheckpointError, one_line
from inference.sentence import said, sentence_of, system_words

_NAME = "places.json"
_MOST_BYTES = 1 << 20
_MOST_PLACES = 1000
_MOST_NAME = 120
_MOST_PATH = 4096
# Who changes the list reads it first: jobs of one process wait for one another.
CHANGING = threading.RLock()


@dataclass(frozen=True)
class Place:
    """A model elsewhere. `is_ours`: this program put it there, so it is removed with the model;
    else it belongs to others and is only used.
    """

    name: str
    path: Path
    is_ours: bool

    @property
    def is_there(self) -> bool:
        """Whether its disk is connected and it is where it was."""
        return os.path.exists(self.path)


class Places:
    """The remembered places of this user."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or paths.config_dir() / _NAME

    def all(self) -> tuple[Place, ...]:
        """By name; raises PlacesError for a list that can't be read."""
        try:
            data = _read(self._file)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._unusable(system_words(error)) from error
        try:
            places = _parsed(parse_document(data, _NAME))
        except CheckpointError as error:
            raise self._unusable(sentence_of(error)) from None
        return tuple(sorted(places, key=lambda place: place.name))

    def named(self, name: str) -> Place | None:
        """The place of that name, there or not; raises PlacesError."""
        return next((place for place in self.all() if place.name == name), None)

    def remember(self, place: Place) -> None:
        """From now on this is where the model of that name lies. Raises PlacesError."""
        absolute = replace(place, path=Path(os.path.abspath(place.path)))
        with CHANGING:
            self._save([each for each in self.all() if each.name != place.name] + [absolute])

    def forget(self, name: str) -> None:
        """The model of that name is no longer elsewhere; its files stay. Raises PlacesError."""
        with CHANGING:
            self._save([each for each in self.all() if each.name != name])

    def _save(self, places: list[Place]) -> None:
        if len(places) > _MOST_PLACES:
            raise PlacesError(
                said("More than {most:,} places of models can’t be kept.", most=_MOST_PLACES)
            )
        listed = {p.name: {"path": str(p.path), "is_ours": p.is_ours} for p in places}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            owner_file.replace(self._file, json.dumps(listed, indent=1).encode())
        except (OSError, UnicodeEncodeError) as error:
            why = system_words(error) if isinstance(error, OSError) else str(error)
            raise PlacesError(
                said("{file} can’t be written: {why}. Nothing was changed.", file=self._file,
                     why=why)
            ) from error  # fmt: skip

    def _unusable(self, why: str) -> PlacesError:
        return PlacesError(
            said(
                "The list of models in other places can’t be read ({why}). Those models are not "
                "shown, and the list is left as it is: {file}",
                why=why,
                file=self._file,
            )
        )


def free_name(wanted: str, taken: frozenset[str]) -> str:
    """A name that no other model has: the wanted one, or with a number behind it."""
    plain = one_line(wanted, _MOST_NAME).strip() or "model"
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain} {number}"
    return name


def _read(file: Path) -> bytes:
    if file.stat().st_size > _MOST_BYTES or not file.is_file():
        raise OSError(said("it is not such a file"))
    return file.read_bytes()


def _parsed(listed: Mapping[str, object]) -> list[Place]:
    if len(listed) > _MOST_PLACES:
        raise CheckpointError(_NAME, "", said("it has {count:,} entries", count=len(listed)))
    return [_place(name, entry) for name, entry in listed.items()]


def _place(name: str, entry: object) -> Place:
    fields: Mapping[object, object] = entry if isinstance(entry, dict) else {}
    path, is_ours = fields.get("path"), fields.get("is_ours")
    is_name = 0 < len(name) <= _MOST_NAME and one_line(name, _MOST_NAME) == name
    is_path = isinstance(path, str) and len(path) <= _MOST_PATH and "\0" not in path
    if not is_name or not is_path or not os.path.isabs(str(path)) or not isinstance(is_ours, bool):
        raise CheckpointError(_NAME, one_line(name, _MOST_NAME), "it is no entry of a model")
    return Place(name, Path(str(path)), is_ours)
