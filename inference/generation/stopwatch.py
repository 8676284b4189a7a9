"""What an answer costs, in tokens and in time. For the engine."""

from __future__ import annotations

import time

from inference.events import Statistics, ThinkingEnd
from inference.memory import peak_rss_bytes


class Stopwatch:
    """Times one generation, from the request on; seconds by the monotonic clock."""

    def __init__(self) -> None:
        self.prompt_tokens = 0
        self._cached_tokens = 0
        self._generated_tokens = 0
        self._started_s = time.perf_counter()
        self._prefill_started_s: float | None = None
        self._prefill_s = 0.0
        self._first_token_s: float | None = None
        self._last_token_s = 0.0

    def prefill_starts(self, cached_tokens: int) -> None:
        """The prompt is about to be read; the first `cached_tokens` need not be."""
        self._cached_tokens = cached_tokens
        self._prefill_started_s = time.perf_counter()

    def prefill_ends(self) -> None:
        """The prompt was read."""
        if self._prefill_started_s is not None:
            self._prefill_s = time.perf_counter() - self._prefill_started_s

    def token(self) -> None:
        """A token was chosen, or forced upon the model."""
        self._generated_tokens += 1
        self._last_token_s = time.perf_counter()
        if self._first_token_s is None:
            self._first_token_s = self._last_token_s

    def statistics(
        self, reasoning_tokens: int = 0, thinking_ended: ThinkingEnd | None = None
    ) -> Statistics:
        """What it came to; a rate that was not measured is 0."""
        first_s = self._first_token_s
        decode_s = 0.0 if first_s is None else self._last_token_s - first_s
        read = self.prompt_tokens - self._cached_tokens
        return Statistics(
            prompt_tokens=self.prompt_tokens,
            cached_tokens=self._cached_tokens,
            generated_tokens=self._generated_tokens,
            time_to_first_token_ms=0.0 if first_s is None else 1e3 * (first_s - self._started_s),
            prefill_tokens_per_s=_rate(read, self._prefill_s),
            decode_tokens_per_s=_rate(self._generated_tokens - 1, decode_s),
            peak_rss_bytes=peak_rss_bytes(),
            reasoning_tokens=reasoning_tokens,
            thinking_ended=thinking_ended,
        )


def _rate(count: int, seconds: float) -> float:
    return count / seconds if seconds > 0 and count > 0 else 0.0
