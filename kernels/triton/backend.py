"""Triton's kernels as a backend: every op, over weights in panels or FP8 tiles.

For: the registry and tests. A launcher decides where: in Triton's interpreter, or on a GPU by
kernels that were compiled ahead of time. Not here: the kernels (`bodies`).
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from kernels.contracts import Accepted, Answer, Op, Rejected
from kernels.gpu.launching import Launcher
from kernels.hardware import Hardware
from kernels.partial import PartialBackend
from kernels.schemes.base import Scheme
from kernels.sentence import said
from kernels.triton.attention import AttentionOps
from kernels.triton.experts import ExpertOps
from kernels.triton.formats import FLOATS, Descriptor, refusal

_WITHOUT_WEIGHTS = (
    *(Op.RMS_NORM, Op.ROPE, Op.SILU_MUL, Op.ROUTER),
    *(Op.GQA_DECODE, Op.GQA_PREFILL, Op.MLA_DECODE, Op.MLA_PREFILL),
)


class TritonBackend(AttentionOps, ExpertOps, PartialBackend):
    """Over float32 activations, on the launcher's device."""

    def __init__(self, launcher: Launcher) -> None:
        self.name = f"triton-{launcher.name}"
        self._launcher = launcher
        self._tables: dict[tuple[Descriptor, ...], Tensor] = {}

    def accepts(
        self, op: Op, scheme: Scheme | None, shape: Sequence[int], hardware: Hardware
    ) -> Answer:
        """Every op; exact products with floats alone, as others' operands are rounded."""
        if op in _WITHOUT_WEIGHTS:
            return Accepted()
        reason = refusal(scheme, shape)
        if not reason and op is Op.LINEAR_EXACT and scheme and scheme.name not in FLOATS:
            reason = said("it rounds what it multiplies quantized weights by")
        return Rejected(reason) if reason else Accepted()
