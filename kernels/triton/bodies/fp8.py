"""Products of FP8_E4M3_128 with FP8 operands, on cards whose tensor cores have them (8.9 on).

Codes go to the product as they are stored. Activations are two parts of E4M3 under a scale
for 128 of them, x = scale · (high + low / 16): one part alone would err by 2^-4. A tile of
128 columns has one scale a row of weights, by which its sums are multiplied.
"""

import triton
import triton.language as tl

from kernels.triton.bodies.panels import matrix

KERNELS = ("split_rows", "product_fp8")


@triton.jit
def _rounded(values):
    """To the nearest with three bits behind the first, as E4M3 has; 0 below its normal values.
    So the conversion is exact, whoever does it, and what is cut off goes to the lower part."""
    bits = values.to(tl.int32, bitcast=True)
    bits = (bits + 0x7FFFF + ((bits >> 20) & 1)) & -0x100000
    return tl.where(tl.abs(values) < 0.015625, 0.0, bits.to(tl.float32, bitcast=True))


@triton.jit
def split_rows(x, high, low, scales, columns, tiles, x_row):
    """x float32 [rows, columns] → E4M3 codes [rows, tiles · 128] in two parts, and scales
    [rows, tiles]. Grid: rows, tiles."""
    row, tile = tl.program_id(0).to(tl.int64), tl.program_id(1)
    k = tile * 128 + tl.arange(0, 128)
    values = tl.load(x + row * x_row + k, k < columns, other=0)
    largest = tl.max(tl.abs(values), 0)
    scale = tl.where(largest < 1e-36, 1.0, largest / 448.0)
    values = values / scale
    first = _rounded(values)
    rest = _rounded((values - first) * 16)
    at = row * tiles * 128 + k
    tl.store(high + at, first.to(tl.float8e4nv).to(tl.uint8, bitcast=True))
    tl.store(low + at, rest.to(tl.float8e4nv).to(tl.uint8, bitcast=True))
    tl.store(scales + row * tiles + tile, scale)


@triton.jit
def product_fp8(
    high, low, scales, table, out, rows, features, columns, tiles, out_row,
    M: tl.constexpr, N: tl.constexpr,
):  # fmt: skip
    """out [rows, features] = x · Wᵀ. Grid: tiles of rows, tiles of features."""
    m = tl.program_id(0) * M + tl.arange(0, M)
    n = tl.program_id(1) * N + tl.arange(0, N)
    address, stride, tile_scales, scale_stride, first_row = matrix(table, 0)
    codes = tl.multiple_of(address.to(tl.pointer_type(tl.uint8)), 16)
    of_tiles = tile_scales.to(tl.pointer_type(tl.float32)) + (first_row + n) // 128 * scale_stride
    sums = tl.zeros((M, N), tl.float32)
    at = m.to(tl.int64)[:, None] * tiles * 128
    for tile in range(0, tiles):
        k = tile * 128 + tl.arange(0, 128)
        inside = (n < features)[None, :] & (k // 16 < columns // 16)[:, None]
        w = tl.load(codes + n.to(tl.int64)[None, :] * (stride * 16) + k[:, None], inside, other=0)
        w = w.to(tl.float8e4nv, bitcast=True)
        first = tl.load(high + at + k[None, :], (m < rows)[:, None], other=0)
        rest = tl.load(low + at + k[None, :], (m < rows)[:, None], other=0)
        part = tl.dot(rest.to(tl.float8e4nv, bitcast=True), w) * 0.0625
        part = tl.dot(first.to(tl.float8e4nv, bitcast=True), w, part)
        scale = tl.load(of_tiles + tile, n < features, other=0)
        of_rows = tl.load(scales + m.to(tl.int64) * tiles + tile, m < rows, other=0)
        sums += part * (of_rows[:, None] * scale[None, :])
    mask = (m < rows)[:, None] & (n < features)[None, :]
    tl.store(out + m.to(tl.int64)[:, None] * out_row + n[None, :], sums, mask)
