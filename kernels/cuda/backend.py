"""CUDA C++ kernels as a backend: every op over float32 activations and weights in panels.

For: `kernels.registry` on machines with an NVIDIA card, and tests, which give it the shim's
launcher. Weights are read as a prepared model has them. Not here: loading what nvcc made
(`kernels.gpu`), and FP8 tiles, which Triton's kernels read.
"""

from __future__ import annotations

from collections.abc import Sequence

from kernels.contracts import ATTENTION, Accepted, Answer, Op, Rejected
from kernels.cuda.attention import AttentionOps, has_room
from kernels.cuda.experts import ExpertOps
from kernels.cuda.kernels import FLOATS, GROUPS, ROWS
from kernels.cuda.rows import RowOps
from kernels.cuda.tiles import TILES
from kernels.hardware import Hardware
from kernels.schemes.base import Scheme
from kernels.sentence import said

_WITH_WEIGHTS = (
    *(Op.LINEAR_FEW, Op.LINEAR_MANY, Op.LINEAR_EXACT, Op.HEAD_LINEAR, Op.EMBEDDING, Op.EXPERTS),
)


class CudaBackend(RowOps, AttentionOps, ExpertOps):
    """Every op. Tensors that begin at 16 bytes are read as they are, others are copied first."""

    def accepts(
        self, op: Op, scheme: Scheme | None, shape: Sequence[int], hardware: Hardware
    ) -> Answer:
        """All panels of a prepared model."""
        reason = self._refusal(op, scheme, shape)
        return Rejected(reason) if reason else Accepted()

    def _refusal(self, op: Op, scheme: Scheme | None, shape: Sequence[int]) -> str:
        if self._launcher.target not in TILES:
            return said("its kernels are not compiled for such a card")
        if op in ATTENTION and shape and not has_room(op, self._launcher.target, shape):
            return said("none of its kernels has room for heads of {first} and {second} values",
                        first=shape[0], second=shape[1])  # fmt: skip
        if op not in _WITH_WEIGHTS:
            return ""
        if scheme is None or scheme.name not in (*GROUPS, *FLOATS):
            return said("only a prepared model's weights are laid out for it")
        if op is Op.LINEAR_EXACT and scheme.name not in FLOATS:
            return said("it rounds what it multiplies quantized weights by")
        if scheme.name in GROUPS and shape[-1] % ROWS:
            return said(
                "the matrix has {columns} columns, which is not a multiple of {rows}",
                columns=shape[-1],
                rows=ROWS,
            )
        return ""
