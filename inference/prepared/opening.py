"""A prepared folder as an opened model: checked, mapped, nothing read that is not used.

For: `inference.loading.open_model`. Checks sizes, names, schemes and shapes against the
specification, and the hashes of everything but the weights themselves: those are `verifying`'s,
as they take 8 s for 10 GB.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from inference.beside_weights import BesideWeights, FolderBeside, GgufBeside
from inference.checkpoint.base import TensorInfo
from inference.checkpoint.mapped_bytes import bytes_over
from inference.checkpoint.mapped_file import (
    map_file,
    megabytes,
    prefer_huge_pages,
    release_pages,
)
from inference.errors import CheckpointError
from inference.loading import (
    CONFIG_NAME,
    ModelInfo,
    OpenedModel,
    recognise_config,
    recognise_gguf,
)
from inference.models.base import ModelSpec
from inference.models.names import GGUF, slots
from inference.prepared.beside import open_headers
from inference.prepared.manifest import (
    MANIFEST_NAME,
    PIECES_NAME,
    WEIGHTS_NAME,
    Manifest,
    check_file,
    is_prepared,
    read_manifest,
)
from inference.prepared.places import Infos, Places, Slots
from inference.prepared.recipe import VECTOR_SCHEME, Experts, Output, Part, Recipe, recipe_of
from inference.prompt.recommended import Recommended
from inference.sentence import said
from kernels.schemes import BLOCK_SCHEMES
from kernels.schemes.base import PackedTensor
from kernels.schemes.panels import PANEL_SCHEMES

__all__ = ["PreparedModel", "is_prepared", "open_prepared", "prepared_checkpoint"]

if TYPE_CHECKING:
    from inference.prompt.tokenizer import Tokenizer


@dataclass(frozen=True)
class PreparedBeside:
    """What the copies beside the weights say, under the name that the original had."""

    inner: BesideWeights
    name: str
    licence: str

    @property
    def tokenizer_kind(self) -> str:
        return self.inner.tokenizer_kind

    def tokenizer(self) -> Tokenizer:
        return self.inner.tokenizer()

    def chat_template(self) -> str:
        return self.inner.chat_template()

    def recommended(self) -> Recommended:
        return self.inner.recommended()


class PreparedModel:
    """The weights of a prepared folder, a `Checkpoint` by our own names."""

    format = "prepared"

    def __init__(self, path: Path, recipe: Recipe, manifest: Manifest, data: mmap) -> None:
        self.path = path
        self.recipe = recipe
        self.manifest = manifest
        self.files = (path / WEIGHTS_NAME,)
        self.file_bytes = manifest.weights.size
        self.places = Places(recipe, manifest.header_bytes)
        self.tensors: Mapping[str, TensorInfo] = Infos(self.places)
        self._data: mmap | None = data
        self._bytes = bytes_over(data)

    def packed(self, name: str) -> PackedTensor:
        """A view of the map; raises CheckpointError if it is not there."""
        place = self.places.find(name)
        if place is None or self._data is None:
            raise CheckpointError(WEIGHTS_NAME, name, "this tensor is missing")
        part, start = place.part, place.start
        if part.panels is None:
            raw = self._bytes[start : start + part.stored_bytes]
            return PackedTensor(BLOCK_SCHEMES[VECTOR_SCHEME], {"blocks": raw}, part.shape)
        scheme = PANEL_SCHEMES[part.scheme]
        (shape,) = scheme.buffer_shapes(part.shape).values()
        strides: tuple[int, ...] = (place.stride, 1)
        if len(shape) == 3:
            strides = (part.matrix_bytes, *strides)
        return PackedTensor(
            scheme, {"panels": self._bytes.as_strided(shape, strides, start)}, part.shape
        )

    def record(self, name: str) -> Tensor:
        """All bytes of a tensor of the file, uint8, with its padding; of an expert
        (`layers.3.experts.17`) what one read brings. A view; raises CheckpointError."""
        found = self.places.record(name)
        if found is None or self._data is None:
            raise CheckpointError(WEIGHTS_NAME, name, "this tensor is missing")
        start, size = found
        return self._bytes[start : start + size]

    def release_pages(self) -> None:
        """See `Checkpoint.release_pages`."""
        if self._data is not None:
            release_pages(self._data)

    def close(self) -> None:
        """Let go of the map; it is given back when the last tensor over it has gone."""
        self._data = None
        self._bytes = torch.empty(0, dtype=torch.uint8)


def open_prepared(folder: Path) -> OpenedModel:
    """Open and check; raises CheckpointError, UnsupportedModelError, OSError."""
    manifest = read_manifest(folder)
    for file in manifest.beside:
        if file.name != PIECES_NAME:  # as large as the header, and `verifying` alone reads it
            check_file(folder, file)
    spec, inner = _recognise(folder, manifest)
    recipe = _recipe(spec, manifest)
    model = PreparedModel(folder, recipe, manifest, _mapped(folder, manifest, recipe))
    beside = PreparedBeside(inner, manifest.name, manifest.licence)
    return OpenedModel(model, spec, _info(manifest, spec), Slots(model.places), beside)


def prepared_checkpoint(opened: OpenedModel) -> PreparedModel:
    """The weights of a model that `open_prepared` opened."""
    assert isinstance(opened.checkpoint, PreparedModel)
    return opened.checkpoint


def _recognise(folder: Path, manifest: Manifest) -> tuple[ModelSpec, BesideWeights]:
    """The specification of the original, and what lies beside."""
    names = tuple(file.name for file in manifest.beside)
    header = open_headers(folder, names)
    if header is not None:
        return recognise_gguf(header), GgufBeside(header, folder)
    if CONFIG_NAME not in names:
        raise CheckpointError(MANIFEST_NAME, "beside", "neither a header nor a configuration")
    return recognise_config(folder / CONFIG_NAME, {}), FolderBeside(folder)


def _recipe(spec: ModelSpec, manifest: Manifest) -> Recipe:
    """What the specification asks for, stored as the manifest says: nothing may be missing,
    left over or of another shape."""
    # GGUF's names, whatever it was made from: they have one tensor for a layer's experts.
    wanted = slots(spec, GGUF)
    plain = {s.file_name: TensorInfo(s.file_name, s.shape, "F32", 0) for s in wanted.values()}
    groups: list[Output | Experts] = []
    left = set(manifest.tensors)
    for group in recipe_of(spec, wanted, plain).groups:
        record = group.record if isinstance(group, Experts) else group
        parts = tuple(_stored(part, manifest) for part in record.parts)
        left -= {part.name for part in parts}
        stored = Output(record.name, parts)
        if isinstance(group, Experts):
            groups.append(Experts(group.name, group.count, stored, group.file_names))
        else:
            groups.append(stored)
    if left:
        raise CheckpointError(MANIFEST_NAME, min(left), "the model has no place for this tensor")
    return Recipe(tuple(groups))


def _stored(part: Part, manifest: Manifest) -> Part:
    listed = manifest.tensors.get(part.name)
    if listed is None:
        raise CheckpointError(MANIFEST_NAME, part.name, "this tensor is missing")
    if listed.shape != part.shape:
        raise CheckpointError(
            MANIFEST_NAME,
            part.name,
            said(
                "its shape is {shape}; the model asks for {wanted}",
                shape=list(listed.shape),
                wanted=list(part.shape),
            ),
        )
    panels = PANEL_SCHEMES.get(listed.scheme)
    if panels is None:
        return part
    if part.shape[-1] % panels.block_elements:
        raise CheckpointError(
            MANIFEST_NAME,
            part.name,
            said("{scheme} can't hold rows of {shape}", scheme=listed.scheme, shape=part.shape[-1]),
        )
    return Part(part.name, part.shape, listed.scheme, panels.sources[0], part.sources)


def _mapped(folder: Path, manifest: Manifest, recipe: Recipe) -> mmap:
    """The weights' map, of the right size and with the header that was written."""
    data = map_file(folder / WEIGHTS_NAME)
    if len(data) != manifest.weights.size:
        raise CheckpointError(
            WEIGHTS_NAME,
            "",
            said(
                "it has {there} of {size}: copy or prepare it again",
                there=megabytes(len(data)),
                size=megabytes(manifest.weights.size),
            ),
        )
    if manifest.header_bytes + recipe.stored_bytes != len(data):
        raise CheckpointError(
            WEIGHTS_NAME, "", "it is not as long as the tensors that the manifest lists"
        )
    header = data[: manifest.header_bytes]
    if hashlib.sha256(header).hexdigest() != manifest.header_sha256:
        raise CheckpointError(
            WEIGHTS_NAME, "header", "it is not as it was written: the file is damaged"
        )
    prefer_huge_pages(data)
    return data


def _info(manifest: Manifest, spec: ModelSpec) -> ModelInfo:
    schemes = manifest.bytes_by_scheme
    return ModelInfo(
        name=manifest.name,
        architecture=spec.architecture,
        quantization=max(schemes, key=lambda name: schemes[name], default=""),
        parameters=manifest.parameters,
        context_tokens=spec.context_tokens,
        file_bytes=manifest.weights.size,
        num_layers=len(spec.layers),
        vocab_size=spec.vocab_size,
        licence=manifest.licence,
        weights_sha256=manifest.weights.sha256,
        source_sha256=manifest.sources[0].sha256 if len(manifest.sources) == 1 else "",
    )
