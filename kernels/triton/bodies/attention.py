"""Causal attention in Triton: grouped-query, and latent as one kv head whose values are its keys.

For: the ahead-of-time build, and Triton's interpreter in tests; at run time nothing imports this.
Host side: `kernels.triton.attention`. The softmax runs online, in float32 and base 2 (Dao 2023,
FlashAttention-2, section 3.1); products take float16 operands and sum in float32. A key is two
parts, so that 192 or 576 values need no tile of 256 or 1,024: for latent attention these are the
latent and the rotary key. Strides are in units of four values, or loads could not be wide.

Float16 ends at 65504: a part of a query, a part of a key and a position's values each come divided
by a power of two near their own greatest. A query's and a key's power multiply the score; the
values' 2^p is added to it as p, so that a weight says how much its position contributes. The
mixed values and the sum of weights are then in one unit, which their quotient drops.
"""

import triton
import triton.language as tl

from kernels.triton.bodies.products import power_below

KERNELS = ("attend_few", "merge_splits", "row_powers", "attend_many")


@triton.jit
def _power_of(values):
    """For float32 [N, K] the power of two at or below the greatest of each row, [N].

    Within 2^-14 … 2^86: further apart, float32 could not hold a weight and the sum of weights at
    once.
    """
    exponent = (tl.max(tl.abs(values), 1).to(tl.int32, bitcast=True) >> 23) & 255
    return (tl.minimum(tl.maximum(exponent, 113), 213) << 23).to(tl.float32, bitcast=True)


@triton.jit
def _inverse(power):
    """2^-p of 2^p."""
    return ((254 << 23) - power.to(tl.int32, bitcast=True)).to(tl.float32, bitcast=True)


@triton.jit
def row_powers(x, powers, positions, columns, head_stride, row_stride,
               N: tl.constexpr, K: tl.constexpr):  # fmt: skip
    """powers float32 [heads, positions] of x float32 [heads, positions, columns], for
    `attend_many`, which reads a position many times. Grid: tiles of positions, heads."""
    position = tl.program_id(0) * N + tl.arange(0, N)
    head = tl.program_id(1).to(tl.int64)
    there = position < positions
    x += head * (head_stride * 4)
    at = position.to(tl.int64)[:, None] * (row_stride * 4)
    largest = tl.zeros((N, K), tl.float32)
    for k0 in range(0, columns, K):
        k = k0 + tl.arange(0, K)
        held = there[:, None] & (k < columns)[None, :]
        largest = tl.maximum(largest, tl.abs(tl.load(x + at + k[None, :], held, other=0)))
    tl.store(powers + head * positions + position, _power_of(largest), there)


@triton.jit
def _tile(pointer, powers, along, stride, there, WIDTH: tl.constexpr, PADDED: tl.constexpr,
          MEASURED: tl.constexpr):  # fmt: skip
    """float16 [along, PADDED], zero where a row is not `there` and behind WIDTH values, and the
    powers [along] that divide them: those that were MEASURED before, or this tile's own."""
    columns = tl.arange(0, PADDED)
    # Four times: so the compiler sees that each row begins at 16 bytes.
    at = along[:, None] * (stride * 4) + columns[None, :]
    held = there[:, None] & (columns < WIDTH)[None, :]
    values = tl.load(pointer + at, mask=held, other=0.0)
    if MEASURED:
        power = tl.load(powers + along, mask=there, other=1.0)
    else:
        power = _power_of(values)
    return (values * _inverse(power)[:, None]).to(tl.float16), power


@triton.jit
def _query(pointer, row, head, row_stride, head_stride, there, WIDTH: tl.constexpr,
           PADDED: tl.constexpr):  # fmt: skip
    """float16 [pairs, PADDED] of pairs of a row and a head, and the powers that divide them."""
    columns = tl.arange(0, PADDED)
    at = row[:, None].to(tl.int64) * (row_stride * 4) + head[:, None] * (head_stride * 4)
    held = there[:, None] & (columns < WIDTH)[None, :]
    values = tl.load(pointer + at + columns[None, :], mask=held, other=0.0)
    power, inverse = power_below(tl.max(tl.abs(values), 1))
    return (values * inverse[:, None]).to(tl.float16), power


@triton.jit
def _exponent(power):
    """p of 2^p, float32."""
    return ((power.to(tl.int32, bitcast=True) >> 23) - 127).to(tl.float32)


