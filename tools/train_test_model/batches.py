"""Token ids for training: conversations packed whole into rows, documentation cut into them.

For the `text` step, which writes them, and `training`, which reads a batch per step. Which
rows a step gets depends on the seed and the step's number alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from tools.train_test_model.dialogues import Conversation, parts_of, samples
from tools.train_test_model.settings import BOS, EOS, PAD, SEED

# Each row holds two tokens more than are read: what comes next, and what comes after that.
LOOK_AHEAD = 2
SHORT_ROW, LONG_ROW = 256, 2048


@dataclass(frozen=True)
class Sample:
    """A conversation's ids, with the weight of predicting each."""

    ids: list[int]
    weights: list[float]


@dataclass(frozen=True)
class Batch:
    """What a step reads: ids and weights [rows, length + LOOK_AHEAD], `talks` rows of
    conversations first."""

    ids: torch.Tensor
    weights: torch.Tensor
    talks: int


def token_id(tokenizer: Tokenizer, text: str) -> int:
    """The id of a control token, which must be there."""
    found: int | None = tokenizer.token_to_id(text)
    if found is None:
        raise KeyError(text)
    return found


def encode(talk: Conversation, tokenizer: Tokenizer, rng: random.Random) -> Sample:
    """A conversation part by part, so that each keeps its weight."""
    ids: list[int] = []
    weights: list[float] = []
    for part in parts_of(talk, rng):
        encoded = tokenizer.encode(part.text, add_special_tokens=False).ids
        ids += encoded
        weights += [part.weight] * len(encoded)
    return Sample(ids, weights)


def packed(samples_: Iterable[Sample], length: int, pad: int) -> Iterator[Sample]:
    """Rows of `length`, of whole samples; one that is longer than a row is left out."""
    row = Sample([], [])
    for sample in samples_:
        if len(sample.ids) > length:
            continue
        if len(row.ids) + len(sample.ids) > length:
            yield padded(row, length, pad)
            row = Sample([], [])
        row.ids.extend(sample.ids)
        row.weights.extend(sample.weights)
    yield padded(row, length, pad)


def padded(row: Sample, length: int, pad: int) -> Sample:
    """Filled up with what nothing is learnt from."""
    missing = length - len(row.ids)
    return Sample(row.ids + [pad] * missing, row.weights + [0.0] * missing)


def dialogue_rows(tokenizer: Tokenizer, count: int, length: int) -> tuple[torch.Tensor, ...]:
    """`count` conversations as rows of ids and weights."""
    rng = random.Random(SEED + length)
    talks = samples(SEED + length, count, held_out=False)
    encoded = (encode(talk, tokenizer, rng) for talk in talks)
    rows = list(packed(encoded, length + LOOK_AHEAD, token_id(tokenizer, PAD)))
    ids = torch.tensor([row.ids for row in rows], dtype=torch.int16)
    return ids, torch.tensor([row.weights for row in rows], dtype=torch.float16)


def document_ids(tokenizer: Tokenizer, texts: list[str]) -> torch.Tensor:
    """All pages in one line, each between its begin and end tokens."""
    ids: list[int] = []
    bos, eos = token_id(tokenizer, BOS), token_id(tokenizer, EOS)
    for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
        ids += [bos, *encoding.ids, eos]
    return torch.tensor(ids, dtype=torch.int16)


def write(path: Path, tokenizer: Tokenizer, texts: list[str], conversations: int) -> None:
    """The file that `Batches` reads."""
    short_ids, short_weights = dialogue_rows(tokenizer, conversations, SHORT_ROW)
    long_ids, long_weights = dialogue_rows(tokenizer, conversations // 3, LONG_ROW)
    tensors = {
        "documents": document_ids(tokenizer, texts),
        f"ids.{SHORT_ROW}": short_ids,
        f"weights.{SHORT_ROW}": short_weights,
        f"ids.{LONG_ROW}": long_ids,
        f"weights.{LONG_ROW}": long_weights,
    }
    save_file(tensors, path)


class Batches:
    """Batches by step: `tokens` tokens each, a share of the rows conversations."""

    def __init__(self, path: Path, tokens: int, talks_share: float) -> None:
        self._tensors = load_file(path)
        self._tokens = tokens
        self._talks_share = talks_share

    def at(self, step: int, is_long: bool) -> Batch:
        """The batch of a step, of short rows or of few long ones."""
        length = LONG_ROW if is_long else SHORT_ROW
        rows = max(2, self._tokens // length)
        talks = min(rows - 1, max(1, int(self._talks_share * rows)))
        ids, weights = self._dialogues(step, length, talks)
        text = self._documents(step, length, rows - talks)
        return Batch(
            torch.cat([ids.long(), text.long()]),
            torch.cat([weights.float(), torch.ones_like(text, dtype=torch.float32)]),
            talks,
        )

    def _dialogues(self, step: int, length: int, rows: int) -> tuple[torch.Tensor, torch.Tensor]:
        ids, weights = self._tensors[f"ids.{length}"], self._tensors[f"weights.{length}"]
        places = [(step * rows + row) % len(ids) for row in range(rows)]
        return ids[places], weights[places]

    def _documents(self, step: int, length: int, rows: int) -> torch.Tensor:
        documents, rng = self._tensors["documents"], random.Random(SEED + step)
        size = length + LOOK_AHEAD
        starts = [rng.randrange(len(documents) - size) for _ in range(rows)]
        return torch.stack([documents[start : start + size] for start in starts])
