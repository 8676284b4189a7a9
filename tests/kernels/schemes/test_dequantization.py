"""Every scheme bit-equal to the `gguf` package's reference."""

import math

import gguf
import numpy as np
import pytest
import torch
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

from kernels.schemes import BLOCK_SCHEMES as SCHEMES
from kernels.schemes.base import BlockScheme
from kernels.schemes.legacy import LegacyScheme

# Where the float16 scales lie in a block; IQ1_M spreads its one over four words.
HALVES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "IQ4_NL": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
    "IQ1_S": [0], "IQ2_XXS": [0], "IQ2_XS": [0], "IQ2_S": [0], "IQ3_XXS": [0], "IQ3_S": [0],
    "IQ4_XS": [0],
}  # fmt: skip
ODD_HALVES = [0.0, -0.0, 6e-8, -6e-8, 65504.0, -1.5, float("inf"), float("-inf"), float("nan")]


def reference(name, raw):
    """float32 [blocks, values] by the gguf package."""
    kind = GGMLQuantizationType[name]
    with np.errstate(all="ignore"):
        return gguf.quants.dequantize(raw.reshape(raw.shape[0], -1), kind).astype(np.float32)


def random_blocks(name, count, seed):
    """Random codes under scales that keep values finite."""
    scheme = SCHEMES[name]
    random = np.random.default_rng(seed)
    raw = random.integers(0, 256, (count, scheme.block_bytes), dtype=np.uint8)
    for at in HALVES.get(name, []):
        scales = random.standard_normal(count).astype(np.float16)
        raw[:, at : at + 2] = scales.view(np.uint8).reshape(count, 2)
    if name == "IQ1_M":
        scales = random.standard_normal(count).astype(np.float16).view(np.uint16)
        for word in range(4):
            top = ((scales >> (4 * word)) & 15).astype(np.uint8) << 4
            raw[:, 48 + 2 * word + 1] = (raw[:, 48 + 2 * word + 1] & 15) | top
    return raw


def same_bits(got, want):
    want = torch.from_numpy(np.ascontiguousarray(want)).reshape(got.shape)
    nan = want.isnan()
    assert torch.equal(got.isnan(), nan)
    assert torch.equal(got.view(torch.int32)[~nan], want.view(torch.int32)[~nan])


@pytest.mark.parametrize("name", SCHEMES)
def test_random_blocks_are_bit_equal(name):
    raw = random_blocks(name, 512, seed=1)
    got = SCHEMES[name].unpack(
        {"blocks": torch.from_numpy(raw)}, (512, SCHEMES[name].block_elements)
    )
    assert got.dtype == torch.float32
    same_bits(got, reference(name, raw))


@pytest.mark.parametrize("name", HALVES)
def test_odd_scales_are_bit_equal(name):
    raw = random_blocks(name, len(ODD_HALVES), seed=2)
    for at in HALVES[name]:
        raw[:, at : at + 2] = np.array(ODD_HALVES, np.float16).view(np.uint8).reshape(-1, 2)
    scheme = SCHEMES[name]
    got = scheme.unpack({"blocks": torch.from_numpy(raw)}, (len(raw), scheme.block_elements))
    same_bits(got, reference(name, raw))


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("byte", [0, 255])
def test_blocks_of_one_byte_are_bit_equal(name, byte):
    scheme = SCHEMES[name]
    raw = np.full((3, scheme.block_bytes), byte, np.uint8)
    got = scheme.unpack({"blocks": torch.from_numpy(raw)}, (3, scheme.block_elements))
    same_bits(got, reference(name, raw))


def test_every_exponent_of_mxfp4_is_bit_equal():
    raw = np.tile(np.arange(17, dtype=np.uint8) * 15, (256, 1))
    raw[:, 0] = np.arange(256)
    got = SCHEMES["MXFP4"].unpack({"blocks": torch.from_numpy(raw)}, (256, 32))
    same_bits(got, reference("MXFP4", raw))


