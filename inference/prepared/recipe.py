"""What a prepared model consists of: every tensor, its scheme, and where its values come from.

For: `writing` (it makes them) and `opening` (it holds a folder to them). Pure: from a
specification and the names of a model's tensors; reads and writes nothing.

Our names are those of `models.names`, except that each expert is one record,
`layers.3.experts.17` with its matrices `….gate`, `….up` and `….down`, and that kv_b in one
matrix becomes two stacks, `kv_b.keys` [heads, nope, latent] and `kv_b.values` [heads, value,
latent]: every head's part begins with a panel of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import prod

from inference.checkpoint.base import TensorInfo
from inference.errors import PreparationError
from inference.models.base import MlaSpec, ModelSpec, MoeSpec
from inference.models.names import TensorSlot
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

    @property
    def panels(self) -> PanelScheme | None:
        """How a matrix lies; None for a vector."""
        return None if len(self.shape) == 1 else panel_scheme_for(self.through)

    @property
    def matrix_bytes(self) -> int:
        """Bytes of one matrix of the stack, or of the one matrix."""
        if self.panels is None:
            return 4 * self.shape[0]
        return -(-self.shape[-2] // ROWS) * self.panels.panel_bytes(self.shape[-1])

    @property
    def stored_bytes(self) -> int:
        """Bytes of all of it."""
        return self.matrix_bytes * len(self.sources)


@dataclass(frozen=True)
class Output:
    """One tensor of the prepared file: a part, or the three of an expert."""

    name: str
    parts: tuple[Part, ...]

    @property
    def stored_bytes(self) -> int:
        """With the padding behind it."""
        return -(-sum(part.stored_bytes for part in self.parts) // PAGE) * PAGE

    @property
    def is_vector(self) -> bool:
        """Whether it is stored as float32 and not as bytes."""
        return len(self.parts[0].shape) == 1


@dataclass(frozen=True)
class Recipe:
    """All tensors in the order of the file."""

    outputs: tuple[Output, ...]

    @property
    def stored_bytes(self) -> int:
        """Bytes of all tensors."""
        return sum(output.stored_bytes for output in self.outputs)

    def bytes_by_scheme(self) -> dict[str, int]:
        """How many bytes lie in each scheme, the most first."""
        found: Counter[str] = Counter()
        for output in self.outputs:
            for part in output.parts:
                found[part.scheme] += part.stored_bytes
        return dict(found.most_common())

    def parts(self) -> Iterator[Part]:
        """Every part of every tensor."""
        for output in self.outputs:
            yield from output.parts


def recipe_of(
    spec: ModelSpec,
    slots: Mapping[str, TensorSlot],
    tensors: Mapping[str, TensorInfo],
    mix: Mix | None = None,
) -> Recipe:
    """What becomes of the model whose tensors are `slots` by our names and `tensors` by the
    files'. Without a mix every matrix keeps its values; raises PreparationError for those in
    FP8, which have no panels.
    """
    chooser = _Chooser(tensors, mix, len(spec.layers))
    outputs: list[Output] = []
    for name, shape, sources in _matrices(spec, slots):
        outputs.append(Output(name, (chooser.part(name, shape, sources),)))
    outputs.extend(_experts(spec, slots, chooser))
    return Recipe(tuple(sorted(outputs, key=_reading_order)))


def _reading_order(output: Output) -> tuple[int, bool, int]:
    """Embedding first, then layer by layer, an expert's number last; the rest behind."""
    before, _, expert = output.name.rpartition(".")
    if not output.name.startswith("layers."):
        return (-1 if output.name == "embedding" else 1 << 30, False, 0)
    is_expert = before.endswith(".experts")
    return int(output.name.split(".")[1]), is_expert, int(expert) if is_expert else 0


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


def _experts(
    spec: ModelSpec, slots: Mapping[str, TensorSlot], chooser: _Chooser
) -> Iterator[Output]:
    for index, layer in enumerate(spec.layers):
        if not isinstance(layer.feed_forward, MoeSpec):
            continue
        for expert in range(layer.feed_forward.num_experts):
            record = f"layers.{index}.experts.{expert}"
            yield Output(
                record,
                tuple(
                    chooser.part(f"{record}.{part}", *_expert_rows(slots, index, expert, part))
                    for part in EXPERT_PARTS
                ),
            )


def _expert_rows(
    slots: Mapping[str, TensorSlot], layer: int, expert: int, part: str
) -> tuple[tuple[int, ...], tuple[SourceRows, ...]]:
    prefix = f"layers.{layer}.experts"
    stack = slots.get(f"{prefix}.{part}")
    slot, index = (stack, expert) if stack else (slots[f"{prefix}.{expert}.{part}"], None)
    shape = slot.shape[-2:]
    return shape, (SourceRows(slot.file_name, index, 0, shape[0]),)


class _Chooser:
    """Which scheme a tensor goes to."""

    def __init__(self, tensors: Mapping[str, TensorInfo], mix: Mix | None, num_layers: int) -> None:
        self._tensors = tensors
        self._mix = mix
        self._num_layers = num_layers

    def part(self, name: str, shape: tuple[int, ...], sources: tuple[SourceRows, ...]) -> Part:
        if len(shape) == 1:
            return Part(name, shape, VECTOR_SCHEME, VECTOR_SCHEME, sources)
        through = self._through(name, shape, self._tensors[sources[0].file_name].scheme)
        panels = panel_scheme_for(through)
        if panels is None:
            raise PreparationError(
                f"{name} is stored in {through}, which has to be quantized: choose a mix."
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
