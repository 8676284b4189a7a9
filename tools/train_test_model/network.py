"""The model that is trained: DeepSeek-V3's layers, small, in plain torch.

For `training` and `export`. Latent attention in its expanded form, interleaved rope, first
layer dense, then experts, and one layer that predicts the token after the next (report,
section 2.2). It trains; it has no cache and generates nothing.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from tools.train_test_model.experts import Experts, Router
from tools.train_test_model.settings import Sizes


class Norm(nn.Module):
    """RMSNorm."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self._eps = eps

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Rows over their last axis."""
        return functional.rms_norm(rows, (rows.shape[-1],), self.weight, self._eps)


def linear(inputs: int, outputs: int) -> nn.Linear:
    """A product without bias, as all of the model's are."""
    return nn.Linear(inputs, outputs, bias=False)


def rotated(rows: torch.Tensor, theta: float) -> torch.Tensor:
    """Rope over neighbouring pairs of rows [batch, heads, length, width]."""
    length, width = rows.shape[-2:]
    speeds = theta ** (-torch.arange(0, width, 2, dtype=torch.float32) / width)
    angles = torch.arange(length, dtype=torch.float32).unsqueeze(-1) * speeds
    cos, sin = angles.cos(), angles.sin()
    even, odd = torch.unflatten(rows, -1, (-1, 2)).unbind(-1)
    turned = torch.stack([even * cos - odd * sin, even * sin + odd * cos], dim=-1)
    return turned.flatten(-2)


class Attention(nn.Module):
    """Multi-head latent attention (DeepSeek-V2's report, section 2.1), expanded."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self._sizes = sizes
        heads, hidden, eps = sizes.num_attention_heads, sizes.hidden_size, sizes.rms_norm_eps
        latent = sizes.kv_lora_rank
        self.q_a_proj = linear(hidden, sizes.q_lora_rank)
        self.q_a_layernorm = Norm(sizes.q_lora_rank, eps)
        self.q_b_proj = linear(sizes.q_lora_rank, heads * sizes.qk_head_dim)
        self.kv_a_proj_with_mqa = linear(hidden, latent + sizes.qk_rope_head_dim)
        self.kv_a_layernorm = Norm(latent, eps)
        self.kv_b_proj = linear(latent, heads * (sizes.qk_nope_head_dim + sizes.v_head_dim))
        self.o_proj = linear(heads * sizes.v_head_dim, hidden)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Rows [batch, length, hidden]."""
        sizes = self._sizes
        split = (sizes.qk_nope_head_dim, sizes.qk_rope_head_dim)
        query = self.q_b_proj(self.q_a_layernorm(self.q_a_proj(rows)))
        query = query.unflatten(-1, (sizes.num_attention_heads, -1)).transpose(1, 2)
        latent, shared = self.kv_a_proj_with_mqa(rows).split((sizes.kv_lora_rank, split[1]), -1)
        expanded = self.kv_b_proj(self.kv_a_layernorm(latent))
        expanded = expanded.unflatten(-1, (sizes.num_attention_heads, -1)).transpose(1, 2)
        key, value = expanded.split((split[0], sizes.v_head_dim), dim=-1)
        plain, turning = query.split(split, dim=-1)
        query = torch.cat([plain, rotated(turning, sizes.rope_theta)], dim=-1)
        shared = rotated(shared.unsqueeze(1), sizes.rope_theta)
        key = torch.cat([key, shared.expand(-1, key.shape[1], -1, -1)], dim=-1)
        # torch's fast path wants one width for keys and values.
        value = functional.pad(value, (0, sizes.qk_head_dim - sizes.v_head_dim))
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        mixed = mixed[..., : sizes.v_head_dim].transpose(1, 2).flatten(2)
        attended: torch.Tensor = self.o_proj(mixed)
        return attended


