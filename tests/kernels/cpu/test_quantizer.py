"""The native quantizer: errors beside other quantizers', hostile rows, splits over threads."""

import ctypes

import gguf
import pytest
import torch

from kernels.cpu.library import load
from kernels.cpu.quantizer import QUANTIZED, QuantizerError, Status, quantize_rows
from kernels.schemes import BLOCK_SCHEMES

COLUMNS = 1024


def rows_of(kind, rows=64):
    random = torch.Generator().manual_seed(5)
    gaussian = torch.randn(rows, COLUMNS, generator=random) * 0.02
    if kind == "heavy tails":
        return gaussian / torch.rand(rows, COLUMNS, generator=random).sqrt().clamp(min=0.03)
    if kind == "off centre":
        return gaussian + 0.05
    return gaussian


def squared_error(values, packed):
    return float((packed.dequantize() - values).double().square().sum())


def relative(values, scheme, **arguments):
    error = squared_error(values, quantize_rows(values, scheme, **arguments))
    return error / float(values.double().square().sum())


# Measured on these rows, with a twentieth to spare.
GREATEST = {
    "Q4_K": (0.00519, 0.00996),
    "Q5_K": (0.00129, 0.00254),
    "Q6_K": (0.000291, 0.00082),
    "Q8_0": (0.0000275, 0.0000978),
    "Q5_0": (0.00168, 0.0058),
    "Q4_0": (0.00687, 0.0203),
}


@pytest.mark.parametrize("scheme", QUANTIZED)
def test_the_error_is_as_small_as_it_was(scheme):
    gaussian, heavy = GREATEST[scheme]
    assert relative(rows_of("gaussian"), scheme) < gaussian
    assert relative(rows_of("heavy tails"), scheme) < heavy


@pytest.mark.parametrize("kind", ["gaussian", "heavy tails", "off centre"])
@pytest.mark.parametrize("scheme", ["Q8_0", "Q5_0", "Q4_0"])
def test_early_formats_are_better_than_the_gguf_packages_own(scheme, kind):
    values = rows_of(kind)
    wire = gguf.GGMLQuantizationType[scheme]
    theirs = gguf.quants.dequantize(gguf.quants.quantize(values.numpy(), wire), wire)
    their_error = float((torch.from_numpy(theirs) - values).double().square().sum())
    assert squared_error(values, quantize_rows(values, scheme)) < their_error


def min_max_error(values, scheme):
    """Each group's ends on its first and last code, and scales kept in full: less coarse than
    the format allows, and still worse than a search within the format."""
    if scheme == "Q6_K":
        groups = values.view(-1, 16)
        scale = groups.abs().amax(-1, keepdim=True) / 31
        low = torch.zeros_like(scale)
        codes = (groups / scale).round()
    else:
        groups, most = values.view(-1, 32), 15 if scheme == "Q4_K" else 31
        low = groups.amin(-1, keepdim=True).clamp(max=0)
        scale = (groups.amax(-1, keepdim=True) - low) / most
        codes = ((groups - low) / scale).round()
    return float((codes * scale + low - groups).double().square().sum())


@pytest.mark.parametrize("kind", ["gaussian", "heavy tails", "off centre"])
@pytest.mark.parametrize(("scheme", "share"), [("Q4_K", 0.86), ("Q5_K", 0.92), ("Q6_K", 0.92)])
def test_super_blocks_beat_the_ends_of_the_range(scheme, share, kind):
    values = rows_of(kind)
    error = squared_error(values, quantize_rows(values, scheme))
    assert error < share * min_max_error(values, scheme)


@pytest.mark.parametrize("scheme", QUANTIZED)
def test_every_value_lies_at_its_nearest_code(scheme):
    """No single code can be moved by one for the better: the quantizer's own idea of what it
    wrote is the scheme's."""
    values = rows_of("heavy tails", rows=2)
    packed = quantize_rows(values, scheme)
    error = (packed.dequantize() - values).abs()
    # The step of a group: the least distance of two different values that it holds.
    group = 16 if scheme == "Q6_K" else 32
    found = packed.dequantize().view(-1, group).sort(-1).values
    gaps = found.diff(dim=-1)
    step = torch.where(gaps > 1e-9, gaps, torch.inf).amin(-1)
    inside = (values.view(-1, group) <= found[:, -1:]) & (values.view(-1, group) >= found[:, :1])
    # 1e-6: a value between two codes may be rounded either way.
    assert bool((error.view(-1, group) <= step[:, None] * (0.5 + 1e-3) + 1e-6)[inside].all())


