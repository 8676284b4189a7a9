"""Trains the network: schedule, loss, the balance of experts, and checkpoints on the way.

For the `train` step. A run is told its steps, or the minutes it may take, whichever ends
first, so that a machine that is busy with other things still ends with a low learning rate.
With minutes a run depends on the machine; with steps alone it does not.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from tools.train_test_model.batches import LOOK_AHEAD, Batch, Batches
from tools.train_test_model.network import Network, initialize
from tools.train_test_model.optimizer import Muon
from tools.train_test_model.settings import SEED, Sizes


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what comes out, but the machine."""

    steps: int = 800
    minutes: float = float("inf")
    tokens: int = 2048
    talks_share: float = 0.5
    # Where an earlier run ended: its weights and its place in the text are taken up.
    first_step: int = 0
    rate_scale: float = 1.0
    long_every: int = 8
    long_from: float = 0.4
    # Their matrices are most of the model, and each sees a quarter of the tokens: collecting
    # three steps' gradients cuts to a third what the optimizer costs.
    experts_every: int = 3
    warmup_steps: int = 20
    cooldown_share: float = 0.45
    muon_rate: float = 0.02
    muon_decay: float = 0.05
    embedding_rate: float = 0.01
    head_rate: float = 0.004
    other_rate: float = 0.004
    balance_gamma: float = 0.003
    # The second-next token is learnt in the last part alone: it costs half a step more.
    next_next_from: float = 0.6
    next_next_weight: float = 0.3
    next_next_rows: int = 4
    save_every_s: float = 150


def rate_factor(recipe: Recipe, step: int, progress: float) -> float:
    """How much of the full rate: up in the first steps, level, then down to nothing."""
    rising = min(1.0, (step + 1) / recipe.warmup_steps)
    falling = min(1.0, max(0.0, 1 - progress) / recipe.cooldown_share)
    return recipe.rate_scale * rising * falling


