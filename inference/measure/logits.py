"""Every position's logits, and the file they go to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from inference.decoders import AnyDecoder
from inference.errors import ContextOverflowError, RequestError
from inference.layers.decoder import Step
from inference.sentence import said
from inference.session import PREFILL_CHUNK_TOKENS


def logits_of(decoder: AnyDecoder, token_ids: Sequence[int]) -> Tensor:
    """float32 [sequence, vocab]; raises RequestError and ContextOverflowError."""
    vocab_size = decoder.spec.vocab_size
    wrong = next((i for i in token_ids if not 0 <= i < vocab_size), None)
    if wrong is not None:
        raise RequestError(
            said(
                "Token id {wrong} is outside the vocabulary of {vocab_size:,}.",
                wrong=wrong,
                vocab_size=vocab_size,
            )
        )
    if len(token_ids) > decoder.spec.context_tokens:
        raise ContextOverflowError(len(token_ids), decoder.spec.context_tokens)
    cache = decoder.new_cache(len(token_ids))
    out = torch.empty(len(token_ids), vocab_size, dtype=torch.float32)
    for start in range(0, len(token_ids), PREFILL_CHUNK_TOKENS):
        chunk = torch.tensor(token_ids[start : start + PREFILL_CHUNK_TOKENS], dtype=torch.int64)
        rows = slice(start, start + chunk.shape[0])
        out[rows] = decoder.forward(Step(chunk), cache, slice(None))
    return out


def save_logits(logits: Tensor, path: Path) -> None:
    """Write the tensor `logits` into a safetensors file, whole or not at all; OSError."""
    partial = path.with_name(f"{path.name}.part")
    try:
        with partial.open("wb") as file:
            file.write(save({"logits": logits.contiguous()}))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
