"""How fast this machine runs the native kernels: a test of a few seconds, for predictions.

For: `inference.measure.prediction`, by way of `inference.machine`. It runs the very ops that a
model runs, over memory of its own that is larger than any cache: one row against matrices of each
scheme (what decode waits for), many rows against one of them (prefill), and what surrounds a
product. Not here: what a model needs of it.

Every figure is the median over rounds, in which all of them are measured in turns: speed on a
machine that others share drifts by half within seconds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import torch

from kernels.cpu.formats import is_float
from kernels.cpu.library import choose_level
from kernels.cpu.plan import NativePlan, Product, Quantized, Rows, floats_view
from kernels.cpu.pool import NativePool
from kernels.cpu.speed_attention import record_grouped, record_latent
from kernels.schemes.base import PackedTensor
from kernels.schemes.panels import PANEL_SCHEMES

# What mixes and common GGUF files hold.
MEASURED_SCHEMES = (
    *("Q4_K_P16", "Q5_K_P16", "Q6_K_P16", "Q8_0_P16", "Q4_0_P16", "Q4_1_P16", "Q5_0_P16"),
    *("BF16_P16", "F32_P16"),
)
# Between two reads of the same byte lies all of it: several times the largest common cache.
_BUFFER_BYTES = 256 << 20
# As floats and as float16 scales alike a small, ordinary number: nothing that is slow by itself.
_FILL = 0x11
_COLUMNS = 2048
_PRECISE_COLUMNS = 512  # models that keep 14 bits of their activations are narrow
_FEATURES = 1408
_MANY_ROWS = 512
_PHASES = 64
_BUDGET_S = 1.5
_LEAST_ROUNDS = 2


class SpeedTestCancelledError(Exception):
    """The test was told to stop; nothing was measured."""


@dataclass(frozen=True)
class SchemeSpeed:
    """Of one panel scheme: bytes of weights a second against one row, operations a second (two
    for a weight) against many, and the same with activations of 14 bits."""

    row_bytes_per_s: float
    tile_ops_per_s: float
    precise_row_bytes_per_s: float
    precise_tile_ops_per_s: float


@dataclass(frozen=True)
class LayerShare:
    """What whole layers take, of what their products and the ops between were foreseen to."""

    decode: float = 1.0
    prefill: float = 1.0


@dataclass(frozen=True)
class KernelSpeed:
    """`read_bytes_per_s`: a plain sum; `grouped_ops_per_s` and `latent_ops_per_s`: attention of
    a prompt (`speed_attention` says what counts); `phase_s`: one small op of one row; `value_s`:
    a value of many rows normed and quantized; `grouped_layers` and `latent_layers`: what whole
    layers of either attention were found to take, by whoever can build them. With so many
    threads, on the build `level`."""

    level: str
    threads: int
    read_bytes_per_s: float
    grouped_ops_per_s: float
    latent_ops_per_s: float
    phase_s: float
    value_s: float
    schemes: Mapping[str, SchemeSpeed]
    grouped_layers: LayerShare = LayerShare()
    latent_layers: LayerShare = LayerShare()


def measure_kernel_speed(
    threads: int,
    stop_now: Callable[[], bool] = lambda: False,
    on_progress: Callable[[float], None] = lambda share: None,
    budget_s: float = _BUDGET_S,
) -> KernelSpeed:
    """Takes all threads for about `budget_s`, and 0.3 GB of memory; `on_progress` is told the
    share that is done. Asks `stop_now` every few milliseconds.

    Raises SpeedTestCancelledError, NativeLibraryError where there are no native kernels, and
    MemoryError.
    """
    pool = NativePool(threads)
    try:
        return _Test(pool, stop_now, on_progress, budget_s).run()
    finally:
        pool.close()


_Figure = tuple[str, str]
_Measure = Callable[[], float]


class _Test:
    """All measurements by what they measure, taken in turns until the time is over."""

    def __init__(
        self,
        pool: NativePool,
        stop_now: Callable[[], bool],
        on_progress: Callable[[float], None],
        budget_s: float,
    ) -> None:
        self._pool = pool
        self._level = choose_level(pool.library)
        self._stop_now = stop_now
        self._on_progress = on_progress
        self._budget_s = budget_s
        self._check()
        self._data = _filled(_BUFFER_BYTES)
        self._used = 0
        self._plans: list[NativePlan] = []

    def run(self) -> KernelSpeed:
        """All of it."""
        try:
            found = self._rounds(dict(self._measures()))
        finally:
            for plan in self._plans:
                plan.close()
        return self._told({figure: statistics.median(taken) for figure, taken in found.items()})

    def _rounds(self, measures: Mapping[_Figure, _Measure]) -> Mapping[_Figure, list[float]]:
        taken: dict[_Figure, list[float]] = {figure: [] for figure in measures}
        self._round(measures)  # the first goes over memory that was never touched
        started_s = time.perf_counter()
        for done in range(1, 1 << 20):
            for figure, rate in self._round(measures).items():
                taken[figure].append(rate)
            share = (time.perf_counter() - started_s) / self._budget_s
            self._on_progress(min(1.0, share))
            if share >= 1 and done >= _LEAST_ROUNDS:
                break
        return taken

    def _round(self, measures: Mapping[_Figure, _Measure]) -> dict[_Figure, float]:
        taken = {}
        for figure, measure in measures.items():
            self._check()
            taken[figure] = measure()
        return taken

    def _check(self) -> None:
        if self._stop_now():
            raise SpeedTestCancelledError

    def _told(self, found: Mapping[_Figure, float]) -> KernelSpeed:
        return KernelSpeed(
            level=self._level,
            threads=self._pool.threads,
            read_bytes_per_s=found["", "read"],
            grouped_ops_per_s=found["", "grouped"],
            latent_ops_per_s=found["", "latent"],
            phase_s=1 / found["", "phases"],
            value_s=1 / found["", "values"],
            schemes={
                name: SchemeSpeed(*(found[name, kind] for kind in _kinds(name)))
                for name in MEASURED_SCHEMES
            },
        )

    def _measures(self) -> Iterator[tuple[_Figure, _Measure]]:
        read, handle, data = self._pool.library.pk_measure_read, self._pool.handle, self._data
        yield ("", "read"), lambda: float(read(handle, data.data_ptr(), _BUFFER_BYTES))
        yield ("", "grouped"), self._attention(record_grouped)
        yield ("", "latent"), self._attention(partial(record_latent, matrix=self._matrix))
        yield ("", "phases"), self._norms(1, _PHASES)
        yield ("", "values"), self._norms(_MANY_ROWS, _MANY_ROWS * _COLUMNS)
        for name in MEASURED_SCHEMES:
            for kind in dict.fromkeys(_kinds(name)):
                precise = kind.startswith("precise")
                make = self._row if kind.endswith("row") else self._tile
                yield (name, kind), make(name, precise=precise)

    def _attention(self, record: Callable[[NativePlan, int], float]) -> _Measure:
        """A whole prompt's."""
        plan = self._plan(_MANY_ROWS, precise=False)
        operations = record(plan, _MANY_ROWS)
        return partial(_rate, plan, _MANY_ROWS, (0, 1), operations)

    def _norms(self, rows: int, count: int) -> _Measure:
        """Rows normed and quantized: with one row `count` ops, else one over `count` values."""
        plan = self._plan(rows, precise=False)
        x, out = _ones(plan, _COLUMNS), plan.quantized(_COLUMNS)
        weight = plan.constant(torch.ones(_COLUMNS))
        for _ in range(count if rows == 1 else 1):
            plan.norm(x, weight, 1e-6, q=out)
        plan.end_section()
        return partial(_rate, plan, rows, (0, 1), count)

    def _row(self, name: str, *, precise: bool) -> _Measure:
        """One row against as many matrices as a share of the buffer holds, one after another."""
        columns = _PRECISE_COLUMNS if precise else _COLUMNS
        share = _BUFFER_BYTES // len(MEASURED_SCHEMES)
        count = share // _panel_shape_bytes(name, _FEATURES, columns)
        weights = [self._matrix(name, _FEATURES, columns) for _ in range(count)]
        plan = self._products(weights, 1, precise=precise)
        size = sum(weight.buffers["panels"].numel() for weight in weights)
        return partial(_rate, plan, 1, (1, 2), size)

    def _tile(self, name: str, *, precise: bool) -> _Measure:
        """Many rows against one matrix."""
        columns = _PRECISE_COLUMNS if precise else _COLUMNS
        features = _FEATURES // (8 if is_float(name) else 2)
        plan = self._products([self._matrix(name, features, columns)], _MANY_ROWS, precise=precise)
        return partial(_rate, plan, _MANY_ROWS, (1, 2), 2 * _MANY_ROWS * features * columns)

    def _products(self, weights: list[PackedTensor], rows: int, *, precise: bool) -> NativePlan:
        """A section that quantizes the rows, and one of products by each of the weights."""
        features, columns = weights[0].shape
        plan = self._plan(rows, precise=precise)
        x, out = _ones(plan, columns), plan.rows(features)
        quantized: Quantized | None = None
        if not is_float(weights[0].scheme.name):
            quantized = plan.quantized(columns)
            plan.norm(x, None, 0.0, q=quantized)
        plan.end_section()
        for weight in weights:
            plan.linear(quantized, x, [Product(weight, out)])
        plan.end_section()
        plan.run(torch.zeros(rows, dtype=torch.int64), 0, (0, rows), (0, 1))
        return plan

    def _plan(self, rows: int, *, precise: bool) -> NativePlan:
        plan = NativePlan(self._pool, rows, self._level, precise=precise)
        self._plans.append(plan)
        return plan

    def _matrix(self, name: str, features: int, columns: int) -> PackedTensor:
        """Over the next bytes of the buffer, from its beginning again where it ends."""
        scheme = PANEL_SCHEMES[name]
        size = _panel_shape_bytes(name, features, columns)
        if self._used + size > _BUFFER_BYTES:
            self._used = 0
        panels = self._data[self._used : self._used + size]
        self._used += size
        shape = scheme.buffer_shapes((features, columns))["panels"]
        return PackedTensor(scheme, {"panels": panels.view(shape)}, (features, columns))


def _kinds(name: str) -> tuple[str, str, str, str]:
    """What is measured of a scheme, in the order of `SchemeSpeed`: floats know no bits."""
    if is_float(name):
        return ("row", "tile", "row", "tile")
    return ("row", "tile", "precise row", "precise tile")


def _filled(size: int) -> torch.Tensor:
    try:
        return torch.full((size,), _FILL, dtype=torch.uint8)
    except RuntimeError as error:  # torch's word for it
        raise MemoryError from error


def _ones(plan: NativePlan, columns: int) -> Rows:
    x = plan.rows(columns)
    floats_view(x, plan.max_rows)[:] = 1.0
    return x


def _panel_shape_bytes(name: str, features: int, columns: int) -> int:
    panels, each = PANEL_SCHEMES[name].buffer_shapes((features, columns))["panels"]
    return panels * each


def _rate(plan: NativePlan, rows: int, sections: tuple[int, int], amount: float) -> float:
    """Of `amount` a second, in one run."""
    tokens = torch.zeros(rows, dtype=torch.int64)
    started_s = time.perf_counter()
    plan.run(tokens, 0, (0, rows), sections)
    return amount / (time.perf_counter() - started_s)
