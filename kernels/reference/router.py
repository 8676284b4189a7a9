"""Choosing experts: scores, groups, top_k, weights (DeepSeek-V2 and V3 reports, 2.1.2)."""

from __future__ import annotations

import torch
from torch import Tensor

from kernels.contracts import RouterRule


def route(logits: Tensor, bias: Tensor | None, rule: RouterRule) -> tuple[Tensor, Tensor]:
    """As `Backend.router`: logits [rows, experts] → chosen, weights [rows, top_k]."""
    scores = logits.softmax(-1) if rule.scoring == "softmax" else logits.sigmoid()
    contest = scores if bias is None else scores + bias
    if rule.num_groups > 1:
        contest = contest.masked_fill(~_in_top_groups(contest, rule), float("-inf"))
    chosen = contest.topk(rule.top_k, dim=-1, sorted=True).indices
    weights = scores.gather(-1, chosen)
    if rule.normalise:
        # The published routers add 1e-20 so that a row of zeros does not divide by zero.
        weights = weights / (weights.sum(-1, keepdim=True) + 1e-20)
    return chosen, weights * rule.scaling_factor


def _in_top_groups(contest: Tensor, rule: RouterRule) -> Tensor:
    """bool [rows, experts]: whether an expert's group may compete."""
    groups = contest.view(contest.shape[0], rule.num_groups, -1)
    if rule.group_score == "best":
        group_scores = groups.amax(-1)
    else:
        group_scores = groups.topk(2, dim=-1).values.sum(-1)
    best = group_scores.topk(rule.top_groups, dim=-1).indices
    allowed = torch.zeros_like(group_scores, dtype=torch.bool).scatter_(-1, best, True)
    return allowed.unsqueeze(-1).expand_as(groups).flatten(-2)
