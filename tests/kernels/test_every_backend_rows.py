"""Every backend over one case list: embedding, norms, rope, router and attention."""

import pytest
import torch

from kernels.contracts import MAX_INVARIANT_ROWS, Op, RouterRule
from kernels.schemes.base import Tolerance
from kernels.testing.cases import (
    ATTENTION_CASES,
    AttentionCase,
    random_values,
)
from kernels.testing.hostile import before_nans
from kernels.workspace import Workspace
from tests.kernels.every_backend import (
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
    same_bits,
    scheme_of,
    subject,
    weight_of,
)

__all__ = ["one_thread", "subject"]


RULES = {
    "plain": RouterRule(top_k=3, scoring="softmax"),
    "one": RouterRule(top_k=1, scoring="sigmoid", normalise=True),
    "v2": RouterRule(
        top_k=4, scoring="softmax", num_groups=4, top_groups=2, scaling_factor=16.0
    ),
    "v3": RouterRule(
        top_k=4, scoring="sigmoid", num_groups=4, top_groups=2, group_score="sum_two",
        normalise=True, scaling_factor=2.5,
    ),
}  # fmt: skip


@each_with("name", WEIGHTS)
def test_embedding(subject, name):
    """Values are the scheme's own, to the last bits of float32."""
    columns = columns_of(name, 1)
    if not subject.accepts(Op.EMBEDDING, scheme_of(name), (50, columns)):
        return
    table = weight_of(name, 50, columns, 4)
    for ids in ([49], [49, 0, 7, 7, 16, 15], [], list(range(50))):
        token_ids, out = torch.tensor(ids, dtype=torch.int64), torch.empty(len(ids), columns)
        REFERENCE.embedding(token_ids, table, out)
        got = subject.unwritten(len(ids), columns)
        subject.backend.embedding(token_ids.to(subject.device), subject.weight(table), got)
        close(got, [out], Tolerance(relative=1e-6))


@every_subject()
def test_rms_norm(subject):
    if not subject.accepts(Op.RMS_NORM):
        return
    for shape in ((1, 48), (6, 5), (8, 576), (9, 260), (40, 1), (3, 4, 36), (1, 7168)):
        x, weight = random_values(5, *shape), random_values(6, shape[-1])
        want = torch.empty(shape)
        REFERENCE.rms_norm(x, weight, 1e-5, want)
        own, own_weight = subject.hostile(x), weight.to(subject.device)
        out = subject.unwritten(*shape)
        subject.backend.rms_norm(own, own_weight, 1e-5, out)
        close(out, [want], Tolerance(relative=2e-6))
        subject.backend.rms_norm(own, own_weight, 1e-5, own)
        same_bits(own, out)


@every_subject()
def test_a_rows_norm_is_its_own(subject):
    if not subject.accepts(Op.RMS_NORM):
        return
    x, weight = random_values(5, ROWS, 576), random_values(6, 576).to(subject.device)

    def run(some):
        out = subject.unwritten(some.stop - some.start, 576)
        subject.backend.rms_norm(subject.hostile(x[some]), weight, 1e-5, out)
        return out.cpu()

    assert_own_bits(subject, run)


