"""What a prepared model consists of: every tensor, its scheme, and where its values come from.

For: `writing` (it makes them) and `opening` (it holds a folder to them). Pure: from a
specification and the names of a model's tensors; reads and writes nothing.

Our names are those of `models.names`, except that each expert is one record,
`layers.3.experts.17`, with its matrices `….gate`, `….up` and `….down`, and that kv_b in one
matrix becomes two stacks, `kv_b.keys` [heads, nope, latent] and `kv_b.values` [heads, value,
latent]: every head's part begins with a panel of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

from inference.checkpoint.base import TensorInfo
from inference.errors import PreparationError
from inference.models.base import MlaSpec, ModelSpec, MoeSpec
from inference.models.names import TensorSlot
from inference.sentence import said
from kernels.schemes import BLOCK_SCHEMES
from kernels.schemes.panels import ROWS, PanelScheme, panel_scheme_for

PAGE = 4096  # every tensor's bytes are padded to whole pages, so that one read brings it
VECTOR_SCHEME = "F32"
EXPERT_PARTS = ("gate", "up", "down")
# Exactly representable in float32, which a router's product wants.
_FLOATS = ("F32", "F16", "BF16")
_FP8 = "FP8_E4M3_128"

# (our name, shape, layer or None, layers of the model) → the scheme to quantize to, as a file
# would store it; see `mixes`.
Mix = Callable[[str, tuple[int, ...], int | None, int], str]


@dataclass(frozen=True)
class SourceRows:
    """Rows start:stop of a matrix of the source; of a stack, of its matrix `index`."""

    file_name: str
    index: int | None
    start: int
    stop: int


@dataclass(frozen=True)
class Part:
    """A matrix, a stack or a vector. Each of `sources` is one matrix of a stack.

    `through`: the file's scheme whose blocks are laid out; where the source is stored in
    another one its values are quantized to it. `scheme` is the panels', or F32 of a vector.
    """

    name: str
    shape: tuple[int, ...]
    scheme: str
    through: str
    sources: tuple[SourceRows, ...]

    @cached_property
    def panels(self) -> PanelScheme | None:
        """How a matrix lies; None for a vector."""
        return None if len(self.shape) == 1 else panel_scheme_for(self.through)

    @cached_property
    def matrix_bytes(self) -> int:
        """Bytes of one matrix of the stack, or of the one matrix."""
        if self.panels is None:
            return 4 * self.shape[0]
        return -(-self.shape[-2] // ROWS) * self.panels.panel_bytes(self.shape[-1])

    @cached_property
    def stored_bytes(self) -> int:
        """Bytes of all of it."""
        return self.matrix_bytes * len(self.sources)


@dataclass(frozen=True)
class Output:
    """One tensor of the prepared file: a part, or the three of an expert."""

    name: str
    parts: tuple[Part, ...]

    @cached_property
    def stored_bytes(self) -> int:
        """With the padding behind it."""
        return -(-sum(part.stored_bytes for part in self.parts) // PAGE) * PAGE

    @property
    def is_vector(self) -> bool:
        """Whether it is stored as float32 and not as bytes."""
        return len(self.parts[0].shape) == 1


@dataclass(frozen=True)
class Experts:
    """All experts of a layer, alike and one after another: thousands are described by one.

    `record` is the first's, its parts named `layers.3.experts.*.gate` and so on.
    `file_names`: of each part the stack's tensor, or one tensor for each expert.
    """

    name: str
    count: int
    record: Output
    file_names: tuple[tuple[str, ...], ...]

    @property
    def stored_bytes(self) -> int:
        """Bytes of all of them."""
        return self.count * self.record.stored_bytes

    def output(self, expert: int) -> Output:
        """One of them."""
        name = f"{self.name}.{expert}"
        parts = tuple(
            Part(
                part.name.replace("*", str(expert)),
                part.shape,
                part.scheme,
                part.through,
                (_expert_rows(files, expert, part.shape[0]),),
            )
            for part, files in zip(self.record.parts, self.file_names, strict=True)
        )
        return Output(name, parts)


@dataclass(frozen=True)
class Recipe:
    """All tensors in the order of the file."""

    groups: tuple[Output | Experts, ...]

    @cached_property
    def stored_bytes(self) -> int:
        """Bytes of all tensors."""
        return sum(group.stored_bytes for group in self.groups)

    def outputs(self) -> Iterator[Output]:
        """Every tensor of the file."""
        for group in self.groups:
            if isinstance(group, Experts):
                yield from (group.output(expert) for expert in range(group.count))
            else:
                yield group

    def parts(self) -> Iterator[tuple[Part, int]]:
        """Every part, and how many there are alike: one, or as many as experts."""
        for group in self.groups:
            if isinstance(group, Experts):
                yield from ((part, group.count) for part in group.record.parts)
            else:
                yield from ((part, 1) for part in group.parts)

    def bytes_by_scheme(self) -> dict[str, int]:
        """How many bytes lie in each scheme, the most first."""
        found: Counter[str] = Counter()
        for part, count in self.parts():
            found[part.scheme] += count * part.stored_bytes
        return dict(found.most_common())


def recipe_of(
    spec: ModelSpec,
    slots: Mapping[str, TensorSlot],
    tensors: Mapping[str, TensorInfo],
    mix: Mix | None = None,
) -> Recipe:
    """What becomes of the model whose tensors are `slots` by our names and `tensors` by the
    files'. Without a mix every matrix keeps its values; raises PreparationError for those in
    FP8, which have no panels. A mix is asked about expert 0 on behalf of its layer's.
    """
    chooser = _Chooser(tensors, mix, len(spec.layers))
    groups: list[Output | Experts] = []
    for name, shape, sources in _matrices(spec, slots):
        groups.append(Output(name, (chooser.part(name, shape, sources),)))
    for index, layer in enumerate(spec.layers):
        if isinstance(layer.feed_forward, MoeSpec):
            groups.append(_experts(index, layer.feed_forward.num_experts, slots, chooser))
    return Recipe(tuple(sorted(groups, key=_reading_order)))


def _reading_order(group: Output | Experts) -> tuple[int, bool]:
    """Embedding first, then layer by layer, experts last; the rest behind."""
    layer = _layer(group.name)
    if layer is None:
        return (-1 if group.name == "embedding" else 1 << 30, False)
    return layer, isinstance(group, Experts)


_Matrix = tuple[str, tuple[int, ...], tuple[SourceRows, ...]]


def _matrices(spec: ModelSpec, slots: Mapping[str, TensorSlot]) -> Iterator[_Matrix]:
    """Everything but experts: our name, its shape, where its rows come from."""
    for name, slot in slots.items():
        if ".experts." in name:
            continue
        if name.endswith(".kv_b.weight"):
            attention = spec.layers[_layer(name) or 0].attention
            assert isinstance(attention, MlaSpec)
            yield from _heads(name, slot, attention)
        elif len(slot.shape) == 3:
            matrices = range(slot.shape[0])
            rows = tuple(SourceRows(slot.file_name, i, 0, slot.shape[1]) for i in matrices)
            yield name, slot.shape, rows
        else:
            yield name, slot.shape, (SourceRows(slot.file_name, None, 0, slot.shape[0]),)


def _heads(name: str, slot: TensorSlot, spec: MlaSpec) -> Iterator[_Matrix]:
    """kv_b [heads · (nope + value), latent], head by head."""
    stem, size = name.removesuffix("weight"), spec.nope_dim + spec.value_dim
    for part, first, count in (
        ("keys", 0, spec.nope_dim),
        ("values", spec.nope_dim, spec.value_dim),
    ):
        starts = [head * size + first for head in range(spec.num_heads)]
        rows = tuple(SourceRows(slot.file_name, None, at, at + count) for at in starts)
        yield stem + part, (spec.num_heads, count, slot.shape[1]), rows


def _experts(layer: int, count: int, slots: Mapping[str, TensorSlot], chooser: _Chooser) -> Experts:
    name = f"layers.{layer}.experts"
    parts, file_names = [], []
    for part in EXPERT_PARTS:
        stack = slots.get(f"{name}.{part}")
        found = [stack] if stack else [slots[f"{name}.{e}.{part}"] for e in range(count)]
        files = tuple(slot.file_name for slot in found)
        parts.append(chooser.expert_part(f"{name}.*.{part}", found[0].shape[-2:], files))
        file_names.append(files)
    return Experts(name, count, Output(name, tuple(parts)), tuple(file_names))


def _expert_rows(files: tuple[str, ...], expert: int, rows: int) -> SourceRows:
    if len(files) == 1:
        return SourceRows(files[0], expert, 0, rows)
    return SourceRows(files[expert], None, 0, rows)


class _Chooser:
    """Which scheme a tensor goes to."""

    def __init__(self, tensors: Mapping[str, TensorInfo], mix: Mix | None, num_layers: int) -> None:
        self._tensors = tensors
        self._mix = mix
        self._num_layers = num_layers

    def part(self, name: str, shape: tuple[int, ...], sources: tuple[SourceRows, ...]) -> Part:
        """A part of its own."""
        if len(shape) == 1:
            return Part(name, shape, VECTOR_SCHEME, VECTOR_SCHEME, sources)
        through = self._through(name, shape, self._tensors[sources[0].file_name].scheme)
        return self._matrix(name, shape, through, sources)

    def expert_part(self, name: str, shape: tuple[int, ...], files: tuple[str, ...]) -> Part:
        """One that stands for all experts of its layer, so that all are stored alike."""
        stored = {self._tensors[file].scheme for file in files}
        common = stored.pop() if len(stored) == 1 else self._widest(name, stored)
        through = self._through(name.replace("*", "0"), shape, common)
        return self._matrix(name, shape, through, (_expert_rows(files, 0, shape[0]),))

    def _widest(self, name: str, stored: set[str]) -> str:
        if stored <= {*_FLOATS, _FP8}:
            return _FP8 if _FP8 in stored else "F32"
        raise PreparationError(
            said(
                "The experts {name} are stored in {known}.",
                name=name,
                known=", ".join(sorted(stored)),
            )
        )

    def _matrix(
        self, name: str, shape: tuple[int, ...], through: str, sources: tuple[SourceRows, ...]
    ) -> Part:
        panels = panel_scheme_for(through)
        if panels is None:
            raise PreparationError(
                said(
                    "{name} is stored in {through}, which has to be quantized: choose a mix.",
                    name=name,
                    through=through,
                )
            )
        return Part(name, shape, panels.name, through, sources)

    def _through(self, name: str, shape: tuple[int, ...], stored: str) -> str:
        if name.endswith("router.weight"):
            return "F32" if stored in (*_FLOATS, _FP8) else stored
        if self._mix is None or stored not in (*_FLOATS, _FP8) or not prod(shape):
            return stored
        chosen = self._mix(name, shape, _layer(name), self._num_layers)
        if shape[-1] % BLOCK_SCHEMES[chosen].block_elements:
            # Rows that are not whole blocks stay as they are.
            return "F32" if stored == _FP8 else stored
        return chosen


def _layer(name: str) -> int | None:
    return int(name.split(".")[1]) if name.startswith("layers.") else None
