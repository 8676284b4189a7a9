"""A model moved to another disk: copied, read back, remembered there, and only then removed here.

For: the models page, and `models move`. Killed anywhere, the model is where it was, or in both
places; moving it again finishes it. The prepared copy goes along by its name alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from app import paths
from app.library.copying import copy_model, same_files
from app.library.errors import MovingError
from app.library.models import ModelChoice, installed, is_model, model_files, remembered
from app.library.places import CHANGING, Place, Places, free_name
from app.library.removing import delete_model, is_removable
from inference.checkpoint.file_kinds import looks_like_safetensors
from inference.checkpoint.mapped_file import read_head
from inference.errors import CheckpointError
from inference.prepared.preparing import SILENT, Watch
from inference.sentence import said, system_words

_MOST_FILES = 20_000
_HEAD_BYTES = 512
# What lies beside weights and says something of them; code, pickles and pictures stay behind.
_BESIDE = (".json", ".jinja", ".txt", ".md", ".model", ".safetensors", ".gguf")
_BESIDE_STEMS = ("license", "licence", "notice", "copying", "use_policy")


def move_model(model: ModelChoice, folder: Path, watch: Watch = SILENT) -> Path:
    """Move a model into a folder of its own in `folder`; where it is then.

    Raises MovingError, PlacesError, NotEnoughDiskError, PreparationError, OSError.
    """
    if not is_removable(model):
        raise MovingError(
            said(
                "{name} does not belong to Pitcher’s models folder and is not moved from here. "
                "Nothing was changed.",
                name=model.name,
            )
        )
    folder = Path(os.path.abspath(folder))
    target = folder / model.name
    files = all_files(model.path)
    if target == model.path or model.path in target.parents:
        raise MovingError(said("{name} lies there already.", name=model.name))
    if not _is_there(target, files, watch):
        copy_model(files, target, watch)
    if folder == paths.models_dir():
        Places().forget(model.name)
    else:
        Places().remember(Place(model.name, target, is_ours=True))
    _take_copy_along(model.path, target)
    delete_model(model)
    return target


def take_in(path: Path, name: str, watch: Watch = SILENT) -> ModelChoice:
    """Copy a model that lies elsewhere into the models folder. Raises as `move_model` does."""
    taken = frozenset(model.name for model in installed()) | {p.name for p in remembered()}
    target = paths.models_dir() / free_name(_plain(name), taken)
    target.parent.mkdir(parents=True, exist_ok=True)
    files = _named_gguf(_wanted_files(path), path, name)
    copy_model(files, target, watch)
    return ModelChoice(target, target.name, is_starter=False)


def use_in_place(path: Path, name: str) -> ModelChoice:
    """Remember a model where it lies; its files stay as they are. Raises PlacesError."""
    path = Path(os.path.abspath(path))
    with CHANGING:  # two of one name at once would take each other's
        known = next((m for m in installed() if m.path.resolve() == path.resolve()), None)
        if known is not None:
            return known
        taken = frozenset(model.name for model in installed()) | {p.name for p in remembered()}
        place = Place(free_name(name, taken), path, is_ours=False)
        Places().remember(place)
    return ModelChoice(path, place.name, is_starter=False)


def model_at(path: Path) -> Path:
    """The model that a chosen file or folder means: of a shard, an index or a configuration the
    folder, of a GGUF part the first. Raises MovingError for what is none.
    """
    try:
        if path.is_dir():
            if is_model(path) or any(path.glob("*.safetensors")):
                return path
            raise CheckpointError(path.name, "", said("there is no model in it"))
        head = read_head(path, _HEAD_BYTES)
        if head.startswith(b"GGUF"):
            return model_files(path)[0] if path.suffix == ".gguf" else path
        if path.name.endswith(".json") or looks_like_safetensors(head):
            return model_at(path.parent)
    except (CheckpointError, OSError, RecursionError) as error:
        why = system_words(error) if isinstance(error, OSError) else error
        raise MovingError(said("{name} can’t be used: {why}.", name=path.name, why=why)) from error
    raise MovingError(
        said(
            "{name} is no model. Choose a GGUF file, a safetensors file, or the folder that "
            "holds one.",
            name=path.name,
        )
    )


def name_of(path: Path) -> str:
    """What a model that lies there is called, as far as its place says."""
    return path.name if path.is_dir() else path.stem


def all_files(path: Path) -> Mapping[str, Path]:
    """Every file of a model, by its name below the model's own folder. Raises MovingError."""
    if not path.is_dir():
        return {file.name: file for file in model_files(path)}
    found: dict[str, Path] = {}
    for folder, _, names in os.walk(path):
        for name in sorted(names):
            file = Path(folder, name)
            if file.is_file():
                found[file.relative_to(path).as_posix()] = file
        if len(found) > _MOST_FILES:
            raise MovingError(
                said("{name} holds more than {most:,} files.", name=path.name, most=_MOST_FILES)
            )
    return found


def _wanted_files(path: Path) -> Mapping[str, Path]:
    """Of somebody's folder what a model is made of, and no more."""
    if not path.is_dir():
        return all_files(path)
    return {
        file.name: file
        for file in sorted(path.iterdir())
        if not file.name.startswith(".") and file.is_file() and _is_wanted(file.name.lower())
    }


def _is_wanted(name: str) -> bool:
    return name.endswith(_BESIDE) or name.startswith(_BESIDE_STEMS)


def _named_gguf(files: Mapping[str, Path], path: Path, name: str) -> Mapping[str, Path]:
    """A GGUF file without that ending, as Ollama keeps them, gets one."""
    if path.is_dir() or path.suffix == ".gguf":
        return files
    return {f"{_plain(name)}.gguf": path}


def _plain(name: str) -> str:
    """A name of a folder from anyone's name."""
    kept = "".join(c if c.isalnum() or c in "-_.+ " else "-" for c in name)
    return kept.strip(" .-")[:100] or "model"


def _is_there(target: Path, files: Mapping[str, Path], watch: Watch) -> bool:
    """Whether an earlier start came that far: a whole copy, and the original still here."""
    if not target.is_dir() or target.is_symlink():
        return False
    return same_files(files, target, watch)


def _take_copy_along(old: Path, new: Path) -> None:
    """The prepared copy is found by the model's place: it gets the new place's name."""
    from inference.prepared.automatic import MIX
    from inference.prepared.cache import prepared_for

    with suppress(OSError):  # without it the copy is made again
        before = prepared_for(old, paths.prepared_dir(), MIX)
        if before.is_dir():
            before.rename(prepared_for(new, paths.prepared_dir(), MIX))
