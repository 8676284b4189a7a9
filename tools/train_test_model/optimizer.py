"""Muon for the matrices, AdamW for the rest.

For `training`. Muon (K. Jordan, 2024: momentum, made orthogonal by Newton-Schulz steps)
learns about twice as much from a token as AdamW, and tokens are what two cores lack.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn

# Of Jordan's quintic iteration: singular values end between about 0.7 and 1.2.
QUINTIC = (3.4445, -4.7750, 2.0315)
ITERATIONS = 4


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """Nearly orthogonal matrices [count, rows, columns], rows at most columns."""
    first, second, third = QUINTIC
    found: torch.Tensor = matrices / (matrices.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(ITERATIONS):
        gram = found @ found.mT
        mixed = torch.baddbmm(gram, gram, gram, beta=second, alpha=third)
        found = torch.baddbmm(found, mixed, found, beta=first)
    return found


class Muon:
    """Orthogonalized momentum over matrices [rows, columns] or stacks of them."""

    def __init__(self, parameters: Iterable[nn.Parameter], rate: float, decay: float) -> None:
        self.rate = rate
        self._decay = decay
        self._parameters = list(parameters)
        self._momenta = [torch.zeros_like(parameter) for parameter in self._parameters]

    def state(self) -> list[torch.Tensor]:
        """The momenta, in the parameters' order."""
        return self._momenta

    @torch.no_grad()
    def step(self, factor: float, momentum: float = 0.95) -> None:
        """Move every parameter by its gradient, and forget that; `factor` scales the rate."""
        stacks: dict[tuple[int, int], list[torch.Tensor]] = {}
        for parameter, kept in zip(self._parameters, self._momenta, strict=True):
            if parameter.grad is None:
                continue
            kept.mul_(momentum).add_(parameter.grad)
            direction = parameter.grad.add(kept, alpha=momentum)
            wide = direction if direction.shape[-2] <= direction.shape[-1] else direction.mT
            wide = wide.reshape(-1, *wide.shape[-2:])
            stacks.setdefault((wide.shape[-2], wide.shape[-1]), []).append(wide)
        solved = {shape: orthogonal(torch.cat(stack)) for shape, stack in stacks.items()}
        used = dict.fromkeys(solved, 0)
        for parameter in self._parameters:
            if parameter.grad is None:
                continue
            rows, columns = parameter.shape[-2:]
            shape = (min(rows, columns), max(rows, columns))
            count = parameter.numel() // (rows * columns)
            update = solved[shape][used[shape] : used[shape] + count]
            used[shape] += count
            update = update if rows <= columns else update.mT
            rate = self.rate * factor
            parameter.mul_(1 - rate * self._decay)
            scale = max(1.0, rows / columns) ** 0.5
            parameter.add_(update.reshape(parameter.shape), alpha=-rate * scale)
            parameter.grad = None
