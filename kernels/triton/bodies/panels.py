"""Weights as they are stored, turned into a tile of values: what every product begins with.

For: the other bodies. A tile is float32 [K, N]: K columns of N rows of a matrix, so that it
is a product's right operand. Layouts are those of `kernels.schemes` (layout version 1): of
panels, offsets are counted in vectors of 64 bytes, which hold a word for each of 16 rows.

A descriptor is what a kernel is told of a matrix: int64 [8] = address, distance of panels
(of FP8 codes: of rows) in units of 16 bytes, address of scales, their distance, first row, and
three that are not used.
"""

import triton
import triton.language as tl

# As in `kernels.triton.formats`.
Q4_K = tl.constexpr(0)
Q5_K = tl.constexpr(1)
Q6_K = tl.constexpr(2)
Q4_0 = tl.constexpr(3)
Q4_1 = tl.constexpr(4)
Q5_0 = tl.constexpr(5)
Q8_0 = tl.constexpr(6)
MXFP4 = tl.constexpr(7)
IQ4_NL = tl.constexpr(8)
S8G16 = tl.constexpr(9)
A8G16 = tl.constexpr(10)
F32 = tl.constexpr(11)
BF16 = tl.constexpr(12)
F16 = tl.constexpr(13)
FP8 = tl.constexpr(14)

# IQ4_NL's curve: the magnitudes of its lower half, which are negative, and its upper half.
_CURVE_BELOW = tl.constexpr(0x0A1623314153687F)
_CURVE_ABOVE = tl.constexpr(0x7159453526190D01)


@triton.jit
def _pointer(address, KIND: tl.constexpr):
    """A scalar address as a pointer; whatever begins in a weight is aligned to 16 bytes."""
    return tl.multiple_of(address.to(tl.pointer_type(KIND)), 16)


@triton.jit
def matrix(table, index):
    """A descriptor's five numbers."""
    at = table + index * 8
    return tl.load(at), tl.load(at + 1), tl.load(at + 2), tl.load(at + 3), tl.load(at + 4)


@triton.jit
def _run(unit, PER_HEADER: tl.constexpr, HEADER: tl.constexpr, BODY: tl.constexpr):
    """Where a unit's body begins, in vectors: units in runs behind a header each."""
    run = unit // PER_HEADER
    return run * (HEADER + PER_HEADER * BODY) + HEADER + unit % PER_HEADER * BODY


@triton.jit
def _fields(words, shifts, MASK: tl.constexpr):
    """int32 [V, N] → their fields [V · shifts, N]: field f of a word is `words >> shifts[f]`."""
    fields = (words[:, None, :] >> shifts[None, :, None]) & MASK
    return tl.reshape(fields, (words.shape[0] * shifts.shape[0], words.shape[1]))


