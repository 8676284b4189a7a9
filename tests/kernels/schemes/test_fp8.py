"""V3's FP8 tiles against a decoder written by the format's definition, and any slice of rows."""

import math

import pytest
import torch

from kernels.schemes import SCHEMES
from kernels.schemes.fp8_e4m3_128 import FP8_E4M3_128

SHAPES = [(1, 1), (128, 128), (129, 127), (256, 384), (300, 130), (5, 700), (0, 64), (64, 0)]


def decoded(code):
    """OCP's FP8 definition of E4M3: bias 7, no infinity, all ones are NaN."""
    sign = -1.0 if code & 0x80 else 1.0
    exponent, mantissa = code >> 3 & 15, code & 7
    if code & 0x7F == 0x7F:
        return math.nan
    if exponent == 0:
        return sign * mantissa * 2.0**-9
    return sign * (1 + mantissa / 8) * 2.0 ** (exponent - 7)


def random_matrix(rows, columns, seed=0):
    random = torch.Generator().manual_seed(seed)
    shapes = FP8_E4M3_128.buffer_shapes((rows, columns))
    return {
        "codes": torch.randint(0, 256, shapes["codes"], dtype=torch.uint8, generator=random),
        "scales": torch.randn(shapes["scales"], generator=random),
        "first_row": torch.zeros(1, dtype=torch.int64),
    }


