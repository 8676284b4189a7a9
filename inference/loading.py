"""From a model's files to a decoder: open, recognise, check every tensor, map.

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

from inference.beside_weights import BesideWeights, FolderBeside, GgufBeside
from inference.checkpoint.base import Checkpoint
from inference.checkpoint.config_json import JsonConfig
from inference.checkpoint.gguf import GgufFile
from inference.checkpoint.gguf_split import SplitGguf
from inference.checkpoint.open import open_checkpoint
from inference.checkpoint.quantization_config import check_quantization
from inference.checkpoint.safetensors import SafetensorsModel
from inference.compute import ComputePath
from inference.decoders import AnyDecoder
from inference.errors import CheckpointError, UnsupportedModelError
from inference.experts.store import MappedExperts
from inference.layers.decoder import Decoder
from inference.models import ARCHITECTURES, architecture_of
from inference.models.base import ModelSpec, Shapes, Source
from inference.models.gguf_dialects import DIALECTS
from inference.models.gguf_header import Header
from inference.models.names import GGUF, HF, Naming, TensorSlot, kept_aside, slots
from inference.prompt.recommended import Recommended
from inference.sentence import ours, said
from kernels.schemes import SCHEMES
from kernels.schemes.base import PackedTensor

if TYPE_CHECKING:
    from inference.prompt.tokenizer import Tokenizer

CONFIG_NAME = "config.json"
PREPARED = "prepared"  # the `format` of a checkpoint laid out for the kernels
# A buffer that old conversions of llama wrote out; it follows from the configuration.
_DERIVED = ".rotary_emb.inv_freq"


@dataclass(frozen=True)
class ModelInfo:
    """What a model file is, for people.

    The hashes are those of a prepared model's weights and of the one file that they were made
    from; nothing where a file is run as it is, or was one of several.
    """

    name: str
    architecture: str
    quantization: str
    parameters: int
    context_tokens: int
    file_bytes: int
    num_layers: int
    vocab_size: int
    licence: str
    weights_sha256: str = ""
    source_sha256: str = ""


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
    beside: BesideWeights

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

    def stored_bytes(self) -> Mapping[str, int]:
        """Bytes of each tensor that runs, by our names."""
        tensors = self.checkpoint.tensors
        return {name: tensors[slot.file_name].stored_bytes for name, slot in self.slots.items()}

    def tokenizer(self) -> Tokenizer:
        """Its tokenizer; raises TokenizerError."""
        return self.beside.tokenizer()

    def chat_template(self) -> str:
        """Its chat template, empty where it has none; raises TokenizerError."""
        return self.beside.chat_template()

    def recommended(self) -> Recommended:
        """How its makers want tokens chosen, as far as the files say."""
        return self.beside.recommended()

    def decoder(self, path: ComputePath) -> AnyDecoder:
        """The model, ready to run on `path`: on the native kernels where they can."""
        tensors = self.tensors()
        if self.native_refusal(path):
            return Decoder(self.spec, tensors, path)
        from inference.planned.decoder import PlannedDecoder

        return PlannedDecoder(self.spec, tensors, path, MappedExperts(tensors), path.native.chosen)

    def native_refusal(self, path: ComputePath) -> str:
        """Why the native kernels do not run it; empty if they do."""
        from inference.planned.weights import refusal

        if not path.native.chosen:
            return path.native.reason
        if self.checkpoint.format != PREPARED:
            return said("The model is not prepared.")
        reason = refusal(self.spec, self.tensors())
        return (
            said(
                "The model is not of a kind that the native kernels run: {reason}.",
                reason=ours(reason),
            )
            if reason
            else ""
        )


def open_model(path: Path) -> OpenedModel:
    """Open and check; raises CheckpointError, UnsupportedModelError, OSError."""
    from inference.prepared import opening  # it makes an OpenedModel

    if opening.is_prepared(path):
        return opening.open_prepared(path)
    checkpoint = open_checkpoint(path)
    try:
        if isinstance(checkpoint, SafetensorsModel):
            spec, naming = _recognise_folder(checkpoint), HF
            beside: BesideWeights = FolderBeside(checkpoint.folder)
        else:
            spec, naming = recognise_gguf(checkpoint), GGUF
            beside = GgufBeside(checkpoint, checkpoint.path)
        wanted = slots(spec, naming)
        _check_tensors(checkpoint, spec, wanted, naming)
        return OpenedModel(checkpoint, spec, _info(checkpoint, spec, beside), wanted, beside)
    except BaseException:
        checkpoint.close()
        raise


def recognise_gguf(file: GgufFile | SplitGguf) -> ModelSpec:
    """What the metadata of a GGUF file describes."""
    name = file.string("general.architecture")
    dialect = DIALECTS.get(name)
    if dialect is None:
        raise UnsupportedModelError(
            said(
                "{file} holds a model of the architecture “{name}”; this version of Pitcher "
                "runs {known}.",
                file=file.path.name,
                name=name,
                known=", ".join(sorted(DIALECTS)),
            )
        )
    shapes = {name: info.shape for name, info in file.tensors.items()}
    header = Header(file, name, shapes)
    model_type, values = dialect(header)
    header.finish()
    config = JsonConfig(file.path.name, values)
    return ARCHITECTURES[model_type].spec(config, Source(shapes, is_gguf=True))


def _recognise_folder(checkpoint: SafetensorsModel) -> ModelSpec:
    """What config.json beside the weights describes."""
    path = checkpoint.folder / CONFIG_NAME
    if not path.is_file():
        raise CheckpointError(
            checkpoint.path.name,
            "",
            said("there is no {config_name} beside it to say what it is", config_name=CONFIG_NAME),
        )
    return recognise_config(path, {name: info.shape for name, info in checkpoint.tensors.items()})


def recognise_config(path: Path, shapes: Shapes) -> ModelSpec:
    """What a config.json describes; `shapes` of the tensors beside it."""
    config = JsonConfig.open(path)
    check_quantization(config)
    return architecture_of(config).spec(config, Source(shapes, is_gguf=False))


def _check_tensors(
    checkpoint: Checkpoint, spec: ModelSpec, wanted: Mapping[str, TensorSlot], naming: Naming
) -> None:
    """Nothing missing, nothing left over, every shape and type as the configuration says."""
    for slot in wanted.values():
        _check_tensor(checkpoint, slot)
    known = {slot.file_name for slot in wanted.values()} | kept_aside(spec, naming)
    for name, info in checkpoint.tensors.items():
        # An empty tensor (transformers writes shared experts of no width) holds nothing.
        if name not in known and 0 not in info.shape and not name.endswith(_DERIVED):
            raise CheckpointError(
                checkpoint.path.name, name, "the architecture has no place for this tensor"
            )


def _check_tensor(checkpoint: Checkpoint, slot: TensorSlot) -> None:
    found = checkpoint.tensors.get(slot.file_name)
    if found is None:
        reason = said(
            "this tensor is missing; the configuration asks for {shape}", shape=list(slot.shape)
        )
    elif found.shape != slot.shape:
        reason = said(
            "its shape is {shape}; the configuration asks for {wanted}",
            shape=list(found.shape),
            wanted=list(slot.shape),
        )
    elif found.scheme not in SCHEMES:
        known = ", ".join(sorted(SCHEMES))
        reason = said(
            "its values are of type {scheme}; expected one of {known}",
            scheme=found.scheme,
            known=known,
        )
    else:
        return
    raise CheckpointError(checkpoint.path.name, slot.file_name, reason)


def _info(checkpoint: Checkpoint, spec: ModelSpec, beside: BesideWeights) -> ModelInfo:
    bytes_by_scheme: Counter[str] = Counter()
    for tensor in checkpoint.tensors.values():
        bytes_by_scheme[tensor.scheme] += tensor.stored_bytes
    return ModelInfo(
        name=beside.name,
        architecture=spec.architecture,
        quantization=bytes_by_scheme.most_common(1)[0][0],
        parameters=sum(prod(tensor.shape) for tensor in checkpoint.tensors.values()),
        context_tokens=spec.context_tokens,
        file_bytes=checkpoint.file_bytes,
        num_layers=len(spec.layers),
        vocab_size=spec.vocab_size,
        licence=beside.licence,
    )