@every_subject()
@pytest.mark.parametrize("interleaved", [True, False], ids=["pairs", "halves"])
def test_rope(subject, interleaved):
    if not subject.accepts(Op.ROPE):
        return
    for rows, heads, dim in ((1, 1, 2), (5, 3, 8), (9, 2, 64), (2, 5, 6)):
        x, angles = random_values(7, rows, heads, dim), random_values(8, rows, dim // 2)
        own = subject.hostile(x)
        cos, sin = (part.to(subject.device) for part in (angles.cos(), angles.sin()))
        subject.backend.rope(own, cos, sin, interleaved)
        REFERENCE.rope(x, angles.cos(), angles.sin(), interleaved)
        close(own, [x], Tolerance(relative=2e-6))


@every_subject()
def test_silu_mul(subject):
    if not subject.accepts(Op.SILU_MUL):
        return
    for shape in ((1, 1), (4, 16), (9, 1037)):
        gate, up = random_values(9, *shape) * 3, random_values(10, *shape)
        want = torch.empty(shape)
        REFERENCE.silu_mul(gate, up, want)
        own, out = subject.hostile(gate), subject.unwritten(*shape)
        subject.backend.silu_mul(own, subject.hostile(up), out)
        close(out, [want], Tolerance(relative=2e-6))
        subject.backend.silu_mul(own, subject.hostile(up), own)
        same_bits(own, out)


@each_with("rule", RULES)
def test_router(subject, rule):
    if not subject.accepts(Op.ROUTER):
        return
    rule = RULES[rule]
    for rows, experts in ((1, 16), (8, 20), (20, 16), (9, 256)):
        logits, bias = random_values(23, rows, experts), random_values(24, experts) * 0.1
        for with_bias in (None, bias):
            own_bias = None if with_bias is None else with_bias.to(subject.device)
            chosen, weights = subject.backend.router(logits.to(subject.device), own_bias, rule)
            want_chosen, want_weights = REFERENCE.router(logits, with_bias, rule)
            assert torch.equal(chosen.cpu(), want_chosen)
            close(weights, [want_weights], Tolerance(relative=1e-5))


# ------------------------------------------------------------------ attention


def attention_products(dims, case):
    positions = case.rows * (case.past + case.rows)
    return positions * case.num_heads * 2 * case.head_dim


def decode_or_prefill(case, decode, prefill):
    return decode if case.rows <= MAX_INVARIANT_ROWS else prefill


class Gqa:
    """Operands of one call, with NaN behind the last position, as a cache's buffer may have."""

    def __init__(self, case, value_dim):
        self.case, self.value_dim = case, value_dim
        positions, kv = case.past + case.rows, case.num_kv_heads
        self.q = random_values(11, case.rows, case.num_heads, case.head_dim)
        self.keys = random_values(12, kv, positions, case.head_dim)
        self.values = random_values(13, kv, positions, value_dim)

    def run(self, subject, some, positions_first=False):
        """Rows `some` in one call, behind all that is before them."""
        seen = self.case.past + some.stop
        keys, values = (t[:, :seen] for t in (self.keys, self.values))
        if positions_first:  # as prefill expands latents
            keys, values = (
                between.transpose(0, 1)
                for between in (subject.hostile(t.transpose(0, 1)) for t in (keys, values))
            )
        else:
            keys, values = (before_nans(t, 1, subject.device) for t in (keys, values))
        rows = some.stop - some.start
        out = subject.unwritten(rows, self.case.num_heads, self.value_dim)
        q = subject.hostile(self.q[some])
        subject.backend.gqa(q, keys, values, 0.3, out, subject.work())
        return out.cpu()

    def wanted(self):
        out = torch.empty(self.case.rows, self.case.num_heads, self.value_dim)
        REFERENCE.gqa(self.q, self.keys, self.values, 0.3, out, Workspace())
        return out


@each_over("narrower", (0, 1, 24), ATTENTION_CASES, attention_products)
def test_gqa(subject, narrower, cases):
    """Values as wide as keys, and narrower ones."""
    for case in cases:
        if subject.accepts(decode_or_prefill(case, Op.GQA_DECODE, Op.GQA_PREFILL)):
            # Not a single value of many positions: near zero, fp16's rounding is all of it.
            gqa = Gqa(case, max(min(8, case.head_dim), case.head_dim - narrower))
            got = gqa.run(subject, slice(0, case.rows), positions_first=narrower > 0)
            close(got, [gqa.wanted()], ATTENTION)


ATTENTION = Tolerance(relative=2e-3)  # fp16 operands with float32 sums, where a backend has them


class Mla:
    """Operands of one call over a latent cache whose buffer goes on in NaN."""

    def __init__(self, case, rank, rope_dim):
        self.case, self.rank = case, rank
        positions = case.past + case.rows
        self.q_latent = random_values(14, case.rows, case.num_heads, rank)
        self.q_rope = random_values(15, case.rows, case.num_heads, rope_dim)
        self.latent = random_values(16, positions, rank)
        self.k_rope = random_values(17, positions, rope_dim)

    def run(self, subject, some):
        seen = self.case.past + some.stop
        latent, k_rope = (
            before_nans(t[:seen], 0, subject.device) for t in (self.latent, self.k_rope)
        )
        out = subject.unwritten(some.stop - some.start, self.case.num_heads, self.rank)
        q_latent, q_rope = (subject.hostile(t[some]) for t in (self.q_latent, self.q_rope))
        subject.backend.mla(q_latent, q_rope, latent, k_rope, 0.2, out, subject.work())
        return out.cpu()

    def wanted(self):
        out = torch.empty_like(self.q_latent)
        REFERENCE.mla(self.q_latent, self.q_rope, self.latent, self.k_rope, 0.2, out, Workspace())
        return out


@each_over("dims", ("12+4", "64+16"), ATTENTION_CASES, attention_products)
def test_mla(subject, dims, cases):
    rank, rope_dim = map(int, dims.split("+"))
    for case in cases:
        if subject.accepts(decode_or_prefill(case, Op.MLA_DECODE, Op.MLA_PREFILL)):
            mla = Mla(case, rank, rope_dim)
            close(mla.run(subject, slice(0, case.rows)), [mla.wanted()], ATTENTION)


@every_subject()
@pytest.mark.parametrize("large", [1e7, 1e-7], ids=["large keys", "large queries"])
def test_attention_goes_on_where_float16_ends(subject, large):
    """At 65504, and at 6e-8: queries, keys, and what some positions alone have for values."""
    for case in (AttentionCase(2, 5, 4, 2, 16), AttentionCase(9, 1, 2, 1, 16)):
        some = torch.arange(case.past + case.rows).remainder(3) == 1
        if subject.accepts(decode_or_prefill(case, Op.GQA_DECODE, Op.GQA_PREFILL)):
            gqa = Gqa(case, 8)
            gqa.q, gqa.keys = gqa.q / large, gqa.keys * large
            gqa.values[:, some] *= 1e9
            close(gqa.run(subject, slice(0, case.rows)), [gqa.wanted()], ATTENTION)
        if subject.accepts(decode_or_prefill(case, Op.MLA_DECODE, Op.MLA_PREFILL)):
            mla = Mla(case, 16, 4)
            for queries, keys in ((mla.q_latent, mla.latent), (mla.q_rope, mla.k_rope)):
                queries.div_(large)
                keys.mul_(large)
            close(mla.run(subject, slice(0, case.rows)), [mla.wanted()], ATTENTION)


@every_subject()
def test_a_rows_attention_is_its_own(subject):
    past = 21 if subject.candidate.slow_launcher else 300
    case = AttentionCase(ROWS, past, 4, 2, 16)
    for op, operands in ((Op.GQA_DECODE, Gqa(case, 16)), (Op.MLA_DECODE, Mla(case, 32, 8))):
        if subject.accepts(op):
            assert_own_bits(subject, lambda some, of=operands: of.run(subject, some))
