"""Earlier thoughts written back into a rendered prompt, as the model itself wrote them.

For the engine's prompts, where thoughts are kept and the template leaves them out, and where
an answer goes on. What was
thought stays typed text; only the tags around it are tags. Changes text, renders nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.generation.reasoning import Markers
from inference.prompt.rendered import RenderedPrompt
from inference.request import Message


@dataclass(frozen=True)
class _Insertion:
    """Thoughts go before the character at `start`, in place of those up to `stop`."""

    start: int
    stop: int
    before: str
    thoughts: str
    after: str


def with_thoughts(
    prompt: RenderedPrompt, messages: Sequence[Message], markers: Markers, close_text: str
) -> RenderedPrompt:
    """The prompt with the reasoning of every answer that it holds."""
    result = prompt
    # From the last to the first, so that places found before stay where they are.
    for insertion in reversed(list(_missing(prompt, messages, markers, close_text))):
        result = _inserted(result, insertion)
    return result


def written_so_far(
    message: Message, markers: Markers | None, close_text: str, thinking_is_open: bool
) -> RenderedPrompt:
    """An unfinished answer behind its prompt: thoughts without an answer are not closed."""
    thoughts = "" if markers is None else message.reasoning
    opening, closing = "", ""
    if markers is not None and thoughts and not thinking_is_open:
        opening = open_text(markers, close_text)
    if message.content and (thoughts or thinking_is_open):
        closing = close_text
    text = f"{opening}{thoughts}{closing}{message.content}"
    answer_start = len(text) - len(message.content)
    spans = ((len(opening), len(opening) + len(thoughts)), (answer_start, len(text)))
    return RenderedPrompt(text, tuple((start, stop) for start, stop in spans if start < stop))


def _missing(
    prompt: RenderedPrompt, messages: Sequence[Message], markers: Markers, close_text: str
) -> Iterator[_Insertion]:
    """Where a message's reasoning is not in the prompt and its answer is."""
    spans = list(prompt.typed_spans)
    texts = [prompt.text[start:stop].strip() for start, stop in spans]
    first = 0
    for message in messages:
        content = message.content.strip()
        if not content:
            continue
        try:
            found = texts.index(content, first)
        except ValueError:  # the template moved it, as it does with a system message
            continue
        thoughts = message.reasoning.strip("\n")
        is_written = message.reasoning.strip() in texts[first:found]
        if message.role == "assistant" and thoughts and not is_written:
            gap_start = spans[found - 1][1] if found else 0
            yield _place(prompt.text, gap_start, spans[found][0], markers, close_text, thoughts)
        first = found + 1


def _place(
    text: str, gap_start: int, answer_start: int, markers: Markers, close_text: str, thoughts: str
) -> _Insertion:
    """With tags around them; those that the template wrote around nothing are used."""
    gap = text[gap_start:answer_start]
    opening, closing = gap.rfind(markers.open), gap.rfind(markers.close)
    inner_start = opening + len(markers.open)
    if 0 <= opening < closing and not gap[inner_start:closing].strip():
        line_break = "\n" if close_text.startswith("\n") else ""
        start, stop = gap_start + inner_start, gap_start + closing
        return _Insertion(start, stop, line_break, thoughts, line_break)
    before = open_text(markers, close_text)
    if opening < 0 <= closing and not gap[closing + len(markers.close) :].strip():
        place = gap_start + closing
        return _Insertion(place, place, before, thoughts, "")
    return _Insertion(answer_start, answer_start, before, thoughts, close_text)


def open_text(markers: Markers, close_text: str) -> str:
    """How a family begins its thoughts: on a line of their own if it ends them so."""
    return markers.open + ("\n" if close_text.startswith("\n") else "")


def _inserted(prompt: RenderedPrompt, insertion: _Insertion) -> RenderedPrompt:
    thoughts_start = insertion.start + len(insertion.before)
    thoughts_stop = thoughts_start + len(insertion.thoughts)
    resumes_at = thoughts_stop + len(insertion.after)
    shift = resumes_at - insertion.stop
    before = tuple(span for span in prompt.typed_spans if span[1] <= insertion.start)
    behind = tuple((a + shift, b + shift) for a, b in prompt.typed_spans if a >= insertion.stop)
    new = f"{insertion.before}{insertion.thoughts}{insertion.after}"
    text = prompt.text[: insertion.start] + new + prompt.text[insertion.stop :]
    return RenderedPrompt(text, (*before, (thoughts_start, thoughts_stop), *behind))