@pytest.mark.parametrize("scheme", QUANTIZED)
def test_zeros_stay_zeros(scheme):
    values = torch.zeros(2, COLUMNS)
    assert bool((quantize_rows(values, scheme).dequantize() == 0).all())
    values[1] = 1.0
    assert bool((quantize_rows(values, scheme).dequantize()[0] == 0).all())


@pytest.mark.parametrize("scheme", QUANTIZED)
@pytest.mark.parametrize("constant", [0.3, -0.3, 7e-5, 1000.0])
def test_a_constant_is_kept_but_for_a_factors_rounding(scheme, constant):
    values = torch.full((1, COLUMNS), constant)
    off = (quantize_rows(values, scheme).dequantize() - constant).abs().max()
    assert float(off) <= max(abs(constant) * 2e-3, 5e-7)


@pytest.mark.parametrize("scheme", QUANTIZED)
def test_one_outlier_is_kept_and_spoils_its_own_block_alone(scheme):
    values = rows_of("gaussian", rows=1)
    alone = quantize_rows(values, scheme).dequantize()
    values[0, 300] = 30.0
    found = quantize_rows(values, scheme).dequantize()
    assert float(found[0, 300]) == pytest.approx(30.0, rel=0.02)
    block = BLOCK_SCHEMES[scheme].block_elements
    start = 300 // block * block
    assert torch.equal(found[0, :start], alone[0, :start])
    assert torch.equal(found[0, start + block :], alone[0, start + block :])


@pytest.mark.parametrize("scheme", QUANTIZED)
@pytest.mark.parametrize("size", [1e-30, 1e-42, 2e-8])
def test_what_is_too_small_for_float16_becomes_zero(scheme, size):
    values = torch.full((1, COLUMNS), size)
    values[0, ::2] = -size
    assert bool((quantize_rows(values, scheme).dequantize() == 0).all())


@pytest.mark.parametrize("scheme", QUANTIZED)
def test_values_near_float16s_least_step_keep_their_size(scheme):
    """Where a factor has few digits left, it is rounded so that the greatest values are met."""
    values = rows_of("gaussian", rows=4) * 1e-3
    assert relative(values, scheme) < 0.02


@pytest.mark.parametrize("scheme", QUANTIZED)
def test_what_is_too_large_is_refused_and_the_largest_that_fits_is_not(scheme):
    most = {"Q4_K": 4e6, "Q5_K": 4e6, "Q6_K": 8e6, "Q8_0": 8e6, "Q5_0": 9e5, "Q4_0": 4e5}[scheme]
    values = rows_of("gaussian", rows=2)
    values[1, 5] = most
    found = quantize_rows(values, scheme).dequantize()
    assert float(found[1, 5]) == pytest.approx(most, rel=0.02)
    for large in (1e30, -1e30, 3e38):
        values[1, 5] = large
        with pytest.raises(QuantizerError, match="too large for its float16") as refused:
            quantize_rows(values, scheme)
        assert refused.value.status is Status.TOO_LARGE


@pytest.mark.parametrize("scheme", QUANTIZED)
@pytest.mark.parametrize("wrong", [torch.nan, torch.inf, -torch.inf])
def test_what_is_not_finite_is_refused(scheme, wrong):
    values = rows_of("gaussian", rows=3)
    values[2, -1] = wrong
    with pytest.raises(QuantizerError, match="not a number") as refused:
        quantize_rows(values, scheme)
    assert refused.value.status is Status.NOT_FINITE


@pytest.mark.parametrize("scheme", QUANTIZED)
def test_the_bytes_do_not_depend_on_threads_or_splits(scheme):
    values = rows_of("heavy tails", rows=257)
    whole = quantize_rows(values, scheme).buffers["blocks"]
    for threads in (2, 3, 4):
        assert torch.equal(quantize_rows(values, scheme, threads=threads).buffers["blocks"], whole)
    for row in (0, 100, 256):
        one = quantize_rows(values[row : row + 1], scheme).buffers["blocks"]
        assert torch.equal(one, whole[row : row + 1])
    # A block's bytes are its own as well, wherever it stands in a row.
    block = BLOCK_SCHEMES[scheme].block_elements
    part = quantize_rows(values[:, block : 3 * block], scheme).buffers["blocks"]
    size = BLOCK_SCHEMES[scheme].block_bytes
    assert torch.equal(part, whole[:, size : 3 * size])


