"""What the engine tells while it works: frozen, safe to hand to another thread.

Order of a generation: [Overflow that says what was left out], ContextUse, PrefillProgress…,
Token… (with a Recast among them, if need be), Finished; or Overflow, Finished.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """Which part of a message a text belongs to.

    A marker is a tag around the thoughts with the line breaks that belong to it: not shown.
    So is what may yet become one where an answer is cut off.
    """

    ANSWER = "answer"
    REASONING = "reasoning"
    MARKER = "marker"


class FinishReason(StrEnum):
    """Why an answer ended."""

    STOP = "stop"  # the model said so: a stop token or a stop string
    LENGTH = "length"  # max_tokens, or the context is full
    CANCELLED = "cancelled"
    OVERFLOW = "overflow"  # the prompt did not fit; nothing was generated


class ThinkingEnd(StrEnum):
    """What ended the thoughts before an answer."""

    BY_ITSELF = "by itself"
    BUDGET = "budget"
    ANSWER_NOW = "answer now"
    CUT_OFF = "cut off"  # the whole answer ended while the model was thinking


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
class ContextUse:
    """What the context is used for when an answer begins, and how much of it is free.

    `template_tokens` is what the chat template writes around the messages. The conversation
    is all but the system's words, the files that came with any question, the last question
    and the answer to it as far as it came (`answer_tokens`; 0 but where one is continued).
    """

    capacity_tokens: int
    system_tokens: int
    conversation_tokens: int
    question_tokens: int
    template_tokens: int
    kept_for_answer_tokens: int
    attached_tokens: int = 0
    answer_tokens: int = 0

    @property
    def used_tokens(self) -> int:
        """The prompt's length."""
        return (
            self.system_tokens
            + self.conversation_tokens
            + self.question_tokens
            + self.template_tokens
            + self.attached_tokens
            + self.answer_tokens
        )


@dataclass(frozen=True)
class Token:
    """One token. `text` may be empty: half a character waits for its other half.

    The texts of all tokens of an answer, joined, are what the model wrote; of an answer that
    was cut off within a character, all but that. Where one token's
    text belongs to two channels, the rest follows with `token_id` None.
    """

    token_id: int | None
    text: str
    channel: Channel


@dataclass(frozen=True)
class Recast:
    """A closing tag came and no opening one: the answer's text so far was reasoning."""


@dataclass(frozen=True)
class Overflow:
    """The prompt does not fit.

    `turns` are the oldest messages, by their index in the request, without which it fits with
    room for an answer; none where even the question alone is too long. `dropped`: they were
    left out, as the request asked, and the answer follows.
    """

    prompt_tokens: int
    context_tokens: int
    turns: tuple[int, ...] = ()
    dropped: bool = False


@dataclass(frozen=True)
class Statistics:
    """What one generation cost. Forced tokens are generated ones; reasoning has its tags."""

    prompt_tokens: int
    cached_tokens: int
    generated_tokens: int
    time_to_first_token_ms: float
    prefill_tokens_per_s: float
    decode_tokens_per_s: float
    peak_rss_bytes: int
    reasoning_tokens: int = 0
    thinking_ended: ThinkingEnd | None = None  # None: there were no thoughts


@dataclass(frozen=True)
class Provenance:
    """What made an answer, so that it can be made again; hashes that are not known are empty."""

    version: int
    model_name: str
    architecture: str
    quantization: str
    engine_version: str
    compute: str
    threads: int
    seed: int
    kernels: str = ""
    weights_sha256: str = ""
    source_sha256: str = ""
    template_sha256: str = ""


@dataclass(frozen=True)
class Finished:
    """The last event of every generation."""

    reason: FinishReason
    statistics: Statistics
    provenance: Provenance


Event = ContextUse | PrefillProgress | Token | Recast | Overflow | Finished
