"""Models that other programs keep on this computer: Ollama, LM Studio, the Hub's cache.

For: “I have the files” in the window. Looks at names, sizes and Ollama's manifests, opens no model
and changes nothing. What those folders hold is anyone's: names, sizes, digests, links and how many
there are get checked, and what does not fit is left out.

Layouts: Ollama keeps `manifests/HOST/OWNER/NAME/TAG` (JSON, in the form of OCI image manifests)
beside `blobs/sha256-HEX`; LM Studio `PUBLISHER/REPOSITORY/*.gguf`; the Hub's cache
`models--OWNER--NAME/snapshots/COMMIT/`, whose files are links into the `blobs/` beside it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

from inference.checkpoint.folder import part_name
from inference.errors import one_line

_MOST_ENTRIES = 2000  # of a folder
_MOST_FOUND = 500
_MOST_MANIFEST_BYTES = 1 << 20
_MOST_NAME = 100
_MOST_COMMIT_BYTES = 100
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_MODEL_LAYER = "application/vnd.ollama.image.model"
_LEAST_BYTES = 1 << 16  # less is no model, as a file of a vocabulary alone


class Program(StrEnum):
    """Whose folder it was found in."""

    OLLAMA = "Ollama"
    LM_STUDIO = "LM Studio"
    HUB = "Hugging Face"


@dataclass(frozen=True)
class Found:
    """A file or folder that another program calls a model; nobody has opened it yet."""

    program: Program
    name: str
    path: Path
    size_bytes: int


def found_models(home: Path | None = None) -> tuple[Found, ...]:
    """What there is, by program and name. `home`: of the user whose folders are looked at."""
    home = home or Path.home()
    each: list[Found] = []
    for look, folders in (
        (_in_ollama, _ollama_folders(home)),
        (_in_lm_studio, _lm_studio_folders(home)),
        (_in_hub_cache, _hub_folders(home)),
    ):
        for folder in folders:
            with suppress(OSError):  # it is not there, or is not for us
                each += islice(look(folder), _MOST_FOUND)
    order = list(Program)
    each.sort(key=lambda found: (order.index(found.program), found.name))
    return tuple({found.path: found for found in each}.values())[:_MOST_FOUND]


def _ollama_folders(home: Path) -> tuple[Path, ...]:
    named = os.environ.get("OLLAMA_MODELS")
    usual = (home / ".ollama/models", Path("/usr/share/ollama/.ollama/models"))
    return (Path(named), *usual) if named else usual


def _lm_studio_folders(home: Path) -> tuple[Path, ...]:
    return (home / ".lmstudio/models", home / ".cache/lm-studio/models")


def _hub_folders(home: Path) -> tuple[Path, ...]:
    cache, hub = os.environ.get("HF_HUB_CACHE"), os.environ.get("HF_HOME")
    if cache:
        return (Path(cache),)
    return (Path(hub) / "hub",) if hub else (home / ".cache/huggingface/hub",)


def _in_ollama(folder: Path) -> Iterator[Found]:
    blobs = folder / "blobs"
    for manifest in _leaves(folder / "manifests", depth=4):
        owner, name, tag = manifest.parts[-3:]
        blob = _model_blob(manifest, blobs)
        if blob is not None:
            shown = name if owner == "library" else f"{owner}/{name}"
            shown = shown if tag == "latest" else f"{shown}:{tag}"
            yield Found(Program.OLLAMA, _plain(shown), *blob)


def _leaves(folder: Path, depth: int) -> Iterator[Path]:
    """Files exactly so many folders below; no link is followed."""
    for entry in _entries(folder):
        if depth > 1 and entry.is_dir(follow_symlinks=False):
            yield from _leaves(Path(entry.path), depth - 1)
        elif depth == 1 and entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def _model_blob(manifest: Path, blobs: Path) -> tuple[Path, int] | None:
    """The file of weights that a manifest names, if it is there and as large as it says."""
    try:
        if manifest.stat().st_size > _MOST_MANIFEST_BYTES:
            return None
        loaded: object = json.loads(manifest.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    layers = loaded.get("layers") if isinstance(loaded, dict) else None
    for layer in layers if isinstance(layers, list) else ():
        if isinstance(layer, dict) and layer.get("mediaType") == _MODEL_LAYER:
            digest = _DIGEST.fullmatch(str(layer.get("digest")))
            return _sized(blobs / f"sha256-{digest[1]}", layer.get("size")) if digest else None
    return None


def _sized(path: Path, size: object) -> tuple[Path, int] | None:
    is_plain = path.is_file() and not path.is_symlink()
    there = path.stat().st_size if is_plain else 0
    return (path, there) if there >= _LEAST_BYTES and there == size else None


def _in_lm_studio(folder: Path) -> Iterator[Found]:
    for publisher in _folders(folder):
        for repository in _folders(publisher):
            for path, size in _ggufs(repository):
                yield Found(Program.LM_STUDIO, _plain(path.stem), path, size)


def _in_hub_cache(folder: Path) -> Iterator[Found]:
    for repository in _folders(folder):
        kind, _, name = repository.name.partition("--")
        commit = _commit(repository)
        if kind != "models" or commit is None:
            continue
        snapshot = repository / "snapshots" / commit
        shown = _plain(name.replace("--", "/"))
        weights = [p for p in _files(snapshot) if p.suffix == ".safetensors"]
        if weights and (snapshot / "config.json").is_file():
            yield Found(Program.HUB, shown, snapshot, sum(p.stat().st_size for p in weights))
        for path, size in _ggufs(snapshot):
            yield Found(Program.HUB, _plain(path.stem), path, size)


def _commit(repository: Path) -> str | None:
    """What `main` points to, else the snapshot that came last."""
    try:
        named = _named_commit(repository / "refs" / "main")
        if re.fullmatch(r"[0-9a-f]{40}", named) and (repository / "snapshots" / named).is_dir():
            return named
        snapshots = _folders(repository / "snapshots")
        return max(snapshots, key=lambda path: path.stat().st_mtime).name
    except (OSError, ValueError):
        return None


def _named_commit(main: Path) -> str:
    if not main.is_file() or main.stat().st_size > _MOST_COMMIT_BYTES:
        return ""
    return main.read_text(encoding="ascii").strip()


def _ggufs(folder: Path) -> Iterator[tuple[Path, int]]:
    """Each GGUF model of a folder, of one in parts the first, with the size of all of it."""
    sizes: dict[Path, int] = {}
    for path in _files(folder):
        part = part_name(path.name)
        first = path if part is None else folder / part.sibling(1)
        if path.suffix == ".gguf" and not path.name.startswith("mmproj"):
            sizes[first] = sizes.get(first, 0) + path.stat().st_size
    yield from ((path, size) for path, size in sizes.items() if size >= _LEAST_BYTES)


def _files(folder: Path) -> list[Path]:
    """Files of a folder, also those that a link of it means."""
    return sorted(Path(entry.path) for entry in _entries(folder) if entry.is_file())


def _folders(folder: Path) -> list[Path]:
    return sorted(
        Path(entry.path) for entry in _entries(folder) if entry.is_dir(follow_symlinks=False)
    )


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """So many at most; raises OSError where the folder can't be read."""
    with os.scandir(folder) as entries:
        return list(islice(entries, _MOST_ENTRIES))


def _plain(name: str) -> str:
    return one_line(name, _MOST_NAME)
