"""The reference backend against formulas written another way."""

import math

import pytest
import torch

from kernels.contracts import Accepted, Expert, Op, RouterRule
from kernels.hardware import probe
from kernels.reference import ReferenceBackend
from kernels.schemes import SCHEMES
from kernels.schemes.base import Tolerance
from kernels.testing.cases import (
    ATTENTION_CASES,
    EXPERTS_CASES,
    LINEAR_CASES,
    random_blocks,
    random_values,
)
from kernels.testing.compare import compare
from kernels.workspace import Workspace

EXACT = Tolerance(relative=2e-6)
BACKEND = ReferenceBackend()


@pytest.mark.parametrize("scheme", ["F32", "Q8_0", "Q4_1"])
@pytest.mark.parametrize("case", LINEAR_CASES, ids=str)
def test_linear_is_the_product_with_the_dequantized_weight(case, scheme):
    scheme = SCHEMES[scheme]
    columns = case.in_blocks * scheme.block_elements
    weight = random_blocks(scheme, (case.out_features, columns), seed=1)
    x = random_values(2, case.rows, columns)
    bias = random_values(3, case.out_features)
    out = torch.full((case.rows, case.out_features), math.nan)
    BACKEND.linear(x, weight, bias, out, Workspace())
    want = x.double() @ weight.dequantize(torch.float64).T + bias.double()
    compare(out, want, EXACT)


def test_linear_walks_a_matrix_larger_than_one_chunk():
    weight = random_blocks(SCHEMES["F32"], (700, 512), seed=1)
    for rows in (1, 40):
        x = random_values(2, rows, 512)
        out = torch.empty(rows, 700)
        BACKEND.linear(x, weight, None, out, Workspace())
        compare(out, x.double() @ weight.dequantize(torch.float64).T, EXACT)


def test_embedding_reads_the_rows_asked_for():
    table = random_blocks(SCHEMES["Q8_0"], (50, 64), seed=4)
    ids = torch.tensor([49, 0, 7, 7])
    out = torch.empty(4, 64)
    BACKEND.embedding(ids, table, out)
    assert torch.equal(out, table.dequantize()[ids])


def test_rms_norm_matches_torch_and_may_write_over_its_input():
    x, weight = random_values(5, 6, 48), random_values(6, 48)
    want = torch.nn.functional.rms_norm(x, (48,), weight, 1e-5)
    BACKEND.rms_norm(x, weight, 1e-5, x)
    compare(x, want, EXACT)


@pytest.mark.parametrize("interleaved", [True, False])
def test_rope_turns_each_pair_as_a_complex_number(interleaved):
    x = random_values(7, 5, 3, 8)
    angles = random_values(8, 5, 4)
    pairs = x.unflatten(-1, (4, 2)) if interleaved else x.unflatten(-1, (2, 4)).transpose(-1, -2)
    turned = torch.view_as_complex(pairs.contiguous()) * torch.polar(
        torch.ones(5, 1, 4), angles.unsqueeze(1)
    )
    want = torch.view_as_real(turned)
    want = want if interleaved else want.transpose(-1, -2)
    BACKEND.rope(x, angles.cos(), angles.sin(), interleaved)
    compare(x, want.flatten(-2), EXACT)


def test_silu_mul_may_write_over_the_gate():
    gate, up = random_values(9, 4, 16), random_values(10, 4, 16)
    want = gate.double() / (1 + (-gate.double()).exp()) * up.double()
    BACKEND.silu_mul(gate, up, gate)
    compare(gate, want, EXACT)


@pytest.mark.parametrize("case", ATTENTION_CASES, ids=str)
def test_gqa_matches_torchs_attention_with_a_causal_mask(case):
    positions = case.past + case.rows
    q = random_values(11, case.rows, case.num_heads, case.head_dim)
    keys = random_values(12, case.num_kv_heads, positions, case.head_dim)
    values = random_values(13, case.num_kv_heads, positions, case.head_dim)
    out = torch.full_like(q, math.nan)
    BACKEND.gqa(q, keys, values, 0.3, out, Workspace())
    mask = torch.ones(case.rows, positions, dtype=torch.bool).tril(diagonal=case.past)
    want = torch.nn.functional.scaled_dot_product_attention(
        q.transpose(0, 1)[None].double(),
        keys[None].double(),
        values[None].double(),
        attn_mask=mask,
        scale=0.3,
        enable_gqa=True,
    )
    compare(out, want[0].transpose(0, 1), Tolerance(relative=1e-5))


@pytest.mark.parametrize("case", ATTENTION_CASES, ids=str)
def test_mla_is_gqa_with_one_kv_head_whose_values_are_the_latents(case):
    positions, rank, rope_dim = case.past + case.rows, 12, 4
    q_latent = random_values(14, case.rows, case.num_heads, rank)
    q_rope = random_values(15, case.rows, case.num_heads, rope_dim)
    latent, k_rope = random_values(16, positions, rank), random_values(17, positions, rope_dim)
    out = torch.full_like(q_latent, math.nan)
    BACKEND.mla(q_latent, q_rope, latent, k_rope, 0.2, out, Workspace())
    mask = torch.ones(case.rows, positions, dtype=torch.bool).tril(diagonal=case.past)
    want = torch.nn.functional.scaled_dot_product_attention(
        torch.cat([q_latent, q_rope], -1).transpose(0, 1).double(),
        torch.cat([latent, k_rope], -1).expand(case.num_heads, -1, -1).double(),
        latent.expand(case.num_heads, -1, -1).double(),
        attn_mask=mask,
        scale=0.2,
    )
    compare(out, want.transpose(0, 1), Tolerance(relative=1e-5))


