"""The trained model's mixture of experts: the router that is balanced by a bias, the experts.

For `network`. Written to train fast on few cores: tokens are grouped by expert, one product
an expert. It is no reference for inference; `oracle` builds transformers' model for that.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from tools.train_test_model.settings import Sizes


class Router(nn.Module):
    """Sigmoid scores; groups and experts are chosen with a bias that no gradient moves.

    DeepSeek-V3's report, section 2.1.2: the bias only takes part in the choice, and moves by
    a fixed step against each expert's load.
    """

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self._sizes = sizes
        self.weight = nn.Parameter(torch.empty(sizes.n_routed_experts, sizes.hidden_size))
        self.bias: torch.Tensor
        self.load: torch.Tensor
        self.register_buffer("bias", torch.zeros(sizes.n_routed_experts))
        self.register_buffer("load", torch.zeros(sizes.n_routed_experts), persistent=False)

    def forward(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Rows [tokens, hidden] → experts [tokens, top_k] and their weights, in float32."""
        sizes = self._sizes
        scores = torch.sigmoid(functional.linear(rows, self.weight))
        with torch.no_grad():
            wanted = scores + self.bias
            grouped = wanted.view(len(rows), sizes.n_group, -1)
            of_groups = grouped.topk(2, dim=-1).values.sum(-1)
            kept = of_groups.topk(sizes.topk_group, dim=-1).indices
            closed = torch.ones_like(of_groups).scatter(1, kept, 0.0).bool()
            wanted = grouped.masked_fill(closed.unsqueeze(-1), float("-inf")).flatten(1)
            chosen = wanted.topk(sizes.num_experts_per_tok, dim=-1).indices
            if self.training:
                self.load += torch.bincount(chosen.flatten(), minlength=sizes.n_routed_experts)
        weights = scores.gather(1, chosen)
        weights = weights / (weights.sum(-1, keepdim=True) + 1e-20)
        return chosen, weights * sizes.routed_scaling_factor

    @torch.no_grad()
    def balance(self, gamma: float) -> None:
        """Move the bias by `gamma` against the load since the last call, and forget the load."""
        self.bias += gamma * torch.sign(self.load.mean() - self.load)
        self.bias -= self.bias.mean()
        self.load.zero_()


class Experts(nn.Module):
    """All routed experts of a layer: gate, up [experts, width, hidden], down the other way."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        count, width, hidden = (
            sizes.n_routed_experts, sizes.moe_intermediate_size, sizes.hidden_size,
        )  # fmt: skip
        self.gate = nn.Parameter(torch.empty(count, width, hidden))
        self.up = nn.Parameter(torch.empty(count, width, hidden))
        self.down = nn.Parameter(torch.empty(count, hidden, width))

    def forward(
        self, rows: torch.Tensor, chosen: torch.Tensor, weights: torch.Tensor
    ) -> torch.Tensor:
        """Rows [tokens, hidden] through their experts, weighted and added."""
        order = chosen.flatten().argsort(stable=True)
        tokens = order // chosen.shape[1]
        counts = torch.bincount(chosen.flatten(), minlength=len(self.gate)).tolist()
        first, second = torch.cat([self.gate, self.up], dim=1).unbind(), self.down.unbind()
        parts = torch.split(rows.index_select(0, tokens), counts)
        outputs = []
        for part, gate_up, down in zip(parts, first, second, strict=True):
            gate, up = functional.linear(part, gate_up).chunk(2, dim=-1)
            outputs.append(functional.linear(functional.silu(gate) * up, down))
        weighted = torch.cat(outputs) * weights.flatten()[order].unsqueeze(-1)
        return torch.zeros_like(rows).index_add(0, tokens, weighted)
