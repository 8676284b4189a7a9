"""Panels hold exactly the values of their sources, byte for byte as the layout says."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from kernels.schemes import BLOCK_SCHEMES, SCHEMES
from kernels.schemes.base import PackedTensor
from kernels.schemes.panel_base import PanelScheme
from kernels.schemes.panels import PANEL_SCHEMES, panel_scheme_for

_spec = importlib.util.spec_from_file_location(
    "dequantization_blocks", Path(__file__).with_name("test_dequantization.py")
)
_blocks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_blocks)

SOURCES = list(BLOCK_SCHEMES)
ROWS = [1, 15, 16, 17, 33]
BYTES = {  # of a panel of 256 · n columns, from the table of the layout
    "Q4_K_P16": lambda n: 2304 * n,
    "Q5_K_P16": lambda n: 2816 * n,
    "Q6_K_P16": lambda n: 64 * -(-n // 2) + 3328 * n,
    "Q4_0_P16": lambda n: 64 * 4 * n + 256 * 8 * n,
    "Q4_1_P16": lambda n: 320 * 8 * n,
    "Q5_0_P16": lambda n: 64 * 4 * n + 320 * 8 * n,
    "Q8_0_P16": lambda n: 64 * 4 * n + 512 * 8 * n,
    "MXFP4_P16": lambda n: 64 * 2 * n + 256 * 8 * n,
    "IQ4_NL_P16": lambda n: 64 * 4 * n + 256 * 8 * n,
    "S8G16_P16": lambda n: 320 * 16 * n,
    "A8G16_P16": lambda n: 384 * 16 * n,
    "F32_P16": lambda n: 64 * 256 * n,
    "BF16_P16": lambda n: 64 * 128 * n,
    "F16_P16": lambda n: 32 * 256 * n,
}


def packed_source(name, rows, groups, seed=0):
    """A random matrix [rows, groups · block_elements] of a file's scheme."""
    scheme = BLOCK_SCHEMES[name]
    raw = _blocks.random_blocks(name, rows * groups, seed)
    if scheme.block_elements == 1:
        values = np.random.default_rng(seed).standard_normal((rows, groups)).astype(np.float32)
        return scheme.pack(torch.from_numpy(values))
    blocks = torch.from_numpy(raw).view(rows, -1)
    return PackedTensor(scheme, {"blocks": blocks}, (rows, groups * scheme.block_elements))


def same(got, want):
    """Bit for bit, with one zero and one NaN."""
    assert torch.equal(got.isnan(), want.isnan())
    assert torch.equal(got.nan_to_num() + 0.0, want.nan_to_num() + 0.0)


@pytest.mark.parametrize("groups", [1, 2, 3, 4, 5, 7])
@pytest.mark.parametrize("name", SOURCES)
def test_values_are_the_sources(name, groups):
    for rows in ROWS:
        source = packed_source(name, rows, groups, seed=rows)
        panels = panel_scheme_for(name).pack_from(source)
        assert panels.shape == source.shape
        want = panels.scheme.buffer_shapes(source.shape)["panels"]
        assert tuple(panels.buffers["panels"].shape) == want
        same(panels.dequantize(), source.dequantize())


@pytest.mark.parametrize("name", SOURCES)
def test_many_panels_are_packed_as_one_is(name):
    source = packed_source(name, 16 * 40 + 3, 4)
    scheme = panel_scheme_for(name)
    scheme_panels = scheme.pack_from(source).buffers["panels"]
    for panel in (0, 1, 17, 39, 40):
        one = scheme.pack_from(source.rows(16 * panel, min(16 * panel + 16, 16 * 40 + 3)))
        assert torch.equal(one.buffers["panels"][0], scheme_panels[panel])


@pytest.mark.parametrize("name", [n for n in SOURCES if n in _blocks.HALVES])
def test_odd_scales_keep_their_bits(name):
    scheme = BLOCK_SCHEMES[name]
    odd = np.array(_blocks.ODD_HALVES, np.float16).view(np.uint8).reshape(-1, 2)
    raw = _blocks.random_blocks(name, len(odd), seed=2)
    for at in _blocks.HALVES[name]:
        raw[:, at : at + 2] = odd
    blocks = {"blocks": torch.from_numpy(raw)}
    source = PackedTensor(scheme, blocks, (len(odd), scheme.block_elements))
    same(panel_scheme_for(name).pack_from(source).dequantize(), source.dequantize())


