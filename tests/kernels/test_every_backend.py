"""Every backend over one case list: products, and which ops it runs.

A backend that is added to `kernels.testing.backends` is held to all of this without a test of
its own; `test_every_backend_rows.py` and `test_every_backend_experts.py` hold it to the rest.
Kernels may round activations to 8 or to 14 bits as `tests/kernels/cpu/native.py` says; so a
product is compared with the reference over the activations as they may have been rounded.
"""

import pytest
import torch

from kernels.contracts import MAX_INVARIANT_ROWS, Op
from kernels.cpu.formats import is_float
from kernels.gpu.devices import find_gpus
from kernels.schemes.base import PackedTensor, Tolerance
from kernels.schemes.panels import PANEL_SCHEMES
from kernels.testing.cases import (
    LINEAR_CASES,
    random_values,
)
from kernels.testing.compare import MismatchError
from kernels.workspace import Workspace
from tests.kernels.every_backend import (
    ALL,
    EXACT,
    PANELS,
    REFERENCE,
    ROWS,
    WEIGHTS,
    assert_own_bits,
    close,
    columns_of,
    each_over,
    each_with,
    every_subject,
    one_thread,
    roundings,
    scheme_of,
    subject,
    wanted_linear,
    wanted_products,
    weight_of,
)

__all__ = ["one_thread", "subject"]

_WITH_WEIGHTS = (Op.LINEAR_FEW, Op.LINEAR_MANY, Op.HEAD_LINEAR, Op.EMBEDDING, Op.EXPERTS)


def linear(subject, x, weight, bias=None):
    """x [rows, in] → [rows, out] on the processor."""
    out = subject.unwritten(x.shape[0], weight.shape[0])
    bias = None if bias is None else bias.to(subject.device)
    subject.backend.linear(subject.hostile(x), subject.weight(weight), bias, out, subject.work())
    return out.cpu()


def linear_op(rows):
    return Op.LINEAR_FEW if rows <= MAX_INVARIANT_ROWS else Op.LINEAR_MANY


def linear_products(name, case):
    return case.rows * case.out_features * columns_of(name, case.in_blocks)


@each_over("name", WEIGHTS, LINEAR_CASES, linear_products)
def test_linear(subject, name, cases):
    scheme = scheme_of(name)
    for case in cases:
        columns = columns_of(name, case.in_blocks)
        if not subject.accepts(linear_op(case.rows), scheme, (case.out_features, columns)):
            continue
        weight = weight_of(name, case.out_features, columns, case.rows)
        x = random_values(2, case.rows, columns)
        bias = random_values(3, case.out_features) if case.rows % 2 else None
        wants = wanted_products(subject, x, weight, bias)
        close(linear(subject, x, weight, bias), wants, scheme.tolerance)


@each_with("name", WEIGHTS)
def test_exact_products_round_nothing(subject, name):
    columns = columns_of(name, 1)
    for rows in (1, 9):
        if subject.accepts(Op.LINEAR_EXACT, scheme_of(name), (33, columns)):
            weight, x = weight_of(name, 33, columns), random_values(2, rows, columns)
            close(linear(subject, x, weight), [wanted_linear(x, weight)], EXACT)


@each_with("name", WEIGHTS)
def test_a_rows_product_is_its_own(subject, name):
    columns = columns_of(name, 1 if subject.candidate.slow_launcher else 5)
    if not subject.accepts(Op.LINEAR_FEW, scheme_of(name), (33, columns)):
        return
    weight, x = weight_of(name, 33, columns, 7), random_values(2, ROWS, columns)
    assert_own_bits(subject, lambda some: linear(subject, x[some], weight))


@each_with("name", PANELS)
def test_one_swapped_nibble_does_not_pass(subject, name):
    """Unit vectors read single columns, so that one code of one row shows."""
    columns = columns_of(name, 1)
    if is_float(name) or not subject.accepts(Op.LINEAR_FEW, scheme_of(name), (17, columns)):
        return
    sound = weight_of(name, 17, columns)
    weight = PackedTensor(sound.scheme, {"panels": sound.buffers["panels"].clone()}, sound.shape)
    codes = weight.buffers["panels"][0, -64:]
    at = next(i for i, code in enumerate(codes.tolist()) if abs((code >> 4) - (code & 15)) > 4)
    codes[at] = int(codes[at]) >> 4 | (int(codes[at]) & 15) << 4
    changed = (weight.dequantize() != sound.dequantize()).any(0).nonzero()[:, 0]
    x = torch.eye(columns)[changed]
    got = linear(subject, x, weight)
    close(got, [wanted_linear(x, weight)], Tolerance(1e-2))
    with pytest.raises(MismatchError, match="relative error"):
        close(got, [wanted_linear(x, sound)], Tolerance(1e-2))


