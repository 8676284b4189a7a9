"""The decode loop: choose a token, tell it, let the model read it.

For the engine, which has read the prompt. Forced tokens, which close the thoughts, take the
sampler's place for as long as there are any.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from torch import Tensor

from inference.events import FinishReason, Recast, Token
from inference.generation.answer import AnswerText
from inference.generation.sampler import Sampler
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
        if reason is FinishReason.CANCELLED:
            yield from self.text.end()
        return reason

    def _run(
        self, prompt: Sequence[int], scores: Tensor, limit_tokens: int
    ) -> Generator[Token | Recast, None, FinishReason]:
        history = list(prompt)
        forced: deque[int] = deque()
        for count in range(1, limit_tokens + 1):
            if self.stop_now():
                return FinishReason.CANCELLED
            if not forced:
                forced.extend(self._closing())
            token_id = forced.popleft() if forced else self.sampler.choose(scores, history)
            history.append(token_id)
            fed = self.text.feed(token_id, last=count == limit_tokens)
            self._count(fed.events, count)
            yield from fed.events
            if fed.ended:
                return FinishReason.STOP
            if count < limit_tokens:
                scores = self.session.step(token_id, self.stop_now)
        return FinishReason.LENGTH

    def _closing(self) -> Sequence[int]:
        closing = self.thinking.closing()
        if closing:
            self.text.leave_code()
        return closing

    def _count(self, events: Sequence[Token | Recast], count: int) -> None:
        self.watch.token()
        self.thinking.token()
        if any(isinstance(event, Recast) for event in events):
            self.thinking.recast(count)
