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
from inference.checkpoint.mapped_file import bytes_over, map_file, megabytes, release_pages
from inference.checkpoint.safetensors_header import StoredTensor, read_header
from inference.errors import CheckpointError
from inference.loading import (
    CONFIG_NAME,
    ModelInfo,
    OpenedModel,
    recognise_config,
    recognise_gguf,
)
from inference.models.base import ModelSpec
from inference.models.names import GGUF, HF, TensorSlot, slots
from inference.prepared.beside import open_headers
from inference.prepared.manifest import (
    MANIFEST_NAME,
    WEIGHTS_NAME,
    Manifest,
    check_file,
    is_prepared,
    read_manifest,
)
from inference.prepared.recipe import VECTOR_SCHEME, Output, Part, Recipe, recipe_of
from inference.prepared.writing import dtype_of, stored_shape
from inference.prompt.recommended import Recommended
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
        self.manifest = manifest
        self.files = (path / WEIGHTS_NAME,)
        self.file_bytes = manifest.weights.size
        self._data = data
        self._bytes = bytes_over(data)
        self._starts: dict[str, int] = {}
        self._places: dict[str, tuple[Part, int, int]] = {}
        start = manifest.header_bytes
        for output in recipe.outputs:
            self._starts[output.name] = start
            self._place(output, start)
            start += output.stored_bytes
        self._sizes = {output.name: output.stored_bytes for output in recipe.outputs}
        self.tensors: Mapping[str, TensorInfo] = {
            part.name: TensorInfo(part.name, part.shape, part.scheme, part.stored_bytes)
            for part in recipe.parts()
        }

    def _place(self, output: Output, start: int) -> None:
        """Where each part's first panel lies, and the bytes from one panel to the next."""
        if len(output.parts) == 1:
            part = output.parts[0]
            self._places[part.name] = (part, start, _panel_bytes(part))
            return
        gate, up, down = output.parts
        stride = _panel_bytes(gate) + _panel_bytes(up)
        self._places[gate.name] = (gate, start, stride)
        self._places[up.name] = (up, start + _panel_bytes(gate), stride)
        behind = start + gate.stored_bytes + up.stored_bytes
        self._places[down.name] = (down, behind, _panel_bytes(down))

    def packed(self, name: str) -> PackedTensor:
        """A view of the map; raises CheckpointError if it is not there."""
        if name not in self._places:
            raise CheckpointError(WEIGHTS_NAME, name, "this tensor is missing")
        part, start, stride = self._places[name]
        if part.panels is None:
            raw = self._bytes[start : start + part.stored_bytes]
            return PackedTensor(BLOCK_SCHEMES[VECTOR_SCHEME], {"blocks": raw}, part.shape)
        scheme = PANEL_SCHEMES[part.scheme]
        (shape,) = scheme.buffer_shapes(part.shape).values()
        strides = (stride, 1) if len(shape) == 2 else (part.matrix_bytes, stride, 1)
        return PackedTensor(
            scheme, {"panels": self._bytes.as_strided(shape, strides, start)}, part.shape
        )

    def places(self) -> list[tuple[str, int]]:
        """Each tensor of the file in its order, and its bytes."""
        return list(self._sizes.items())

    def record(self, name: str) -> Tensor:
        """All bytes of a tensor of the file, uint8, with its padding; of an expert
        (`layers.3.experts.17`) what one read brings. A view; raises KeyError."""
        start = self._starts[name]
        return self._bytes[start : start + self._sizes[name]]

    def release_pages(self) -> None:
        """See `Checkpoint.release_pages`."""
        release_pages(self._data)

    def close(self) -> None:
        """Let go of the map; it is given back when the last tensor over it has gone."""
        self.__dict__.pop("_data", None)
        self._bytes = torch.empty(0, dtype=torch.uint8)
        self._places.clear()


def open_prepared(folder: Path) -> OpenedModel:
    """Open and check; raises CheckpointError, UnsupportedModelError, OSError."""
    manifest = read_manifest(folder)
    for file in manifest.beside:
        check_file(folder, file)
    spec, wanted, inner = _recognise(folder, manifest)
    recipe = _recipe(spec, wanted, manifest)
    model = PreparedModel(folder, recipe, manifest, _mapped(folder, manifest, recipe))
    found = {part.name: TensorSlot(part.name, part.shape) for part in recipe.parts()}
    beside = PreparedBeside(inner, manifest.name, manifest.licence)
    return OpenedModel(model, spec, _info(manifest, spec), found, beside)


def prepared_checkpoint(opened: OpenedModel) -> PreparedModel:
    """The weights of a model that `open_prepared` opened."""
    assert isinstance(opened.checkpoint, PreparedModel)
    return opened.checkpoint