# ------------------------------------------------------------------ heads


def head_linear(subject, x, weights, transposed):
    """x [rows, heads, in] → [rows, heads, out] on the processor."""
    width = weights[0].shape[1 if transposed else 0]
    out = subject.unwritten(*x.shape[:2], width)
    moved_weights = [subject.weight(weight) for weight in weights]
    subject.backend.head_linear(subject.hostile(x), moved_weights, transposed, out, subject.work())
    return out.cpu()


def wanted_heads(x, weights, transposed):
    out = torch.empty(*x.shape[:2], weights[0].shape[1 if transposed else 0])
    REFERENCE.head_linear(x, weights, transposed, out, Workspace())
    return out


@each_with("name", WEIGHTS)
@pytest.mark.parametrize("transposed", [False, True], ids=["plain", "transposed"])
def test_head_linear(subject, name, transposed):
    columns, features = columns_of(name, 1), 48
    if not subject.accepts(Op.HEAD_LINEAR, scheme_of(name), (features, columns)):
        return
    weights = [weight_of(name, features, columns, seed) for seed in range(3)]
    for rows in (1, 9) if subject.candidate.slow_launcher else (1, 8, 9, 40):
        x = random_values(25, rows, 3, features if transposed else columns)
        wants = [wanted_heads(seen, weights, transposed) for seen in roundings(x, name)]
        close(head_linear(subject, x, weights, transposed), wants, weights[0].scheme.tolerance)
    # What prefill asks: every head reads the same rows.
    shared = random_values(26, 2, 1, x.shape[-1]).to(subject.device).expand(-1, 3, -1)
    out = subject.unwritten(2, 3, columns if transposed else features)
    own = [subject.weight(weight) for weight in weights]
    subject.backend.head_linear(shared, own, transposed, out, subject.work())
    wants = [wanted_heads(seen, weights, transposed) for seen in roundings(shared.cpu(), name)]
    close(out, wants, weights[0].scheme.tolerance)


@each_with("name", WEIGHTS)
@pytest.mark.parametrize("transposed", [False, True], ids=["plain", "transposed"])
def test_a_rows_head_products_are_its_own(subject, name, transposed):
    columns, features = columns_of(name, 1), 32
    if not subject.accepts(Op.HEAD_LINEAR, scheme_of(name), (features, columns)):
        return
    weights = [weight_of(name, features, columns, seed) for seed in range(2)]
    x = random_values(25, ROWS, 2, features if transposed else columns)
    assert_own_bits(subject, lambda some: head_linear(subject, x[some], weights, transposed))


# ------------------------------------------------------------------ who runs what


@every_subject()
def test_a_whole_backend_accepts_every_op(subject):
    """With panels of any scheme; products that round nothing, for float panels at least."""
    if not subject.candidate.whole:
        return
    for op in Op:
        if op not in _WITH_WEIGHTS:
            scheme, shape = (
                (PANEL_SCHEMES["F32_P16"], (64, 512)) if op is Op.LINEAR_EXACT else (None, ())
            )
            assert subject.accepts(op, scheme, shape), op
            continue
        for scheme in PANEL_SCHEMES.values():
            assert subject.accepts(op, scheme, (64, 512)), (op, scheme.name)


def test_a_gpu_that_is_here_is_held_to_all_of_it():
    """And one that is not is told of once."""
    found = find_gpus()
    if found.chosen is None:
        pytest.skip(f"no NVIDIA GPU: {found.reason}")
    assert "cuda-gpu" in [candidate.name for candidate in ALL]


def test_every_family_is_in_the_list():
    names = " ".join(candidate.name for candidate in ALL)
    assert all(
        family in names for family in ("reference", "torch-bf16", "native", "cuda", "triton")
    )