@triton.jit
def _attend(q_a, q_b, power_a, power_b, k_a, k_b, v, k_a_powers, k_b_powers, v_powers,
            k_a_position, k_b_position, v_position, seen, first, last, scale,
            WIDTH_A: tl.constexpr, DIM_A: tl.constexpr, WIDTH_B: tl.constexpr,
            DIM_B: tl.constexpr, WIDTH_V: tl.constexpr, DIM_V: tl.constexpr,
            LATENT: tl.constexpr, MEASURED: tl.constexpr, BLOCK_Q: tl.constexpr,
            BLOCK_N: tl.constexpr):  # fmt: skip
    """Positions first … last - 1 by every query, which sees those below its `seen`.

    Returns the weighted sums [BLOCK_Q, DIM_V], not yet divided, the greatest scores (with the
    powers of their values) and the sums of weights [BLOCK_Q]. Every query must see `first`.
    """
    mixed = tl.zeros([BLOCK_Q, DIM_V], tl.float32)
    peak = tl.full([BLOCK_Q], float("-inf"), tl.float32)
    total = tl.zeros([BLOCK_Q], tl.float32)
    factor_a, factor_b = power_a * scale, power_b * scale
    for start in range(first, last, BLOCK_N):
        positions = start + tl.arange(0, BLOCK_N)
        there = positions < last
        values, power = _tile(
            k_a, k_a_powers, positions, k_a_position, there, WIDTH_A, DIM_A, MEASURED
        )
        scores = tl.dot(q_a, tl.trans(values))
        if WIDTH_B > 0:
            more, of_more = _tile(
                k_b, k_b_powers, positions, k_b_position, there, WIDTH_B, DIM_B, MEASURED
            )
            if LATENT or not MEASURED:
                scores = scores * factor_a[:, None] * power[None, :]
                scores += tl.dot(q_b, tl.trans(more)) * factor_b[:, None] * of_more[None, :]
            else:  # both parts were measured as one
                scores = tl.dot(q_b, tl.trans(more), scores)
                scores = scores * factor_a[:, None] * power[None, :]
        else:
            scores = scores * factor_a[:, None] * power[None, :]
        if not LATENT:
            values, power = _tile(
                v, v_powers, positions, v_position, there, WIDTH_V, DIM_V, MEASURED
            )
        visible = positions[None, :] < seen[:, None]
        scores = tl.where(visible, scores + _exponent(power)[None, :], float("-inf"))
        higher = tl.maximum(peak, tl.max(scores, 1))
        weights = tl.exp2(scores - higher[:, None])
        shrink = tl.exp2(peak - higher)
        total = total * shrink + tl.sum(weights * _inverse(power)[None, :], 1)
        mixed = tl.dot(weights.to(tl.float16), values, mixed * shrink[:, None])
        peak = higher
    return mixed, peak, total


@triton.jit
def _span(seen, SPLITS: tl.constexpr, SPAN: tl.constexpr):
    """Positions that one split takes: what a row sees decides, and nothing else does."""
    return tl.maximum(tl.cdiv(tl.cdiv(seen, SPLITS), SPAN), 1) * SPAN


@triton.jit
def attend_few(q_a, q_b, k_a, k_b, v, parts, marks, q_a_row, q_a_head, q_b_row, q_b_head,
               k_a_head, k_a_position, k_b_head, k_b_position, v_head, v_position,
               rows, positions, group, splits, scale,
               WIDTH_A: tl.constexpr, DIM_A: tl.constexpr, WIDTH_B: tl.constexpr,
               DIM_B: tl.constexpr, WIDTH_V: tl.constexpr, DIM_V: tl.constexpr,
               LATENT: tl.constexpr, BLOCK_Q: tl.constexpr, BLOCK_N: tl.constexpr,
               SPLITS: tl.constexpr, SPAN: tl.constexpr):  # fmt: skip
    """One row, up to BLOCK_Q of a kv head's query heads, one split of what the row sees.

    Grid: rows · tiles of heads, kv heads, splits. Writes parts [rows, heads, splits, WIDTH_V] and
    marks [rows, heads, splits, 2]: the greatest score and the sum of weights. A tile holds heads
    of one row alone, so that its bits do not depend on the other rows.
    """
    tiles = tl.cdiv(group, BLOCK_Q)
    row = tl.program_id(0) // tiles
    in_group = (tl.program_id(0) % tiles) * BLOCK_Q + tl.arange(0, BLOCK_Q)
    kv_head = tl.program_id(1).to(tl.int64)
    split = tl.program_id(2)
    seen = positions - rows + row + 1
    span = _span(seen, SPLITS, SPAN)
    first = split * span
    if first < seen:
        there = in_group < group
        head = kv_head * group + in_group
        of_row = tl.zeros([BLOCK_Q], tl.int32) + row
        one, of_one = _query(q_a, of_row, head, q_a_row, q_a_head, there, WIDTH_A, DIM_A)
        two, of_two = one, of_one
        if WIDTH_B > 0:
            two, of_two = _query(q_b, of_row, head, q_b_row, q_b_head, there, WIDTH_B, DIM_B)
        last = tl.minimum(first + span, seen)
        sees = tl.zeros([BLOCK_Q], tl.int32) + last
        mixed, peak, total = _attend(
            one, two, of_one, of_two, k_a + kv_head * (k_a_head * 4),
            k_b + kv_head * (k_b_head * 4), v + kv_head * (v_head * 4), k_a, k_b, v,
            k_a_position, k_b_position, v_position, sees, first, last, scale, WIDTH_A, DIM_A,
            WIDTH_B, DIM_B, WIDTH_V, DIM_V, LATENT, False, BLOCK_Q, BLOCK_N,
        )  # fmt: skip
        heads = tl.num_programs(1) * group
        at = (row.to(tl.int64) * heads + head) * splits + split
        columns = tl.arange(0, DIM_V)
        held = there[:, None] & (columns < WIDTH_V)[None, :]
        tl.store(parts + at[:, None] * WIDTH_V + columns[None, :], mixed, mask=held)
        tl.store(marks + at * 2, peak, mask=there)
        tl.store(marks + at * 2 + 1, total, mask=there)


