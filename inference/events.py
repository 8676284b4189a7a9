"""What the engine tells while it works: frozen, safe to hand to another thread.

Order of a generation: PrefillProgress…, Token…, Finished; or Overflow, Finished.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """Which part of a message a token belongs to."""

    ANSWER = "answer"
    REASONING = "reasoning"


class FinishReason(StrEnum):
    """Why an answer ended."""

    STOP = "stop"  # the model said so: a stop token or a stop string
    LENGTH = "length"  # max_tokens, or the context is full
    CANCELLED = "cancelled"
    OVERFLOW = "overflow"  # the prompt did not fit; nothing was generated


@dataclass(frozen=True)
class LoadProgress:
    """A model is being opened."""

    step: str
    done: int
    total: int


@dataclass(frozen=True)
class PrefillProgress:
    """The prompt is being read; cached tokens count as done."""

    done_tokens: int
    total_tokens: int
    cached_tokens: int


@dataclass(frozen=True)
class Token:
    """One token. `text` may be empty: half a character waits for its other half."""

    token_id: int
    text: str
    channel: Channel


@dataclass(frozen=True)
class Overflow:
    """The prompt does not fit; the caller chooses what to leave out."""

    prompt_tokens: int
    context_tokens: int


@dataclass(frozen=True)
class Statistics:
    """What one generation cost."""

    prompt_tokens: int
    cached_tokens: int
    generated_tokens: int
    time_to_first_token_ms: float
    prefill_tokens_per_s: float
    decode_tokens_per_s: float
    peak_rss_bytes: int


@dataclass(frozen=True)
class Provenance:
    """What made an answer, so that it can be made again."""

    version: int
    model_name: str
    architecture: str
    quantization: str
    engine_version: str
    compute: str
    threads: int
    seed: int


@dataclass(frozen=True)
class Finished:
    """The last event of every generation."""

    reason: FinishReason
    statistics: Statistics
    provenance: Provenance


Event = PrefillProgress | Token | Overflow | Finished
