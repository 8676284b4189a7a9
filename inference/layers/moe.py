"""Routed experts beside shared ones (DeepSeek-V2 report, section 2.2)."""

from __future__ import annotations

import torch
from torch import Tensor

from inference.compute import ComputePath
from inference.experts.store import ExpertStore, WholeLayers
from inference.layers.linear import Linear
from inference.layers.mlp import SwiGlu
from inference.layers.weights import Weights
from inference.models.base import MoeSpec
from kernels.contracts import Op


class MixtureOfExperts:
    """x [rows, hidden_size] → Σ of the chosen experts + the shared ones.

    Asks `store` for the experts that the router chose, and for no other; but of a store that
    has whole layers where they are computed nobody need ask, and the host sees no choice.
    """

    def __init__(
        self, spec: MoeSpec, weights: Weights, layer: int, store: ExpertStore, path: ComputePath
    ) -> None:
        self._spec = spec
        self._layer = layer
        self._store = store
        self._work = path.work
        # Rounded to BF16, close scores change their order, and with it who computes.
        self._router = Linear(weights["router.weight"], path, exact=True)
        bias = weights.get("router.bias")  # takes part in choosing alone: not of the product
        self._bias = None if bias is None else bias.dequantize(path.dtype).to(path.device)
        self._shared = None if spec.shared is None else SwiGlu(weights.below("shared"), path)
        self._choose = path.registry.choose(Op.ROUTER).backend
        scheme, shape = store.kind(layer)
        self._experts = path.registry.choose(Op.EXPERTS, scheme, shape).backend
        self._add = path.add
        self._whole = store.whole(layer) if isinstance(store, WholeLayers) else None

    def __call__(self, x: Tensor) -> Tensor:
        """A new tensor."""
        chosen, weights = self._choose.router(self._router(x), self._bias, self._spec.rule)
        experts = self._whole
        if experts is None:
            experts = self._store.acquire(self._layer, torch.unique(chosen).tolist())
        out = torch.empty_like(x)
        self._experts.experts(x, experts, chosen, weights.to(x.dtype), out, self._work)
        return out if self._shared is None else self._add(out, self._shared(x))
