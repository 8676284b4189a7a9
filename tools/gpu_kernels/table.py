"""The kernels for NVIDIA cards as a table: what each takes on each target, and times on paper.

For: benchmarks/RESULTS.md. Registers, spills, shared memory and instructions are read from what
was compiled. Occupancy is computed from them. Times are a roofline: bytes over a card's
bandwidth or operations over its peak, whichever is longer. Nothing in it was run on a GPU.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kernels.cuda.attention import FEW, MANY, fitting
from kernels.cuda.rows import ROUTER, router_shared_bytes
from kernels.gpu.artefacts import TARGETS, Artefacts, BuiltKernel, Module
from kernels.gpu.cards import CARDS, Card
from kernels.schemes.panels import PANEL_SCHEMES
from tools.gpu_kernels.resources import occupancy

PAPER_CARDS = ("RTX 3060", "RTX 4070", "RTX 4090", "RTX 5090", "H100")
_FLOAT_BYTES = 4
# Heads that models have, the widest of each kernel among them: keys, values, and whether latents.
_HEADS = (
    *((64, 64, False), (128, 128, False), (192, 128, False), (256, 256, False)),
    *((192, 128, True), (576, 512, True)),
)


@dataclass(frozen=True)
class Call:
    """One call of a hot op, in a model that exists: what it must read and compute at least."""

    title: str
    bytes_read: float
    operations: float
    unit: Literal["int8", "fp16"]

    def paper_s(self, card: Card) -> float:
        """The roofline's time."""
        peak = card.int8_ops_per_s if self.unit == "int8" else card.fp16_ops_per_s
        return max(self.bytes_read / card.read_bytes_per_s, self.operations / peak)


def _matrix(scheme: str, out_features: int, in_features: int) -> float:
    return out_features * in_features * PANEL_SCHEMES[scheme].bits_per_weight / 8


def _attended(rows: int, heads: int, positions: int, width: int) -> float:
    return 2 * rows * heads * positions * width


def calls() -> Iterator[Call]:
    """Of DeepSeek-V3 (hidden_size 7168, experts 2048 wide, 128 heads, latent 512 + 64)."""
    hidden, width, heads, latent, rope, positions = 7168, 2048, 128, 512, 64, 4096
    for scheme in ("Q4_K_P16", "Q6_K_P16", "Q8_0_P16"):
        for rows in (1, 8):
            read = _matrix(scheme, hidden, width) + _FLOAT_BYTES * rows * (hidden + width)
            title = f"`linear_few` {scheme}, {hidden} × {width}, {rows} row{'s' * (rows > 1)}"
            yield Call(title, read, 2.0 * rows * hidden * width, "int8")
    experts = 3 * 8 * _matrix("Q4_K_P16", hidden, width)
    yield Call("`experts`, one row on 8, Q4_K_P16", experts, 2.0 * 8 * 3 * hidden * width, "int8")
    for rows in (64, 512):
        read = _matrix("Q4_K_P16", hidden, width) + _FLOAT_BYTES * rows * (hidden + width)
        title = f"`linear_many` Q4_K_P16, {hidden} × {width}, {rows} rows"
        yield Call(title, read, 2.0 * rows * hidden * width, "fp16")
    read = _FLOAT_BYTES * positions * (latent + rope)
    compute = _attended(1, heads, positions, 2 * latent + rope)
    yield Call(f"`mla_decode`, one row, {positions} positions", read, compute, "fp16")
    compute = _attended(512, heads, positions, 192 + 128) / 2
    read = _FLOAT_BYTES * heads * positions * (192 + 128)
    yield Call(f"`gqa_prefill` expanded, 512 rows, {positions} positions", read, compute, "fp16")
    read = _FLOAT_BYTES * positions * (latent + rope)
    compute = _attended(64, heads, positions, 2 * latent + rope)
    yield Call(f"`mla_prefill`, 64 rows, {positions} positions", read, compute, "fp16")
    read = _FLOAT_BYTES * 2 * positions * 8 * 128
    compute = _attended(1, 32, positions, 2 * 128)
    yield Call(f"`gqa_decode`, 32 heads on 8 of 128, {positions} positions", read, compute, "fp16")
    yield from _other_products(hidden, width, heads)
    yield from _by_rows(hidden, width, heads)


def _other_products(hidden: int, width: int, heads: int) -> Iterator[Call]:
    """Of the same model: many rows on experts, what is not rounded, and FP8 tiles."""
    experts, top_k, rows = 256, 8, 512
    weights = experts * 3 * _matrix("Q4_K_P16", hidden, width)
    read = weights + 2.0 * _FLOAT_BYTES * rows * hidden
    title = f"`experts`, {rows} rows on 8 of {experts}, Q4_K_P16"
    yield Call(title, read, 2.0 * rows * top_k * 3 * hidden * width, "fp16")
    read = hidden * width + _FLOAT_BYTES * rows * (hidden + width)
    title = f"`linear_many` FP8 128 × 128, {hidden} × {width}, {rows} rows"
    yield Call(title, read, 2.0 * rows * hidden * width, "fp16")
    read = _matrix("F32_P16", experts, hidden) + _FLOAT_BYTES * (hidden + experts)
    title = f"`linear_exact` F32_P16, {experts} × {hidden}, 1 row"
    yield Call(title, read, 2.0 * hidden * experts, "fp16")
    read = heads * _matrix("Q8_0_P16", 128, 512) + _FLOAT_BYTES * heads * (128 + 512)
    title = f"`head_linear` Q8_0_P16, {heads} of 128 × 512, 1 row"
    yield Call(title, read, 2.0 * heads * 128 * 512, "fp16")


