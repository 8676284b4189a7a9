"""Choosing experts in Triton (DeepSeek-V2 and V3 reports, section 2.1.2).

For: the ahead-of-time build, and Triton's interpreter in tests; at run time nothing imports this.
Host side: `kernels.triton.rows`. A program takes one row; what a model's rule says are numbers, so
that one kernel serves every rule over up to EXPERTS experts.
"""

import triton
import triton.language as tl

KERNELS = ("router",)


@triton.jit
def _ranked(values):
    """For the contest: not a number is least, and nothing is as low as what may not compete."""
    return tl.where(values > -3.0e38, values, -3.0e38)


@triton.jit
def _group_score(contest, of_group, sum_two):
    """The best of one group, or the sum of its two best."""
    each = tl.where(of_group, contest, float("-inf"))
    score = tl.max(each, 0)
    if sum_two != 0:
        best = tl.argmax(each, 0, tie_break_left=True)
        others = tl.arange(0, each.shape[0]) != best
        score += tl.max(tl.where(others, each, float("-inf")), 0)
    return score


@triton.jit
def _in_top_groups(contest, expert, experts, groups, top_groups, sum_two, GROUPS: tl.constexpr):
    """Whether an expert's group may compete; of equal groups the lower."""
    group = expert // (experts // groups)
    each = tl.arange(0, GROUPS)
    scores = tl.full([GROUPS], float("-inf"), tl.float32)
    for one in range(0, groups):
        scores = tl.where(each == one, _group_score(contest, group == one, sum_two), scores)
    scores = tl.where(each < groups, _ranked(scores), float("-inf"))
    allowed = expert < 0
    for _ in range(0, top_groups):
        best = tl.argmax(scores, 0, tie_break_left=True)
        allowed = allowed | (group == best)
        scores = tl.where(each == best, float("-inf"), scores)
    return allowed


@triton.jit
def router(logits, bias, chosen, weights, logits_row, experts, top_k, groups, top_groups, sigmoid,
           sum_two, biased, normalise, scaling_factor, EXPERTS: tl.constexpr,
           GROUPS: tl.constexpr, TOP: tl.constexpr):  # fmt: skip
    """chosen int64, weights float32 [rows, top_k], best first, of equal ones the lower id.

    Grid: rows. Flags are 0 or 1; `bias` is read only where `biased`.
    """
    row = tl.program_id(0).to(tl.int64)
    expert = tl.arange(0, EXPERTS)
    there = expert < experts
    raw = tl.load(logits + row * logits_row + expert, mask=there, other=float("-inf"))
    if sigmoid != 0:
        scores = tl.sigmoid(raw)
    else:
        powers = tl.exp(raw - tl.max(raw, 0))
        scores = powers / tl.sum(powers, 0)
    offset = tl.load(bias + expert, mask=there & (biased != 0), other=0.0)
    contest = tl.where(there, _ranked(scores + offset), float("-inf"))
    if groups > 1:
        allowed = _in_top_groups(contest, expert, experts, groups, top_groups, sum_two, GROUPS)
        contest = tl.where(allowed, contest, float("-inf"))
    slot = tl.arange(0, TOP)
    ids = tl.zeros([TOP], tl.int32)
    of_chosen = tl.zeros([TOP], tl.float32)
    for taken in range(0, top_k):
        best = tl.argmax(contest, 0, tie_break_left=True)
        score = tl.sum(tl.where(expert == best, scores, 0.0), 0)
        ids = tl.where(slot == taken, best, ids)
        of_chosen = tl.where(slot == taken, score, of_chosen)
        contest = tl.where(expert == best, float("-inf"), contest)
    if normalise != 0:
        # The published routers add 1e-20 so that a row of zeros does not divide by zero.
        of_chosen = of_chosen / (tl.sum(of_chosen, 0) + 1e-20)
    tl.store(chosen + row * top_k + slot, ids.to(tl.int64), mask=slot < top_k)
    tl.store(weights + row * top_k + slot, of_chosen * scaling_factor, mask=slot < top_k)
