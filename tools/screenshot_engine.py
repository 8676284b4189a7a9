"""An engine for pictures: it answers what is scripted, and rests where it is told to.

For: `tools.screenshots` and `tools.history_screenshots`. It computes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.bridge.engine_port import OpenModel
from inference.events import (
    Channel,
    ContextUse,
    Event,
    Finished,
    FinishReason,
    LoadProgress,
    Overflow,
    PrefillProgress,
    Provenance,
    Statistics,
    Token,
)
from inference.request import GenerateRequest, SamplerSettings

_NOT_SCRIPTED = "The crow reaches the water."


@dataclass(frozen=True)
class Script:
    """What is answered to one question; what `rests` never comes to its end by itself."""

    answer: str = _NOT_SCRIPTED
    thoughts: str = ""
    rests_in_thoughts: bool = False
    rests_in_answer: bool = False


@dataclass(frozen=True)
class ScriptedInfo:
    """What the scripted engine says of itself."""

    name: str = "R1-0528 Qwen3 8B"
    architecture: str = "qwen3"
    quantization: str = "Q4_K_M"
    parameters: int = 8_190_735_360
    file_bytes: int = 5_030_000_000


class ScriptedEngine:
    """Answers by its scripts; what is not in them, with one sentence."""

    def __init__(self, scripts: dict[str, Script] | None = None) -> None:
        self.info = ScriptedInfo()
        self.context_tokens = 32_768
        self.thinks = True
        self.scripts = scripts or {}
        self.overflow: Overflow | None = None
        self._is_cancelled = False
        self._is_hurried = False

    def generate(self, request: GenerateRequest) -> Iterator[Event]:
        """What is scripted for the last question, word by word."""
        self._is_cancelled = self._is_hurried = False
        size = sum(len(message.content) for message in request.messages) // 4
        if self.overflow is not None:
            yield self.overflow
            yield self._finished(FinishReason.OVERFLOW, self.overflow.prompt_tokens, 0, 0)
            return
        asked = request.messages[-1].content
        script = self.scripts.get(asked.strip(), Script())
        yield ContextUse(self.context_tokens, 0, size, len(asked) // 4, 12, 1024)
        yield PrefillProgress(size, size, 0)
        yield from self._words(script.thoughts, Channel.REASONING, rests=script.rests_in_thoughts)
        self._is_hurried = False
        yield from self._words(script.answer, Channel.ANSWER, rests=script.rests_in_answer)
        reason = FinishReason.CANCELLED if self._is_cancelled else FinishReason.STOP
        thoughts, answer = len(script.thoughts) // 4, len(script.answer) // 4
        yield self._finished(reason, size, thoughts + answer, thoughts)

    def _words(self, text: str, channel: Channel, *, rests: bool) -> Iterator[Event]:
        for count, word in enumerate(text.split(" ") if text else ()):
            if self._is_cancelled:
                return
            yield Token(count, word if count == 0 else f" {word}", channel)
        while rests and not self._is_cancelled and not self._is_hurried:
            time.sleep(0.01)

    def _finished(
        self, reason: FinishReason, prompt: int, generated: int, thoughts: int
    ) -> Finished:
        statistics = Statistics(
            prompt,
            0,
            generated,
            120.0,
            410.0,
            13.6 if generated else 0.0,
            6_300_000_000,
            reasoning_tokens=thoughts,
        )
        info = self.info
        provenance = Provenance(
            1, info.name, info.architecture, info.quantization, "1", "fast", 2, 1
        )
        return Finished(reason, statistics, provenance)

    @property
    def default_threads(self) -> int:
        """As on a small computer."""
        return 2

    @property
    def card_use(self) -> None:
        """It was asked for none."""
        return None

    def use_threads(self, threads: int) -> None:
        """It computes nothing."""

    def count_tokens(self, texts: Sequence[str]) -> tuple[int, ...]:
        """About as many as a real one counts."""
        return tuple(len(text) // 4 for text in texts)

    def answer_now(self) -> None:
        """End the thoughts."""
        self._is_hurried = True

    def cancel(self) -> None:
        """End the answer."""
        self._is_cancelled = True

    def continue_on_processor(self) -> None:
        """It has no card."""

    def forget(self) -> None:
        """It remembers nothing."""

    def unload(self) -> None:
        """Nothing to let go of."""


class ScriptedOpener:
    """Opens the scripted engine, or fails with a sentence."""

    def __init__(self, engine: ScriptedEngine, problem: str = "") -> None:
        self._engine = engine
        self._problem = problem

    def __call__(self, on_progress: Callable[[LoadProgress], None]) -> OpenModel:
        """Load."""
        on_progress(LoadProgress("Mapping the weights", 2, 3))
        if self._problem:
            raise RuntimeError(self._problem)
        return OpenModel(
            self._engine, self._engine.info.name, False, SamplerSettings(), lambda: None
        )
