"""An answer as far as it came, so that the model goes on where it stopped.

For the engine. The newest answers are remembered by what was shown of them: their ids are
the cache's own, and with them the model says what it would have said unstopped. Of any other
answer there is the text alone. Knows no model and no tokenizer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from inference.events import ThinkingEnd
from inference.prompt.rendered import RenderedPrompt
from inference.request import Message

_MOST_REMEMBERED = 16


@dataclass(frozen=True)
class SoFar:
    """An answer's beginning, `shown` to whoever asked, in the model's ids.

    Before those of `left_code_at` a tag was forced upon the model; `forced_ids` are left of the
    last one. `was_cut`: what was held back when it ended was not shown. `cut_by` ended its
    thoughts, if they did not themselves.
    """

    shown: Message | None = None
    token_ids: tuple[int, ...] = ()
    left_code_at: tuple[int, ...] = ()
    forced_ids: tuple[int, ...] = ()
    was_cut: bool = False
    cut_by: ThinkingEnd | None = None


NOTHING_YET = SoFar()


@dataclass(frozen=True)
class Answered:
    """An answer, the prompt that it answers, and how that was spelled."""

    prompt: RenderedPrompt
    prompt_ids: Sequence[int]
    thinking_was_open: bool
    so_far: SoFar


class RecentAnswers:
    """The newest answers of one model."""

    def __init__(self) -> None:
        self._answers: deque[Answered] = deque(maxlen=_MOST_REMEMBERED)

    def remember(self, answer: Answered) -> None:
        """One that has ended, however it did."""
        self._answers.append(answer)

    def find(
        self, prompt: RenderedPrompt, thinking_is_open: bool, message: Message
    ) -> Answered | None:
        """The newest that reads like this one, best one to this very prompt."""
        alike = [
            answer
            for answer in reversed(self._answers)
            if answer.so_far.shown == message and answer.thinking_was_open == thinking_is_open
        ]
        same = (answer for answer in alike if answer.prompt == prompt)
        return next(same, alike[0] if alike else None)
