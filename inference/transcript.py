"""What a session's tokens are as text, so that a model's own tokens are found again.

For the engine. A model may spell a text with other tokens than the encoder does. When a
conversation comes back with that text in it, the model's tokens are taken: they are in the
cache already. Only ever up to the end of an answer, and only where the text is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from inference.events import Channel
from inference.prompt.rendered import RenderedPrompt

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class _End:
    """Where an answer ended, counted in characters and in tokens."""

    characters: int
    tokens: int


class Transcript:
    """One conversation's prompt and answers, as text and as tokens."""

    def __init__(self) -> None:
        self._text = RenderedPrompt("", ())
        self._token_ids: list[int] = []
        self._ends: list[_End] = []

    def encode(
        self,
        prompt: RenderedPrompt,
        encode: Callable[[RenderedPrompt], list[int]],
        held: Callable[[Sequence[int]], int],
    ) -> list[int]:
        """Ids of `prompt`, with the model's own ones where that keeps more of the cache.

        `held` says how many ids of a beginning the cache holds.
        """
        for end in reversed(self._ends):
            mine = self._token_ids[: end.tokens]
            # An answer's last token was chosen, but perhaps never read.
            if _ends_alike(self._text, prompt, end) and held(mine) >= end.tokens - 1:
                return mine + encode(_behind(prompt, end.characters))
        return encode(prompt)

    def remember(
        self,
        prompt: RenderedPrompt,
        prompt_ids: Sequence[int],
        written: Sequence[tuple[Channel, str]],
        token_ids: Sequence[int],
    ) -> None:
        """A prompt was read, and answered by `token_ids`, which are `written`."""
        kept = [
            end
            for end in self._ends
            if prompt_ids[: end.tokens] == self._token_ids[: end.tokens]
            and _ends_alike(self._text, prompt, end)
        ]
        self._text = _with_answer(prompt, written)
        self._token_ids = [*prompt_ids, *token_ids]
        self._ends = [*kept, _End(len(self._text.text), len(self._token_ids))]


def _with_answer(prompt: RenderedPrompt, written: Sequence[tuple[Channel, str]]) -> RenderedPrompt:
    """What a model writes counts as typed, its markers apart."""
    texts, spans = [prompt.text], list(prompt.typed_spans)
    position = len(prompt.text)
    for channel, text in written:
        if channel is not Channel.MARKER and text:
            spans.append((position, position + len(text)))
        texts.append(text)
        position += len(text)
    return RenderedPrompt("".join(texts), tuple(spans))


def _behind(prompt: RenderedPrompt, start: int) -> RenderedPrompt:
    spans = ((max(a, start) - start, b - start) for a, b in prompt.typed_spans if b > start)
    return RenderedPrompt(prompt.text[start:], tuple(spans))


def _ends_alike(one: RenderedPrompt, other: RenderedPrompt, end: _End) -> bool:
    """Whether both are the same up to an answer's end, and the other's answer ends there too.

    The same is the same text, and the same of it typed, white space apart.
    """
    length = end.characters
    if len(other.text) < length or one.text[:length] != other.text[:length]:
        return False
    if any(start < length < stop for start, stop in other.typed_spans):
        return False
    differing = _differing(one.typed_spans, other.typed_spans, length)
    return all(one.text[start:stop].isspace() for start, stop in differing)


def _differing(one: Spans, other: Spans, length: int) -> Iterator[tuple[int, int]]:
    """Where one text is typed and the other is not, [start, stop) below `length`."""
    edges = sorted(
        [(edge, 0) for span in one for edge in span]
        + [(edge, 1) for span in other for edge in span]
    )
    is_typed = [False, False]
    start = 0
    for edge, which in edges:
        stop = min(edge, length)
        if is_typed[0] != is_typed[1] and start < stop:
            yield start, stop
        start = max(start, stop)
        is_typed[which] = not is_typed[which]
