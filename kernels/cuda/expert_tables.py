"""Where each expert of a layer lies, as launches read it: three tables of addresses.

For: `experts` beside this file, and whoever places a layer's experts on a GPU: a mapping that is
an `ExpertTables` keeps its tables on the device, so that decoding copies none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from kernels.contracts import Expert
from kernels.cuda.products import panel_bytes
from kernels.schemes.base import PackedTensor

_MATRICES = ("gate", "up", "down")


@dataclass(frozen=True)
class MatrixTable:
    """One matrix of every expert: they share scheme, shape and distance of panels."""

    addresses: Tensor  # int64 [greatest id + 1]; 0 where there is no such expert
    scheme_name: str
    features: int
    columns: int
    panel_bytes: int


class ExpertTables(Mapping[int, Expert]):
    """Experts by id, with their tables on `device`. The weights are kept alive."""

    def __init__(self, experts: Mapping[int, Expert], device: torch.device) -> None:
        """Raises ValueError where experts of a layer differ in scheme or shape."""
        self._experts = dict(experts)
        self.count = max(self._experts) + 1
        rows = torch.zeros(len(_MATRICES), self.count, dtype=torch.int64)
        described = []
        for row, name in zip(rows, _MATRICES, strict=True):
            packed = {index: getattr(one, name) for index, one in self._experts.items()}
            described.append(_described(name, packed))
            for index, one in packed.items():
                row[index] = one.buffers["panels"].data_ptr()
        # A table each, so that every one begins at 16 bytes.
        self.gate, self.up, self.down = (
            MatrixTable(row.to(device, copy=True), *words)
            for row, words in zip(rows, described, strict=True)
        )

    def __getitem__(self, index: int) -> Expert:
        return self._experts[index]

    def __iter__(self) -> Iterator[int]:
        return iter(self._experts)

    def __len__(self) -> int:
        return len(self._experts)


def _described(name: str, packed: Mapping[int, PackedTensor]) -> tuple[str, int, int, int]:
    found = set()
    for one in packed.values():
        features, columns = one.shape
        found.add((one.scheme.name, features, columns, panel_bytes(one)))
    if len(found) != 1:
        raise ValueError(f"experts of a layer have {name} matrices of {len(found)} kinds")
    return found.pop()
