"""Preparing a model: once, from any file that can be read, into a folder that is mapped.

For: the command line and the library. It streams (memory stays far below 1.5 GB whatever
the model), says how far it is, stops when told, goes on after a kill, and the folder appears
under its name only when it is whole.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inference.checkpoint.gguf import GgufFile
from inference.checkpoint.gguf_split import SplitGguf
from inference.checkpoint.open import OpenCheckpoint
from inference.checkpoint.safetensors import SafetensorsModel
from inference.errors import NotEnoughDiskError, PreparationCancelledError, PreparationError
from inference.loading import OpenedModel, open_model
from inference.prepared.beside import copy_beside
from inference.prepared.hashed_file import HashedFile
from inference.prepared.journal import Journal
from inference.prepared.lock import work_folder
from inference.prepared.manifest import (
    MANIFEST_NAME,
    PIECES_NAME,
    WEIGHTS_NAME,
    ListedPart,
    ListedPieces,
    Manifest,
    is_prepared,
    write_pieces,
)
from inference.prepared.pieces import Maker, Quantize
from inference.prepared.recipe import Mix, Recipe, recipe_of
from inference.prepared.sources import check_unchanged, found, sha256_of
from inference.prepared.writing import WeightsWriter, Written
from inference.sentence import said
from inference.version import ENGINE_VERSION
from kernels.schemes.base import PackedTensor
from kernels.schemes.panels import LAYOUT_VERSION

_JOURNAL = "journal"
# Manifest, tokenizer and a margin, beside the weights themselves.
_BESIDE_BYTES = 64 << 20
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class PreparationProgress:
    """How far a preparation is: bytes of its hashing, checking and writing together."""

    step: str
    done_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class Quantizing:
    """How the values of a folder in full precision or FP8 become fewer bits: `mix_for` says
    which scheme a tensor gets (it is told whether the head is tied), `quantize` packs it.
    `name` goes into the manifest. GGUF files keep their own schemes."""

    name: str
    mix_for: Callable[[bool], Mix]
    quantize: Quantize


def quantizing_by(mix_name: str) -> Quantizing:
    """By one of `mixes.MIXES`; raises PreparationError where there is none of that name."""
    from inference.prepared.mixes import MIXES, chooser
    from inference.prepared.quantizing import quantize

    mix = MIXES.get(mix_name)
    if mix is None:
        raise PreparationError(
            said(
                "There is no mix “{mix_name}”: {known}.", mix_name=mix_name, known=", ".join(MIXES)
            )
        )
    return Quantizing(mix_name, lambda tied_head: chooser(mix, tied_head), quantize)


@dataclass(frozen=True)
class Watch:
    """Who is told, and who may stop it."""

    on_progress: Callable[[PreparationProgress], None] = lambda progress: None
    cancelled: Callable[[], bool] = lambda: False


SILENT = Watch()


def prepare(
    source: Path,
    target: Path,
    quantizing: Quantizing | None = None,
    watch: Watch = SILENT,
    *,
    replace: bool = False,
) -> Path:
    """Prepare `source` into the folder `target`, which must not be there, or with `replace`
    be a prepared model.

    Raises PreparationError and its kin, what `open_model` raises, and OSError.
    """
    _check_free(target, replace)
    if is_prepared(source):
        raise PreparationError(said("{source} is a prepared model already.", source=source.name))
    with open_model(source) as opened:
        if not isinstance(opened.checkpoint, SafetensorsModel):
            quantizing = None
        mix = quantizing.mix_for(opened.spec.tied_head) if quantizing else None
        recipe = recipe_of(opened.spec, opened.slots, opened.checkpoint.tensors, mix)
        with work_folder(target) as work:
            _check_free(target, replace)
            try:
                _Preparation(opened, recipe, quantizing, work, watch).run()
            except OSError as error:
                if error.errno in _NO_ROOM:
                    left = recipe.stored_bytes - _size(work / WEIGHTS_NAME)
                    raise NotEnoughDiskError(
                        target.name, max(0, left) + _BESIDE_BYTES, shutil.disk_usage(work).free
                    ) from None
                raise
            _put_in_place(work, target)
    return target


def _check_free(target: Path, replace: bool) -> None:
    if target.exists() and not (replace and is_prepared(target)):
        raise PreparationError(
            said("{target} is there already. Name another folder, or remove it.", target=target)
        )


def remove_outdated(target: Path) -> None:
    """The copy that was replaced at `target`, which a kill just then may have left."""
    shutil.rmtree(_outdated(target), ignore_errors=True)


def _outdated(target: Path) -> Path:
    return target.with_name(target.name + ".outdated")


def _put_in_place(work: Path, target: Path) -> None:
    if target.exists():
        remove_outdated(target)
        target.rename(_outdated(target))
    work.rename(target)
    _sync_folder(target.parent)
    remove_outdated(target)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _source_of(opened: OpenedModel) -> OpenCheckpoint:
    checkpoint = opened.checkpoint
    assert isinstance(checkpoint, GgufFile | SplitGguf | SafetensorsModel)
    return checkpoint


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _no_quantizer(values: object, scheme: str) -> PackedTensor:
    raise AssertionError(f"without a mix nothing is quantized, and {scheme} was asked for")


class _Preparation:
    """One run in a locked work folder."""

    def __init__(
        self,
        opened: OpenedModel,
        recipe: Recipe,
        quantizing: Quantizing | None,
        work: Path,
        watch: Watch,
    ) -> None:
        self._opened = opened
        self._source = _source_of(opened)
        self._recipe = recipe
        self._quantizing = quantizing
        self._work = work
        self._watch = watch
        self._files = found(self._source)
        self._step = ""
        self._done = 0
        self._total = sum(file.size for file in self._files) + recipe.stored_bytes

    def run(self) -> None:
        """All of it, up to the rename."""
        journal = self._journal()
        try:
            weights = WeightsWriter(self._work / WEIGHTS_NAME, self._recipe, journal, self._tell)
            self._begin("Checking what is done")
            kept = self._keep(weights, journal)
            self._check_room(weights.size - kept)
            hashes = self._source_hashes(journal)
            self._begin("Laying out the weights")
            quantize = self._quantizing.quantize if self._quantizing else _no_quantizer
            written = weights.write(Maker(self._source, quantize), self._source.release_pages)
            beside = copy_beside(self._source, self._work)
            pieces = write_pieces(self._work, _listed_pieces(written))
            check_unchanged(self._source, self._files)
            manifest = self._manifest(hashes, (*beside, pieces), written)
            manifest.write(self._work / MANIFEST_NAME)
        finally:
            journal.close()
        self._finish(manifest)

    def _journal(self) -> Journal:
        """The one that is there, if it is of the same; else all begins anew."""
        path, fingerprint = self._work / _JOURNAL, self._fingerprint()
        journal = Journal.open(path, fingerprint)
        if journal is not None:
            return journal
        for entry in self._work.iterdir():
            entry.unlink()
        return Journal.start(path, fingerprint)

    def _keep(self, weights: WeightsWriter, journal: Journal) -> int:
        """How many bytes of the file are as the journal says; it forgets the others."""
        told = [entry["piece"] for entry in journal.entries if "piece" in entry]
        kept = weights.keep(told)
        pieces = told[: weights.pieces_done]
        if len(pieces) < len(told):
            sources = [entry for entry in journal.entries if "source" in entry]
            journal.keep([*sources, *({"piece": p} for p in pieces)], self._fingerprint())
        return kept

    def _fingerprint(self) -> str:
        """Of everything that the result depends on."""
        parts = [(p.name, p.scheme, p.through, p.shape, n) for p, n in self._recipe.parts()]
        name = self._quantizing.name if self._quantizing else ""
        files = [file.facts() for file in self._files]
        facts = [LAYOUT_VERSION, ENGINE_VERSION, name, files, parts]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def _source_hashes(self, journal: Journal) -> list[HashedFile]:
        """Each file is hashed once, also over several runs."""
        known = {e["source"]: e["sha256"] for e in journal.entries if "source" in e}
        self._begin("Reading the source")
        hashed = []
        for path, file in zip(self._source.files, self._files, strict=True):
            digest = known.get(file.name)
            if digest is None:
                digest = sha256_of(path, self._tell)
                journal.append({"source": file.name, "sha256": digest})
            else:
                self._tell(file.size)
            hashed.append(HashedFile(file.name, file.size, digest))
        return hashed

    def _check_room(self, missing_bytes: int) -> None:
        needed, free = missing_bytes + _BESIDE_BYTES, shutil.disk_usage(self._work).free
        if needed > free:
            raise NotEnoughDiskError(self._work.stem, needed, free)

    def _begin(self, step: str) -> None:
        self._step = step
        self._tell(0)

    def _tell(self, done_bytes: int) -> None:
        self._done += done_bytes
        self._watch.on_progress(PreparationProgress(self._step, self._done, self._total))
        if self._watch.cancelled():
            raise PreparationCancelledError

    def _manifest(
        self, sources: list[HashedFile], beside: tuple[HashedFile, ...], written: Written
    ) -> Manifest:
        info = self._opened.info
        return Manifest(
            engine_version=ENGINE_VERSION,
            name=info.name,
            licence=info.licence,
            source_format=self._source.format,
            parameters=info.parameters,
            mix=self._quantizing.name if self._quantizing else "",
            sources=tuple(sources),
            beside=beside,
            weights=HashedFile(WEIGHTS_NAME, written.size, written.sha256),
            header_bytes=written.header_bytes,
            header_sha256=written.header_sha256,
            bytes_by_scheme=self._recipe.bytes_by_scheme(),
            tensors={p.name: ListedPart(p.scheme, p.shape) for p, _ in self._recipe.parts()},
        )

    def _finish(self, manifest: Manifest) -> None:
        """Only what belongs there stays, and it is on the disk."""
        wanted = {MANIFEST_NAME, WEIGHTS_NAME, *(file.name for file in manifest.beside)}
        for name in (MANIFEST_NAME, PIECES_NAME):
            with (self._work / name).open("rb") as file:
                os.fsync(file.fileno())
        for entry in self._work.iterdir():
            if entry.name not in wanted:
                entry.unlink()
        _sync_folder(self._work)


def _listed_pieces(written: Written) -> dict[str, ListedPieces]:
    sizes, hashes = defaultdict(list), defaultdict(list)
    for piece, digest in written.pieces:
        sizes[piece.tensor].append(piece.stop - piece.start)
        hashes[piece.tensor].append(digest)
    return {name: ListedPieces(tuple(sizes[name]), tuple(hashes[name])) for name in sizes}