@triton.jit
def merge_splits(parts, marks, out, out_row, out_head, rows, positions, heads, splits, width,
                 SPLITS: tl.constexpr, SPAN: tl.constexpr, BLOCK: tl.constexpr):  # fmt: skip
    """out [rows, heads, width] of the parts that `attend_few` left, in their order.

    Grid: rows · heads, tiles of BLOCK values. The strides of `out` are in values.
    """
    pair = tl.program_id(0)
    row, head = pair // heads, pair % heads
    seen = positions - rows + row + 1
    used = tl.cdiv(seen, _span(seen, SPLITS, SPAN))
    base = pair.to(tl.int64) * splits
    each = tl.arange(0, SPLITS)
    peaks = tl.load(marks + (base + each) * 2, mask=each < used, other=float("-inf"))
    totals = tl.load(marks + (base + each) * 2 + 1, mask=each < used, other=0.0)
    peak = tl.max(peaks, 0)
    total = tl.sum(tl.exp2(peaks - peak) * totals, 0)
    columns = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    mixed = tl.zeros([BLOCK], tl.float32)
    for split in range(0, used):
        share = tl.exp2(tl.load(marks + (base + split) * 2) - peak)
        part = tl.load(parts + (base + split) * width + columns, mask=columns < width, other=0.0)
        mixed += part * share
    at = row.to(tl.int64) * out_row + head.to(tl.int64) * out_head
    tl.store(out + at + columns, mixed / total, mask=columns < width)


@triton.jit
def attend_many(q_a, q_b, k_a, k_b, v, k_a_powers, k_b_powers, v_powers, out,
                q_a_row, q_a_head, q_b_row, q_b_head, k_a_head, k_a_position, k_b_head,
                k_b_position, v_head, v_position, out_row, out_head, rows, positions, group,
                scale, WIDTH_A: tl.constexpr, DIM_A: tl.constexpr, WIDTH_B: tl.constexpr,
                DIM_B: tl.constexpr, WIDTH_V: tl.constexpr, DIM_V: tl.constexpr,
                LATENT: tl.constexpr, BLOCK_Q: tl.constexpr, BLOCK_N: tl.constexpr):  # fmt: skip
    """BLOCK_Q pairs of a row and a head, of one kv head, over all that they see: no splits.

    Grid: tiles of pairs, kv heads. Pairs run head by head within a row, so that query heads which
    share keys share a tile. Powers are those of `row_powers`. The strides of `out` are in values.
    """
    # Late rows see most: they begin first, and the short tiles fill the gaps at the end.
    tile = tl.num_programs(0) - 1 - tl.program_id(0)
    pair = tile * BLOCK_Q + tl.arange(0, BLOCK_Q)
    row = pair // group
    kv_head = tl.program_id(1).to(tl.int64)
    head = kv_head * group + pair % group
    there = row < rows
    past = positions - rows
    last = past + tl.minimum((tile * BLOCK_Q + BLOCK_Q - 1) // group + 1, rows)
    one, of_one = _query(q_a, row, head, q_a_row, q_a_head, there, WIDTH_A, DIM_A)
    two, of_two = one, of_one
    if WIDTH_B > 0:
        two, of_two = _query(q_b, row, head, q_b_row, q_b_head, there, WIDTH_B, DIM_B)
        if not LATENT:  # as one, as their keys are
            both = tl.maximum(of_one, of_two)
            one *= (of_one / both).to(tl.float16)[:, None]
            two *= (of_two / both).to(tl.float16)[:, None]
            of_one = both
    mixed, _, total = _attend(
        one, two, of_one, of_two, k_a + kv_head * (k_a_head * 4),
        k_b + kv_head * (k_b_head * 4), v + kv_head * (v_head * 4),
        k_a_powers + kv_head * positions, k_b_powers + kv_head * positions,
        v_powers + kv_head * positions, k_a_position, k_b_position, v_position, past + row + 1, 0,
        last, scale, WIDTH_A, DIM_A, WIDTH_B, DIM_B, WIDTH_V, DIM_V, LATENT, True, BLOCK_Q,
        BLOCK_N,
    )  # fmt: skip
    columns = tl.arange(0, DIM_V)
    at = row.to(tl.int64) * out_row + head * out_head
    held = there[:, None] & (columns < WIDTH_V)[None, :]
    tl.store(out + at[:, None] + columns[None, :], mixed / total[:, None], mask=held)
