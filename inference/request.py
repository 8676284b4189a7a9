"""What is asked of the engine: messages, sampler settings, limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from inference.errors import RequestError
from inference.sentence import said

Role = Literal["system", "user", "assistant"]


class Compute(StrEnum):
    """Which arithmetic runs: what users run, or the oracle's partner."""

    FAST = "fast"
    REFERENCE = "reference"


class OverflowChoice(StrEnum):
    """What to do with a conversation that no longer fits."""

    STOP = "stop"
    DROP_OLDEST = "drop"  # leave out the oldest turns, and say which


@dataclass(frozen=True)
class Message:
    """One turn. `reasoning` is what an assistant thought before `content`.

    The first `attached_characters` of `content` are files that go with a question.
    """

    role: Role
    content: str
    reasoning: str = ""
    attached_characters: int = 0


@dataclass(frozen=True)
class SamplerSettings:
    """How the next token is chosen; temperature 0 takes the likeliest.

    top_k 0, top_p 1, min_p 0, repeat_penalty 1 and the two penalties 0 mean "off".
    `seed` None draws one, which `Finished.provenance` then names.
    """

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    penalty_window_tokens: int = 256
    seed: int | None = None

    def __post_init__(self) -> None:
        checks = (
            (0.0 <= self.temperature <= 100.0, said("temperature must be between 0 and 100")),
            (self.top_k >= 0, said("top-k must be 0 (off) or more")),
            (0.0 < self.top_p <= 1.0, said("top-p must be above 0 and at most 1")),
            (0.0 <= self.min_p <= 1.0, said("min-p must be between 0 and 1")),
            (0.0 < self.repeat_penalty <= 10.0, said("repeat penalty must be above 0, at most 10")),
            (-10.0 <= self.presence_penalty <= 10.0, said("presence penalty must be -10 to 10")),
            (-10.0 <= self.frequency_penalty <= 10.0, said("frequency penalty must be -10 to 10")),
            (self.penalty_window_tokens >= 0, said("penalty window must be 0 or more tokens")),
            (self.seed is None or 0 <= self.seed < 2**63, said("seed must be 0 to 2^63 - 1")),
        )
        for holds, sentence in checks:
            if not holds:
                raise RequestError(said("The {fault}.", fault=sentence))


@dataclass(frozen=True)
class GenerateRequest:
    """One answer to a conversation; the last message is normally the user's.

    `continues_last`: it is the assistant's, as far as it came, and the model goes on with it;
    events tell only what is new, and `max_tokens` counts only that.
    `thinking` and `keep_thoughts` None mean the model family's way. Thoughts are kept or
    dropped in the prompt alone: messages stay as they are.
    """

    messages: tuple[Message, ...]
    sampler: SamplerSettings = field(default_factory=SamplerSettings)
    max_tokens: int | None = None
    stop_strings: tuple[str, ...] = ()
    thinking: bool | None = None
    thinking_budget_tokens: int | None = None
    keep_thoughts: bool | None = None
    on_overflow: OverflowChoice = OverflowChoice.STOP
    continues_last: bool = False

    def __post_init__(self) -> None:
        if not self.messages:
            raise RequestError("There is no message to answer.")
        if self.continues_last and not _is_begun(self.messages[-1]):
            raise RequestError("There is no answer to go on with. Ask the question again.")
        if self.max_tokens is not None and self.max_tokens < 1:
            raise RequestError("The number of tokens to generate must be at least 1.")
        if self.thinking_budget_tokens is not None and self.thinking_budget_tokens < 0:
            raise RequestError("The budget for thinking must be 0 tokens or more.")
        if any(not s for s in self.stop_strings):
            raise RequestError("A stop string is empty.")


def _is_begun(message: Message) -> bool:
    return message.role == "assistant" and bool(message.content or message.reasoning)
