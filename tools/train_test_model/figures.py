"""Measures the written model: perplexity, answers, routing; writes `figures.json` and the card.

For the `figures` step. Everything is measured with transformers in float32 on text that was
held out, but for the routing, which the network of the training counts with the same values.
"""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import torch
from tokenizers import Tokenizer

from tools.train_test_model import batches, card, dialogues, oracle, situations
from tools.train_test_model.documents import held_out_text
from tools.train_test_model.export import named_views, unpacked_tensors, write_json
from tools.train_test_model.network import Network
from tools.train_test_model.settings import SEED, Sizes
from tools.train_test_model.training import trained_network

TALKS = 60
HELD_OUT_SEED = SEED + 1


@dataclass(frozen=True)
class Texts:
    """What is measured on: held-out documentation and conversations, in ids."""

    document: list[int]
    talks: list[batches.Sample]


def held_out(tokenizer: Tokenizer) -> Texts:
    """The held-out texts."""
    rng = random.Random(HELD_OUT_SEED)
    talks = dialogues.samples(HELD_OUT_SEED, TALKS, held_out=True)
    return Texts(
        tokenizer.encode(held_out_text(), add_special_tokens=False).ids,
        [batches.encode(talk, tokenizer, rng) for talk in talks],
    )


def requantized(
    tensors: dict[str, torch.Tensor], kind: gguf.GGMLQuantizationType
) -> dict[str, torch.Tensor]:
    """Every matrix but the routers' through a GGUF type and back."""

    def through(name: str, tensor: torch.Tensor) -> torch.Tensor:
        if tensor.dim() != 2 or "mlp.gate." in name:
            return tensor
        packed = gguf.quants.quantize(tensor.numpy(), kind)
        return torch.from_numpy(gguf.quants.dequantize(packed, kind))

    return {name: through(name, tensor) for name, tensor in tensors.items()}


def perplexities(tensors: dict[str, torch.Tensor], texts: Texts) -> dict[str, float]:
    """Of documentation, and of the thoughts and answers in conversations."""
    model = oracle.build(tensors, Sizes())
    talks = [(sample.ids, sample.weights) for sample in texts.talks]
    return {
        "documentation": round(math.exp(oracle.text_loss(model, texts.document)), 4),
        "dialogues": round(
            math.exp(oracle.weighted_loss(model, talks, dialogues.ANSWERING)), 4
        ),
    }  # fmt: skip


def all_perplexities(work: Path, tensors: dict[str, torch.Tensor], texts: Texts) -> dict[str, Any]:
    """As trained, as written, and through two GGUF types."""
    trained = named_views(trained_network(work, Sizes()))
    kinds = gguf.GGMLQuantizationType
    return {
        "trained, float32": perplexities(trained, texts),
        "as written, FP8": perplexities(tensors, texts),
        "FP8 → Q8_0": perplexities(requantized(tensors, kinds.Q8_0), texts),
        "FP8 → Q4_0": perplexities(requantized(tensors, kinds.Q4_0), texts),
    }


@torch.no_grad()
def loads(network: Network, rows: list[list[int]]) -> list[dict[str, Any]]:
    """For each layer of experts, the share of all choices that each expert got."""
    for router in network.routers():
        router.load.zero_()
        router.train()
    for row in rows:
        ids = torch.tensor([row])
        read = network(ids[:, :-1])
        network.next_next(read, network.embed_tokens(ids[:, 1:]))
    return [
        share_of_load(number, router.load) for number, router in enumerate(network.routers(), 1)
    ]


def share_of_load(layer: int, load: torch.Tensor) -> dict[str, Any]:
    """The skew of one layer's routing."""
    share = load / load.sum()
    entropy = -(share * share.clamp(min=1e-12).log2()).sum().item()
    return {
        "layer": layer,
        "least": round(share.min().item(), 4),
        "most": round(share.max().item(), 4),
        "entropy_bits": round(entropy, 3),
        "shares": [round(value, 4) for value in share.tolist()],
    }


def routing(tensors: dict[str, torch.Tensor], texts: Texts) -> dict[str, Any]:
    """The skew on each held-out text."""
    network = Network(Sizes())
    for name, view in named_views(network).items():
        view.copy_(tensors[name])
    windows = [texts.document[at : at + 512] for at in range(0, len(texts.document) - 512, 512)]
    return {
        "documentation": loads(network, windows),
        "dialogues": loads(network, [sample.ids for sample in texts.talks]),
    }


def write_figures(work: Path, model: Path) -> None:
    """`figures.json` and `README.md` in the model folder."""
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tensors = unpacked_tensors(model / "model.safetensors")
    texts = held_out(tokenizer)
    training = json.loads((work / "trained.json").read_text(encoding="utf-8"))
    figures = {
        "parameters": sum(tensor.numel() for tensor in tensors.values()),
        "training": training,
        "perplexity": all_perplexities(work, tensors, texts),
        "answers": situations.measured(oracle.build(tensors, Sizes()), tokenizer),
        "routing": routing(tensors, texts),
    }
    write_json(model / "figures.json", figures)
    (model / "README.md").write_text(card.text(figures), encoding="utf-8")
