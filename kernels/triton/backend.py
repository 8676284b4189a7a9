"""Triton's kernels as a backend: every op, over weights in panels or FP8 tiles.

For: the registry and tests. A launcher decides where: in Triton's interpreter, or on a GPU by
kernels that were compiled ahead of time. Not here: the kernels (`bodies`).
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from kernels.contracts import ATTENTION, Accepted, Answer, Op, Rejected
from kernels.gpu.launching import Launcher
from kernels.hardware import Hardware
from kernels.partial import PartialBackend
from kernels.schemes.base import Scheme
from kernels.sentence import said
from kernels.triton.attention import AttentionOps, asked_shape
from kernels.triton.attention_tiles import HeadShape
from kernels.triton.experts import ExpertOps
from kernels.triton.formats import FLOATS, Descriptor, refusal

_WITHOUT_WEIGHTS = (Op.RMS_NORM, Op.ROPE, Op.SILU_MUL, Op.ROUTER, *ATTENTION)


class TritonBackend(AttentionOps, ExpertOps, PartialBackend):
    """Over float32 activations, on the launcher's device."""

    def __init__(self, launcher: Launcher, built_for: Sequence[HeadShape] | None = None) -> None:
        """`built_for`: the heads that its kernels of attention were compiled for; None: any."""
        self.name = f"triton-{launcher.name}"
        self._launcher = launcher
        self._built_for = built_for
        self._tables: dict[tuple[Descriptor, ...], Tensor] = {}

    def accepts(
        self, op: Op, scheme: Scheme | None, shape: Sequence[int], hardware: Hardware
    ) -> Answer:
        """Every op; exact products with floats alone, as others' operands are rounded."""
        if op in ATTENTION and shape and self._built_for is not None:
            heads = asked_shape(op, shape)
            if heads not in self._built_for:
                return Rejected(
                    said("its kernels are not compiled for heads of {first} and {second} values",
                         first=shape[0], second=shape[1])
                )  # fmt: skip
        if op in _WITHOUT_WEIGHTS:
            return Accepted()
        reason = refusal(scheme, shape)
        if not reason and op is Op.LINEAR_EXACT and scheme and scheme.name not in FLOATS:
            reason = said("it rounds what it multiplies quantized weights by")
        return Rejected(reason) if reason else Accepted()