@pytest.mark.parametrize("scheme", QUANTIZED)
def test_a_failure_on_any_thread_is_told(scheme):
    values = rows_of("gaussian", rows=256)
    values[255, 0] = torch.nan
    with pytest.raises(QuantizerError, match="not a number"):
        quantize_rows(values, scheme, threads=4)


@pytest.mark.parametrize("scheme", QUANTIZED)
def test_column_weights_move_the_error_to_where_it_counts_less(scheme):
    values = rows_of("gaussian")
    weights = torch.ones(COLUMNS)
    weights[::4] = 50.0

    def weighted(packed):
        return float(((packed.dequantize() - values).double().square() * weights).sum())

    even, uneven = (quantize_rows(values, scheme, w) for w in (None, weights))
    assert weighted(uneven) < weighted(even) * 0.97
    # All alike is the same as none, whatever their size.
    alike = quantize_rows(values, scheme, torch.full((COLUMNS,), 4.0))
    assert torch.equal(alike.buffers["blocks"], even.buffers["blocks"])


@pytest.mark.parametrize("scheme", QUANTIZED)
def test_columns_of_no_weight_are_coded_all_the_same(scheme):
    values = rows_of("gaussian", rows=8)
    weights = torch.ones(COLUMNS)
    weights[:512] = 0.0
    found = quantize_rows(values, scheme, weights)
    assert bool(found.dequantize().isfinite().all())
    assert squared_error(values, found) < 0.2 * float(values.double().square().sum())


@pytest.mark.parametrize(
    "weights",
    [torch.zeros(COLUMNS), -torch.ones(COLUMNS), torch.full((COLUMNS,), torch.nan), torch.ones(7)],
)
def test_wrong_column_weights_are_refused(weights):
    with pytest.raises(QuantizerError, match="weight") as refused:
        quantize_rows(rows_of("gaussian", rows=1), "Q4_K", weights)
    assert refused.value.status is Status.BAD_WEIGHTS


def test_stacks_and_empty_ones_keep_their_shape():
    values = rows_of("gaussian", rows=6).view(2, 3, COLUMNS)
    stack = quantize_rows(values, "Q4_K", threads=2)
    assert stack.shape == (2, 3, COLUMNS)
    flat = quantize_rows(values.view(6, COLUMNS), "Q4_K")
    assert torch.equal(stack.buffers["blocks"].flatten(0, 1), flat.buffers["blocks"])
    assert quantize_rows(torch.empty(0, COLUMNS), "Q6_K").stored_bytes == 0


def test_other_schemes_and_broken_rows_are_refused_by_name():
    with pytest.raises(QuantizerError, match="Q3_K: this build"):
        quantize_rows(torch.zeros(1, COLUMNS), "Q3_K")
    for scheme, columns in (("Q4_K", 288), ("Q8_0", 48)):
        with pytest.raises(QuantizerError, match=f"{scheme}: its rows are not whole blocks"):
            quantize_rows(torch.zeros(1, columns), scheme)


def test_the_native_side_checks_for_itself():
    """Its own answers, for callers in other languages."""
    library = load()
    values, out = torch.zeros(1, 256), torch.zeros(256, dtype=torch.uint8)
    quantize_rows(values, "Q4_K", library=library)  # declares the arguments
    call, at, to = library.pk_quantize, values.data_ptr(), out.data_ptr()
    assert call(b"Q4_K", at, 1, 256, None, to) == Status.DONE
    assert call(b"Q9_K", at, 1, 256, None, to) == Status.UNKNOWN_SCHEME
    assert call(b"Q4_K", at, 1, 255, None, to) == Status.BAD_SHAPE
    assert call(b"Q4_K", at, -1, 256, None, to) == Status.BAD_SHAPE
    assert call(b"Q4_K", None, 1, 256, None, to) == Status.NULL
    assert call(b"Q4_K", at, 1, 256, None, None) == Status.NULL
    assert call(None, at, 1, 256, None, to) == Status.NULL
    size = library.pk_quantize_row_bytes
    size.restype, size.argtypes = ctypes.c_int64, (ctypes.c_char_p, ctypes.c_int64)
    for name in QUANTIZED:
        assert size(name.encode(), 512) == BLOCK_SCHEMES[name].row_bytes(512)
        assert size(name.encode(), 500) == -1
