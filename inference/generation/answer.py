"""What an answer is made of while it grows: its text, and what it cost.

For: the engine's loop. Pure bookkeeping; no model.
"""

from __future__ import annotations

import time

from inference.events import Channel, Statistics, Token
from inference.generation.stop import StopStrings
from inference.memory import peak_rss_bytes
from inference.prompt.tokenizer import Tokenizer


class AnswerText:
    """Turns token ids into `Token` events: never half a character, never a stop string."""

    def __init__(self, tokenizer: Tokenizer, stop_strings: tuple[str, ...]) -> None:
        self._decoder = tokenizer.decoder()
        self._stop_strings = StopStrings(stop_strings)
        self._stop_ids = frozenset(tokenizer.eos_ids)

    def feed(self, token_id: int, last: bool) -> tuple[Token, bool]:
        """The event for `token_id`, and whether the model has ended its answer with it.

        With the last token (or a stop token) comes everything that was held back.
        """
        ended = token_id in self._stop_ids
        text = "" if ended else self._decoder.feed(token_id)
        if ended or last:
            text += self._decoder.flush()
        passed = self._stop_strings.feed(text)
        shown = passed.text
        if (ended or last) and not passed.stopped:
            shown += self._stop_strings.flush()
        return Token(token_id, shown, Channel.ANSWER), ended or passed.stopped


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
        """A token was chosen."""
        self._generated_tokens += 1
        self._last_token_s = time.perf_counter()
        if self._first_token_s is None:
            self._first_token_s = self._last_token_s

    def statistics(self) -> Statistics:
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
        )


def _rate(count: int, seconds: float) -> float:
    return count / seconds if seconds > 0 and count > 0 else 0.0
