"""Which files make a model up, and what is known of it, for a bundle.

For: exporting. A prepared model goes as what it was made from, where that is still among the
models; else as it is. Code and pickles that lie in a folder are left behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.library.bundles.errors import ManifestError, SourceError
from app.library.bundles.files import read_small
from app.library.bundles.manifest import MANIFEST_NAME, MOST_FILES, Entry, read_manifest
from app.library.bundles.manifest import MOST_BYTES as MOST_MANIFEST_BYTES
from app.library.bundles.names import OWN_PREFIX, check_names, plain_name
from app.library.models import ModelChoice, installed
from inference.checkpoint.folder import file_in
from inference.errors import one_line
from inference.loading import ModelInfo, open_model
from inference.prepared.manifest import (
    MANIFEST_NAME as PREPARED_NAME,
)
from inference.prepared.manifest import (
    PIECES_NAME,
    WEIGHTS_NAME,
    Manifest,
    is_prepared,
)
from inference.prepared.manifest import (
    read_manifest as read_prepared,
)
from inference.sentence import said, sentence_of

# What lies beside weights and says something of them; all else (code, pickles, pictures) stays.
_SUFFIXES = (".json", ".jinja", ".txt", ".md", ".model")
_STEMS = ("license", "licence", "notice", "copying", "use_policy")
_MOST_BESIDE_BYTES = 256 << 20
_MOST_TEXT = 200


@dataclass(frozen=True)
class Source:
    """A model to be carried: its name, what is known, its files, and hashes known before."""

    name: str
    entry: Entry
    files: tuple[Path, ...]
    known_sha256: dict[str, str]


def source_of(model: ModelChoice) -> Source:
    """What to carry for a model; raises SourceError, InferenceError, OSError."""
    if not is_prepared(model.path):
        return _made(model, model, {}, "")
    manifest = read_prepared(model.path)
    original = _original(manifest)
    if original is None:
        return _prepared(model, manifest)
    known = {file.name: file.sha256 for file in manifest.sources}
    return _made(model, original, known, manifest.source_format)


def _original(manifest: Manifest) -> ModelChoice | None:
    """The model of whose files, by names and sizes, a prepared one was made."""
    wanted = {(file.name, file.size) for file in manifest.sources}
    for model in installed():
        if is_prepared(model.path):
            continue
        folder = model.path if model.path.is_dir() else model.path.parent
        found = {
            (name, (folder / name).stat().st_size)
            for name, _ in wanted
            if (folder / name).is_file()
        }
        if found == wanted:
            return model
    return None


def _made(model: ModelChoice, original: ModelChoice, known: dict[str, str], form: str) -> Source:
    with open_model(original.path) as opened:
        weights = opened.checkpoint.files
        info = opened.info
        form = form or opened.checkpoint.format
    files = [*weights]
    if original.path.is_dir():
        files += [p for p in _beside(original.path) if p.name not in {w.name for w in weights}]
    entry = _entry(model, info, source=_recorded(original.path) or _line(form))
    # “starter” is what this computer calls it; elsewhere there is another one.
    name = original.title if original.is_starter else original.name
    return _checked(Source(plain_name(name), entry, tuple(files), known))


def _prepared(model: ModelChoice, manifest: Manifest) -> Source:
    with open_model(model.path) as opened:
        info = opened.info
    source = _recorded(model.path) or _line(manifest.source_format)
    entry = _entry(model, info, source, is_prepared=True)
    known = {file.name: file.sha256 for file in (*manifest.beside, manifest.weights)}
    names = [PREPARED_NAME, WEIGHTS_NAME, PIECES_NAME, *(file.name for file in manifest.beside)]
    files = tuple(file_in(model.path, name, PREPARED_NAME) for name in dict.fromkeys(names))
    return _checked(Source(plain_name(model.name), entry, files, known))


def _entry(model: ModelChoice, info: ModelInfo, source: str, *, is_prepared: bool = False) -> Entry:
    return Entry(
        title=_line(model.title or info.name),
        family=_line(info.architecture),
        parameters=info.parameters,
        context_tokens=info.context_tokens,
        quantization=_line(info.quantization),
        licence=_line(info.licence),
        source=source,
        is_prepared=is_prepared,
    )


def _checked(source: Source) -> Source:
    """Every file has a name of its own that any system takes."""
    names = [file.name for file in source.files]
    try:
        check_names(names, source.name)
    except ManifestError as error:
        raise SourceError(
            said("{why} Rename it, and start again.", why=sentence_of(error))
        ) from None
    if len(names) > MOST_FILES:
        raise SourceError(
            said("{name} has {count:,} files; a bundle holds up to {most:,}.", name=source.name,
                 count=len(names), most=MOST_FILES)
        )  # fmt: skip
    return source


def _beside(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        name = path.name
        is_ours = name.startswith(OWN_PREFIX)
        is_wanted = name.lower().startswith(_STEMS) or path.suffix.lower() in _SUFFIXES
        if is_ours or not is_wanted or name.startswith(".") or not path.is_file():
            continue
        if path.stat().st_size <= _MOST_BESIDE_BYTES:
            yield file_in(folder, name, folder.name)


def _recorded(path: Path) -> str:
    """What a bundle said when the model came by one."""
    if not path.is_dir() or not (path / MANIFEST_NAME).is_file():
        return ""
    try:
        return read_manifest(read_small(path / MANIFEST_NAME, MOST_MANIFEST_BYTES)).entry.source
    except ManifestError as error:
        raise SourceError(sentence_of(error)) from None


def _line(text: str) -> str:
    return one_line(text, _MOST_TEXT)
