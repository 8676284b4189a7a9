"""From a model file to a decoder: open, recognise, check every tensor, map.

For: the engine, and whatever needs a model without a tokenizer (`logits`, `bench`,
`inspect`). Reads no weight: tensors stay mapped until they are used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from inference.checkpoint.gguf import GgufFile
from inference.compute import ComputePath
from inference.errors import CheckpointError, UnsupportedModelError
from inference.layers.decoder import Decoder
from inference.models.base import Architecture, ModelSpec, TensorSlot
from inference.models.llama import LLAMA
from kernels.schemes.base import PackedTensor

if TYPE_CHECKING:
    from inference.prompt.tokenizer import Tokenizer

ARCHITECTURES: Mapping[str, Architecture] = {LLAMA.name: LLAMA}


@dataclass(frozen=True)
class ModelInfo:
    """What a model file is, for people."""

    name: str
    architecture: str
    quantization: str
    parameters: int
    context_tokens: int
    file_bytes: int
    num_layers: int
    vocab_size: int
    licence: str


@dataclass(frozen=True)
class OpenedModel:
    """A model file that was checked, with its header and its map; nothing read yet."""

    file: GgufFile
    spec: ModelSpec
    info: ModelInfo
    slots: Mapping[str, TensorSlot]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the map back; tensors that still use it keep it alive."""
        self.file.close()

    def tensors(self) -> Mapping[str, PackedTensor]:
        """Our names → packed tensors over the mapped file."""
        return {ours: self.file.packed(slot.file_name) for ours, slot in self.slots.items()}

    def tokenizer(self) -> Tokenizer:
        """Its tokenizer; raises TokenizerError. Imported late, as few need it."""
        from inference.prompt.tokenizer import Tokenizer
        from inference.prompt.vocabulary import vocabulary_from_gguf

        return Tokenizer.from_gguf(vocabulary_from_gguf(self.file))

    def chat_template(self) -> str:
        """Its chat template, empty where it has none."""
        return self.file.string("tokenizer.chat_template", "")

    def decoder(self, path: ComputePath) -> Decoder:
        """The model, ready to run on `path`."""
        return Decoder(self.spec, self.tensors(), path)


def open_model(path: Path) -> OpenedModel:
    """Open and check; raises CheckpointError and UnsupportedModelError."""
    file = GgufFile.open(path)
    try:
        spec, slots = _recognise(file)
        _check_tensors(file, slots)
        return OpenedModel(file, spec, _info(file, spec), slots)
    except BaseException:
        file.close()
        raise


def _recognise(file: GgufFile) -> tuple[ModelSpec, Mapping[str, TensorSlot]]:
    name = file.string("general.architecture")
    architecture = ARCHITECTURES.get(name)
    if architecture is None:
        known = ", ".join(sorted(ARCHITECTURES))
        raise UnsupportedModelError(
            f"{file.path.name} holds a model of the architecture “{name}”; "
            f"this version of Pitcher runs {known}."
        )
    shapes = {name: info.shape for name, info in file.tensors.items()}
    spec = architecture.spec(file, shapes)
    return spec, architecture.slots(spec)


def _check_tensors(file: GgufFile, slots: Mapping[str, TensorSlot]) -> None:
    """Nothing missing, nothing left over, every shape as the configuration says."""
    wanted = {slot.file_name: slot for slot in slots.values()}
    for name, slot in wanted.items():
        found = file.tensors.get(name)
        if found is None:
            raise CheckpointError(file.path.name, name, "this tensor is missing")
        if found.shape != slot.shape:
            raise CheckpointError(
                file.path.name,
                name,
                f"its shape is {list(found.shape)}; the configuration asks for {list(slot.shape)}",
            )
    for name in file.tensors:
        if name not in wanted:
            raise CheckpointError(
                file.path.name, name, "the architecture has no place for this tensor"
            )


def _info(file: GgufFile, spec: ModelSpec) -> ModelInfo:
    parameters = 0
    bytes_by_scheme: Counter[str] = Counter()
    for tensor in file.tensors.values():
        elements = 1
        for size in tensor.shape:
            elements *= size
        parameters += elements
        bytes_by_scheme[tensor.scheme] += tensor.stored_bytes
    return ModelInfo(
        name=file.string("general.name", file.path.stem),
        architecture=spec.architecture,
        quantization=bytes_by_scheme.most_common(1)[0][0],
        parameters=parameters,
        context_tokens=spec.context_tokens,
        file_bytes=file.path.stat().st_size,
        num_layers=len(spec.layers),
        vocab_size=spec.vocab_size,
        licence=file.string("general.license", ""),
    )
