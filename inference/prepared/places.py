"""Where each tensor of a prepared file lies, found by name without a list of all of them.

For: `opening`. A mixture has tens of thousands of matrices: describing each at opening would
take longer than all else (0.6 s of 0.65 for 4,096 experts), so that an expert's place is worked
out when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from inference.checkpoint.base import TensorInfo
from inference.models.names import TensorSlot
from inference.prepared.recipe import Experts, Output, Part, Recipe

_T = TypeVar("_T")


@dataclass(frozen=True)
class Place:
    """A part; where its first panel begins in the file, and the bytes from one to the next."""

    part: Part
    start: int
    stride: int


class Places:
    """All places of a recipe whose first tensor begins at byte `start` of the file."""

    def __init__(self, recipe: Recipe, start: int) -> None:
        self._singles: dict[str, Place] = {}
        self._experts: dict[str, tuple[Experts, int, Mapping[str, Place]]] = {}
        self._records: dict[str, tuple[int, int]] = {}
        for group in recipe.groups:
            if isinstance(group, Experts):
                parts = {p.part.name.rsplit(".", 1)[1]: p for p in _within(group.record, start)}
                self._experts[group.name] = (group, start, parts)
            else:
                self._singles |= {p.part.name: p for p in _within(group, start)}
                self._records[group.name] = (start, group.stored_bytes)
            start += group.stored_bytes
        self.end = start

    def find(self, name: str) -> Place | None:
        """A part by our name; None where there is none."""
        single = self._singles.get(name)
        if single is not None or ".experts." not in name:
            return single
        record, _, part = name.rpartition(".")
        found = self._expert(record)
        if found is None or part not in found[0][2]:
            return None
        (group, _, parts), expert = found
        first = parts[part]
        return Place(first.part, first.start + expert * group.record.stored_bytes, first.stride)

    def record(self, name: str) -> tuple[int, int] | None:
        """First byte and size of a tensor of the file, an expert's for one."""
        found = self._expert(name)
        if found is None:
            return self._records.get(name)
        (group, start, _), expert = found
        return start + expert * group.record.stored_bytes, group.record.stored_bytes

    def names(self) -> Iterator[str]:
        """Every part."""
        yield from self._singles
        for name, (group, _, parts) in self._experts.items():
            for expert in range(group.count):
                yield from (f"{name}.{expert}.{part}" for part in parts)

    def __len__(self) -> int:
        of_experts = sum(g.count * len(parts) for g, _, parts in self._experts.values())
        return len(self._singles) + of_experts

    def _expert(self, record: str) -> tuple[tuple[Experts, int, Mapping[str, Place]], int] | None:
        layer, _, number = record.rpartition(".")
        group = self._experts.get(layer)
        # As `str` writes it, and in no other way: "07" names nothing.
        if group is None or not number.isdecimal() or str(int(number)) != number:
            return None
        return (group, int(number)) if int(number) < group[0].count else None


def _within(output: Output, start: int) -> Iterator[Place]:
    """Gate and up of an expert panel by panel, then down; anything else on its own."""
    if len(output.parts) == 1:
        part = output.parts[0]
        yield Place(part, start, _panel_bytes(part))
        return
    gate, up, down = output.parts
    stride = _panel_bytes(gate) + _panel_bytes(up)
    yield Place(gate, start, stride)
    yield Place(up, start + _panel_bytes(gate), stride)
    yield Place(down, start + gate.stored_bytes + up.stored_bytes, _panel_bytes(down))


def _panel_bytes(part: Part) -> int:
    return 0 if part.panels is None else part.panels.panel_bytes(part.shape[-1])


class _ByName(Mapping[str, _T], Generic[_T]):
    """Something of each part, made when it is asked for."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def __getitem__(self, name: str) -> _T:
        place = self._places.find(name)
        if place is None:
            raise KeyError(name)
        return self._of(name, place.part)

    def __iter__(self) -> Iterator[str]:
        return self._places.names()

    def __len__(self) -> int:
        return len(self._places)

    def _of(self, name: str, part: Part) -> _T:
        raise TypeError(f"{type(self).__name__} does not say what it holds")


class Infos(_ByName[TensorInfo]):
    """What a checkpoint says of its tensors."""

    def _of(self, name: str, part: Part) -> TensorInfo:
        return TensorInfo(name, part.shape, part.scheme, part.stored_bytes)


class Slots(_ByName[TensorSlot]):
    """What an opened model says of its tensors: here files use our names."""

    def _of(self, name: str, part: Part) -> TensorSlot:
        return TensorSlot(name, part.shape)
