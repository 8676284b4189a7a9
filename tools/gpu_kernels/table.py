"""The kernels for NVIDIA cards as a table: what each takes on each target, and times on paper.

For: benchmarks/RESULTS.md. Registers, spills, shared memory and instructions are read from what
was compiled. Occupancy is computed from them. Times are a roofline: bytes over a card's
bandwidth or operations over its peak, whichever is longer. Nothing in it was run on a GPU.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kernels.gpu.artefacts import TARGETS, Artefacts, BuiltKernel, Module
from kernels.gpu.cards import CARDS, Card
from kernels.schemes.panels import PANEL_SCHEMES
from tools.gpu_kernels.resources import occupancy

PAPER_CARDS = ("RTX 3060", "RTX 4070", "RTX 4090", "RTX 5090", "H100")
_FLOAT_BYTES = 4


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


def table(artefacts: Artefacts) -> str:
    """All of it in Markdown."""
    lines = [
        "Compiled ahead of time; never run on a GPU. Registers a thread, bytes spilled, static or",
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
    share = occupancy(target, kernel.most_threads or 256, kernel.registers, kernel.shared_bytes)
    kib = kernel.shared_bytes / 1024
    return f"{kernel.registers}, {kernel.spill_bytes}, {kib:.0f} K, {share:.0%}"


def _paper() -> Iterator[str]:
    cards = [CARDS[name] for name in PAPER_CARDS]
    yield "| call | MB | GFLOP | " + " | ".join(f"{card.name}, µs" for card in cards) + " |"
    yield "|---" + "|---:" * (len(cards) + 2) + "|"
    for call in calls():
        times = " | ".join(f"{call.paper_s(card) * 1e6:,.1f}" for card in cards)
        size, work = call.bytes_read / 1e6, call.operations / 1e9
        yield f"| {call.title} | {size:,.1f} | {work:,.2f} | {times} |"


def spilling(artefacts: Artefacts) -> list[str]:
    """Kernels that spill, with the target, for whoever checks that none does."""
    return [
        f"{kernel.name} on sm_{module.target}: {kernel.spill_bytes} bytes"
        for module in artefacts.modules
        for kernel in module.kernels
        if kernel.spill_bytes
    ]
