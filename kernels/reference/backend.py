"""The reference backend: every op, every scheme, any floating dtype, any machine.

For: tests (all other backends are held to it), `--compute reference`, and whatever no
faster backend accepts. Written to be read; the few-row path repeats a row's arithmetic
exactly whatever its neighbours, and nothing else is done for speed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from kernels.chunks import dequantized_chunks
from kernels.contracts import (
    MAX_INVARIANT_ROWS,
    Accepted,
    Answer,
    Expert,
    Op,
    RouterRule,
)
from kernels.fixed_order import fixed_order
from kernels.hardware import Hardware
from kernels.reference.attention import gqa, mla
from kernels.reference.router import route
from kernels.schemes.base import PackedTensor, Scheme
from kernels.workspace import Workspace

# Large enough that a chunk's dozen torch calls cost little beside their work (measured on
# Zen 4, one thread, Q4_1: 0.9 G values/s at 2^17, 1.3 at 2^19), small enough to stay in
# cache. With many rows the product is what costs, and wants wider matrices.
_FEW_ROWS_CHUNK_VALUES = 1 << 19
_MANY_ROWS_CHUNK_VALUES = 1 << 21


class ReferenceBackend:
    """Every op in plain torch, in the dtype of its activations."""

    name = "reference"

    def accepts(
        self, op: Op, scheme: Scheme | None, shape: Sequence[int], hardware: Hardware
    ) -> Answer:
        """Everything, everywhere."""
        return Accepted()

    def linear(
        self, x: Tensor, weight: PackedTensor, bias: Tensor | None, out: Tensor, work: Workspace
    ) -> None:
        """One matrix-vector product a row up to 8 rows, so that a row's bits are its own."""
        rows = x.shape[0]
        few = rows <= MAX_INVARIANT_ROWS
        own = _apart(x) if few else []
        chunk_values = _FEW_ROWS_CHUNK_VALUES if few else _MANY_ROWS_CHUNK_VALUES
        with fixed_order(rows):
            for start, stop, chunk in dequantized_chunks(weight, chunk_values, x.dtype):
                if few:
                    for row in range(rows):
                        torch.mv(chunk, own[row], out=out[row, start:stop])
                else:
                    out[:, start:stop] = x @ chunk.T
        if bias is not None:
            out += bias

    def head_linear(
        self,
        x: Tensor,
        weights: Sequence[PackedTensor],
        transposed: bool,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """Head by head; one matrix-vector product a row up to 8 rows, as `linear`."""
        rows = x.shape[0]
        with fixed_order(rows):
            for head, packed in enumerate(weights):
                matrix = packed.dequantize(x.dtype)
                matrix = matrix.T if transposed else matrix
                if rows > MAX_INVARIANT_ROWS:
                    out[:, head] = x[:, head] @ matrix.T
                    continue
                for row, own in enumerate(_apart(x[:, head])):
                    out[row, head] = torch.mv(matrix, own)

    def embedding(self, token_ids: Tensor, table: PackedTensor, out: Tensor) -> None:
        """Dequantizes only the rows asked for."""
        group = table.scheme.row_group
        for row, token_id in enumerate(token_ids.tolist()):
            within = token_id % group
            rows = table.rows(token_id - within, token_id + 1)
            out[row] = rows.dequantize(out.dtype)[within]

    def rms_norm(self, x: Tensor, weight: Tensor, eps: float, out: Tensor) -> None:
        """In the dtype of `x`; each row is reduced on its own."""
        torch.mul(x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps), weight, out=out)

    def rope(self, x: Tensor, cos: Tensor, sin: Tensor, interleaved: bool) -> None:
        """In place; the pairs' first and second parts are views."""
        half = x.shape[-1] // 2
        first = x[..., 0::2] if interleaved else x[..., :half]
        second = x[..., 1::2] if interleaved else x[..., half:]
        cos, sin = cos.unsqueeze(1), sin.unsqueeze(1)
        rotated = first * cos - second * sin
        second.copy_(first * sin + second * cos)
        first.copy_(rotated)

    def silu_mul(self, gate: Tensor, up: Tensor, out: Tensor) -> None:
        """silu(x) = x · sigmoid(x) (Elfwing et al. 2017)."""
        torch.mul(torch.nn.functional.silu(gate), up, out=out)

    def gqa(
        self,
        q: Tensor,
        keys: Tensor,
        values: Tensor,
        scale: float,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """See `kernels.reference.attention`."""
        gqa(q, keys, values, scale, out)

    def mla(
        self,
        q_latent: Tensor,
        q_rope: Tensor,
        latent: Tensor,
        k_rope: Tensor,
        scale: float,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """See `kernels.reference.attention`."""
        mla(q_latent, q_rope, latent, k_rope, scale, out)

    def router(
        self, logits: Tensor, bias: Tensor | None, rule: RouterRule
    ) -> tuple[Tensor, Tensor]:
        """See `kernels.reference.router`."""
        return route(logits, bias, rule)

    def experts(
        self,
        x: Tensor,
        experts: Mapping[int, Expert],
        chosen: Tensor,
        weights: Tensor,
        out: Tensor,
        work: Workspace,
    ) -> None:
        """Expert by expert over the rows that chose it; summed in top_k order."""
        rows, top_k = chosen.shape
        parts = work.take("experts.parts", (rows, top_k, x.shape[1]), x.dtype)
        for index in torch.unique(chosen).tolist():
            of_rows, of_slots = torch.nonzero(chosen == index, as_tuple=True)
            parts[of_rows, of_slots] = self._expert(x[of_rows], experts[index], work)
        total = torch.zeros_like(out)
        for slot in range(top_k):
            total += weights[:, slot, None] * parts[:, slot]
        out.copy_(total)

    def _expert(self, x: Tensor, expert: Expert, work: Workspace) -> Tensor:
        """One expert over the rows that chose it: [rows, hidden] → [rows, hidden]."""
        gate_up = []
        for packed in (expert.gate, expert.up):
            product = x.new_empty(x.shape[0], packed.shape[0])
            self.linear(x, packed, None, product, work)
            gate_up.append(product)
        hidden = gate_up[0]
        self.silu_mul(gate_up[0], gate_up[1], hidden)
        out = torch.empty_like(x)
        self.linear(hidden, expert.down, None, out, work)
        return out


def _apart(x: Tensor) -> list[Tensor]:
    """Each row of x [rows, in] in memory of its own: where a row begins, relative to a vector's
    width, changes the order in which torch's products sum it (seen with 185 columns)."""
    return [row.clone() for row in x]
