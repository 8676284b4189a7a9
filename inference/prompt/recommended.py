"""How a model's makers want its next token chosen. For `families` and `generation_config`.

Whoever makes a request merges: what the user sets wins over what the model's file says, that
over what the family's makers say, that over our own defaults. Checks no ranges: sources do.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from inference.request import SamplerSettings


@dataclass(frozen=True)
class Recommended:
    """Names and meanings as in `SamplerSettings`; None: the makers do not say."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None

    def over(self, other: Recommended) -> Recommended:
        """What is said here, and what `other` says of the rest."""
        return replace(other, **self._said())

    def settings(self, base: SamplerSettings) -> SamplerSettings:
        """`base` with what is said here; raises RequestError where that is out of range."""
        return replace(base, **self._said())

    def _said(self) -> dict[str, Any]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}