class Mlp(nn.Module):
    """A gated feed-forward block: the dense layer's and the shared expert's."""

    def __init__(self, hidden: int, width: int) -> None:
        super().__init__()
        self.gate_proj = linear(hidden, width)
        self.up_proj = linear(hidden, width)
        self.down_proj = linear(width, hidden)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Rows [..., hidden]."""
        result: torch.Tensor = self.down_proj(
            functional.silu(self.gate_proj(rows)) * self.up_proj(rows)
        )
        return result


class Mixture(nn.Module):
    """Router, routed experts and the shared one."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.router = Router(sizes)
        self.experts = Experts(sizes)
        width = sizes.n_shared_experts * sizes.moe_intermediate_size
        self.shared_experts = Mlp(sizes.hidden_size, width)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Rows [batch, length, hidden]."""
        flat = rows.flatten(0, 1)
        routed: torch.Tensor = self.experts(flat, *self.router(flat))
        shared: torch.Tensor = self.shared_experts(rows)
        return routed.view_as(rows) + shared


class Layer(nn.Module):
    """A decoder layer, dense or with experts."""

    def __init__(self, sizes: Sizes, is_dense: bool) -> None:
        super().__init__()
        hidden, eps = sizes.hidden_size, sizes.rms_norm_eps
        self.input_layernorm = Norm(hidden, eps)
        self.self_attn = Attention(sizes)
        self.post_attention_layernorm = Norm(hidden, eps)
        self.mlp = Mlp(hidden, sizes.intermediate_size) if is_dense else Mixture(sizes)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Rows [batch, length, hidden]."""
        rows = rows + self.self_attn(self.input_layernorm(rows))
        after: torch.Tensor = rows + self.mlp(self.post_attention_layernorm(rows))
        return after


class NextNext(nn.Module):
    """The multi-token-prediction layer: the token after the next, from a row and the next."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        hidden, eps = sizes.hidden_size, sizes.rms_norm_eps
        self.enorm = Norm(hidden, eps)
        self.hnorm = Norm(hidden, eps)
        self.eh_proj = linear(2 * hidden, hidden)
        self.layer = Layer(sizes, is_dense=False)
        self.norm = Norm(hidden, eps)

    def forward(self, rows: torch.Tensor, next_embedded: torch.Tensor) -> torch.Tensor:
        """Normed rows and the embeddings of the tokens after them → rows for the head."""
        joined = torch.cat([self.enorm(next_embedded), self.hnorm(rows)], dim=-1)
        result: torch.Tensor = self.norm(self.layer(self.eh_proj(joined)))
        return result


class Network(nn.Module):
    """The whole model."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(sizes.vocab_size, sizes.hidden_size)
        dense = sizes.first_k_dense_replace
        self.layers = nn.ModuleList(
            [Layer(sizes, number < dense) for number in range(sizes.num_hidden_layers)]
        )
        self.norm = Norm(sizes.hidden_size, sizes.rms_norm_eps)
        self.lm_head = linear(sizes.hidden_size, sizes.vocab_size)
        self.next_next = NextNext(sizes)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Ids [batch, length] → normed rows [batch, length, hidden] for the head."""
        rows = self.embed_tokens(ids)
        for layer in self.layers:
            rows = layer(rows)
        normed: torch.Tensor = self.norm(rows)
        return normed

    def routers(self) -> list[Router]:
        """Each router, the last layer's last."""
        return [module for module in self.modules() if isinstance(module, Router)]


@torch.no_grad()
def initialize(network: Network, seed: int) -> None:
    """Random weights; what ends a block starts at zero, so that each block starts as nothing."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in network.named_parameters():
        if "norm" in name:
            continue
        if "embed_tokens" in name:
            parameter.normal_(0, 0.2, generator=generator)
        elif "lm_head" in name or "router" in name:
            parameter.normal_(0, 0.02, generator=generator)
        elif name.endswith(("o_proj.weight", "down_proj.weight")):
            parameter.zero_()
        else:
            parameter.normal_(0, 0.6 * parameter.shape[-1] ** -0.5, generator=generator)
    for module in network.modules():
        if isinstance(module, Experts):
            module.down.normal_(0, 0.02 * module.down.shape[-1] ** -0.5, generator=generator)