@triton.jit
def _each(factors, K: tl.constexpr):
    """[G, N] → [K, N]: a group's factor for each of its values."""
    G: tl.constexpr = factors.shape[0]
    N: tl.constexpr = factors.shape[1]
    return tl.reshape(tl.broadcast_to(factors[:, None, :], (G, K // G, N)), (K, N))


@triton.jit
def _words(lanes, at, inside, unread, columns):
    """One word a row and vector: [V, N] of offsets `at` [V]; `unread` [V] is the vector's k."""
    mask = inside[None, :] & (unread < columns)[:, None]
    return tl.load(lanes[None, :] + at[:, None] * 16, mask=mask, other=0)


@triton.jit
def _nibbles(lanes, inside, k0, columns, SCHEME: tl.constexpr, K: tl.constexpr):
    """Codes of 4 bits, int32 [K, N]: a vector holds a k-step in its low nibbles, the next in
    its high ones."""
    k = k0 + 8 * tl.arange(0, K // 8)
    if SCHEME == Q6_K:
        at = _group_of_16(k) + 1 + k % 16 // 8
    elif SCHEME == Q4_K:
        at = _run(k // 32, 8, 4, 4) + k % 32 // 8
    elif SCHEME == Q5_K:
        at = _run(k // 32, 8, 4, 5) + 1 + k % 32 // 8
    elif SCHEME == Q5_0:
        at = _run(k // 32, 2, 1, 5) + 1 + k % 32 // 8
    elif SCHEME == Q4_1:
        at = _run(k // 32, 1, 1, 4) + k % 32 // 8
    elif SCHEME == MXFP4:
        at = _run(k // 32, 4, 1, 4) + k % 32 // 8
    else:
        at = _run(k // 32, 2, 1, 4) + k % 32 // 8
    field = tl.arange(0, 8)
    return _fields(_words(lanes, at, inside, k, columns), field % 4 * 8 + field // 4 * 4, 15)


@triton.jit
def _group_of_16(k):
    """Of Q6_K: where the upper bits of k's group begin, in vectors."""
    return _run(k // 256, 2, 1, 52) + 4 + k // 16 % 16 * 3


@triton.jit
def _fifth_bits(lanes, inside, k0, columns, SCHEME: tl.constexpr, K: tl.constexpr):
    """int32 [K, N]: 0 or 16. Bit s of byte j of a group's word belongs to k = 4s + j."""
    k = k0 + 32 * tl.arange(0, K // 32)
    if SCHEME == Q5_K:
        at = _run(k // 32, 8, 4, 5)
    else:
        at = _run(k // 32, 2, 1, 5)
    field = tl.arange(0, 32)
    return _fields(_words(lanes, at, inside, k, columns), field % 4 * 8 + field // 4, 1) << 4


@triton.jit
def _upper_bits(lanes, inside, k0, columns, K: tl.constexpr):
    """Of Q6_K, int32 [K, N]: bits 2s, 2s + 1 of byte j of a group's word are of k = 4s + j."""
    k = k0 + 16 * tl.arange(0, K // 16)
    field = tl.arange(0, 16)
    words = _words(lanes, _group_of_16(k), inside, k, columns)
    return _fields(words, field % 4 * 8 + field // 4 * 2, 3) << 4


@triton.jit
def _bytes(lanes, inside, k0, columns, SCHEME: tl.constexpr, K: tl.constexpr):
    """Codes of 8 bits, int32 [K, N]."""
    k = k0 + 4 * tl.arange(0, K // 4)
    if SCHEME == Q8_0:
        at = _run(k // 32, 2, 1, 8) + k % 32 // 4
    elif SCHEME == S8G16:
        at = _run(k // 16, 1, 1, 4) + k % 16 // 4
    else:
        at = _run(k // 16, 1, 2, 4) + k % 16 // 4
    return _fields(_words(lanes, at, inside, k, columns), tl.arange(0, 4) * 8, 255)


@triton.jit
def _halves(halves, at, inside, unread, columns):
    """float32 [G, N] of float16 values whose places are `at` [G] halves behind `halves` [N]."""
    mask = inside[None, :] & (unread < columns)[:, None]
    return tl.load(halves[None, :] + at[:, None], mask=mask, other=0).to(tl.float32)


@triton.jit
def _super_block(lanes, halves, inside, k0, columns, SCHEME: tl.constexpr, K: tl.constexpr):
    """Of Q4_K and Q5_K: scales and minima of groups of 32, float32 [K / 32, N] each."""
    VECTORS: tl.constexpr = 36 if SCHEME == Q4_K else 44
    k = k0 + 32 * tl.arange(0, K // 32)
    header, group = k // 256 * VECTORS, k // 32 % 8
    shift, lower = (group % 4 * 8)[:, None], (group < 4)[:, None]
    first = _words(lanes, header + 1, inside, k, columns) >> shift
    second = _words(lanes, header + 2, inside, k, columns) >> shift
    third = _words(lanes, header + 3, inside, k, columns) >> shift
    scale = tl.where(lower, first, second) & 63
    spread = ((first >> 6) & 3) | ((second >> 4) & 12) | ((third >> 2) & 48)
    minimum = tl.where(lower, third & 63, spread)
    d = _halves(halves, header * 32, inside, k, columns)
    dmin = _halves(halves, header * 32 + 16, inside, k, columns)
    return d * scale.to(tl.float32), dmin * minimum.to(tl.float32)


@triton.jit
def _paired_scales(halves, inside, k0, columns, BODY: tl.constexpr, K: tl.constexpr):
    """Groups of 32 in pairs behind d[2][16]: float32 [K / 32, N]."""
    k = k0 + 32 * tl.arange(0, K // 32)
    at = k // 64 * (1 + 2 * BODY) * 32 + k // 32 % 2 * 16
    return _halves(halves, at, inside, k, columns)


@triton.jit
def _six_bit_scales(bytes, halves, inside, k0, columns, K: tl.constexpr):
    """Of Q6_K: float32 [K / 16, N]; `bytes` points at int8."""
    k = k0 + 16 * tl.arange(0, K // 16)
    block = k // 256
    mask = inside[None, :] & (k < columns)[:, None]
    at = _run(block, 2, 1, 52) * 64 + k // 16 % 16 * 16
    scales = tl.load(bytes[None, :] + at[:, None], mask=mask, other=0)
    d = _halves(halves, block // 2 * 105 * 32 + block % 2 * 16, inside, k, columns)
    return d * scales.to(tl.float32)


@triton.jit
def _powers(bytes, inside, k0, columns, K: tl.constexpr):
    """Of MXFP4: 2^(exponent - 128), float32 [K / 32, N], by its bits; `bytes` points at uint8."""
    k = k0 + 32 * tl.arange(0, K // 32)
    mask = inside[None, :] & (k < columns)[:, None]
    at = k // 128 * 17 * 64 + k // 32 % 4 * 16
    exponent = tl.load(bytes[None, :] + at[:, None], mask=mask, other=0).to(tl.int32)
    small = tl.full(exponent.shape, 0x00200000, tl.int32) << tl.minimum(exponent, 1)
    return tl.where(exponent < 2, small, (exponent - 1) << 23).to(tl.float32, bitcast=True)


@triton.jit
def _doubled_e2m1(codes):
    """Twice the value of E2M1 codes, float32."""
    exponent, fraction = (codes >> 1) & 3, codes & 1
    size = tl.where(exponent == 0, fraction, (2 + fraction) << tl.maximum(exponent - 1, 0))
    return tl.where(codes >= 8, -size, size).to(tl.float32)


@triton.jit
def _on_curve(codes):
    """IQ4_NL's values, float32."""
    place = (codes & 7).to(tl.int64) * 8
    below = tl.full(codes.shape, _CURVE_BELOW, tl.int64) >> place
    above = tl.full(codes.shape, _CURVE_ABOVE, tl.int64) >> place
    return tl.where(codes < 8, -(below & 127), above & 127).to(tl.float32)


@triton.jit
def e4m3(codes):
    """uint8 → float32: a code's bits, moved into float16's places, are its value / 256."""
    wide = codes.to(tl.int16)
    halves = (((wide & 128) << 8) | ((wide & 127) << 7)).to(tl.float16, bitcast=True)
    return tl.where((wide & 127) == 127, float("nan"), halves.to(tl.float32) * 256.0)


@triton.jit
def _floats(words, panel, lane, inside, k0, columns, SCHEME: tl.constexpr, K: tl.constexpr):
    """F32, BF16 and F16, float32 [K, N]."""
    lanes = words + panel * 4 + lane
    if SCHEME == BF16:
        k = k0 + 2 * tl.arange(0, K // 2)
        pairs = _words(lanes, k // 2, inside, k, columns)
        bits = pairs[:, None, :] << (16 - tl.arange(0, 2) * 16)[None, :, None]
        values = (bits & -65536).to(tl.float32, bitcast=True)
        return tl.reshape(values, (K, lane.shape[0]))
    elif SCHEME == F16:
        k = k0 + tl.arange(0, K)
        halves = words.to(tl.pointer_type(tl.float16), bitcast=True) + panel * 8 + lane
        return _halves(halves, k * 16, inside, k, columns)
    else:
        k = k0 + tl.arange(0, K)
        return _words(lanes, k, inside, k, columns).to(tl.float32, bitcast=True)


@triton.jit
def _tiles(codes, scales, stride, scale_stride, first_row, rows, columns, n, k0, K: tl.constexpr):
    """FP8_E4M3_128, float32 [K, N]; columns are a multiple of 16."""
    k = k0 + tl.arange(0, K)
    mask = (k // 16 < columns // 16)[:, None] & (n < rows)[None, :]
    at = n.to(tl.int64)[None, :] * (stride * 16) + k[:, None]
    values = e4m3(tl.load(codes + at, mask, other=0))
    at = ((first_row + n) // 128 * scale_stride)[None, :] + (k // 128)[:, None]
    return values * tl.load(scales + at, mask, other=0)


@triton.jit
def weights(
    address, stride, scales, scale_stride, first_row,
    rows, columns, n, k0, SCHEME: tl.constexpr, K: tl.constexpr,
):  # fmt: skip
    """Columns k0 … k0 + K of rows `n` [N] as float32 [K, N]; 0 behind the last row and column.

    K is a multiple of 32, and so is k0.
    """
    if SCHEME == FP8:
        codes, factors = _pointer(address, tl.uint8), _pointer(scales, tl.float32)
        return _tiles(codes, factors, stride, scale_stride, first_row, rows, columns, n, k0, K)
    else:
        # By whole panels, so that lanes are read together: behind the last row there are zeros.
        inside, lane = n // 16 < (rows + 15) // 16, n % 16
        panel = (n // 16).to(tl.int64) * stride
        words = _pointer(address, tl.int32)
        if SCHEME >= F32:
            return _floats(words, panel, lane, inside, k0, columns, SCHEME, K)
        else:
            return _quantized(address, panel, lane, inside, k0, columns, SCHEME, K)


@triton.jit
def _quantized(address, panel, lane, inside, k0, columns, SCHEME: tl.constexpr, K: tl.constexpr):
    """All other panels, float32 [K, N]."""
    lanes = _pointer(address, tl.int32) + panel * 4 + lane
    halves = _pointer(address, tl.float16) + panel * 8 + lane
    if SCHEME == Q4_K or SCHEME == Q5_K:
        codes = _nibbles(lanes, inside, k0, columns, SCHEME, K)
        if SCHEME == Q5_K:
            codes = codes | _fifth_bits(lanes, inside, k0, columns, SCHEME, K)
        scale, minimum = _super_block(lanes, halves, inside, k0, columns, SCHEME, K)
        return codes.to(tl.float32) * _each(scale, K) - _each(minimum, K)
    elif SCHEME == Q6_K:
        codes = _nibbles(lanes, inside, k0, columns, SCHEME, K)
        codes = (codes | _upper_bits(lanes, inside, k0, columns, K)) - 32
        signed = _pointer(address, tl.int8) + panel * 16 + lane
        return codes.to(tl.float32) * _each(
            _six_bit_scales(signed, halves, inside, k0, columns, K), K
        )
    elif SCHEME == Q4_1:
        codes = _nibbles(lanes, inside, k0, columns, SCHEME, K).to(tl.float32)
        k = k0 + 32 * tl.arange(0, K // 32)
        d = _halves(halves, k // 32 * 160, inside, k, columns)
        return codes * _each(d, K) + _each(
            _halves(halves, k // 32 * 160 + 16, inside, k, columns), K
        )
    elif SCHEME == MXFP4:
        codes = _doubled_e2m1(_nibbles(lanes, inside, k0, columns, SCHEME, K))
        exponents = _pointer(address, tl.uint8) + panel * 16 + lane
        return codes * _each(_powers(exponents, inside, k0, columns, K), K)
    elif SCHEME == IQ4_NL:
        codes = _on_curve(_nibbles(lanes, inside, k0, columns, SCHEME, K))
        return codes * _each(_paired_scales(halves, inside, k0, columns, 4, K), K)
    elif SCHEME == Q4_0:
        codes = _nibbles(lanes, inside, k0, columns, SCHEME, K) - 8
        scale = _paired_scales(halves, inside, k0, columns, 4, K)
        return codes.to(tl.float32) * _each(scale, K)
    elif SCHEME == Q5_0:
        codes = _nibbles(lanes, inside, k0, columns, SCHEME, K)
        codes = (codes | _fifth_bits(lanes, inside, k0, columns, SCHEME, K)) - 16
        scale = _paired_scales(halves, inside, k0, columns, 5, K)
        return codes.to(tl.float32) * _each(scale, K)
    elif SCHEME == Q8_0:
        codes = _bytes(lanes, inside, k0, columns, SCHEME, K) - 128
        scale = _paired_scales(halves, inside, k0, columns, 8, K)
        return codes.to(tl.float32) * _each(scale, K)
    elif SCHEME == S8G16:
        codes = _bytes(lanes, inside, k0, columns, SCHEME, K) - 128
        k = k0 + 16 * tl.arange(0, K // 16)
        scale = _words(lanes, k // 16 * 5, inside, k, columns).to(tl.float32, bitcast=True)
        return codes.to(tl.float32) * _each(scale, K)
    else:
        codes = _bytes(lanes, inside, k0, columns, SCHEME, K).to(tl.float32)
        k = k0 + 16 * tl.arange(0, K // 16)
        scale = _words(lanes, k // 16 * 6, inside, k, columns).to(tl.float32, bitcast=True)
        least = _words(lanes, k // 16 * 6 + 1, inside, k, columns).to(tl.float32, bitcast=True)
        return codes * _each(scale, K) - _each(least, K)
