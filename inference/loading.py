"""From a model file to a decoder: open, recognise, check every tensor, map.

For: the engine, and whatever needs a model without a tokenizer (`logits`, `bench`,
`inspect`). Reads no weight: tensors stay mapped until they are used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Self

from inference.checkpoint.gguf import GgufFile
from inference.compute import ComputePath
from inference.errors import CheckpointError, UnsupportedModelError
from inference.layers.decoder import Decoder
from inference.models import ARCHITECTURES
from inference.models.base import ModelSpec, Source
from inference.models.gguf_dialects import DIALECTS
from inference.models.gguf_header import Header, Translated
from inference.models.names import GGUF, Naming, TensorSlot, kept_aside, slots
from kernels.schemes import SCHEMES
from kernels.schemes.base import PackedTensor

if TYPE_CHECKING:
    from inference.checkpoint.base import Checkpoint
    from inference.prompt.tokenizer import Tokenizer


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


class MappedTensors(Mapping[str, PackedTensor]):
    """Our names → packed tensors over the mapped file, each made when it is asked for."""

    def __init__(self, checkpoint: Checkpoint, slots_by_name: Mapping[str, TensorSlot]) -> None:
        self._checkpoint = checkpoint
        self._slots = slots_by_name

    def __getitem__(self, name: str) -> PackedTensor:
        return self._checkpoint.packed(self._slots[name].file_name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._slots)

    def __len__(self) -> int:
        return len(self._slots)


@dataclass(frozen=True)
class OpenedModel:
    """A model that was checked, with its map; nothing read yet."""

    checkpoint: Checkpoint
    spec: ModelSpec
    info: ModelInfo
    slots: Mapping[str, TensorSlot]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the map back; tensors that still use it keep it alive."""
        self.checkpoint.close()

    def tensors(self) -> Mapping[str, PackedTensor]:
        """Our names → packed tensors over the mapped file."""
        return MappedTensors(self.checkpoint, self.slots)

    def decoder(self, path: ComputePath) -> Decoder:
        """The model, ready to run on `path`."""
        return Decoder(self.spec, self.tensors(), path)

    @property
    def file(self) -> GgufFile:
        """The GGUF file and its metadata."""
        assert isinstance(self.checkpoint, GgufFile)
        return self.checkpoint

    def tokenizer(self) -> Tokenizer:
        """Its tokenizer; raises TokenizerError. Imported late, as few need it."""
        from inference.prompt.tokenizer import Tokenizer
        from inference.prompt.vocabulary import vocabulary_from_gguf

        return Tokenizer.from_gguf(vocabulary_from_gguf(self.file))

    def chat_template(self) -> str:
        """Its chat template, empty where it has none."""
        return self.file.string("tokenizer.chat_template", "")


def open_model(path: Path) -> OpenedModel:
    """Open and check; raises CheckpointError and UnsupportedModelError."""
    file = GgufFile.open(path)
    try:
        spec, naming = recognise_gguf(file)
        wanted = slots(spec, naming)
        _check_tensors(file, spec, wanted, naming)
        return OpenedModel(file, spec, _info(file, spec), wanted)
    except BaseException:
        file.close()
        raise


def recognise_gguf(file: GgufFile) -> tuple[ModelSpec, Naming]:
    """What the metadata of a GGUF file describes."""
    name = file.string("general.architecture")
    dialect = DIALECTS.get(name)
    if dialect is None:
        raise _unknown(file.path.name, name, DIALECTS)
    shapes = {name: info.shape for name, info in file.tensors.items()}
    header = Header(file, name, shapes)
    model_type, values = dialect(header)
    header.finish()
    source = Source(shapes, is_gguf=True)
    return ARCHITECTURES[model_type].spec(Translated(values), source), GGUF


def _unknown(file: str, name: str, known: Mapping[str, object]) -> UnsupportedModelError:
    return UnsupportedModelError(
        f"{file} holds a model of the architecture “{name}”; "
        f"this version of Pitcher runs {', '.join(sorted(known))}."
    )


def _check_tensors(
    checkpoint: Checkpoint, spec: ModelSpec, wanted: Mapping[str, TensorSlot], naming: Naming
) -> None:
    """Nothing missing, nothing left over, every shape as the configuration says."""
    file, tensors = checkpoint.path.name, checkpoint.tensors
    names: set[str] = set()
    for slot in wanted.values():
        names.add(slot.file_name)
        found = tensors.get(slot.file_name)
        if found is None:
            raise CheckpointError(file, slot.file_name, "this tensor is missing")
        if found.shape != slot.shape:
            raise CheckpointError(
                file,
                slot.file_name,
                f"its shape is {list(found.shape)}; the configuration asks for {list(slot.shape)}",
            )
        if found.scheme not in SCHEMES:
            known = ", ".join(sorted(SCHEMES))
            raise CheckpointError(
                file, slot.file_name, f"its values are {found.scheme}; expected one of {known}"
            )
    aside = kept_aside(spec, naming)
    for name, info in tensors.items():
        if name not in names and name not in aside and 0 not in info.shape:
            raise CheckpointError(file, name, "the architecture has no place for this tensor")


def _info(file: GgufFile, spec: ModelSpec) -> ModelInfo:
    bytes_by_scheme: Counter[str] = Counter()
    for tensor in file.tensors.values():
        bytes_by_scheme[tensor.scheme] += tensor.stored_bytes
    return ModelInfo(
        name=file.string("general.name", file.path.stem),
        architecture=spec.architecture,
        quantization=bytes_by_scheme.most_common(1)[0][0],
        parameters=sum(prod(tensor.shape) for tensor in file.tensors.values()),
        context_tokens=spec.context_tokens,
        file_bytes=file.path.stat().st_size,
        num_layers=len(spec.layers),
        vocab_size=spec.vocab_size,
        licence=file.string("general.license", ""),
    )
