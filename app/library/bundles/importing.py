"""Installing a bundle: signature first, then every byte, and only then the model's own name.

For: `models import`. It works in a folder of its own beside the models, which is no model: what
was copied is told from what was not by its hashes alone, so that it goes on after a kill, a
pulled stick, or with the next one of several sticks.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.library.bundles.admission import (
    NO_ALLOWANCE,
    Allowance,
    refuse_forbidden,
    refuse_unless_it_follows,
)
from app.library.bundles.checking import (
    Meter,
    OpenBundle,
    check_installed,
    file_problem,
    is_installed_bundle,
    open_bundle,
    raise_for,
    read_sbom,
)
from app.library.bundles.errors import (
    ContentError,
    Fault,
    ManifestError,
    MissingPartsError,
    ModelThereError,
    Problem,
    StickError,
    UnknownSignerError,
    names_of,
)
from app.library.bundles.files import chunks, opened, sync_folder, write_all, write_small
from app.library.bundles.manifest import MANIFEST_NAME, SBOM_NAME, BundleFile, Manifest, Part
from app.library.bundles.parts import PartRefusedError, payload
from app.library.bundles.report import HTML_NAME, JSON_NAME, as_html, as_json, facts_of, hashes_of
from app.library.bundles.seen import Seen, SeenBundles
from app.library.bundles.signing import SIGNATURE_NAME
from app.library.bundles.trust import TrustStore
from app.library.bundles.verifying import check_reports
from app.library.removing import removed
from inference.errors import NotEnoughDiskError
from inference.prepared.lock import work_folder
from inference.prepared.preparing import SILENT, Watch
from inference.sentence import said, system_words

_WORKING = ".importing"
_FILES = "files"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_BESIDE_BYTES = 64 << 20


@dataclass(frozen=True)
class Imported:
    """An installed model; `was_there`: it was installed and whole already."""

    folder: Path
    bundle: OpenBundle
    was_there: bool = False


def signer_name(bundle: OpenBundle, store: TrustStore, trusted_now: str = "") -> str:
    """What the signer is called here; raises UnknownSignerError. `trusted_now`: a fingerprint
    that is trusted for this once.
    """
    fingerprint = bundle.signer.fingerprint
    name = store.name_of(fingerprint)
    if name is None and fingerprint != trusted_now:
        raise UnknownSignerError(fingerprint)
    return name if name is not None else "a key that was trusted for this import alone"


def import_bundle(
    bundle: OpenBundle,
    models_folder: Path,
    signer: str,
    *,
    allow: Allowance = NO_ALLOWANCE,
    seen: SeenBundles | None = None,
    watch: Watch = SILENT,
) -> Imported:
    """Install a bundle whose signer is trusted; goes on from what is done.

    Raises ContentError, MissingPartsError (put in the next stick), OlderBundleError,
    OtherSignerError, ForbiddenBundleError, ModelThereError, KeyFileError, StickError,
    PreparationError (no room, stopped, somebody else is at it).
    """
    target = models_folder / bundle.manifest.name
    seen = seen or SeenBundles()
    refuse_forbidden(bundle, allow)
    models_folder.mkdir(parents=True, exist_ok=True)
    before = seen.of(target.name)
    if os.path.lexists(target) and _is_whole_already(bundle, target, before, watch):
        _remember(bundle, target, seen)
        return Imported(target, bundle, was_there=True)
    refuse_unless_it_follows(bundle, target, before, allow)
    try:
        with work_folder(target, _WORKING) as work:
            _Import(bundle, work, target, watch).run(signer)
    except OSError as error:
        if error.errno in _NO_ROOM:
            free = shutil.disk_usage(models_folder).free
            raise NotEnoughDiskError(target.name, _BESIDE_BYTES, free) from error
        raise StickError(
            said(
                "{folder} can’t be written to: {why}. What is done is kept; start again.",
                folder=models_folder,
                why=system_words(error),
            )
        ) from error
    _remember(bundle, target, seen)
    return Imported(target, bundle)


def _remember(bundle: OpenBundle, target: Path, seen: SeenBundles) -> None:
    made_at_s, fingerprint = bundle.manifest.made_at_s, bundle.signer.fingerprint
    reports = {name: sha256 for name, sha256 in hashes_of(target).items() if sha256}
    seen.remember(bundle.manifest.name, made_at_s, fingerprint, reports)


def _is_whole_already(bundle: OpenBundle, target: Path, before: Seen | None, watch: Watch) -> bool:
    """Whether this very bundle is installed and sound; false for another one, or one that is
    damaged, which is replaced. Raises ModelThereError.
    """
    if target.is_symlink() or not is_installed_bundle(target):
        raise ModelThereError(
            said(
                "{name} is there already, and did not come by a bundle. Remove it first, with "
                "“models remove”.",
                name=target.name,
            )
        )
    try:
        there = open_bundle(target)
        if there.manifest_bytes == bundle.manifest_bytes:
            check_installed(there, watch)
            check_reports(there, before)
            return True
    except (ManifestError, ContentError):
        pass
    return False


class _Import:
    def __init__(self, bundle: OpenBundle, work: Path, target: Path, watch: Watch) -> None:
        self._bundle, self._work, self._target = bundle, work, target
        self._folder = work / _FILES
        self._watch = watch

    @property
    def _manifest(self) -> Manifest:
        return self._bundle.manifest

    def run(self, signer: str) -> None:
        self._clear()
        done = self._done_parts()
        left = [part for part in self._manifest.parts() if part.number not in done]
        self._check_room(left)
        sbom = self._problems_of_sbom()
        problems = self._copy(left, sum(part.size for part in done.values()))
        if problems or sbom:
            raise self._told([*sbom, *problems], left)
        self._finish(signer)

    def _clear(self) -> None:
        """Nothing but this bundle's files, and no link or folder in a file's place."""
        if self._folder.is_symlink() or (self._folder.exists() and not self._folder.is_dir()):
            self._folder.unlink()
        self._folder.mkdir(exist_ok=True)
        sizes = {file.name: file.size for file in self._manifest.files}
        for path in self._folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.is_symlink() or path.name not in sizes or not path.is_file():
                path.unlink()
        for file in self._manifest.files:
            path = self._folder / file.name
            with opened(path, os.O_RDWR | os.O_CREAT) as stream:
                if os.fstat(stream.fileno()).st_size > file.size:
                    os.ftruncate(stream.fileno(), file.size)

    def _done_parts(self) -> dict[int, Part]:
        """The parts that an earlier start copied, by their hashes."""
        sizes = {f.name: (self._folder / f.name).stat().st_size for f in self._manifest.files}
        begun = [p for p in self._manifest.parts() if p.start + p.size <= sizes[p.file.name]]
        meter = Meter(said("Checking what is done"), sum(part.size for part in begun), self._watch)
        return {part.number: part for part in begun if self._is_done(part, meter)}

    def _is_done(self, part: Part, meter: Meter) -> bool:
        digest = hashlib.sha256()
        with opened(self._folder / part.file.name) as stream:
            stream.seek(part.start)
            for chunk in chunks(stream, part.size):
                digest.update(chunk)
                meter.add(len(chunk))
        return digest.hexdigest() == part.sha256

    def _check_room(self, left: Sequence[Part]) -> None:
        needed = sum(part.size for part in left) + _BESIDE_BYTES
        free = shutil.disk_usage(self._work).free
        if needed > free:
            raise NotEnoughDiskError(self._target.name, needed, free)

    def _problems_of_sbom(self) -> list[Problem]:
        try:
            self._sbom = read_sbom(self._bundle.folder, self._manifest.sbom)
        except ContentError as error:
            return list(error.problems)
        return []

    def _copy(self, left: Sequence[Part], done_bytes: int) -> list[Problem]:
        meter = Meter(said("Copying"), self._manifest.total_bytes, self._watch)
        meter.add(done_bytes)
        problems = []
        for part in left:
            try:
                self._copy_part(part, meter)
            except PartRefusedError as refused:
                problems.append(refused.problem)
        return problems

    def _copy_part(self, part: Part, meter: Meter) -> None:
        with opened(self._folder / part.file.name, os.O_RDWR) as stream:
            stream.seek(part.start)
            for chunk in payload(self._bundle.folder, self._manifest, part):
                write_all(stream, chunk)
                meter.add(len(chunk))
            os.fsync(stream.fileno())

    def _told(self, problems: list[Problem], left: Sequence[Part]) -> ContentError:
        if any(problem.fault is not Fault.MISSING for problem in problems):
            return ContentError(problems)
        copied = self._manifest_parts() - len(problems)
        return MissingPartsError(
            problems,
            said(
                "{copied:,} of {count:,} parts are here and sound; still missing: {names}. Put in "
                "the next stick and start again; what is done is kept.",
                copied=copied,
                count=self._manifest_parts(),
                names=names_of(problems),
            ),
        )

    def _manifest_parts(self) -> int:
        return sum(len(file.part_sha256) for file in self._manifest.files)

    def _finish(self, signer: str) -> None:
        """Read all of it once more from the disk, add what says where it came from, rename."""
        meter = Meter(said("Verifying"), self._manifest.total_bytes, self._watch)
        problems = [p for f in self._manifest.files if (p := self._problem(f, meter)) is not None]
        raise_for(problems)
        facts = facts_of(
            self._manifest, self._bundle.signer.fingerprint, signer, int(time.time()),
            str(self._bundle.folder),
        )  # fmt: skip
        beside = {
            MANIFEST_NAME: self._bundle.manifest_bytes,
            SBOM_NAME: self._sbom,
            JSON_NAME: as_json(facts),
            HTML_NAME: as_html(facts),
            SIGNATURE_NAME: self._bundle.signature_bytes,
        }
        for name, data in beside.items():
            write_small(self._folder / name, data)
        sync_folder(self._folder)
        with removed(self._target):
            self._folder.rename(self._target)
        sync_folder(self._target.parent)
        self._work.rmdir()

    def _problem(self, file: BundleFile, meter: Meter) -> Problem | None:
        return file_problem(self._folder / file.name, file, self._manifest.part_bytes, meter)
