"""A prepared file in pieces: ranges of its bytes, each made at once, in order.

For: `writing`. A piece is what is journalled and hashed; a large matrix is several, so that
memory stays small whatever the model. Makes bytes; touches no file but the mapped source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from inference.checkpoint.base import Checkpoint
from inference.prepared.recipe import Output, Part, Recipe
from kernels.schemes import BLOCK_SCHEMES
from kernels.schemes.base import PackedTensor
from kernels.schemes.floats import FloatScheme
from kernels.schemes.panels import ROWS

# A task's values exist as float32 where they are quantized: 16 MB, and as much again a few
# times over. A piece is what is lost when the machine goes off.
_TASK_VALUES = 1 << 22
_PIECE_BYTES = 16 << 20

# float32 [rows, columns], a scheme of `kernels.schemes` → the packed matrix; see `quantizing`.
Quantize = Callable[[Tensor, str], PackedTensor]


@dataclass(frozen=True)
class Task:
    """Panels first:stop of one matrix of a part. `at`: where in the piece the first of them
    begins; `stride`: bytes from one panel to the next."""

    part: Part
    matrix: int
    first: int
    stop: int
    at: int
    stride: int


@dataclass(frozen=True)
class Piece:
    """Bytes start:stop behind the header, all of one tensor."""

    tensor: str
    start: int
    stop: int
    tasks: tuple[Task, ...]


def pieces_of(recipe: Recipe) -> Iterator[Piece]:
    """All pieces; together they are every byte, in order."""
    start = 0
    for output in recipe.outputs():
        yield from _cut(output, start)
        start += output.stored_bytes


def _cut(output: Output, start: int) -> Iterator[Piece]:
    """An expert and a vector are one piece each, a tensor of no size is none."""
    end = start + output.stored_bytes
    if end == start:
        return
    if len(output.parts) > 1 or output.is_vector:
        tasks = _record_tasks(output) if len(output.parts) > 1 else (_whole_vector(output),)
        yield Piece(output.name, start, end, tuple(tasks))
        return
    some: list[Task] = []
    reached = piece_start = start
    for task, size in _matrix_tasks(output.parts[0]):
        some.append(Task(task.part, task.matrix, task.first, task.stop, reached - piece_start,
                         task.stride))  # fmt: skip
        reached += size
        if reached - piece_start >= _PIECE_BYTES:
            yield Piece(output.name, piece_start, reached, tuple(some))
            some, piece_start = [], reached
    if end > piece_start:
        yield Piece(output.name, piece_start, end, tuple(some))


def _whole_vector(output: Output) -> Task:
    return Task(output.parts[0], 0, 0, 1, 0, output.parts[0].stored_bytes)


def _matrix_tasks(part: Part) -> Iterator[tuple[Task, int]]:
    """Panel after panel, matrix after matrix; `at` is for the caller to set."""
    panel_bytes = _panel_bytes(part)
    for matrix in range(len(part.sources)):
        for first, stop in _ranges(part):
            yield Task(part, matrix, first, stop, 0, panel_bytes), (stop - first) * panel_bytes


def _record_tasks(output: Output) -> Iterator[Task]:
    """Gate and up panel by panel, then down."""
    gate, up, down = output.parts
    stride = _panel_bytes(gate) + _panel_bytes(up)
    for part, at in ((gate, 0), (up, _panel_bytes(gate))):
        for first, stop in _ranges(part):
            yield Task(part, 0, first, stop, at + first * stride, stride)
    behind = gate.stored_bytes + up.stored_bytes
    for first, stop in _ranges(down):
        stride = _panel_bytes(down)
        yield Task(down, 0, first, stop, behind + first * stride, stride)


def _ranges(part: Part) -> Iterator[tuple[int, int]]:
    rows, columns = part.shape[-2:]
    panels = -(-rows // ROWS)
    step = max(1, _TASK_VALUES // max(1, ROWS * columns))
    for first in range(0, panels, step):
        yield first, min(first + step, panels)


def _panel_bytes(part: Part) -> int:
    assert part.panels is not None
    return part.panels.panel_bytes(part.shape[-1])


class Maker:
    """Makes pieces from an open source."""

    def __init__(self, source: Checkpoint, quantize: Quantize) -> None:
        self._source = source
        self._quantize = quantize
        self._buffer = bytearray()

    def make(self, piece: Piece) -> memoryview:
        """The piece's bytes, until the next one is made; raises CheckpointError where the
        source can't be used."""
        size = piece.stop - piece.start
        if len(self._buffer) < size:
            # One for all: new pages for each took 5 of 15 s of system time for 4.6 GB.
            self._buffer = bytearray(size)
        out = torch.frombuffer(self._buffer, dtype=torch.uint8, count=size).zero_()
        for task in piece.tasks:
            self._run(task, out)
        return memoryview(self._buffer)[:size]

    def _run(self, task: Task, out: Tensor) -> None:
        part = task.part
        source = self._rows(task)
        if part.panels is None:
            values = source.dequantize().contiguous()
            out[: part.stored_bytes] = values.view(torch.uint8)
            return
        count, panel_bytes = task.stop - task.first, part.panels.panel_bytes(part.shape[-1])
        target = out.as_strided((count, panel_bytes), (task.stride, 1), task.at)
        part.panels.pack_into(self._through(source, part.through), target)

    def _rows(self, task: Task) -> PackedTensor:
        rows = task.part.sources[task.matrix]
        packed = self._source.packed(rows.file_name)
        # Of a mixture of one expert, one file may hold a stack or the matrix itself.
        if rows.index is not None and len(packed.shape) == 3:
            packed = packed.expert(rows.index)
        if task.part.panels is None:
            return packed
        start = rows.start + task.first * ROWS
        return packed.rows(start, min(rows.start + task.stop * ROWS, rows.stop))

    def _through(self, source: PackedTensor, through: str) -> PackedTensor:
        if source.scheme.name == through:
            return source
        scheme, values = BLOCK_SCHEMES[through], source.dequantize()
        if isinstance(scheme, FloatScheme):
            return scheme.pack(values)
        return self._quantize(values, through)
