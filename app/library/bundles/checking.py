"""Reading all of a bundle, or of a model that came by one, against what was signed.

For: importing and `models verify`. Says of everything that differs which file or part it is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.library.bundles.errors import (
    ContentError,
    Fault,
    ManifestError,
    MissingPartsError,
    Problem,
    StickError,
)
from app.library.bundles.files import chunks, opened, read_small
from app.library.bundles.manifest import (
    MANIFEST_NAME,
    MOST_BYTES,
    SBOM_NAME,
    BundleFile,
    Manifest,
    read_manifest,
)
from app.library.bundles.parts import PartRefusedError, payload
from app.library.bundles.report import REPORT_NAMES
from app.library.bundles.signing import (
    MOST_SIGNATURE_BYTES,
    SIGNATURE_NAME,
    PublicKey,
    signer_of,
)
from inference.errors import PreparationCancelledError
from inference.prepared.hashed_file import HashedFile
from inference.prepared.preparing import SILENT, PreparationProgress, Watch
from inference.sentence import said, system_words

_MOST_ENTRIES = 1 << 14
_MOST_SHOWN = 80


@dataclass(frozen=True)
class OpenBundle:
    """A manifest whose signature is sound, where it lies, and who signed it."""

    folder: Path
    manifest: Manifest
    signer: PublicKey
    manifest_bytes: bytes
    signature_bytes: bytes


def is_installed_bundle(folder: Path) -> bool:
    """Whether a model came by a bundle, by whatever such a one leaves beside it; it may be unsound:
    who takes its signature away makes no model of it that never had one.
    """
    names = (SIGNATURE_NAME, MANIFEST_NAME, SBOM_NAME, *REPORT_NAMES)
    return folder.is_dir() and any(os.path.lexists(folder / name) for name in names)


def is_bundle(folder: Path) -> bool:
    """Whether a folder looks like a bundle on a stick."""
    return is_installed_bundle(folder) and any(folder.glob("part-*.bin"))


def find_bundle(path: Path) -> Path:
    """The bundle that a path means: itself, or the only one in it. Raises ManifestError."""
    if os.path.lexists(path / MANIFEST_NAME):
        return path
    try:
        with os.scandir(path) as entries:
            found = sorted(
                entry.name
                for entry, _ in zip(entries, range(_MOST_ENTRIES), strict=False)
                if os.path.lexists(Path(entry.path) / MANIFEST_NAME)
            )
    except OSError as error:
        raise StickError(
            said("{path} can’t be read: {why}. Is the stick in?", path=path,
                 why=system_words(error))
        ) from error  # fmt: skip
    if not found:
        raise ManifestError(said("There is no whole bundle in {path}.", path=path))
    if len(found) > 1:
        raise ManifestError(
            said("{path} holds several bundles: name one of {names}.", path=path,
                 names=", ".join(found[:8]))
        )  # fmt: skip
    return path / found[0]


def open_bundle(folder: Path) -> OpenBundle:
    """Read the manifest and its signature; raises ManifestError, StickError. Reads no part."""
    text = _read(folder / MANIFEST_NAME, MOST_BYTES)
    signature = _read(folder / SIGNATURE_NAME, MOST_SIGNATURE_BYTES)
    signer = signer_of(text, signature)
    return OpenBundle(folder, read_manifest(text), signer, text, signature)


def _read(file: Path, most_bytes: int) -> bytes:
    try:
        return read_small(file, most_bytes)
    except FileNotFoundError:
        raise ManifestError(
            said("{name} is missing: this is no whole bundle.", name=file.name)
        ) from None
    except OSError as error:
        raise ManifestError(
            said("{name} can’t be read: {why}.", name=file.name, why=system_words(error))
        ) from error


def read_sbom(folder: Path, listed: HashedFile) -> bytes:
    """The bill of materials, as signed; raises ContentError."""
    try:
        data = read_small(folder / listed.name, listed.size)
    except FileNotFoundError:
        raise ContentError([_missing(listed.name)]) from None
    except OSError:
        data = b""
    if len(data) != listed.size or hashlib.sha256(data).hexdigest() != listed.sha256:
        raise ContentError([_altered(listed.name)])
    return data


def check_bundle(bundle: OpenBundle, watch: Watch = SILENT) -> None:
    """Read every byte of a bundle on a stick. Raises ContentError, MissingPartsError where parts
    are missing and all others are sound, StickError, PreparationCancelledError.
    """
    manifest = bundle.manifest
    problems: list[Problem] = []
    try:
        read_sbom(bundle.folder, manifest.sbom)
    except ContentError as error:
        problems += error.problems
    wholes = {file.name: hashlib.sha256() for file in manifest.files}
    meter = Meter(said("Checking the bundle"), manifest.total_bytes, watch)
    damaged: set[str] = set()
    for part in manifest.parts():
        try:
            for chunk in payload(bundle.folder, manifest, part):
                wholes[part.file.name].update(chunk)
                meter.add(len(chunk))
        except PartRefusedError as refused:
            problems.append(refused.problem)
            damaged.add(part.file.name)
    for file in manifest.files:
        if file.name not in damaged and wholes[file.name].hexdigest() != file.sha256:
            problems.append(_altered(file.name))
    raise_for(problems)


def raise_for(problems: list[Problem]) -> None:
    """The error for what was found, if anything was."""
    if not problems:
        return
    if all(problem.fault is Fault.MISSING for problem in problems):
        raise MissingPartsError(problems)
    raise ContentError(problems)


def check_installed(bundle: OpenBundle, watch: Watch = SILENT) -> None:
    """Read every byte of a model that came by a bundle. Raises ContentError that names each file
    that is missing, altered or was never in the bundle.
    """
    manifest = bundle.manifest
    problems: list[Problem] = []
    try:
        read_sbom(bundle.folder, manifest.sbom)
    except ContentError as error:
        problems += error.problems
    meter = Meter(said("Verifying"), manifest.total_bytes, watch)
    for file in manifest.files:
        problem = file_problem(bundle.folder / file.name, file, manifest.part_bytes, meter)
        if problem is not None:
            problems.append(problem)
    problems += _extras(bundle.folder, manifest)
    if problems:
        raise ContentError(problems)


def file_problem(path: Path, file: BundleFile, part_bytes: int, meter: Meter) -> Problem | None:
    """How an installed file differs from what was signed; its first wrong part is named."""
    whole, wrong = hashlib.sha256(), ""
    try:
        with opened(path) as stream:
            size = os.fstat(stream.fileno()).st_size
            for index, wanted in enumerate(file.part_sha256):
                start = index * part_bytes
                digest = hashlib.sha256()
                for chunk in chunks(stream, min(part_bytes, file.size - start)):
                    digest.update(chunk)
                    whole.update(chunk)
                    meter.add(len(chunk))
                if digest.hexdigest() != wanted:
                    stop = min(start + part_bytes, file.size)
                    return _altered(file.name, start, stop)
    except FileNotFoundError:
        return _missing(file.name)
    except OSError as error:
        wrong = said("{name} can’t be read: {why}.", name=file.name, why=system_words(error))
        return Problem(file.name, Fault.ALTERED, wrong)
    if size != file.size or whole.hexdigest() != file.sha256:
        return _altered(file.name)
    return None


def _extras(folder: Path, manifest: Manifest) -> Iterator[Problem]:
    """A file that was put beside a model can change what it does."""
    known = {file.name for file in manifest.files}
    known |= {MANIFEST_NAME, SIGNATURE_NAME, SBOM_NAME, *REPORT_NAMES}
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            shown = path.name[:_MOST_SHOWN]
            sentence = said("{name} was not in the bundle that this model came by.", name=shown)
            yield Problem(shown, Fault.EXTRA, sentence)


def _missing(name: str) -> Problem:
    return Problem(name, Fault.MISSING, said("{name} is missing.", name=name))


def _altered(name: str, start: int = 0, stop: int = 0) -> Problem:
    if not stop:
        sentence = said("{name} is not as it was signed: it was altered or is damaged.", name=name)
    else:
        sentence = said(
            "{name} is not as it was signed: its bytes {start:,} to {stop:,} were altered or are "
            "damaged.",
            name=name,
            start=start,
            stop=stop,
        )
    return Problem(name, Fault.ALTERED, sentence)


class Meter:
    """Counts bytes for whoever watches, and stops when told to."""

    def __init__(self, step: str, total_bytes: int, watch: Watch) -> None:
        self._step, self._total, self._watch = step, total_bytes, watch
        self._done = 0

    def add(self, count: int) -> None:
        """So many more; raises PreparationCancelledError."""
        if self._watch.cancelled():
            raise PreparationCancelledError
        self._done += count
        self._watch.on_progress(PreparationProgress(self._step, self._done, self._total))