def naive(buffers):
    codes, scales = buffers["codes"].tolist(), buffers["scales"].tolist()
    return torch.tensor(
        [
            [decoded(code) * scales[r // 128][c // 128] for c, code in enumerate(row)]
            for r, row in enumerate(codes)
        ],
        dtype=torch.float64,
    ).reshape(buffers["codes"].shape)


def test_every_code_is_the_formats():
    buffers = random_matrix(1, 256)
    buffers["codes"][0] = torch.arange(256)
    buffers["scales"][:] = 1
    got = FP8_E4M3_128.unpack(buffers, (1, 256))[0]
    want = torch.tensor([decoded(code) for code in range(256)])
    assert got.dtype == torch.float32
    assert torch.equal(got.isnan(), want.isnan())
    finite = ~want.isnan()
    assert torch.equal(got[finite].view(torch.int32), want[finite].view(torch.int32))


@pytest.mark.parametrize("scale", [1e-45, 1e-38, 1.0, 7e35, 3e38])
def test_every_code_under_any_scale_is_torchs_own_product(scale):
    buffers = random_matrix(2, 128)
    buffers["codes"][:] = torch.arange(256).view(2, 128)
    buffers["scales"][:] = scale
    want = buffers["codes"].view(torch.float8_e4m3fn).float() * buffers["scales"]
    got = FP8_E4M3_128.unpack(buffers, (2, 128))
    torch.testing.assert_close(got, want, rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_values_are_codes_times_the_scale_of_their_tile(shape):
    buffers = random_matrix(*shape)
    got = FP8_E4M3_128.unpack(buffers, shape)
    # One rounding: a product of float64 rounded to float32 is the product in float32.
    torch.testing.assert_close(got, naive(buffers).float(), rtol=0, atol=0, equal_nan=True)
    assert got.shape == shape


def test_rows_may_be_cut_anywhere_again_and_again():
    buffers = random_matrix(390, 140, seed=1)
    buffers["codes"] %= 127  # no NaN, so that rows compare
    packed = SCHEMES["FP8_E4M3_128"].pack(torch.randn(390, 140))
    whole = packed.dequantize()
    for start in (0, 1, 100, 127, 128, 129, 255, 389):
        for stop in (start, start + 1, start + 28, 256, 390):
            if not start <= stop <= 390:
                continue
            cut = packed.rows(start, stop)
            assert torch.equal(cut.dequantize(), whole[start:stop])
            for inner in range(0, stop - start, 37):
                again = cut.rows(inner, stop - start).rows(0, min(3, stop - start - inner))
                at = start + inner
                assert torch.equal(again.dequantize(), whole[at : at + again.shape[0]])
    base = packed.buffers["codes"].untyped_storage().data_ptr()
    assert packed.rows(100, 300).buffers["codes"].untyped_storage().data_ptr() == base


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_packing_makes_the_greatest_of_each_tile_448(shape):
    values = torch.randn(shape) * torch.logspace(-6, 4, max(1, shape[1]))[: shape[1]]
    packed = FP8_E4M3_128.pack(values)
    assert {n: tuple(b.shape) for n, b in packed.buffers.items()} == (
        FP8_E4M3_128.buffer_shapes(shape)
    )
    for r in range(0, shape[0], 128):
        for c in range(0, shape[1], 128):
            tile = values[r : r + 128, c : c + 128]
            scale = packed.buffers["scales"][r // 128, c // 128]
            assert scale == tile.abs().max() / 448
            theirs = (tile / scale).clamp(-448, 448).to(torch.float8_e4m3fn)
            ours = packed.buffers["codes"][r : r + 128, c : c + 128]
            assert torch.equal(ours.view(torch.float8_e4m3fn).float(), theirs.float())
            # Three bits of mantissa: half a step is a sixteenth of the value at most, and
            # 2^-10 below the least normal number.
            error = (packed.dequantize()[r : r + 128, c : c + 128] - tile).abs()
            assert (error <= torch.maximum(tile.abs() / 16, scale * 2**-10) * 1.0001).all()


def test_tiles_of_nothing_and_of_next_to_nothing_become_zeros():
    assert FP8_E4M3_128.pack(torch.zeros(130, 2)).dequantize().eq(0).all()
    assert FP8_E4M3_128.pack(torch.full((2, 2), 1e-45)).dequantize().eq(0).all()


def test_stacks_and_vectors_are_refused():
    for shape in ((128,), (2, 128, 128), ()):
        with pytest.raises(ValueError, match="stores matrices"):
            FP8_E4M3_128.buffer_shapes(shape)
    with pytest.raises(ValueError, match="stores matrices"):
        FP8_E4M3_128.pack(torch.zeros(2, 3, 4))


def test_its_size_is_a_byte_and_little_more():
    packed = FP8_E4M3_128.pack(torch.randn(1280, 1280))
    stored = packed.stored_bytes - packed.buffers["first_row"].element_size()
    assert 8 * stored / 1280**2 == FP8_E4M3_128.bits_per_weight
    assert FP8_E4M3_128.name == "FP8_E4M3_128"
    assert FP8_E4M3_128.block_elements == 128


def test_a_swapped_scale_is_seen():
    columns = torch.tensor([1.0, 8.0]).repeat_interleave(128)
    packed = FP8_E4M3_128.pack(torch.randn(256, 256) * columns)
    before = packed.dequantize()
    packed.buffers["scales"].copy_(packed.buffers["scales"].flip(1))
    worst = ((packed.dequantize() - before).abs().amax(1) / before.abs().amax(1)).min()
    assert worst > FP8_E4M3_128.tolerance.relative


def test_floats_at_odd_addresses_are_read():
    values = torch.randn(3, 5)
    raw = torch.zeros(61, dtype=torch.uint8)
    raw[1:] = values.view(torch.uint8).flatten()
    scheme = SCHEMES["F32"]
    assert torch.equal(scheme.unpack({"blocks": raw[1:].view(3, 20)}, (3, 5)), values)


@pytest.mark.parametrize("name", ["F32", "F16", "BF16"])
@pytest.mark.parametrize("shape", [(0, 6), (6, 0), (0,), (2, 0, 3)], ids=str)
def test_floats_of_no_size_are_read(name, shape):
    packed = SCHEMES[name].pack(torch.ones(shape))
    assert packed.dequantize().tolist() == torch.ones(shape).tolist()
