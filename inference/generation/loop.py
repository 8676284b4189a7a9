"""The decode loop: choose a token, tell it, let the model read it.

For the engine, which has read the prompt. Forced tokens, which close the thoughts, take the
sampler's place for as long as there are any. An answer that goes on is taken up first, so
that tags, code and stop strings are where they were.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

from torch import Tensor

from inference.events import FinishReason, Recast, Token
from inference.generation.answer import AnswerText
from inference.generation.sampler import Sampler
from inference.generation.so_far import SoFar
from inference.generation.stopwatch import Stopwatch
from inference.generation.thinking import ThinkingControl
from inference.layers.decoder import ForwardCancelledError
from inference.session import Session


@dataclass(frozen=True)
class AnswerLoop:
    """What one answer's loop works with."""

    session: Session
    sampler: Sampler
    text: AnswerText
    thinking: ThinkingControl
    watch: Stopwatch
    stop_now: Callable[[], bool]
    forced: deque[int] = field(default_factory=deque)

    def take_up(self, so_far: SoFar) -> None:
        """An answer's beginning, as it was written and shown before."""
        if so_far.shown is None:
            return
        left_code_at = frozenset(so_far.left_code_at)
        for index, token_id in enumerate(so_far.token_ids):
            if index in left_code_at:
                self.text.leave_code()
            self._think(self.text.feed(token_id).events, index + 1)
        self.forced.extend(so_far.forced_ids)
        self.text.go_on(so_far.was_cut, so_far.shown)
        self.thinking.go_on(len(so_far.token_ids), so_far.cut_by)

    def run(
        self, prompt: Sequence[int], scores: Tensor, limit_tokens: int
    ) -> Generator[Token | Recast, None, FinishReason]:
        """Answer with at most `limit_tokens`; scores [vocab] are the prompt's last.

        Raises NotANumberError.
        """
        try:
            reason = yield from self._run(prompt, scores, limit_tokens)
        except ForwardCancelledError:
            reason = FinishReason.CANCELLED
        if reason is not FinishReason.STOP:
            yield from self.text.cut()
        return reason

    def _run(
        self, prompt: Sequence[int], scores: Tensor, limit_tokens: int
    ) -> Generator[Token | Recast, None, FinishReason]:
        history = list(prompt)
        for count in range(1, limit_tokens + 1):
            if self.stop_now():
                return FinishReason.CANCELLED
            if not self.forced:
                self.forced.extend(self._closing())
            token_id = self._next_id(scores, history)
            history.append(token_id)
            fed = self.text.feed(token_id)
            self.watch.token()
            self._think(fed.events, len(self.text.token_ids))
            yield from fed.events
            if fed.ended:
                return FinishReason.STOP
            if count < limit_tokens:
                scores = self.session.step(token_id, self.stop_now)
        return FinishReason.LENGTH

    def _next_id(self, scores: Tensor, history: Sequence[int]) -> int:
        return self.forced.popleft() if self.forced else self.sampler.choose(scores, history)

    def _closing(self) -> Sequence[int]:
        closing = self.thinking.closing()
        if closing:
            self.text.leave_code()
        return closing

    def _think(self, events: Sequence[Token | Recast], count: int) -> None:
        self.thinking.token()
        if any(isinstance(event, Recast) for event in events):
            self.thinking.recast(count)