@pytest.mark.parametrize("case", EXPERTS_CASES, ids=str)
def test_experts_sum_the_chosen_feed_forwards(case):
    hidden, width = 32, 64
    scheme = SCHEMES["Q8_0"]
    gate, up, down = (
        random_blocks(scheme, (case.num_experts, *shape), seed=seed)
        for seed, shape in ((18, (width, hidden)), (19, (width, hidden)), (20, (hidden, width)))
    )
    experts = {
        i: Expert(gate.expert(i), up.expert(i), down.expert(i))
        for i in torch.unique(case.chosen()).tolist()
    }
    x, chosen = random_values(21, case.rows, hidden), case.chosen()
    weights = random_values(22, case.rows, case.top_k).softmax(-1)
    out = torch.full_like(x, math.nan)
    BACKEND.experts(x, experts, chosen, weights, out, Workspace())
    gate, up, down = (t.dequantize(torch.float64) for t in (gate, up, down))
    want = torch.zeros(case.rows, hidden, dtype=torch.float64)
    for row in range(case.rows):
        for slot, expert in enumerate(chosen[row].tolist()):
            a, b = gate[expert] @ x[row].double(), up[expert] @ x[row].double()
            want[row] += weights[row, slot] * (down[expert] @ (a * a.sigmoid() * b))
    compare(out, want, EXACT)


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("rows", [1, 8, 9, 40])
def test_head_linear_is_one_product_a_head(rows, transposed):
    shape = (32, 96) if transposed else (96, 32)
    weights = [random_blocks(SCHEMES["Q8_0"], shape, seed=s) for s in range(3)]
    x = random_values(25, rows, 3, 32)
    out = torch.full((rows, 3, 96), math.nan)
    BACKEND.head_linear(x, weights, transposed, out, Workspace())
    for head, weight in enumerate(weights):
        matrix = weight.dequantize(torch.float64)
        want = x[:, head].double() @ (matrix if transposed else matrix.T)
        compare(out[:, head], want, EXACT)


def test_gqa_takes_values_of_another_width_than_keys():
    q, keys = random_values(26, 3, 4, 8), random_values(27, 2, 10, 8)
    values = random_values(28, 2, 10, 5)
    out = torch.full((3, 4, 5), math.nan)
    BACKEND.gqa(q, keys, values, 0.3, out, Workspace())
    padded = torch.empty(3, 4, 8)
    wide = torch.nn.functional.pad(values, (0, 3))
    BACKEND.gqa(q, keys, wide, 0.3, padded, Workspace())
    compare(out, padded[..., :5], EXACT)


def naive_route(logits, bias, rule):
    """Plain Python over one row of logits."""
    if rule.scoring == "sigmoid":
        scores = [1 / (1 + math.exp(-v)) for v in logits]
    else:
        total = sum(math.exp(v) for v in logits)
        scores = [math.exp(v) / total for v in logits]
    contest = [s + b for s, b in zip(scores, bias, strict=True)]
    size = len(logits) // rule.num_groups
    groups = [range(g * size, (g + 1) * size) for g in range(rule.num_groups)]
    take = 1 if rule.group_score == "best" else 2
    ranked = sorted(groups, key=lambda g: -sum(sorted(contest[i] for i in g)[-take:]))
    allowed = [i for g in ranked[: rule.top_groups] for i in g]
    chosen = sorted(allowed, key=lambda i: -contest[i])[: rule.top_k]
    weights = [scores[i] for i in chosen]
    if rule.normalise:
        weights = [w / sum(weights) for w in weights]
    return chosen, [w * rule.scaling_factor for w in weights]


@pytest.mark.parametrize(
    "rule",
    [
        RouterRule(top_k=3, scoring="softmax"),
        RouterRule(top_k=4, scoring="softmax", num_groups=4, top_groups=2, scaling_factor=16.0),
        RouterRule(
            top_k=4,
            scoring="sigmoid",
            num_groups=4,
            top_groups=2,
            group_score="sum_two",
            normalise=True,
            scaling_factor=2.5,
        ),
    ],
    ids=["plain", "v2", "v3"],
)
def test_router_chooses_and_weighs_as_the_reports_say(rule):
    logits, bias = random_values(23, 20, 16), random_values(24, 16) * 0.1
    chosen, weights = BACKEND.router(logits, bias, rule)
    for row in range(20):
        want_chosen, want_weights = naive_route(logits[row].tolist(), bias.tolist(), rule)
        assert chosen[row].tolist() == want_chosen
        assert weights[row].tolist() == pytest.approx(want_weights, rel=1e-5)


def test_router_without_bias_ranks_by_score():
    rule = RouterRule(top_k=2, scoring="softmax")
    chosen, _ = BACKEND.router(torch.tensor([[0.0, 3.0, 1.0]]), None, rule)
    assert chosen.tolist() == [[1, 2]]


def test_it_accepts_every_op():
    hardware = probe()
    assert all(BACKEND.accepts(op, None, (), hardware) == Accepted() for op in Op)