def test_every_exponent_of_mxfp4_is_kept():
    raw = np.tile(np.arange(17, dtype=np.uint8) * 15, (256, 1))
    raw[:, 0] = np.arange(256)
    source = PackedTensor(BLOCK_SCHEMES["MXFP4"], {"blocks": torch.from_numpy(raw)}, (256, 32))
    same(panel_scheme_for("MXFP4").pack_from(source).dequantize(), source.dequantize())


@pytest.mark.parametrize("shift", [1, 2, 4])
@pytest.mark.parametrize("name", SOURCES)
def test_sources_may_lie_anywhere_in_memory(name, shift):
    source = packed_source(name, 18, 3)
    blocks = source.buffers["blocks"]
    moved = torch.zeros(blocks.numel() + shift, dtype=torch.uint8)
    moved[shift:] = blocks.flatten()
    there = PackedTensor(source.scheme, {"blocks": moved[shift:].view_as(blocks)}, source.shape)
    scheme = panel_scheme_for(name)
    got, want = scheme.pack_from(there), scheme.pack_from(source)
    assert torch.equal(got.buffers["panels"], want.buffers["panels"])


@pytest.mark.parametrize("name", SOURCES)
def test_rows_behind_the_last_are_zero_bytes(name):
    """Of 19 rows and of the same with other rows behind: only lanes of the 3 rows differ
    from zero."""
    scheme = panel_scheme_for(name)
    ragged = scheme.pack_from(packed_source(name, 3, 3)).buffers["panels"][0]
    full = packed_source(name, 16, 3)
    full.buffers["blocks"][:3] = packed_source(name, 3, 3).buffers["blocks"]
    whole = scheme.pack_from(full).buffers["panels"][0]
    other = packed_source(name, 16, 3, seed=9)
    other.buffers["blocks"][:3] = full.buffers["blocks"][:3]
    again = scheme.pack_from(other).buffers["panels"][0]
    own = whole == again  # the bytes of the three rows, and a few that agree by chance
    assert not ragged[~own].any()
    assert torch.equal(ragged[ragged != 0], whole[ragged != 0])
    assert ragged.any()


@pytest.mark.parametrize("name", PANEL_SCHEMES)
def test_panels_have_the_layouts_size(name):
    scheme = PANEL_SCHEMES[name]
    for blocks in (1, 2, 3, 8):
        assert scheme.panel_bytes(256 * blocks) == BYTES[name](blocks)
    assert scheme.buffer_shapes((33, 512))["panels"] == (3, BYTES[name](2))
    assert scheme.buffer_shapes((7, 33, 512))["panels"] == (7, 3, BYTES[name](2))
    assert scheme.bits_per_weight == 8 * BYTES[name](8) / (16 * 2048)


def nibble_source(name, rows, groups, seed=3):
    source = packed_source(name, rows, groups, seed)
    return source, source.buffers["blocks"].view(rows, groups, -1).numpy().astype(np.int64)


def put16(out, at, row, block, start):
    out[at + 2 * row : at + 2 * row + 2] = block[start : start + 2]


def six_bit(block):
    """Scales and minima of 8 groups, from the format's own drawing of the 12 bytes."""
    q = block[4:16]
    scales = [q[g] & 63 for g in range(4)] + [(q[g + 8] & 15) | (q[g] >> 6 << 4) for g in range(4)]
    minima = [q[g + 4] & 63 for g in range(4)] + [
        (q[g + 8] >> 4) | (q[g + 4] >> 6 << 4) for g in range(4)
    ]
    return scales, minima