def _recognise(
    folder: Path, manifest: Manifest
) -> tuple[ModelSpec, Mapping[str, TensorSlot], BesideWeights]:
    """The specification, the tensors of the original, and what lies beside."""
    names = tuple(file.name for file in manifest.beside)
    header = open_headers(folder, names)
    if header is not None:
        spec = recognise_gguf(header)
        return spec, slots(spec, GGUF), GgufBeside(header, folder)
    if CONFIG_NAME not in names:
        raise CheckpointError(MANIFEST_NAME, "beside", "neither a header nor a configuration")
    spec = recognise_config(folder / CONFIG_NAME, {})
    return spec, slots(spec, HF), FolderBeside(folder)


def _recipe(spec: ModelSpec, wanted: Mapping[str, TensorSlot], manifest: Manifest) -> Recipe:
    """What the specification asks for, stored as the manifest says: nothing may be missing,
    left over or of another shape."""
    return _Listed(manifest).recipe(spec, wanted)


class _Listed:
    """The manifest's tensors held against those of a specification."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._parts = {
            name: part
            for tensor in manifest.tensors.values()
            for name, part in tensor.parts.items()
        }

    def recipe(self, spec: ModelSpec, wanted: Mapping[str, TensorSlot]) -> Recipe:
        # Only names and shapes matter of it: the source's schemes are not known any more.
        plain = {s.file_name: TensorInfo(s.file_name, s.shape, "F32", 0) for s in wanted.values()}
        outputs = [
            Output(output.name, tuple(self._stored(part) for part in output.parts))
            for output in recipe_of(spec, wanted, plain).outputs
        ]
        self._check_same(outputs)
        return Recipe(tuple(outputs))

    def _stored(self, part: Part) -> Part:
        listed = self._parts.get(part.name)
        if listed is None:
            raise CheckpointError(MANIFEST_NAME, part.name, "this tensor is missing")
        if listed.shape != part.shape:
            raise CheckpointError(
                MANIFEST_NAME,
                part.name,
                f"its shape is {list(listed.shape)}; the model asks for {list(part.shape)}",
            )
        panels = PANEL_SCHEMES.get(listed.scheme)
        if panels is None:
            return part
        if part.shape[-1] % panels.block_elements:
            raise CheckpointError(
                MANIFEST_NAME, part.name, f"{listed.scheme} can't hold rows of {part.shape[-1]}"
            )
        return Part(part.name, part.shape, listed.scheme, panels.sources[0], part.sources)

    def _check_same(self, outputs: list[Output]) -> None:
        tensors = self._manifest.tensors
        for output in outputs:
            listed = tensors.get(output.name)
            if listed is None or listed.parts.keys() != {p.name for p in output.parts}:
                raise CheckpointError(MANIFEST_NAME, output.name, "its parts are not the model's")
            if sum(listed.piece_bytes) != output.stored_bytes:
                raise CheckpointError(
                    MANIFEST_NAME, output.name, "its pieces are not as long as the tensor"
                )
        left = tensors.keys() - {output.name for output in outputs}
        if left:
            raise CheckpointError(MANIFEST_NAME, min(left), "the model has no place for it")


def _mapped(folder: Path, manifest: Manifest, recipe: Recipe) -> mmap:
    """The weights' map, its header checked."""
    data = map_file(folder / WEIGHTS_NAME)
    if len(data) != manifest.weights.size:
        raise CheckpointError(
            WEIGHTS_NAME,
            "",
            f"it has {megabytes(len(data))} of {megabytes(manifest.weights.size)}: "
            "copy or prepare it again",
        )
    header = data[: manifest.header_bytes]
    if hashlib.sha256(header).hexdigest() != manifest.header_sha256:
        raise CheckpointError(
            WEIGHTS_NAME, "header", "it is not as it was written: the file is damaged"
        )
    _check_stored(read_header(data, WEIGHTS_NAME), manifest.header_bytes, recipe)
    return data


def _check_stored(stored: list[StoredTensor], start: int, recipe: Recipe) -> None:
    """The tensors of the file are the recipe's, one for one."""
    if len(stored) != len(recipe.outputs):
        raise CheckpointError(
            WEIGHTS_NAME, "header", f"{len(stored)} tensors; {len(recipe.outputs)} are expected"
        )
    for tensor, output in zip(stored, recipe.outputs, strict=True):
        stop = start + output.stored_bytes
        want = StoredTensor(output.name, dtype_of(output), stored_shape(output), start, stop)
        if tensor != want:
            raise CheckpointError(
                WEIGHTS_NAME, tensor.name, f"{output.name} is expected in its place"
            )
        start = stop


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
    )


def _panel_bytes(part: Part) -> int:
    return 0 if part.panels is None else part.panels.panel_bytes(part.shape[-1])