@pytest.mark.parametrize("name", [n for n, s in SCHEMES.items() if s.block_elements > 1])
def test_one_block_anywhere_in_memory_is_read(name):
    scheme = SCHEMES[name]
    raw = random_blocks(name, 1, seed=4)
    shifted = torch.zeros(scheme.block_bytes + 1, dtype=torch.uint8)
    shifted[1:] = torch.from_numpy(raw[0])
    got = scheme.unpack({"blocks": shifted[1:].view(1, -1)}, (1, scheme.block_elements))
    same_bits(got, reference(name, raw))


@pytest.mark.parametrize(
    "most_rows", [pytest.param(64), pytest.param(1 << 20, marks=pytest.mark.slow)]
)
def test_every_tensor_of_the_real_file_is_bit_equal(starter_path, most_rows):
    """Each from its first rows on: a row is read by itself."""
    for tensor in gguf.GGUFReader(starter_path).tensors:
        name = tensor.tensor_type.name
        shape = tuple(int(n) for n in reversed(tensor.shape))
        if len(shape) > 1:
            shape = (min(shape[0], most_rows), *shape[1:])
        raw = tensor.data.view(np.uint8).reshape(-1, SCHEMES[name].block_bytes)
        raw = raw[: math.prod(shape) // SCHEMES[name].block_elements].copy()
        blocks = torch.from_numpy(raw).view(SCHEMES[name].buffer_shapes(shape)["blocks"])
        got = SCHEMES[name].unpack({"blocks": blocks}, shape)
        same_bits(got, reference(name, raw))


@pytest.mark.parametrize("name", SCHEMES)
def test_sizes_are_the_formats(name):
    elements, stored_bytes = GGML_QUANT_SIZES[GGMLQuantizationType[name]]
    scheme = SCHEMES[name]
    assert (scheme.block_elements, scheme.block_bytes) == (elements, stored_bytes)
    assert scheme.bits_per_weight == 8 * stored_bytes / elements


@pytest.mark.parametrize("name", [n for n, s in SCHEMES.items() if isinstance(s, LegacyScheme)])
def test_packing_gives_the_reference_quantizers_bytes(name):
    random = np.random.default_rng(3)
    values = (random.standard_normal((40, 64)) * np.logspace(-4, 3, 40)[:, None]).astype(np.float32)
    values[0] = 0
    packed = SCHEMES[name].pack(torch.from_numpy(values))
    want = gguf.quants.quantize(values, GGMLQuantizationType[name])
    assert packed.shape == (40, 64)
    assert np.array_equal(packed.buffers["blocks"].numpy(), want)


def test_rows_and_experts_are_views():
    packed = SCHEMES["Q8_0"].pack(torch.randn(4, 6, 64))
    whole = packed.dequantize()
    assert torch.equal(packed.rows(1, 3).dequantize(), whole[1:3])
    one = packed.expert(2)
    assert torch.equal(one.rows(1, 4).dequantize(torch.float64), whole[2, 1:4].double())
    assert one.buffers["blocks"].data_ptr() != 0
    assert packed.stored_bytes == 4 * 6 * 68
    base = packed.buffers["blocks"]
    assert one.buffers["blocks"].untyped_storage().data_ptr() == base.untyped_storage().data_ptr()


def test_columns_that_are_not_whole_blocks_are_refused():
    with pytest.raises(ValueError, match="33 columns"):
        SCHEMES["Q4_0"].buffer_shapes((2, 33))
    with pytest.raises(ValueError, match="multiple"):
        SCHEMES["Q8_0"].pack(torch.zeros(1, 31))


def test_a_scheme_that_says_nothing_is_a_mistake_of_ours():
    class Silent(LegacyScheme):
        name, block_bytes = "silent", 32

    for call in (BlockScheme.unpack_blocks, LegacyScheme.pack_blocks):
        with pytest.raises(TypeError, match="does not say"):
            call(Silent(), torch.zeros(1, 32))
