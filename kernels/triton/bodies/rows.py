"""Ops in Triton that take each row by itself: RMSNorm, rope, SiLU.

For: the ahead-of-time build, and Triton's interpreter in tests; at run time nothing imports this.
Host side: `kernels.triton.rows`. A row may lie in a view of two leading axes: row r begins at
(r // inner) · outer stride + (r % inner) · inner stride, in values.
"""

import triton
import triton.language as tl

KERNELS = ("rms_norm", "rope", "silu_mul")


@triton.jit
def _start(row, inner, outer_stride, inner_stride):
    return (row // inner).to(tl.int64) * outer_stride + (row % inner).to(tl.int64) * inner_stride


@triton.jit
def rms_norm(x, weight, out, inner, x_outer, x_inner, out_outer, out_inner, width, eps,
             BLOCK: tl.constexpr):  # fmt: skip
    """Grid: rows. The sum runs over blocks in order; `out` may be `x`."""
    row = tl.program_id(0)
    x += _start(row, inner, x_outer, x_inner)
    out += _start(row, inner, out_outer, out_inner)
    squares = tl.zeros([BLOCK], tl.float32)
    for start in range(0, width, BLOCK):
        columns = start + tl.arange(0, BLOCK)
        values = tl.load(x + columns, mask=columns < width, other=0.0)
        squares += values * values
    scale = 1.0 / tl.sqrt(tl.sum(squares, 0) / width + eps)
    for start in range(0, width, BLOCK):
        columns = start + tl.arange(0, BLOCK)
        held = columns < width
        values = tl.load(x + columns, mask=held, other=0.0)
        by = tl.load(weight + columns, mask=held, other=0.0)
        tl.store(out + columns, values * scale * by, mask=held)


@triton.jit
def rope(x, cos, sin, x_row, x_head, angle_row, heads, half, INTERLEAVED: tl.constexpr,
         BLOCK_HEADS: tl.constexpr, BLOCK: tl.constexpr):  # fmt: skip
    """x in place. Grid: rows, tiles of heads. A pair is read and written by the same lane."""
    row = tl.program_id(0).to(tl.int64)
    head = tl.program_id(1) * BLOCK_HEADS + tl.arange(0, BLOCK_HEADS)
    x += row * x_row
    for start in range(0, half, BLOCK):
        pair = start + tl.arange(0, BLOCK)
        turned = pair < half
        by_cos = tl.load(cos + row * angle_row + pair, mask=turned, other=0.0)[None, :]
        by_sin = tl.load(sin + row * angle_row + pair, mask=turned, other=0.0)[None, :]
        if INTERLEAVED:
            one, two = 2 * pair, 2 * pair + 1
        else:
            one, two = pair, pair + half
        at = head[:, None].to(tl.int64) * x_head
        held = (head < heads)[:, None] & turned[None, :]
        first = tl.load(x + at + one[None, :], mask=held, other=0.0)
        second = tl.load(x + at + two[None, :], mask=held, other=0.0)
        tl.store(x + at + one[None, :], first * by_cos - second * by_sin, mask=held)
        tl.store(x + at + two[None, :], first * by_sin + second * by_cos, mask=held)


@triton.jit
def silu_mul(gate, up, out, inner, gate_outer, gate_inner, up_outer, up_inner, out_outer,
             out_inner, width, BLOCK: tl.constexpr):  # fmt: skip
    """Grid: rows, tiles of BLOCK values. `out` may be `gate`."""
    row = tl.program_id(0)
    columns = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    held = columns < width
    gates = tl.load(
        gate + _start(row, inner, gate_outer, gate_inner) + columns, mask=held, other=0.0
    )
    ups = tl.load(up + _start(row, inner, up_outer, up_inner) + columns, mask=held, other=0.0)
    at = _start(row, inner, out_outer, out_inner) + columns
    tl.store(out + at, gates * tl.sigmoid(gates) * ups, mask=held)
