"""Products with a stored matrix, rows of a table, and activations made ready for both.

Operands are float16 with float32 sums; a row of activations comes divided by a power of two, so
that none of them overflows, and its results are multiplied by it. Weights are rounded to float16
as they are: up to 65504, and within 2^-25 of those below 2^-14. Where a product is EXACT, as of
few rows and of F32, BF16 and F16, its operands are float32 in three TF32 products, which round
nothing that matters.
"""

import triton
import triton.language as tl

from kernels.triton.bodies.panels import matrix, weights

KERNELS = ("scaled_rows", "product", "product_across", "embedding")


@triton.jit
def power_below(largest):
    """The power of two at or below `largest` ≥ 0, within 2^-126 … 2^126, and its inverse."""
    exponent = (largest.to(tl.int32, bitcast=True) >> 23) & 255
    exponent = tl.minimum(tl.maximum(exponent, 1), 253)
    power = (exponent << 23).to(tl.float32, bitcast=True)
    return power, ((254 - exponent) << 23).to(tl.float32, bitcast=True)


@triton.jit
def scaled_rows(x, scaled, powers, heads, columns, row_stride, head_stride, K: tl.constexpr):
    """x float32 [rows, heads, columns] → scaled float16 [rows, heads, columns and zeros up to a
    multiple of 8] and powers float32 [rows, heads]. Grid: rows, heads."""
    row, head = tl.program_id(0).to(tl.int64), tl.program_id(1)
    x += row * row_stride + head * head_stride
    k = tl.arange(0, K)
    largest = tl.zeros((K,), tl.float32)
    for k0 in range(0, columns, K):
        largest = tl.maximum(largest, tl.abs(tl.load(x + k0 + k, k0 + k < columns, other=0)))
    power, inverse = power_below(tl.max(largest, 0))
    tl.store(powers + row * heads + head, power)
    units = (columns + 7) // 8
    scaled += (row * heads + head) * units * 8
    for k0 in range(0, columns, K):
        values = tl.load(x + k0 + k, k0 + k < columns, other=0) * inverse
        tl.store(scaled + k0 + k, values.to(tl.float16), (k0 + k) // 8 < units)


@triton.jit
def some_of(x, row, inside, x_row, k0, columns, EXACT: tl.constexpr, K: tl.constexpr):
    """Columns k0 … k0 + K of rows `row` [M] of x, [M, K]: float32 for EXACT products, else as
    `scaled_rows` left them. `x_row` counts 16 bytes."""
    k = k0 + tl.arange(0, K)
    if EXACT:
        mask = inside[:, None] & (k < columns)[None, :]
        return tl.load(x + row.to(tl.int64)[:, None] * (x_row * 4) + k[None, :], mask, other=0)
    else:
        mask = inside[:, None] & (k // 8 < (columns + 7) // 8)[None, :]
        return tl.load(x + row.to(tl.int64)[:, None] * (x_row * 8) + k[None, :], mask, other=0)


@triton.jit
def multiplied(x, w, sums, EXACT: tl.constexpr):
    """sums [M, N] + x [M, K] · w float32 [K, N]."""
    if EXACT:
        return tl.dot(x, w, sums, input_precision="tf32x3")
    else:
        return tl.dot(x, w.to(tl.float16), sums)


@triton.jit
def restored(sums, powers, at, mask, EXACT: tl.constexpr):
    """What the sums of a product are: times the power of each row."""
    if EXACT:
        return sums
    else:
        return sums * tl.load(powers + at, mask, other=0)[:, None]


@triton.jit
def product(
    x, powers, table, out, rows, heads, features, columns,
    x_row, x_head, out_row, out_head,
    SCHEME: tl.constexpr, EXACT: tl.constexpr,
    M: tl.constexpr, N: tl.constexpr, K: tl.constexpr,
):  # fmt: skip
    """out[:, h] [rows, features] = x[:, h] [rows, columns] · W[h]ᵀ, W[h] the table's h-th.

    Grid: tiles of rows, tiles of features, heads. Programs that follow one another read the
    same weights. `x_row` and `x_head` count 16 bytes.
    """
    m = tl.program_id(0) * M + tl.arange(0, M)
    n = tl.program_id(1) * N + tl.arange(0, N)
    head = tl.program_id(2)
    address, stride, scales, scale_stride, first_row = matrix(table, head)
    x += head.to(tl.int64) * x_head * (4 if EXACT else 8)
    sums = tl.zeros((M, N), tl.float32)
    for k0 in range(0, columns, K):
        values = some_of(x, m, m < rows, x_row, k0, columns, EXACT, K)
        w = weights(
            address, stride, scales, scale_stride, first_row, features, columns, n, k0, SCHEME, K
        )
        sums = multiplied(values, w, sums, EXACT)
    sums = restored(sums, powers, m * heads + head, m < rows, EXACT)
    mask = (m < rows)[:, None] & (n < features)[None, :]
    tl.store(
        out + head.to(tl.int64) * out_head + m.to(tl.int64)[:, None] * out_row + n[None, :],
        sums,
        mask,
    )


@triton.jit
def product_across(
    x, powers, table, out, rows, heads, features, columns,
    x_row, x_head, out_row, out_head,
    SCHEME: tl.constexpr, EXACT: tl.constexpr,
    M: tl.constexpr, N: tl.constexpr, K: tl.constexpr,
):  # fmt: skip
    """out[:, h] [rows, columns] = x[:, h] [rows, features] · W[h], as `product` else; tiles of
    columns instead of features."""
    m = tl.program_id(0) * M + tl.arange(0, M)
    n0 = tl.program_id(1) * N
    head = tl.program_id(2)
    address, stride, scales, scale_stride, first_row = matrix(table, head)
    x += head.to(tl.int64) * x_head * (4 if EXACT else 8)
    sums = tl.zeros((M, N), tl.float32)
    for k0 in range(0, features, K):
        k = k0 + tl.arange(0, K)
        values = some_of(x, m, m < rows, x_row, k0, features, EXACT, K)
        w = weights(
            address, stride, scales, scale_stride, first_row, features, columns, k, n0, SCHEME, N
        )
        sums = multiplied(values, tl.trans(w), sums, EXACT)
    sums = restored(sums, powers, m * heads + head, m < rows, EXACT)
    n = n0 + tl.arange(0, N)
    mask = (m < rows)[:, None] & (n < columns)[None, :]
    tl.store(
        out + head.to(tl.int64) * out_head + m.to(tl.int64)[:, None] * out_row + n[None, :],
        sums,
        mask,
    )


@triton.jit
def embedding(ids, table, out, vocabulary, columns, out_row, SCHEME: tl.constexpr, K: tl.constexpr):
    """out [rows, columns] = rows `ids` int64 of W [vocabulary, columns]. Grid: rows, tiles."""
    row, k0 = tl.program_id(0), tl.program_id(1) * K
    n = tl.load(ids + row + tl.arange(0, 1)).to(tl.int32)
    address, stride, scales, scale_stride, first_row = matrix(table, 0)
    values = weights(
        address, stride, scales, scale_stride, first_row, vocabulary, columns, n, k0, SCHEME, K
    )
    k = k0 + tl.arange(0, K)
    mask = (k < columns)[:, None]
    tl.store(out + row.to(tl.int64) * out_row + k[:, None], values, mask)
