"""The seam between whoever renders a chat template and whoever encodes the result.

Free of torch and Qt: the template worker imports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from inference.request import Message


@dataclass(frozen=True)
class TemplateJob:
    """One rendering: the template's source, the conversation and the template's variables.

    `variables` holds what the model file gives, such as `bos_token` and `eos_token`.
    """

    source: str
    messages: tuple[Message, ...]
    variables: Mapping[str, str | bool] = field(default_factory=dict)
    add_generation_prompt: bool = True


@dataclass(frozen=True)
class RenderedPrompt:
    """The rendered text, and which parts of it came from messages.

    `typed_spans` are [start, stop) in code points, sorted and disjoint: text in them was
    typed (or generated) and is never a control token, whatever it looks like.
    """

    text: str
    typed_spans: tuple[tuple[int, int], ...]


class TemplateRenderer(Protocol):
    """Renders within limits; raises TemplateError."""

    def render(self, job: TemplateJob) -> RenderedPrompt:
        """The prompt's text and what of it was typed."""
