"""The native kernels as a backend: an op at a time, through sections of one plan.

For: prepared models that can't be planned whole, and tests, which hold each native op to the
reference through it. `inference.planned` is the fast way. Attention runs inside plans alone:
its native form owns its cache, in a layout of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from kernels.contracts import ATTENTION, Accepted, Answer, Expert, Op, Rejected, RouterRule
from kernels.cpu.formats import FORMATS, is_float, refusal
from kernels.cpu.pool import NativePool
from kernels.cpu.sections import MAX_ROWS, Section, Sections
from kernels.hardware import Hardware
from kernels.partial import PartialBackend
from kernels.schemes.base import PackedTensor, Scheme
from kernels.sentence import ours, said
from kernels.workspace import Workspace

_IN_A_PLAN = said("it runs inside a plan, with a cache of its own")
_NOT_ALONE = {
    Op.ROPE: said("it runs inside a plan, as a part of attention"),
    Op.SILU_MUL: said("it runs inside the op of experts"),
    # Latent attention's own products; half of them want the matrix the other way round.
    Op.HEAD_LINEAR: said("it runs inside a plan, as a part of attention"),
    **dict.fromkeys(ATTENTION, _IN_A_PLAN),
}
_ROW_OPS = (Op.RMS_NORM, Op.ROUTER)


class CpuBackend(PartialBackend):
    """Ops over float32 activations on the processor, and weights in panels.

    `level` names the build that runs; where there is none, `reason` says why, and nothing is
    accepted. `precise` keeps 14 bits of activations instead of 8. `row_ops`: also norms and
    routers; by themselves they cost less in torch than changing from its threads to the pool.
    """

    def __init__(
        self,
        level: str,
        threads: int,
        reason: str = "",
        *,
        precise: bool = True,
        row_ops: bool = False,
    ) -> None:
        self.name = f"native-{level}" if level else "native"
        self._level = level
        self._threads = threads
        self._reason = reason
        self._precise = precise
        self._row_ops = row_ops
        self._pool: NativePool | None = None
        self._made: Sections | None = None

    @property
    def pool(self) -> NativePool:
        """Its threads, started when they are first needed."""
        if self._pool is None:
            self._pool = NativePool(self._threads)
        return self._pool

    def use_threads(self, threads: int) -> None:
        """So many from now on; between two runs."""
        self._threads = threads
        if self._pool is not None:
            self._pool.resize(threads)

    def accepts(
        self, op: Op, scheme: Scheme | None, shape: Sequence[int], hardware: Hardware
    ) -> Answer:
        """Products, embedding and experts whose weights are in panels."""
        reason = self._refusal(op, scheme, shape)
        return Rejected(reason) if reason else Accepted()

    def _refusal(self, op: Op, scheme: Scheme | None, shape: Sequence[int]) -> str:
        if not self._level:
            return self._reason
        if op in _NOT_ALONE:
            return _NOT_ALONE[op]
        if op in _ROW_OPS:
            return "" if self._row_ops else said("it runs inside a plan; alone, torch's costs less")
        if scheme is None or scheme.name not in FORMATS:
            return said("only a prepared model's weights are laid out for it")
        if op is Op.LINEAR_EXACT and not is_float(scheme.name):
            return said("it rounds what it multiplies quantized weights by")
        reason = said("no values") if 0 in shape else refusal(scheme.name, shape[-1])
        return said("the matrix has {reason}", reason=ours(reason)) if reason else ""

    def linear(
        self, x: Tensor, weight: PackedTensor, bias: Tensor | None, out: Tensor, work: Workspace
    ) -> None:
        """Activations are rounded for quantized weights, and only for these."""
        sections = self._sections()
        _run(sections, sections.linear(weight), x, out)
        if bias is not None:
            out += bias

    def embedding(self, token_ids: Tensor, table: PackedTensor, out: Tensor) -> None:
        """Raises IndexError for ids outside the table: the native side reads what it is told."""
        if not token_ids.numel():
            return
        if not 0 <= int(token_ids.min()) <= int(token_ids.max()) < table.shape[0]:
            raise IndexError("a token id is outside the table")
        sections, ids = self._sections(), token_ids.contiguous()
        section = sections.embedding(table)
        assert section.out is not None
        for some in _cuts(ids.shape[0]):
            here = ids[some]
            sections.run(section, here.shape[0], here)
            out[some] = section.out.view[: here.shape[0]]

    def rms_norm(self, x: Tensor, weight: Tensor, eps: float, out: Tensor) -> None:
        """Each row by itself, in an order that the width decides."""
        weight = weight.to(torch.float32).contiguous()
        width = weight.shape[0]
        normed = torch.empty(x.numel() // width, width)
        sections = self._sections()
        _run(sections, sections.rms_norm(weight, eps), x.reshape(-1, width), normed)
        out.copy_(normed.view(x.shape))

    def router(
        self, logits: Tensor, bias: Tensor | None, rule: RouterRule
    ) -> tuple[Tensor, Tensor]:
        """Equal scores go to the lower id."""
        bias = None if bias is None else bias.to(torch.float32).contiguous()
        rows, top_k = logits.shape[0], rule.top_k
        sections = self._sections()
        section = sections.router(logits.shape[1], bias, rule)
        assert section.x is not None
        assert section.choice is not None
        chosen = torch.empty(rows, top_k, dtype=torch.int64)
        weights = torch.empty(rows, top_k)
        for some in _cuts(rows):
            count = some.stop - some.start
            section.x.view[:count] = logits[some]
            sections.run(section, count)
            chosen[some] = section.choice.chosen[: count * top_k].view(count, top_k)
            weights[some] = section.choice.weights[: count * top_k].view(count, top_k)
        return chosen, weights

    def experts(
        self,
        x: Tensor,
        experts: Mapping[int, Expert],
        chosen: Tensor,
        weights: Tensor,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """One pass over each chosen expert."""
        if not chosen.numel():
            out.zero_()
            return
        ids, local = torch.unique(chosen, return_inverse=True)
        top_k = chosen.shape[1]
        sections = self._sections()
        section = sections.experts(experts, ids.tolist(), top_k)
        assert section.x is not None
        assert section.out is not None
        assert section.choice is not None
        for some in _cuts(x.shape[0]):
            count = some.stop - some.start
            section.x.view[:count] = x[some]
            section.choice.chosen[: count * top_k] = local[some].flatten()
            section.choice.weights[: count * top_k] = weights[some].flatten()
            sections.run(section, count)
            out[some] = section.out.view[:count]

    def _sections(self) -> Sections:
        """Those of this call: a full plan is left to whoever still holds it."""
        if self._made is None or self._made.full:
            self._made = Sections(self.pool, self._level, precise=self._precise)
        return self._made


def _run(sections: Sections, section: Section, x: Tensor, out: Tensor) -> None:
    """x [rows, …] → out [rows, …], in as many runs as it takes."""
    assert section.x is not None
    assert section.out is not None
    for some in _cuts(x.shape[0]):
        count = some.stop - some.start
        section.x.view[:count] = x[some]
        sections.run(section, count)
        out[some] = section.out.view[:count]


def _cuts(rows: int) -> list[slice]:
    """Runs of at most MAX_ROWS."""
    return [slice(at, min(at + MAX_ROWS, rows)) for at in range(0, rows, MAX_ROWS)]
