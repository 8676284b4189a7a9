"""What the window needs of the engine, as protocols, and the frozen facts that leave its thread.

Free of torch: the engine itself is imported behind these, in the engine's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from inference.card_use import CardUse
from inference.events import (
    ContextUse,
    Event,
    Finished,
    LoadProgress,
    Overflow,
    PrefillProgress,
)
from inference.request import GenerateRequest, SamplerSettings


class ModelInfoPort(Protocol):
    """What the engine says of the model that it loaded."""

    @property
    def name(self) -> str:
        """The name in its file."""
        ...

    @property
    def architecture(self) -> str:
        """Such as `llama`."""
        ...

    @property
    def quantization(self) -> str:
        """Such as `Q4_1`."""
        ...

    @property
    def parameters(self) -> int:
        """How many."""
        ...

    @property
    def file_bytes(self) -> int:
        """The size of its file."""
        ...


class EnginePort(Protocol):
    """A loaded model that answers; `cancel` and `answer_now` may be called from any thread."""

    @property
    def info(self) -> ModelInfoPort:
        """What the model is."""
        ...

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and answer may have together."""
        ...

    @property
    def thinks(self) -> bool:
        """Whether its answers may begin with thoughts."""
        ...

    @property
    def default_threads(self) -> int:
        """How many threads compute where nobody asks for another number."""
        ...

    @property
    def card_use(self) -> CardUse | None:
        """What of a graphics card it uses, or why none; None where none was asked for."""
        ...

    def use_threads(self, threads: int) -> None:
        """Compute the answers to come with so many."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        """How many tokens each typed text is; from any thread, at any time."""
        ...

    def generate(self, request: GenerateRequest) -> Iterator[Event]:
        """Answer; the last event is Finished."""
        ...

    def cancel(self) -> None:
        """End the answer in progress within one decode step."""
        ...

    def answer_now(self) -> None:
        """Close the thoughts of the answer in progress and go on to the answer."""
        ...

    def continue_on_processor(self) -> None:
        """After a graphics card failed: answer without it."""
        ...

    def forget(self) -> None:
        """Keep nothing of any conversation."""
        ...

    def unload(self) -> None:
        """Give back what the model holds."""
        ...


@dataclass(frozen=True)
class OpenModel:
    """An engine ready to answer, and how to let go of what came with it.

    `recommended_plain` holds where thinking is turned off; None: as `recommended`.
    """

    engine: EnginePort
    name: str
    is_starter: bool
    recommended: SamplerSettings
    close: Callable[[], None]
    recommended_plain: SamplerSettings | None = None


class ModelOpener(Protocol):
    """Finds and loads the model; runs in the engine's thread and may import what is heavy."""

    def __call__(self, on_progress: Callable[[LoadProgress], None]) -> OpenModel: ...


@dataclass(frozen=True)
class ModelCard:
    """A loaded model, in facts that any thread may keep."""

    name: str
    quantization: str
    parameters: int
    context_tokens: int
    file_bytes: int
    is_starter: bool
    recommended: SamplerSettings
    recommended_plain: SamplerSettings
    thinks: bool
    graphics: CardUse | None = None

    @property
    def graphics_name(self) -> str:
        """The graphics card that computes its answers; "" where the processor does alone."""
        return self.graphics.card if self.graphics else ""

    @property
    def shown_name(self) -> str:
        """Its name, and the graphics card's behind it."""
        return f"{self.name} · {self.graphics_name}" if self.graphics_name else self.name


def card_of(model: OpenModel) -> ModelCard:
    """The facts of an open model."""
    info = model.engine.info
    return ModelCard(
        name=model.name,
        quantization=info.quantization,
        parameters=info.parameters,
        context_tokens=model.engine.context_tokens,
        file_bytes=info.file_bytes,
        is_starter=model.is_starter,
        recommended=model.recommended,
        recommended_plain=model.recommended_plain or model.recommended,
        thinks=model.engine.thinks,
        graphics=model.engine.card_use,
    )


@dataclass(frozen=True)
class Failed:
    """An answer ended by an error; `is_cards`: of the graphics card, and the processor can go
    on when it is told to."""

    sentence: str
    is_cards: bool = False


@dataclass(frozen=True)
class Withdrawn:
    """An answer was cancelled before the engine began it."""


End = Finished | Failed | Withdrawn


@dataclass(frozen=True)
class AnswerUpdate:
    """What happened to one answer since the last update.

    `recast`: all that was shown as the answer before this update was reasoning. Markers are
    in neither text. Of the new tokens, `new_reasoning_tokens` are thoughts.
    """

    answer_id: int
    answer_text: str = ""
    reasoning_text: str = ""
    recast: bool = False
    new_tokens: int = 0
    new_reasoning_tokens: int = 0
    context: ContextUse | None = None
    prefill: PrefillProgress | None = None
    overflow: Overflow | None = None
    end: End | None = None
