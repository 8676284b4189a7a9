"""transformers' DeepseekV3ForCausalLM with a checkpoint's dequantized values, and what it says.

For `figures`: perplexity, and greedy answers. It knows the values alone; how they were packed
is the caller's.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import DeepseekV3ForCausalLM

from tools.train_test_model.batches import token_id
from tools.train_test_model.export import config, write_json
from tools.train_test_model.settings import (
    ASSISTANT,
    BOS,
    END_THINK,
    EOS,
    THINK,
    USER,
    Sizes,
)  # fmt: skip

WINDOW_TOKENS = 512


@dataclass(frozen=True)
class Answered:
    """What the model said to one prompt."""

    thought: str
    answer: str
    thought_tokens: int
    is_closed: bool
    is_ended: bool


def build(tensors: dict[str, torch.Tensor], sizes: Sizes) -> DeepseekV3ForCausalLM:
    """The model in float32; tensors by the hub's names, the further layer's ignored."""
    described = {k: v for k, v in config(sizes).items() if k != "quantization_config"}
    kept = {
        name: tensor.float().contiguous()
        for name, tensor in tensors.items()
        if not name.startswith(f"model.layers.{sizes.num_hidden_layers}.")
    }
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_json(folder / "config.json", described)
        save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})
        model: DeepseekV3ForCausalLM = DeepseekV3ForCausalLM.from_pretrained(
            folder, dtype=torch.float32
        )
    model.eval()
    return model


@torch.no_grad()
def text_loss(model: DeepseekV3ForCausalLM, ids: list[int]) -> float:
    """Mean loss in nats over whole windows, the second half of each scored."""
    half, losses = WINDOW_TOKENS // 2, []
    for start in range(0, len(ids) - WINDOW_TOKENS + 1, WINDOW_TOKENS):
        window = torch.tensor([ids[start : start + WINDOW_TOKENS]])
        logits = model(window).logits[0, half - 1 : -1]
        losses.append(functional.cross_entropy(logits, window[0, half:]).item())
    return sum(losses) / len(losses)


@torch.no_grad()
def weighted_loss(
    model: DeepseekV3ForCausalLM, samples: Iterable[tuple[list[int], list[float]]], at_least: float
) -> float:
    """Mean loss in nats over the places whose weight is at least that."""
    total, count = 0.0, 0
    for ids, weights in samples:
        logits = model(torch.tensor([ids])).logits[0, :-1]
        losses = functional.cross_entropy(logits, torch.tensor(ids[1:]), reduction="none")
        scored = torch.tensor(weights[1:]) >= at_least
        total += losses[scored].sum().item()
        count += int(scored.sum())
    return total / count


def prompt(question: str, before: Iterable[tuple[str, str]] = (), system: str = "") -> str:
    """What R1's template renders, up to where the model goes on; `before`: earlier turns."""
    earlier = "".join(f"{USER}{asked}{ASSISTANT}{answer}{EOS}" for asked, answer in before)
    return f"{BOS}{system}{earlier}{USER}{question}{ASSISTANT}{THINK}\n"


@torch.no_grad()
def continued(
    model: DeepseekV3ForCausalLM, ids: list[int], end: int, most_tokens: int
) -> Iterator[int]:
    """The greedy tokens after `ids`, up to and with `end`."""
    cache, unread = None, ids
    for _ in range(most_tokens):
        read = model(torch.tensor([unread]), past_key_values=cache, use_cache=True)
        cache, unread = read.past_key_values, [int(read.logits[0, -1].argmax())]
        yield unread[0]
        if unread[0] == end:
            return


def answer(
    model: DeepseekV3ForCausalLM, tokenizer: Tokenizer, text: str, most_tokens: int = 320
) -> Answered:
    """What a prompt is answered with, greedily."""
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    end, close = token_id(tokenizer, EOS), token_id(tokenizer, END_THINK)
    said = list(continued(model, ids, end, most_tokens))
    is_closed, is_ended = close in said, said[-1] == end
    place = said.index(close) if is_closed else len(said)
    thought, rest = said[:place], said[place + 1 :]
    return Answered(
        tokenizer.decode(thought), tokenizer.decode(rest).strip(), len(thought), is_closed, is_ended
    )