def slow_q4_k(blocks):
    """One panel written byte by byte, code by code."""
    rows, count, _ = blocks.shape
    out = np.zeros(2304 * count, np.int64)
    for b in range(count):
        for r in range(rows):
            block, at = blocks[r, b], 2304 * b
            put16(out, at, r, block, 0)
            put16(out, at + 32, r, block, 2)
            scales, minima = six_bit(block)
            for g in range(4):
                v = [scales[g], scales[4 + g], minima[g], minima[4 + g]]
                for plane in range(3):
                    out[at + 64 + 64 * plane + 4 * r + g] = v[plane] | (v[3] >> 2 * plane & 3) << 6
            for k in range(256):
                code = block[16 + k // 64 * 32 + k % 32] >> 4 * (k // 32 % 2) & 15
                group, step, j = k // 32, k % 32 // 4, k % 4
                where = at + 256 + 256 * group + 64 * (step // 2) + 4 * r + j
                out[where] |= code << 4 * (step % 2)
    return out


def slow_q5_0(blocks):
    rows, count, _ = blocks.shape
    out = np.zeros(64 * -(-count // 2) + 320 * count, np.int64)
    for g in range(count):
        pair = (64 + 2 * 320) * (g // 2)
        at = pair + 64 + 320 * (g % 2)
        for r in range(rows):
            block = blocks[r, g]
            put16(out, pair + 32 * (g % 2), r, block, 0)
            for k in range(32):
                low = block[6 + k % 16] >> 4 * (k // 16) & 15
                high = block[2 + k // 8] >> k % 8 & 1
                step, j = k // 4, k % 4
                out[at + 4 * r + j] |= high << step
                out[at + 64 + 64 * (step // 2) + 4 * r + j] |= low << 4 * (step % 2)
    return out


def slow_q6_k(blocks):
    rows, count, _ = blocks.shape
    out = np.zeros(64 * -(-count // 2) + 3328 * count, np.int64)
    for b in range(count):
        pair = (64 + 2 * 3328) * (b // 2)
        at = pair + 64 + 3328 * (b % 2)
        for r in range(rows):
            block = blocks[r, b]
            put16(out, pair + 32 * (b % 2), r, block, 208)
            for group in range(16):
                out[at + 16 * group + r] = block[192 + group]
            for k in range(256):
                half, within = k // 128, k % 128
                low = block[64 * half + within % 64] >> 4 * (within // 64) & 15
                high = block[128 + 32 * half + within % 32] >> 2 * (within // 32) & 3
                group, step, j = k // 16, k % 16 // 4, k % 4
                there = at + 256 + 192 * group
                out[there + 4 * r + j] |= high << 2 * step
                out[there + 64 + 64 * (step // 2) + 4 * r + j] |= low << 4 * (step % 2)
    return out


def slow_mxfp4(blocks):
    rows, count, _ = blocks.shape
    out = np.zeros(64 * -(-count // 4) + 256 * count, np.int64)
    for g in range(count):
        four = (64 + 4 * 256) * (g // 4)
        at = four + 64 + 256 * (g % 4)
        for r in range(rows):
            block = blocks[r, g]
            out[four + 16 * (g % 4) + r] = block[0]
            for k in range(32):
                code = block[1 + k % 16] >> 4 * (k // 16) & 15
                step, j = k // 4, k % 4
                out[at + 64 * (step // 2) + 4 * r + j] |= code << 4 * (step % 2)
    return out


def slow_q8_0(blocks):
    rows, count, _ = blocks.shape
    out = np.zeros(64 * -(-count // 2) + 512 * count, np.int64)
    for g in range(count):
        pair = (64 + 2 * 512) * (g // 2)
        for r in range(rows):
            put16(out, pair + 32 * (g % 2), r, blocks[r, g], 0)
            for k in range(32):
                there = pair + 64 + 512 * (g % 2) + 64 * (k // 4) + 4 * r + k % 4
                out[there] = (blocks[r, g, 2 + k] + 128) % 256
    return out


SLOW = {
    "Q4_K": slow_q4_k,
    "Q5_0": slow_q5_0,
    "Q6_K": slow_q6_k,
    "MXFP4": slow_mxfp4,
    "Q8_0": slow_q8_0,
}


@pytest.mark.parametrize("groups", [1, 2, 3, 5])
@pytest.mark.parametrize("name", SLOW)
def test_bytes_are_where_the_layout_says(name, groups):
    for rows in (16, 13):
        source, blocks = nibble_source(name, rows, groups)
        got = panel_scheme_for(name).pack_from(source).buffers["panels"][0].numpy()
        assert np.array_equal(got, SLOW[name](blocks))


def test_carried_bytes_are_where_the_layout_says():
    source, _ = nibble_source("Q3_K", 16, 1)
    panel = panel_scheme_for("Q3_K").pack_from(source).buffers["panels"][0].numpy()
    values = source.dequantize().numpy()
    for group in range(16):
        stream = panel[320 * group : 320 * group + 320]
        scales = stream[:64].copy().view(np.float32)
        for r in range(16):
            for k in range(16):
                code = int(stream[64 + 64 * (k // 4) + 4 * r + k % 4]) - 128
                assert np.float32(code) * scales[r] == values[r, 16 * group + k]


@pytest.mark.parametrize(("name", "bits"), [("BF16", 16), ("F16", 16), ("F32", 32)])
def test_floats_lie_as_the_layout_says(name, bits):
    source = packed_source(name, 16, 5)
    kind = {16: np.uint16, 32: np.uint32}[bits]
    panel = panel_scheme_for(name).pack_from(source).buffers["panels"][0].numpy().view(kind)
    raw = source.buffers["blocks"].numpy().view(kind)
    for k in range(5):
        for r in range(16):
            at = 32 * (k // 2) + 2 * r + k % 2 if name == "BF16" else 16 * k + r
            assert panel[at] == raw[r, k]
    assert panel.size == (16 * 6 if name == "BF16" else 16 * 5)


@pytest.mark.parametrize("name", ["Q4_K", "Q5_0", "Q6_K", "MXFP4", "IQ4_NL"])
def test_a_swapped_nibble_is_seen(name):
    source = packed_source(name, 16, 2)
    panels = panel_scheme_for(name).pack_from(source)
    last = panels.buffers["panels"][0, -64:]
    swapped = (last >> 4) | (last << 4)
    assert not torch.equal(swapped, last)
    last.copy_(swapped)
    assert not torch.equal(panels.dequantize(), source.dequantize())


def test_rows_can_be_cut_where_a_panel_begins():
    source = packed_source("Q5_K", 50, 2)
    panels = panel_scheme_for("Q5_K").pack_from(source)
    whole = source.dequantize()
    for start, stop in ((0, 16), (16, 48), (16, 50), (48, 50), (0, 50), (32, 33), (16, 16)):
        cut = panels.rows(start, stop)
        assert torch.equal(cut.dequantize(), whole[start:stop])
        base = panels.buffers["panels"].untyped_storage().data_ptr()
        assert cut.buffers["panels"].untyped_storage().data_ptr() == base
    for start in (1, 15, 17, 49):
        with pytest.raises(ValueError, match="multiples of 16 rows"):
            panels.rows(start, 50)


@pytest.mark.parametrize("name", ["Q4_K", "F32", "Q2_K"])
def test_stacks_are_panels_matrix_by_matrix(name):
    matrices = [packed_source(name, 19, 2, seed=i) for i in range(3)]
    blocks = torch.stack([m.buffers["blocks"] for m in matrices])
    stack = PackedTensor(matrices[0].scheme, {"blocks": blocks}, (3, *matrices[0].shape))
    scheme = panel_scheme_for(name)
    panels = scheme.pack_from(stack)
    assert torch.equal(panels.dequantize(), stack.dequantize())
    for index, matrix in enumerate(matrices):
        one = panels.expert(index)
        assert one.shape == matrix.shape
        assert torch.equal(one.buffers["panels"], scheme.pack_from(matrix).buffers["panels"])
    assert torch.equal(panels.rows(1, 3).dequantize(), stack.dequantize()[1:3])
    assert panels.stored_bytes == 3 * 2 * scheme.panel_bytes(matrix.shape[1])


def test_what_has_no_panels_is_refused():
    assert panel_scheme_for("FP8_E4M3_128") is None
    assert panel_scheme_for("Q4_K_P16") is None
    assert {s for s in SCHEMES if panel_scheme_for(s) is None} == {"FP8_E4M3_128"}
    scheme = panel_scheme_for("Q4_K")
    with pytest.raises(ValueError, match="made from Q4_K, not Q5_0"):
        scheme.pack_from(packed_source("Q5_0", 16, 8))
    with pytest.raises(ValueError, match="300 columns"):
        scheme.panel_bytes(300)
    with pytest.raises(ValueError, match="is neither"):
        scheme.buffer_shapes((256,))
    with pytest.raises(TypeError, match="how to pack"):
        PanelScheme.pack_part(scheme, None, None)
    with pytest.raises(TypeError, match="how to unpack"):
        PanelScheme.unpack_part(scheme, None)


def test_matrices_of_no_size_are_packed():
    scheme = panel_scheme_for("F32")
    for shape in ((0, 5), (5, 0), (2, 0, 3), (0, 3, 4)):
        panels = scheme.pack_from(BLOCK_SCHEMES["F32"].pack(torch.ones(shape)))
        assert panels.dequantize().shape == shape


def test_panel_schemes_are_no_file_formats():
    assert not set(PANEL_SCHEMES) & set(SCHEMES)
    empty = PANEL_SCHEMES["Q8_0_P16"].empty((17, 64), "meta")
    assert empty.shape == (17, 64)
    assert tuple(empty.buffers["panels"].shape) == (2, 64 + 2 * 512)
