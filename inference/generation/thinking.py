"""When thinking has to end: a budget, or a reader who wants the answer now.

For the engine's loop, which writes the closing text that this module asks for through the
model, as if the model had written it. Counts the tokens of the thoughts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from inference.events import ThinkingEnd

# A model that writes broken characters or half tags without end must not escape its budget.
_MOST_TOKENS_WAITED = 8


class GrowingText(Protocol):
    """What is needed to know of the answer so far."""

    @property
    def is_thinking(self) -> bool:
        """Whether what comes next is a thought."""

    @property
    def is_between_characters(self) -> bool:
        """Whether neither a character nor a tag is half written."""


class ThinkingControl:
    """One answer's thoughts: their count, their limit, and what ended them."""

    def __init__(
        self,
        text: GrowingText,
        closing_ids: Sequence[int],
        budget_tokens: int | None,
        answer_now: Callable[[], bool] = lambda: False,
    ) -> None:
        self._text = text
        self._closing_ids = closing_ids
        self._budget_tokens = budget_tokens
        self._answer_now = answer_now
        self._has_thought = text.is_thinking
        self._was_thinking = text.is_thinking
        self._cut_by: ThinkingEnd | None = None
        self._waited_tokens = 0
        self._tokens = 0
        self._tokens_before = 0  # of the thoughts, when an answer went on
        self._written_before = 0  # of all

    @property
    def reasoning_tokens(self) -> int:
        """How many were thoughts, of an answer that goes on: since then."""
        return self._tokens - self._tokens_before

    def go_on(self, written_tokens: int, cut_by: ThinkingEnd | None) -> None:
        """The tokens so far are an answer's beginning, in which this had ended its thoughts."""
        self._tokens_before = self._tokens
        self._written_before = written_tokens
        self._cut_by = cut_by

    def token(self) -> None:
        """A token was fed to the text."""
        is_thinking = self._text.is_thinking
        if is_thinking and not self._was_thinking:
            self._cut_by = None
            self._has_thought = True
        if is_thinking or self._was_thinking:
            self._tokens += 1
        self._was_thinking = is_thinking

    def recast(self, tokens: int) -> None:
        """The `tokens` so far were thoughts that had looked like the answer."""
        self._has_thought = True
        self._tokens = tokens
        self._tokens_before = self._written_before

    def closing(self) -> Sequence[int]:
        """The ids to write now; none while thinking may go on, or is no question."""
        reason = self._reason()
        if reason is None or not self._closing_ids:
            return ()
        if not self._text.is_between_characters and self._waited_tokens < _MOST_TOKENS_WAITED:
            self._waited_tokens += 1
            return ()
        self._waited_tokens = 0
        self._cut_by = reason
        return self._closing_ids

    @property
    def cut_by(self) -> ThinkingEnd | None:
        """What closed the thoughts for the model; None where that was itself."""
        return self._cut_by

    def ended(self) -> ThinkingEnd | None:
        """What ended the thoughts, once the answer has ended."""
        if not self._has_thought:
            return None
        if self._text.is_thinking:
            return ThinkingEnd.CUT_OFF
        return self._cut_by or ThinkingEnd.BY_ITSELF

    def _reason(self) -> ThinkingEnd | None:
        if not self._text.is_thinking:
            return None
        if self._answer_now():
            return ThinkingEnd.ANSWER_NOW
        if self._budget_tokens is not None and self._tokens >= self._budget_tokens:
            return ThinkingEnd.BUDGET
        return None
