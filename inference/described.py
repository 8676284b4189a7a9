"""A model known by its configuration alone: what its tensors would be, and how large.

For: `models inspect` of a configuration without weights, and plans for models that nobody
has fetched. Holds no weight: a decoder built of it lies on torch's meta device.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

import torch

from inference.checkpoint.config_json import JsonConfig
from inference.compute import ComputePath
from inference.errors import CheckpointError, RequestError
from inference.layers.decoder import Decoder
from inference.models import architecture_of
from inference.models.base import ModelSpec, Source
from inference.models.names import HF, TensorSlot, slots
from inference.sentence import said
from kernels.schemes import SCHEMES
from kernels.schemes.base import PackedTensor, Scheme
from kernels.workspace import Workspace

_BY_DTYPE = {"bfloat16": "BF16", "float16": "F16", "float32": "F32"}
_FP8 = "FP8_E4M3_128"
# What a scheme falls back to where a row is not whole blocks, as llama.cpp's files have it.
_FALLBACK = "Q8_0"


class MetaTensors(Mapping[str, PackedTensor]):
    """Our names → tensors without memory, each made when it is asked for."""

    def __init__(self, wanted: Mapping[str, TensorSlot], schemes: Mapping[str, Scheme]) -> None:
        self._slots = wanted
        self._schemes = schemes

    def __getitem__(self, name: str) -> PackedTensor:
        return self._schemes[name].empty(self._slots[name].shape, "meta")

    def __iter__(self) -> Iterator[str]:
        return iter(self._slots)

    def __len__(self) -> int:
        return len(self._slots)


@dataclass(frozen=True)
class DescribedModel:
    """A specification, and how each tensor would be stored."""

    spec: ModelSpec
    slots: Mapping[str, TensorSlot]
    schemes: Mapping[str, Scheme]

    @cached_property
    def stored_bytes(self) -> Mapping[str, int]:
        """Bytes of each tensor, by our names."""
        return {name: tensor.stored_bytes for name, tensor in self.tensors().items()}

    @property
    def parameters(self) -> int:
        """How many values the model has, without what is kept aside."""
        return sum(prod(slot.shape) for slot in self.slots.values())

    def tensors(self) -> MetaTensors:
        """Our names → tensors without memory."""
        return MetaTensors(self.slots, self.schemes)

    def decoder(self, path: ComputePath) -> Decoder:
        """The whole model on the meta device: shapes and choices of kernels, no memory."""
        on_meta = replace(path, work=Workspace(torch.device("meta")))
        return Decoder(self.spec, self.tensors(), on_meta)


def describe(config: JsonConfig, weights: str | None = None) -> DescribedModel:
    """Read a configuration; `weights` names a scheme for every matrix, instead of what the
    configuration says. Raises CheckpointError, UnsupportedModelError, RequestError."""
    spec = architecture_of(config).spec(config, Source({}, is_gguf=False))
    wanted = slots(spec, HF)
    if weights is not None and weights not in SCHEMES:
        raise RequestError(
            said(
                "There is no scheme “{weights}”: {known}.",
                weights=weights,
                known=", ".join(sorted(SCHEMES)),
            )
        )
    plain = _plain_scheme(config)
    matrices = weights or (_FP8 if config.section("quantization_config") else plain)
    schemes = {
        name: SCHEMES[_scheme_of(name, slot.shape, matrices, plain)]
        for name, slot in wanted.items()
    }
    return DescribedModel(spec, wanted, schemes)


def _plain_scheme(config: JsonConfig) -> str:
    key = "dtype" if config.keys() & {"dtype"} else "torch_dtype"
    dtype = config.string(key, "bfloat16")
    if dtype not in _BY_DTYPE:
        raise CheckpointError(
            config.name,
            key,
            said("“{dtype}” is none of {known}", dtype=dtype, known=", ".join(_BY_DTYPE)),
        )
    return _BY_DTYPE[dtype]


def _scheme_of(name: str, shape: tuple[int, ...], matrices: str, plain: str) -> str:
    """How files store a tensor when its model's matrices are in `matrices`."""
    is_matrix = len(shape) == 2 and not name.endswith("router.weight")
    if not is_matrix or matrices in _BY_DTYPE.values():
        return plain
    if matrices == _FP8:
        return _FP8 if name.startswith("layers.") else plain
    for scheme in (matrices, _FALLBACK):
        if shape[-1] % SCHEMES[scheme].block_elements == 0:
            return scheme
    return plain
