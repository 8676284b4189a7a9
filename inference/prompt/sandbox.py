"""Renders chat templates (being written)."""

from __future__ import annotations

from inference.errors import TemplateError
from inference.prompt.rendered import RenderedPrompt, TemplateJob


class SandboxRenderer:
    """Renders within limits."""

    def render(self, job: TemplateJob) -> RenderedPrompt:
        """The prompt's text and what of it was typed."""
        raise TemplateError("Not yet.")