def weighted_losses(
    head: nn.Linear, rows: torch.Tensor, wanted: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """Weight × cross-entropy in nats, for each place that has a weight; they sum to the mean."""
    places = weights.flatten().nonzero().squeeze(-1)
    logits = head(rows.flatten(0, 1)[places])
    losses = functional.cross_entropy(logits, wanted.flatten()[places], reduction="none")
    scaled = torch.zeros_like(weights).flatten()
    scaled = scaled.index_put((places,), losses * weights.flatten()[places] / weights.sum())
    return scaled.view_as(weights)


def runs_before(folder: Path) -> list[dict[str, Any]]:
    """The runs that made the last checkpoint, first to last."""
    runs: list[dict[str, Any]] = json.loads((folder / "trained.json").read_text(encoding="utf-8"))
    return runs


class Trainer:
    """A network, its optimizers and how far it is."""

    def __init__(self, recipe: Recipe, sizes: Sizes, batches: Batches, folder: Path) -> None:
        self._recipe, self._batches, self._folder = recipe, batches, folder
        self._before = runs_before(folder) if recipe.first_step else []
        self.network = Network(sizes)
        if recipe.first_step:
            self.network.load_state_dict(load_file(folder / "trained.safetensors"))
        else:
            initialize(self.network, SEED)
        matrices: list[nn.Parameter] = []
        experts: list[nn.Parameter] = []
        rest: list[nn.Parameter] = []
        for name, parameter in self.network.named_parameters():
            outside = any(part in name for part in ("embed_tokens", "lm_head", "router", "norm"))
            kind = rest if outside else experts if ".experts." in name else matrices
            kind.append(parameter)
        known = {id(self.network.embed_tokens.weight), id(self.network.lm_head.weight)}
        groups = [
            {"params": [self.network.embed_tokens.weight], "rate": recipe.embedding_rate},
            {"params": [self.network.lm_head.weight], "rate": recipe.head_rate},
            {"params": [p for p in rest if id(p) not in known], "rate": recipe.other_rate},
        ]
        self._adam = torch.optim.AdamW(groups, betas=(0.9, 0.97), eps=1e-10, weight_decay=0.0,
                                       fused=True)  # fmt: skip
        self._muon = Muon(matrices, recipe.muon_rate, recipe.muon_decay)
        self._experts_muon = Muon(experts, recipe.muon_rate, recipe.muon_decay)

    def run(self) -> None:
        """Train to the end, with a checkpoint every few minutes and one at the end."""
        started = saved = time.monotonic()
        for step in range(self._recipe.steps):
            elapsed_s = time.monotonic() - started
            progress = max(step / self._recipe.steps, elapsed_s / (60 * self._recipe.minutes))
            if progress >= 1:
                break
            losses = self._step(step, progress)
            if step % 10 == 0:
                print(
                    f"step {step} {progress:.3f} {elapsed_s:.0f} s: {losses}; {self._skew()}",
                    flush=True,
                )
            self._balance(progress)
            if time.monotonic() - saved > self._recipe.save_every_s:
                self._save(step)
                saved = time.monotonic()
        self._save(step)

    def _step(self, step: int, progress: float) -> str:
        recipe = self._recipe
        is_long = progress >= recipe.long_from and step % recipe.long_every == 0
        losses = self._losses(self._batches.at(recipe.first_step + step, is_long), progress)
        torch.autograd.backward(list(losses.values()))
        factor = rate_factor(recipe, step, progress)
        for group in self._adam.param_groups:
            group["lr"] = group["rate"] * factor
        self._adam.step()
        self._adam.zero_grad()
        self._muon.step(factor)
        if step % recipe.experts_every == recipe.experts_every - 1:
            self._experts_muon.step(factor)
        return " ".join(f"{name} {loss.item():.3f}" for name, loss in losses.items())

    def _losses(self, batch: Batch, progress: float) -> dict[str, torch.Tensor]:
        network, ids = self.network, batch.ids
        length = ids.shape[1] - LOOK_AHEAD
        rows = network(ids[:, :length])
        following = slice(1, length + 1)
        weights = batch.weights[:, following]
        losses = weighted_losses(network.lm_head, rows, ids[:, following], weights)
        parts = {"dialogue": losses[: batch.talks].sum(), "document": losses[batch.talks :].sum()}
        if progress >= self._recipe.next_next_from:
            further = network.next_next(rows, network.embed_tokens(ids[:, following]))
            # Every few rows are enough to learn from, and the head is what costs.
            some = slice(0, length, self._recipe.next_next_rows)
            wanted, further_weights = ids[:, 2:][:, some], batch.weights[:, 2:][:, some]
            found = weighted_losses(network.lm_head, further[:, some], wanted, further_weights)
            parts["next-next"] = self._recipe.next_next_weight * found.sum()
        return parts

    def _skew(self) -> str:
        loads = [router.load / router.load.mean().clamp(min=1) for router in self.network.routers()]
        return "load " + " ".join(f"{load.min():.2f}–{load.max():.2f}" for load in loads)

    def _balance(self, progress: float) -> None:
        gamma = self._recipe.balance_gamma * min(1.0, 2 * (1 - progress))
        for router in self.network.routers():
            router.balance(gamma)

    def _save(self, step: int) -> None:
        """The weights and how they came about; the file is replaced whole."""
        aside = self._folder / "trained.part"
        save_file({k: v.contiguous() for k, v in self.network.state_dict().items()}, aside)
        aside.rename(self._folder / "trained.safetensors")
        recipe = {k: v for k, v in asdict(self._recipe).items() if v != float("inf")}
        runs = [*self._before, {"steps_done": step + 1, "recipe": recipe}]
        (self._folder / "trained.json").write_text(json.dumps(runs, indent=1) + "\n")


def trained_network(folder: Path, sizes: Sizes) -> Network:
    """The last checkpoint."""
    network = Network(sizes)
    network.load_state_dict(load_file(folder / "trained.safetensors"))
    return network.eval()