def _by_rows(hidden: int, width: int, heads: int) -> Iterator[Call]:
    """Of one row: operands read and a result written, and some operations for each value."""
    vocabulary, experts, pairs = 129_280, 256, 32
    floats: tuple[tuple[str, int, int], ...] = (
        (f"`rms_norm`, {hidden} values", 3 * hidden, 4 * hidden),
        (f"`rope`, {heads} heads of {2 * pairs}", (4 * heads + 2) * pairs, 6 * heads * pairs),
        (f"`silu_mul`, {width} values", 3 * width, 5 * width),
        (f"`router`, 8 of {experts} in 8 groups", 2 * experts + 24, 16 * experts),
        (f"the greatest of {vocabulary:,} logits", vocabulary, vocabulary),
    )
    for title, values, operations in floats:
        yield Call(title, float(_FLOAT_BYTES * values), float(operations), "fp16")
    read = _matrix("Q4_K_P16", 1, hidden) + _FLOAT_BYTES * hidden
    yield Call(f"`embedding` Q4_K_P16, {hidden} values", read, 2.0 * hidden, "fp16")


def table(artefacts: Artefacts) -> str:
    """All of it in Markdown."""
    lines = [
        "Compiled ahead of time; never run on a GPU. Registers a thread, bytes spilled, static and",
        "launched shared memory, occupancy as computed from them, and instructions in the code.",
        "",
        *_resources(artefacts),
        "",
        "**On paper**: the least that a call reads and computes, and the time that a card's",
        "specified bandwidth and peaks would allow. No kernel of ours was timed.",
        "",
        *_paper(),
    ]
    return "\n".join(lines)


def _resources(artefacts: Artefacts) -> Iterator[str]:
    targets = [t for t in TARGETS if any(m.target == t for m in artefacts.modules)]
    yield "| kernel | " + " | ".join(f"sm_{target}" for target in targets) + " | in the code |"
    yield "|---" * (len(targets) + 2) + "|"
    for name, built in _by_name(artefacts.modules):
        cells = [_cell(target, built.get(target)) for target in targets]
        told = sorted({word for kernel in built.values() for word in kernel.instructions})
        yield f"| `{name}` | " + " | ".join(cells) + f" | {', '.join(told)} |"


def _by_name(modules: Iterable[Module]) -> list[tuple[str, dict[int, BuiltKernel]]]:
    """Every kernel, and by target the variant that takes most registers."""
    found: dict[str, dict[int, BuiltKernel]] = {}
    for module in modules:
        if module.form == "ptx":
            continue
        for kernel in module.kernels:
            of_target = found.setdefault(kernel.name, {})
            other = of_target.get(module.target)
            if other is None or _weight(kernel) > _weight(other):
                of_target[module.target] = kernel
    return sorted(found.items())


def _weight(kernel: BuiltKernel) -> tuple[int, int]:
    return kernel.spill_bytes, kernel.registers


def _cell(target: int, kernel: BuiltKernel | None) -> str:
    """Registers, spilled bytes, KiB of shared memory, occupancy."""
    if kernel is None:
        return "–"
    shared = kernel.shared_bytes + launched_bytes(target, kernel.name)
    share = occupancy(target, kernel.most_threads or 256, kernel.registers, shared)
    return f"{kernel.registers}, {kernel.spill_bytes}, {shared / 1024:.0f} K, {share:.0%}"


def launched_bytes(target: int, name: str) -> int:
    """Shared memory that launches of CUDA's kernels give, the most of any model."""
    if name == ROUTER.name:
        return router_shared_bytes(experts=256, groups=8, top_k=8)
    taken = [0]
    for dims, value_dim, latent in _HEADS:
        for of in (FEW, MANY):
            one = fitting(of, target, dims, value_dim, latent=latent)
            if one is not None and one.kernel.name == name:
                taken.append(one.shared_bytes(dims, value_dim))
    return max(taken)


def _paper() -> Iterator[str]:
    cards = [CARDS[name] for name in PAPER_CARDS]
    yield "| call | MB | GFLOP | " + " | ".join(f"{card.name}, µs" for card in cards) + " |"
    yield "|---" + "|---:" * (len(cards) + 2) + "|"
    for call in calls():
        times = " | ".join(_figure(call.paper_s(card) * 1e6, 1) for card in cards)
        size, work = _figure(call.bytes_read / 1e6, 1), _figure(call.operations / 1e9, 2)
        yield f"| {call.title} | {size} | {work} | {times} |"


def _figure(value: float, decimals: int) -> str:
    """So many decimals, or what they would hide."""
    return f"{value:,.{decimals}f}" if value >= 10**-decimals else f"{value:.1g}"


def spilling(artefacts: Artefacts) -> list[str]:
    """Kernels that spill, with the target, for whoever checks that none does."""
    return [
        f"{kernel.name} on sm_{module.target}: {kernel.spill_bytes} bytes"
        for module in artefacts.modules
        for kernel in module.kernels
        if kernel.spill_bytes
    ]
